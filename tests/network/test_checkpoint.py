"""Checkpoints, branches and streamed runs: what goes on is, to the bit, what never stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tests.network.small import ensheathed
from tripartite.errors import NetworkError, ResultError
from tripartite.language.folder import Folder
from tripartite.network.recording import Average, Spikes, States, Synapses
from tripartite.network.run.simulation import Simulation
from tripartite.network.run.stream import Stream
from tripartite.network.stimuli import On
from tripartite.protocols import PoissonSpikes, RegularSpikes
from tripartite.units import Hz, ms, s

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def network():
    return ensheathed()


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_finished_stream_is_extended_to_the_last_bit(network, tmp_path, threads):
    record = [States(network.groups["neurons"][[0, 5]], "v", every=1 * ms, name="neurons")]
    protocol = On(network.groups["neurons"][:50], tp.Perturbation("leak", {"g_l": 1.5}, at=0.01 * s))
    asked = {"record": record, "protocol": protocol, "threads": threads}
    first = network.run(until=0.02 * s, stream_to=tmp_path / "run.zarr", **asked)
    more = Simulation.load(tmp_path / "run.zarr", network, threads=threads).run(0.02 * s, record)
    both = xr.concat([first.data["neurons.v"], more.data["neurons.v"]], "time")
    whole = network.run(until=0.04 * s, **asked)
    np.testing.assert_array_equal(both.values, whole["neurons.v"].values)
    np.testing.assert_array_equal(both["time"].values, whole["time"].values)


def records(network):
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    return [
        Spikes(neurons),
        States(neurons[[0, 5, 299]], "v", "sic", name="neurons"),
        Average(astrocytes, "ca", every=5 * ms),
        Synapses(network.projections[0], "x", every=50 * ms),
    ]


def leak(network):
    cells = network.groups["neurons"]
    return On(cells[:100], tp.Perturbation("leak", {"g_l": 3.0}, at=0.15 * s, stop=0.9 * s)) & On(
        cells[:10], RegularSpikes(200 * Hz, event="excitation")
    )


def perturbation(network):
    return leak(network) & On(network.groups["neurons"][50:60], PoissonSpikes(100 * Hz, event="excitation"))


def assert_same(first, second):
    assert set(first.data.variables) == set(second.data.variables)
    for name in first.data.variables:
        if name != "status":
            np.testing.assert_array_equal(first.data[name].values, second.data[name].values, err_msg=str(name))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_loaded_checkpoint_goes_on_as_if_nothing_had_happened(network, tmp_path, threads):
    simulation = network.start(threads=2)
    simulation.run(0.1 * s, [])
    path = simulation.save(tmp_path / "at.zarr")
    expected = simulation.run(0.1 * s, records(network))
    loaded = Simulation.load(path, network, threads=threads)
    assert loaded.time.to("s").magnitude == pytest.approx(0.1)
    assert_same(expected, loaded.run(0.1 * s, records(network)))


def test_a_second_save_replaces_the_first(network, tmp_path):
    simulation = network.start(threads=1)
    for _ in range(3):
        simulation.run(1 * ms, [])
        simulation.save(tmp_path / "at.zarr")
    assert Simulation.load(tmp_path / "at.zarr", network, threads=1).now == 30


def test_branches_go_on_independently_under_different_protocols(network):
    whole = network.run(until=0.2 * s, record=records(network), protocol=leak(network), threads=1)
    simulation = network.start(threads=1)
    simulation.run(0.1 * s, [], protocol=leak(network))
    control, perturbed = simulation.branch(), simulation.branch()
    plain = control.run(0.1 * s, records(network), protocol=tp.language.protocol.Nothing())
    other = perturbed.run(0.1 * s, records(network))
    assert simulation.now == 1000
    again = simulation.run(0.1 * s, records(network), protocol=tp.language.protocol.Nothing())
    assert_same(plain, again)
    np.testing.assert_array_equal(other["neurons.v"].values, whole["neurons.v"].values[-100:])
    assert (plain["neurons.v"].values[60:] != other["neurons.v"].values[60:]).any()


def test_a_checkpoint_of_another_network_is_refused(network, tmp_path):
    simulation = network.start(threads=1)
    path = simulation.save(tmp_path / "at.zarr")
    with pytest.raises(NetworkError, match=r"`populations\.neurons\.size`: 300, now 303"):
        Simulation.load(path, ensheathed(neurons=303), threads=1)
    with pytest.raises(ResultError, match="holds none"):
        Simulation.load(tmp_path / "nothing.zarr", network)


def test_a_streamed_run_holds_what_a_run_in_memory_returns(network, tmp_path):
    arguments = {"until": 1.3 * s, "record": records(network), "threads": 1, "protocol": perturbation(network)}
    streamed = network.run(**arguments, stream_to=tmp_path / "run.zarr")
    assert streamed.ok
    assert_same(network.run(**arguments), streamed)
    assert streamed.provenance == network.run(**arguments).provenance


class Stopped(Exception):
    pass


@pytest.mark.parametrize("when", ["written", "committed"])
def test_a_run_stopped_between_commits_resumes_to_the_bit(network, tmp_path, monkeypatch, when):
    arguments = {"until": 1.7 * s, "record": records(network), "protocol": perturbation(network)}
    commit, count = Stream.commit, [0]

    def stop(stream):
        count[0] += 1
        if count[0] == 20 and when == "written":
            stream._write(stream.recorder.take())
            raise Stopped
        commit(stream)
        if count[0] == 20 and when == "committed":
            raise Stopped

    path = tmp_path / "run.zarr"
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "due", True)
        patch.setattr(Stream, "commit", stop)
        with pytest.raises(Stopped):
            network.run(**arguments, threads=1, stream_to=path)
    begun = tp.Result.load(path)
    assert not begun.ok and re.search(r"stopped at 0\.\d+ s of 1\.7 s", begun.message())
    resumed = network.resume(path, threads=2)
    assert resumed.ok
    assert_same(network.run(**arguments, threads=1), resumed)


def test_a_folder_of_another_run_is_left_alone(network, tmp_path):
    path = tmp_path / "run.zarr"
    network.run(until=0.1 * s, record=[], stream_to=path, threads=1)
    with pytest.raises(ResultError, match=r"0\.1, now 0\.2"):
        network.run(until=0.2 * s, record=[], stream_to=path)
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match="neither"):
        network.run(until=0.2 * s, record=[], stream_to=tmp_path / "mine.zarr")


CHILD = """
from tests.network.small import ensheathed
from tests.network.test_checkpoint import perturbation, records
from tripartite.units import s
import sys

network = ensheathed()
network.run(until=40 * s, record=records(network), protocol=perturbation(network), threads=1, stream_to=sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_run_resumes_to_the_bit(network, tmp_path):
    path = tmp_path / "run.zarr"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], env=environment)
    for _ in range(600):
        time.sleep(0.1)
        if child.poll() is not None or any(path.glob(".checkpoint-*")):
            break
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not tp.Result.load(path).ok
    arguments = {"until": 40 * s, "record": records(network), "protocol": perturbation(network), "threads": 2}
    assert_same(network.run(**arguments), network.run(**arguments, stream_to=path))
