"""A run that reached its end with numbers that are not finite says so, with variable, place and time of the first."""

from __future__ import annotations

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import sqrt
from tripartite.language.folder import Folder
from tripartite.mechanisms import LeakyIntegrateFire
from tripartite.network import Average, Bdf, Network, Population, States
from tripartite.network.run.health import undefined
from tripartite.network.run.stream import Stream
from tripartite.network.run.tracks import Track, Tracks
from tripartite.protocols import RegularSpikes
from tripartite.solve import explicit
from tripartite.solve import stream as solve_stream
from tripartite.units import Hz, ms, pA, s


class Falling(tp.Mechanism):
    """x falls from 1.01 by k per second; its root has no value from 1.01 / k seconds on."""

    x = tp.State(1.01, "1", "a state")
    k = tp.Parameter(1.0, "1/s", "its slope", "assumed: a test")
    pulse = tp.Input("1", "what comes")
    root = tp.Output("1", "its root")
    sent = tp.Emission("1", "what is sent")

    def rates(q):
        return {"x": -q.k}

    def outputs(q):
        return {"root": sqrt(q.x)}

    def on_pulse(q):
        return {"sent": q.pulse * sqrt(q.x)}


RUN = {"until": 3 * s, "save_every": 0.25 * s, "vary": {"k": np.array([0.1, 0.5, 1]) / s}}
FIRST = [None, "`cell.root` is nan at 2.25 s", "`cell.root` is nan at 1.25 s"]
"""x = 0 at 2.02 s and at 1.01 s; what is saved next is the first without a root."""


def check(result: tp.Result) -> None:
    np.testing.assert_array_equal(result.ok, [True, False, False])
    for member, words in enumerate(FIRST):
        assert result.message(member).startswith(words or "Reached the end.")
    assert result.message().startswith("2 of 3 members failed; the first is 1: `cell.root` is nan")
    np.testing.assert_allclose(result["x"][2], 1.01 - result.time, atol=1e-9)


@pytest.mark.parametrize(
    "solver", [None, pytest.param(tp.Kvaerno5(), marks=pytest.mark.slow), tp.EulerMaruyama(1 * ms)]
)
def test_a_member_whose_output_has_no_value_is_not_ok(solver) -> None:
    check(tp.simulate(Falling(), solver=solver, **RUN))
    alone = tp.simulate(Falling(), until=3 * s, save_every=0.25 * s, solver=solver)
    assert alone.ok is False and alone.message().startswith(str(FIRST[2]))


class Stopped(Exception):
    pass


def test_a_streamed_run_remembers_what_had_no_value_in_what_was_written(tmp_path, monkeypatch) -> None:
    """Written in the first windows, by a process that then stopped; the last window says it."""
    monkeypatch.setattr(solve_stream, "_WINDOW", 8 * 3 * 2)
    monkeypatch.setattr(explicit, "_PATIENCE", 2)
    monkeypatch.setattr(Folder, "due", True)
    commit, place = Folder.commit, tmp_path / "run.zarr"

    def stop(folder, *arguments, **options):
        commit(folder, *arguments, **options)
        if folder.growing["time"][0].length > 10:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "commit", stop)
        with pytest.raises(Stopped):
            tp.simulate(Falling(), stream_to=place, **RUN)
    assert "stopped" in tp.Result.load(place).message(0)
    check(tp.simulate(Falling(), stream_to=place, **RUN))
    check(tp.Result.load(place))


def test_an_amount_that_has_no_value_is_an_event_and_no_missing_one() -> None:
    """Their amounts are roots of x: of 1.01, 0.51, 0.01 and -0.49."""
    result = tp.simulate(Falling(), RegularSpikes(2 * Hz, event="pulse"), until=1.9 * s, save_at=[0, 0.5] * s)
    found = result.events("sent")
    np.testing.assert_allclose(found["time"], [0, 0.5, 1, 1.5])
    np.testing.assert_allclose(found["amount"], [*np.sqrt([1.01, 0.51, 0.01]), np.nan], rtol=1e-6)
    assert not result.ok and result.message().startswith("`cell.sent` is nan at 1.5 s")


def test_padding_and_members_without_events_are_no_failures() -> None:
    vary = {"current": np.array([0, 300, 500]) * pA}
    result = tp.simulate(LeakyIntegrateFire(), until=0.1 * s, vary=vary)
    assert np.isnan(result.data["cell.spike.times"]).any() and result.ok.all()


@pytest.fixture(scope="module")
def network() -> Network:
    """Cells that lose their root after 0.101, 0.0505 and 10.1 s."""
    cells = Population(Falling(), 3, values={"k": np.array([10, 20, 0.1]) / s})
    return Network(cells=cells, step=1 * ms)


RECORDS = {
    "states": (lambda cells: States(cells, "root", every=10 * ms), "`cells.root` of cell 1 is nan at 0.06 s"),
    "some": (
        lambda cells: States(cells[[0, 2]], "x", "root", every=9 * ms, name="cells"),
        "`cells.root` of cell 0 is nan at 0.108 s",
    ),
    "average": (lambda cells: Average(cells, "root", every=20 * ms), "`cells.root.mean` is nan at 0.06 s"),
}


@pytest.mark.parametrize("what", RECORDS)
@pytest.mark.parametrize("where", ["memory", "folder"])
def test_a_sample_of_a_network_that_has_no_value_is_told(network, what, where, tmp_path) -> None:
    record, words = RECORDS[what]
    options = {"stream_to": tmp_path / "run.zarr"} if where == "folder" else {}
    result = network.run(until=0.2 * s, record=record(network.groups["cells"]), threads=1, **options)
    assert result.ok is False and result.message().startswith(words)
    fine = network.run(until=0.2 * s, record=States(network.groups["cells"], "x"), threads=1)
    assert fine.ok is True


def test_a_network_that_goes_on_remembers_what_had_no_value(network, tmp_path, monkeypatch) -> None:
    commit, place = Stream.commit, tmp_path / "run.zarr"
    record, words = RECORDS["states"]
    given = {"until": 0.2 * s, "record": record(network.groups["cells"]), "threads": 1, "stream_to": place}

    def stop(stream):
        commit(stream)
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "due", True)
        patch.setattr("tripartite.network.run.stream._STRETCH", 100.0)
        patch.setattr(Stream, "commit", stop)
        with pytest.raises(Stopped):
            network.run(**given)
    assert tp.Result.load(place)["root"].isnull().any()
    assert network.run(**given).message().startswith(words)


def test_a_network_solved_as_a_whole_says_what_had_no_value() -> None:
    class Slow(tp.Mechanism):
        x = tp.State(1.01, "1", "a state")
        k = tp.Parameter(10.0, "1/s", "its slope", "assumed: a test")
        root = tp.Output("1", "its root")

        def rates(q):
            return {"x": -q.k}

        def outputs(q):
            return {"root": sqrt(q.x)}

    cells = Population(Slow(), 2)
    result = Network(cells=cells, step=1 * ms).run(
        until=0.2 * s, record=States(cells, "root", every=10 * ms), solver=Bdf()
    )
    assert not result.ok and result.message().startswith("`cells.root` of cell 0 is nan at 0.11 s")


def test_the_first_of_several_samples_is_named_by_cell_or_synapse() -> None:
    tracks = Tracks()
    time, other = tracks.time(1.0, 10), tracks.time(5.0, 50)
    tracks.add(Track("s.x", (time, "s_synapse"), {}, (3,)))
    tracks.add(Track("n.v", (other, tracks.fixed("n_cell", np.array([4, 9]), "cells")), {}, (2,)))
    tracks.add(Track("n.spike.times", ("n.spike.event",), {}))
    found = {
        time: np.array([0.001, 0.002]),
        other: np.array([0.005]),
        "s.x": np.array([[0, 1, 2], [0, 1, np.inf]]),
        "n.v": np.array([[1.0, np.nan]]),
        "n.spike.times": np.array([np.nan]),
    }
    assert str(undefined(tracks, found)).startswith("`s.x` of synapse 2 is inf at 0.002 s")
    assert str(undefined(tracks, {**found, "s.x": np.zeros((2, 3))})).startswith("`n.v` of cell 9 is nan at 0.005 s")
    assert undefined(tracks, {**found, "s.x": np.zeros((2, 3)), "n.v": np.zeros((1, 2))}) is None
