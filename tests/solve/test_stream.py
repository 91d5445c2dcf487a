"""Runs beyond memory go to disk window by window."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import ResultError
from tripartite.solve import explicit, simulation
from tripartite.solve import stream as streaming
from tripartite.units import Hz, s, uM


@pytest.fixture
def small_windows(monkeypatch):
    monkeypatch.setattr(streaming, "_WINDOW", 8 * 3 * 70)


def test_a_streamed_run_equals_one_in_memory(small_windows, tmp_path):
    model = tp.models.TripartiteSynapse().using(tp.parameters.stimberg2019.EXAMPLE_4)
    protocol = tp.protocols.PoissonSpikes(10 * Hz, seed=1)
    given = {"until": 10 * s, "solver": tp.Tsit5(1e-9, 1e-12), "save_every": 0.1 * s}
    streamed = tp.simulate(model, protocol, stream_to=tmp_path / "run.zarr", **given)
    held = tp.simulate(model, protocol, **given)
    assert set(streamed.names) == set(held.names)
    for name in held.names:
        np.testing.assert_allclose(streamed[name].values, held[name].values, rtol=1e-6, atol=1e-9)
    for emission in ("release", "gliorelease"):
        np.testing.assert_allclose(streamed.events(emission).time, held.events(emission).time, rtol=1e-7)
    assert streamed.provenance == held.provenance


def test_an_ensemble_streams_too(small_windows, tmp_path):
    vary = {"ip3": np.array([0.3, 0.5, 0.7]) * uM}
    given = {"until": 20 * s, "vary": vary, "solver": tp.Tsit5(1e-9, 1e-12)}
    streamed = tp.simulate(tp.mechanisms.LiRinzel(), stream_to=tmp_path / "run.zarr", **given)
    held = tp.simulate(tp.mechanisms.LiRinzel(), **given)
    np.testing.assert_allclose(streamed["ca"].values, held["ca"].values, rtol=1e-6)
    np.testing.assert_array_equal(streamed.data["cell.ip3"], [0.3, 0.5, 0.7])


def test_memory_stays_bounded_by_the_window(monkeypatch, small_windows, tmp_path):
    widths = []
    room = simulation.Job.room
    monkeypatch.setattr(simulation.Job, "room", lambda job, save: (widths.append(len(save)), room(job, save))[1])
    drive = tp.protocols.Constant(ip3=0.5 * uM)
    tp.simulate(tp.mechanisms.LiRinzel(), drive, until=10 * s, stream_to=tmp_path / "run.zarr")
    assert len(widths) > 5
    assert max(widths) <= 105


def test_more_than_memory_streams_into_the_current_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation, "_memory_budget", lambda: 1e4)
    with pytest.warns(UserWarning, match="stream_to"):
        result = tp.simulate(tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.5 * uM), until=10 * s)
    assert len(list(tmp_path.glob("tripartite-*/run.zarr"))) == 1
    assert result["ca"].shape == (1001,)


def test_an_existing_folder_is_not_overwritten(tmp_path):
    (tmp_path / "run.zarr").mkdir()
    (tmp_path / "run.zarr" / "notes.txt").write_text("mine")
    with pytest.raises(ResultError, match="new folder"):
        tp.simulate(
            tp.mechanisms.LiRinzel(),
            tp.protocols.Constant(ip3=0.5 * uM),
            until=1 * s,
            stream_to=tmp_path / "run.zarr",
        )


def test_progress_is_told_while_a_run_goes_on(monkeypatch):
    monkeypatch.setattr(explicit, "_PATIENCE", 50)
    told = []
    monkeypatch.setattr(simulation.Progress, "to", lambda bar, t: told.append(t))
    tp.simulate(tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.5 * uM), until=100 * s)
    assert len(told) > 3
    assert told == sorted(told)
    assert told[-1] == 100_000


def test_a_progress_bar_can_be_shown(capsys):
    drive = tp.protocols.Constant(ip3=0.5 * uM)
    tp.simulate(tp.mechanisms.LiRinzel(), drive, until=10 * s, progress=True)
    assert "10" in capsys.readouterr().err


def test_a_stream_without_data_yet_says_that_it_was_stopped(monkeypatch, tmp_path):
    path, said = tmp_path / "run.zarr", []
    monkeypatch.setattr(streaming._Run, "go", lambda self, bar: said.append(tp.Result.load(path)))
    vary = {"ip3": np.array([0.3, 0.5]) * uM}
    tp.simulate(tp.mechanisms.LiRinzel(), until=20 * s, vary=vary, stream_to=path)
    assert not said[0].ok.any()
    assert said[0].message() == "The run was stopped at 0 s of 20 s: the same call of `simulate` goes on."
