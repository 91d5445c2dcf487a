"""Periods and amplitudes of courses whose periods and amplitudes are known."""

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording
from tripartite.analysis import oscillation
from tripartite.errors import TripartiteError
from tripartite.units import ms, nM, uM

TIME = np.arange(0, 60, 0.01)


def test_a_sine_has_its_period_and_amplitude():
    found = oscillation(TIME, 2 + 0.5 * np.sin(2 * np.pi * TIME / 7.3))
    assert found.period == pytest.approx(7.3, rel=1e-6)
    assert (found.low, found.high) == pytest.approx((1.5, 2.5), rel=1e-5)
    assert found.amplitude == pytest.approx(1, rel=1e-5)
    assert found.regular and found.cycles == 7


def test_a_steady_course_has_no_period():
    found = oscillation(TIME, np.full_like(TIME, 0.3))
    assert np.isnan(found.period)
    assert not found.regular and found.cycles == 0
    assert np.isnan(oscillation(TIME, 1 + 1e-4 * np.sin(TIME)).period)
    assert np.isnan(oscillation(TIME, 1 + 0.1 * np.sin(TIME), smallest=0.3).period)


def test_a_ramp_is_no_oscillation():
    assert np.isnan(oscillation(TIME, TIME).period)


def test_a_decaying_or_speeding_oscillation_is_not_regular():
    assert not oscillation(TIME, np.exp(-TIME / 30) * np.sin(2 * TIME)).regular
    assert not oscillation(TIME, np.sin(TIME + 0.005 * TIME**2)).regular


def test_noise_adds_no_cycles():
    noise = np.random.default_rng(1).normal(0, 0.02, len(TIME))
    found = oscillation(TIME, np.sin(2 * np.pi * TIME / 5.5) + noise)
    assert found.cycles == 9
    assert found.period == pytest.approx(5.5, rel=5e-3)


def test_members_are_judged_one_by_one_and_keep_their_labels():
    courses = xr.DataArray(
        np.stack([np.sin(TIME), np.sin(2 * TIME) + 3, 0 * TIME]),
        {"time": ("time", TIME, {"units": "s"}), "ip3": ("member", [0.1, 0.2, 0.3])},
        ("member", "time"),
        name="ca",
        attrs={"units": "uM"},
    )
    found = oscillation(courses["time"], courses)
    np.testing.assert_allclose(found.period, [2 * np.pi, np.pi, np.nan], rtol=1e-6)
    assert found.period.attrs["units"] == "s" and found.high.attrs["units"] == "uM"
    np.testing.assert_allclose(found.period["ip3"], [0.1, 0.2, 0.3])
    np.testing.assert_allclose(oscillation(TIME, courses.values).period, found.period)
    np.testing.assert_allclose(found.amplitude, [2, 2, 0], rtol=1e-4)


def test_missing_frames_and_gaps_add_and_hide_no_cycles():
    course = 2 + np.sin(2 * np.pi * TIME / 5.5)
    holed = course.copy()
    holed[::37] = np.nan
    found = oscillation(TIME, holed)
    assert found.cycles == 9 and found.period == pytest.approx(5.5, rel=1e-4)
    gap = (TIME < 20) | (TIME > 33)
    found = oscillation(TIME[gap], course[gap])
    assert found.period == pytest.approx(5.5, rel=1e-4) and found.cycles == 2 + 3
    assert np.isnan(oscillation(TIME, np.full_like(TIME, np.nan)).high)


def test_units_are_those_of_the_recording():
    course = 2 + np.sin(2 * np.pi * TIME / 5.5)
    found = oscillation(Recording(TIME * 1000 * ms, course * uM), smallest=500 * nM)
    assert float(found.period) == pytest.approx(5.5, rel=1e-4) and found.period.attrs["units"] == "s"
    assert np.isnan(oscillation(Recording(TIME, course * uM), smallest=3000 * nM).period)
    with pytest.raises(TripartiteError, match="`smallest`"):
        oscillation(TIME, course, smallest="a little")
    with pytest.raises(TripartiteError, match="Transpose"):
        oscillation(TIME, course[:10])
