"""Experiments on instruments: verdicts, broken instruments, figures, data that are missing."""

import os
from pathlib import Path

import numpy as np
import pytest

from tripartite.errors import MissingDataError
from tripartite.experiments import experiment
from tripartite.experiments.cascade_ground_truth import fit_kernel
from tripartite.experiments.measurements import rupprecht2021
from tripartite.observe import HillShape, spike_kernel
from tripartite.units import s

from .verdicts import quick, unmet, verdicts

CURVES, TRUTH = experiment("chen2013-indicators"), experiment("cascade-ground-truth")
HERE = Path(os.environ.get(rupprecht2021.FOLDER, "missing")) / rupprecht2021.PLACE
needs_data = pytest.mark.skipif(not HERE.is_dir(), reason=f"needs {rupprecht2021.PLACE} in {rupprecht2021.FOLDER}")


def test_claims_on_warm_kinetics_fail_and_the_figure_is_drawn_from_the_data_alone():
    data = quick(CURVES)
    failing = {s.number for s in (*CURVES.claims, *CURVES.checks) if s.statement in unmet(CURVES, data)}
    assert failing == {
        "half_decay", "burst_decay", "spike_rise", "range_left", "per_spike", "linear", "bound_fades",
    }  # fmt: skip
    assert len(CURVES.figure(data).axes) == 4


@pytest.mark.parametrize("folder", [None, "nowhere"])
def test_missing_recordings_say_where_to_get_them(monkeypatch, tmp_path, folder):
    monkeypatch.delenv(rupprecht2021.FOLDER, raising=False)
    if folder:
        monkeypatch.setenv(rupprecht2021.FOLDER, str(tmp_path / folder))
    with pytest.raises(MissingDataError, match="Cascade") as raised:
        quick(TRUTH)
    assert rupprecht2021.FOLDER in str(raised.value)


def artificial(random, rise, decay, spikes=150):
    """A recording made by the kernel instrument itself, with noise."""
    time = np.arange(0, 240, 1 / 60)
    train = np.sort(random.uniform(0, 240, spikes))
    clean = HillShape(2.0, 3.0, 1.8)(spike_kernel(train, time, rise, decay))
    return rupprecht2021.Recording(time, clean + 0.02 * random.normal(size=len(time)), train)


def test_the_fit_finds_the_decay_that_made_a_recording():
    random = np.random.default_rng(1)
    made = [fit_kernel([artificial(random, 0.05, decay)])[1] for decay in (0.4, 1.2)]
    time = np.linspace(0, 20, 20001)
    for decay, found in zip((0.4, 1.2), made, strict=True):
        one = HillShape(2.0, 3.0, 1.8)(spike_kernel(np.array([0.0]), time, 0.05, decay))
        peak = one.argmax()
        expected = time[np.argmax(one[peak:] < one[peak] / 2)]
        assert found == pytest.approx(expected, rel=0.1)


@needs_data
def test_recordings_are_evenly_sampled_and_hold_their_spikes():
    for cells in rupprecht2021.read().values():
        assert len(cells) == 4
        for recording in (r for recordings in cells.values() for r in recordings):
            assert np.ptp(np.diff(recording.time)) < 1e-9
            assert 55 < 1 / np.diff(recording.time)[0] < 65
            assert len(recording.spikes) > 20
            assert np.all(np.diff(recording.spikes) > 0) and recording.spikes[-1] <= recording.time[-1]


@needs_data
@pytest.mark.slow
def test_every_claim_on_recordings_passes_and_swapped_indicators_fail():
    data = quick(TRUTH)
    assert unmet(TRUTH, data) == {}
    assert len(TRUTH.figure(data).axes) == 4
    swapped = data.copy()
    swapped["half_decay"] = ("cell", data["half_decay"].values[::-1])
    assert float(data["half_decay"][:4].max()) < float(swapped["half_decay"][:4].min())


@needs_data
@pytest.mark.slow
def test_an_indicator_that_hardly_dims_fails():
    found = verdicts(TRUTH, quick(TRUTH, **{name: {"off_rate": 0.005 / s} for name in TRUTH.models()}))
    assert found["Kinetic: median held-out correlation"] == "fail"
