"""What a folder of a run promises: one run, one writer, and a place that is looked at before anything is computed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tests.stored.kills import count, fail, kill, memory_folder, points
from tripartite.errors import NetworkError, ResultError
from tripartite.language import folder as folders
from tripartite.language import root
from tripartite.language.folder import Folder
from tripartite.mechanisms import LeakyIntegrateFire, LiRinzel
from tripartite.network import Network, On, Population, Spikes, States
from tripartite.network.run import whole
from tripartite.network.run.simulation import Simulation
from tripartite.network.run.stream import Stream
from tripartite.solve import explicit
from tripartite.solve import simulation as solving
from tripartite.solve import stream as solve_stream
from tripartite.units import ms, mV, pA, s, uM

DRIVE = tp.protocols.Constant(ip3=0.5 * uM)


def cells(current=200 * pA, values=None) -> Network:
    return Network(n=Population(LeakyIntegrateFire(bias_current=current), 3, values=values or {}), step=0.1 * ms)


def other(count: int = 3, step=0.1 * ms, **values) -> Network:
    return Network(n=Population(LeakyIntegrateFire(bias_current=200 * pA, **values), count), step=step)


def run(network: Network, place: Path, **changes) -> tp.Result:
    given = {"until": 0.1 * s, "record": Spikes(network.groups["n"]), "seed": 1, "threads": 1, "stream_to": place}
    return network.run(**{**given, **changes})


class Stopped(Exception):
    pass


def begun(network: Network, place: Path, monkeypatch) -> None:
    """A run that stops after its first commit."""
    commit = Stream.commit

    def stop(stream: Stream) -> None:
        commit(stream)
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "due", True)
        patch.setattr("tripartite.network.run.stream._STRETCH", 50.0)
        patch.setattr(Stream, "commit", stop)
        with pytest.raises(Stopped):
            run(network, place)


DIFFERENCES = {
    "a value": (lambda n, p: run(cells(0 * pA), p), r"current\.value`: 200\.0, now 0\.0"),
    "a value of each cell": (lambda n, p: run(cells(values={"bias_current": [200, 200, 201] * pA}), p), "values"),
    "a start": (lambda n, p: run(other(v=-62.5 * mV), p), r"v\.value`"),
    "a size": (lambda n, p: run(other(count=4), p), "size`: 3, now 4"),
    "a step": (lambda n, p: run(other(step=0.2 * ms), p), "step"),
    "the seed": (lambda n, p: run(n, p, seed=2), r"seeds\[0\]`: 1, now 2"),
    "the time": (lambda n, p: run(n, p, until=0.2 * s), r"until\.quantity`: 0\.1, now 0\.2"),
    "the records": (lambda n, p: run(n, p, record=States(n.groups["n"], "v")), "records"),
    "the protocol": (
        lambda n, p: run(n, p, protocol=On(n.groups["n"], tp.Perturbation("more", {"g_l": 2.0}, at=0.05 * s))),
        "`protocol`: None",
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", ["begun", "finished"])
@pytest.mark.parametrize("what", DIFFERENCES)
def test_a_run_that_asks_for_something_else_is_told_what_differs(what, state, tmp_path, monkeypatch):
    network, place = cells(), tmp_path / "run.zarr"
    if state == "begun":
        begun(network, place, monkeypatch)
    else:
        assert len(run(network, place).events("spike").time) > 0
    call, words = DIFFERENCES[what]
    with pytest.raises(ResultError, match=words):
        call(network, place)
    assert run(network, place).ok


def test_a_long_list_of_values_is_compared_number_by_number(tmp_path, monkeypatch):
    """The description of a run tells only the mean of many numbers."""
    values = np.full(300, 200.0)
    other = values + np.resize([1.0, -1.0], 300)
    place = tmp_path / "run.zarr"

    def network(currents):
        return Network(n=Population(LeakyIntegrateFire(), 300, values={"bias_current": currents * pA}), step=0.1 * ms)

    begun(network(values), place, monkeypatch)
    with pytest.raises(NetworkError, match=r"other numbers in `n.*current`"):
        run(network(other), place)


def test_other_versions_are_told_and_resume_goes_on_with_a_warning(tmp_path, monkeypatch):
    network, place = cells(), tmp_path / "run.zarr"
    begun(network, place, monkeypatch)
    versions = whole.versions()
    monkeypatch.setattr(whole, "versions", lambda: {**versions, "numba": "0.1"})
    with pytest.raises(ResultError, match=r"`numba`: .*, now '0\.1'.*network\.resume"):
        run(network, place)
    with pytest.warns(UserWarning, match="other versions"):
        assert network.resume(place, threads=1).ok


def test_a_saved_simulation_goes_on_in_its_own_network_only(tmp_path):
    simulation = cells().start(threads=1)
    simulation.run(10 * ms, [])
    place = simulation.save(tmp_path / "at.zarr")
    with pytest.raises(NetworkError, match=r"current\.value`: 200\.0, now 0\.0"):
        Simulation.load(place, cells(0 * pA))
    with pytest.raises(ResultError, match=r"Simulation\.load"):
        tp.Result.load(place)
    run(cells(), tmp_path / "run.zarr")
    with pytest.raises(ResultError, match="holds a run"):
        simulation.save(tmp_path / "run.zarr")
    with pytest.raises(ResultError, match="something else"):
        run(cells(), place)


SIMULATED = {
    "a value": ({"model": LiRinzel(uptake=0.8 * uM / s)}, r"uptake\.value`: 0\.9, now 0\.8"),
    "a start": ({"model": LiRinzel(ca=0.1 * uM)}, r"ca\.value`"),
    "the protocol": ({"protocol": tp.protocols.Constant(ip3=0.4 * uM)}, "0.5"),
    "the solver": ({"solver": tp.Tsit5(1e-5)}, "rtol"),
    "the time": ({"until": 11 * s}, r"until\.quantity`: 10\.0, now 11\.0"),
    "the seed": ({"seed": 3}, r"seeds\[0\]`: 0, now 3"),
    "the save times": ({"save_every": 0.1 * s}, "saved"),
    "what varies": ({"vary": {"uptake": [0.8, 0.9] * uM / s}}, "varied"),
}


@pytest.mark.parametrize("what", SIMULATED)
def test_a_simulation_that_asks_for_something_else_is_told_what_differs(what, tmp_path):
    given = {"model": LiRinzel(), "protocol": DRIVE, "until": 10 * s, "stream_to": tmp_path / "run.zarr"}
    first = tp.simulate(**given)
    changes, words = SIMULATED[what]
    with pytest.raises(ResultError, match=words):
        tp.simulate(**{**given, **changes})
    xr.testing.assert_identical(tp.simulate(**given).data, first.data)


SOLVERS = {
    "Kvaerno5": tp.Kvaerno5(),
    "Tsit5": tp.Tsit5(1e-9, 1e-12),
    "EulerMaruyama": tp.EulerMaruyama(1 * ms),
}


@pytest.mark.parametrize("name", ["Tsit5", "EulerMaruyama", pytest.param("Kvaerno5", marks=pytest.mark.slow)])
@pytest.mark.parametrize("after", [1, 3])
def test_a_simulation_stopped_anywhere_goes_on_to_the_bit(name, after, tmp_path, monkeypatch):
    monkeypatch.setattr(explicit, "_PATIENCE", 100)
    monkeypatch.setattr(solve_stream, "_WINDOW", 8 * 2 * 30)
    monkeypatch.setattr(Folder, "due", True)
    model, solver = LiRinzel(), SOLVERS[name]
    given = {"until": 20 * s, "solver": solver, "save_every": 0.25 * s}
    whole_run = tp.simulate(model, DRIVE, stream_to=tmp_path / "whole.zarr", **given)
    commit, number = Folder.commit, [0]

    def stop(*arguments, **options):
        commit(*arguments, **options)
        number[0] += 1
        if number[0] == after:
            raise Stopped

    place = tmp_path / "run.zarr"
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "commit", stop)
        with pytest.raises(Stopped):
            tp.simulate(model, DRIVE, stream_to=place, **given)
    found = tp.Result.load(place)
    assert not found.ok and "the same call of `simulate` goes on" in found.message()
    assert 0 < found.time.size < whole_run.time.size
    np.testing.assert_array_equal(found["ca"], whole_run["ca"][: found.time.size])
    again = tp.simulate(model, DRIVE, stream_to=place, **given)
    xr.testing.assert_identical(again.data.load(), whole_run.data.load())


HOLDER = """
import sys, time
from pathlib import Path
from tripartite.language.folder import Folder
with Folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


def test_a_folder_has_one_writer_and_a_dead_one_is_no_obstacle(tmp_path):
    place = tmp_path / "run.zarr"
    child = subprocess.Popen([sys.executable, "-c", HOLDER, str(place)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "held\n"
    given = {"model": LiRinzel(), "protocol": DRIVE, "until": 1 * s}
    with pytest.raises(ResultError, match="one run at a time"):
        tp.simulate(**given, stream_to=place)
    with pytest.raises(ResultError, match="is writing into"):
        tp.simulate(**given).save(place)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert tp.simulate(**given, stream_to=place).ok


def test_what_cannot_be_written_to_is_said_before_anything_is_computed(tmp_path, monkeypatch):
    def never(*_, **__):
        raise AssertionError("computed")

    monkeypatch.setattr(solving.Job, "carry", never)
    monkeypatch.setattr(whole, "Simulation", never)
    (tmp_path / "file").write_text("")
    (tmp_path / "file.zarr").write_text("")
    (tmp_path / "mine.zarr").mkdir()
    (tmp_path / "mine.zarr" / "notes.txt").write_text("mine")
    for place in ("file/run.zarr", "file.zarr", "mine.zarr", "run.nc"):
        with pytest.raises(ResultError):
            tp.simulate(LiRinzel(), DRIVE, until=1 * s, stream_to=tmp_path / place)
        with pytest.raises(ResultError):
            run(cells(), tmp_path / place)
    assert os.listdir(tmp_path / "mine.zarr") == ["notes.txt"]


def test_a_call_that_fails_before_anything_is_recorded_leaves_no_folder(tmp_path):
    place = tmp_path / "run.zarr"
    with pytest.raises(tp.errors.TripartiteError):
        run(cells(), place, record=States(cells().groups["n"], "v"))
    assert not place.exists()


def test_thousands_of_commits_open_as_few_files(tmp_path):
    """Chunks fill up whatever the pace of commits, so that long runs open fast."""
    data = xr.Dataset(
        {"x": (("time",), np.zeros(0)), "status": ((), 2, {"messages": "{}"})}, {"time": ("time", np.zeros(0))}
    )
    with Folder(tmp_path / "run.zarr") as folder:
        folder.begin(data, {"x": folders.Growth(), "time": folders.Growth()}, {})
        for number in range(300):
            for name in ("x", "time"):
                folder.append(name, np.arange(1000.0) + 1000 * number)
            if number % 10 == 9:
                folder.commit(2, {}, {})
    found = tp.Result.load(tmp_path / "run.zarr").data
    np.testing.assert_array_equal(found["x"], np.arange(300_000.0))
    assert len(list((tmp_path / "run.zarr" / "x" / "c").iterdir())) == 5
    xr.testing.assert_equal(xr.open_zarr(tmp_path / "run.zarr")["x"], found["x"])


def result(**attributes) -> tp.Result:
    made = tp.simulate(LiRinzel(), DRIVE, until=1 * s, save_every=0.1 * s)
    made.data.attrs.update(attributes)
    return made


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
def test_attributes_survive_saving_and_those_that_cannot_are_named(ending, tmp_path):
    made = result(note=None, flag=True, plan={"a": [1, None]}, number=3)
    made.data["cell.ca"].attrs["who"] = None
    found = tp.Result.load(made.save(tmp_path / f"run{ending}"))
    assert {k: found.data.attrs[k] for k in ("note", "flag", "plan")} == {
        "note": None,
        "flag": True,
        "plan": {"a": [1, None]},
    }
    assert found.data.attrs["number"] == 3 and found["ca"].attrs["who"] is None
    assert made.data.attrs["note"] is None
    with pytest.raises(ResultError, match="`odd`"):
        result(odd=[object()]).save(tmp_path / f"odd{ending}")


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
def test_a_loaded_result_is_saved_where_it_came_from(ending, tmp_path):
    made = result()
    place = made.save(tmp_path / f"run{ending}")
    loaded = tp.Result.load(place)
    loaded.save(place)
    for found in (loaded, tp.Result.load(place)):
        xr.testing.assert_equal(found.data.load(), made.data)
    shorter = tp.Result.load(place)
    part = tp.Result(lambda: shorter.data.isel(time=slice(0, 5)))
    part.save(place)
    np.testing.assert_array_equal(part["ca"], made["ca"][:5])
    np.testing.assert_array_equal(tp.Result.load(place)["ca"], made["ca"][:5])
    assert os.listdir(tmp_path) == [f"run{ending}"]


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
def test_saving_leaves_the_old_result_or_the_new_one(ending):
    root = memory_folder()
    old, new, place = result(mark="old"), result(mark="new"), root / f"run{ending}"
    old.save(place)
    kinds = count(root, lambda: new.save(place))
    chosen = points(kinds)
    seen = set()
    for at, half in [chosen[i] for i in np.unique(np.linspace(0, len(chosen) - 1, 25).round().astype(int))]:
        old.save(place)
        with suppress(ResultError):  # after the swap only what is left over cannot be removed
            fail(root, lambda: new.save(place), at, errno.EROFS)
        assert tp.Result.load(place).data.attrs["mark"] in ("old", "new")
        old.save(place)
        assert kill(root, lambda: new.save(place), at, half)
        found = tp.Result.load(place).data.load()
        seen.add(found.attrs["mark"])
        xr.testing.assert_equal(found, new.data)
    assert "old" in seen
    new.save(place)  # removes what the dead left, not what this process could not remove
    assert [n for n in os.listdir(root) if f".{os.getpid()}." not in n] == [f"run{ending}"]


def test_names_that_a_folder_would_take_for_something_else_are_refused(tmp_path):
    made = result()
    for name in ("a/b", ".hidden"):
        data = made.data.assign({name: made.data["cell.ca"]})
        for ending in (".nc", ".zarr"):
            with pytest.raises(ResultError, match="without `/`"):
                tp.Result(lambda data=data: data).save(tmp_path / f"run{ending}")


def test_a_member_that_there_is_not_has_no_message():
    with pytest.raises(tp.errors.TripartiteError, match="from 0 to 1"):
        tp.simulate(LiRinzel(), until=1 * s, vary={"ip3": [0.4, 0.5] * uM}).message(99)


def test_a_damaged_checkpoint_is_told(tmp_path, monkeypatch):
    network, place = cells(), tmp_path / "run.zarr"
    begun(network, place, monkeypatch)
    facts = root.facts(root.stored(place))
    file = place / facts["checkpoint"]
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ResultError, match="damaged"):
        run(network, place)
