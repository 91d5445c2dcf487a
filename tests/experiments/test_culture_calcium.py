"""Culture calcium traces: without the file a clear way out; with it, the verdicts."""

import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tripartite.errors import MissingDataError
from tripartite.experiments.culture_calcium import CultureCalcium, mean_interval, sinusoid
from tripartite.experiments.measurements import herzog2013

from .verdicts import quick, unmet

EXPERIMENT = CultureCalcium()
HERE = Path(os.environ.get(herzog2013.FOLDER, "missing")) / herzog2013.FILE
needs_data = pytest.mark.skipif(not HERE.is_file(), reason=f"needs {herzog2013.FILE} in {herzog2013.FOLDER}")


@pytest.mark.parametrize("folder", [None, "nowhere"])
def test_missing_data_say_where_to_get_them(monkeypatch, tmp_path, folder):
    monkeypatch.delenv(herzog2013.FOLDER, raising=False)
    if folder:
        monkeypatch.setenv(herzog2013.FOLDER, str(tmp_path / folder))
    with pytest.raises(MissingDataError, match="comp-glia-book") as raised:
        quick(EXPERIMENT)
    assert herzog2013.FILE.name in str(raised.value)
    assert herzog2013.FOLDER in str(raised.value)


def test_reproduce_skips_with_a_note_what_lacks_its_data(monkeypatch, tmp_path):
    from tripartite import cli, experiments

    monkeypatch.delenv(herzog2013.FOLDER, raising=False)
    monkeypatch.setattr(experiments, "INDEX", {EXPERIMENT.name: experiments.INDEX[EXPERIMENT.name]})
    done = CliRunner().invoke(cli.app, ["reproduce", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert "SKIPPED" in done.output
    assert "comp-glia-book" in (tmp_path / "index.html").read_text()


def test_intervals_of_a_known_rhythm():
    t = np.arange(0, 30, 0.021)
    assert mean_interval(t, 0.5 - 0.5 * np.cos(2 * np.pi * t / 5)) == pytest.approx(5.0, rel=0.01)
    assert np.isnan(mean_interval(t, np.zeros_like(t)))


def test_the_sinusoid_finds_a_sinusoid():
    t = np.linspace(0, 30, 120)
    wave = 0.4 + 0.3 * np.sin(2 * np.pi * t / 4.7 + 1)
    assert sinusoid(t, wave) == pytest.approx(wave, abs=0.02)  # the grid of periods is 0.2 % wide


@needs_data
def test_every_claim_passes_and_the_figure_is_drawn_from_the_data_alone():
    data = quick(EXPERIMENT)
    assert unmet(EXPERIMENT, data) == {}
    assert data["r2"].min() > 0.5
    assert len(EXPERIMENT.figure(data).axes) == 10
