"""Arrival, pace and reach of waves that are known beforehand."""

import numpy as np
import pytest
import xarray as xr

from tripartite.analysis import wave
from tripartite.errors import ResultError

TIME = np.arange(0, 60, 0.05)


def travelling(distance, pace, width=1.0):
    """A front that reaches ``distance`` at ``3 + pace * distance``, shape (time, place)."""
    return 1 / (1 + np.exp(-(TIME[:, None] - 3 - pace * np.ravel(distance)) / width * 4))


def test_a_front_of_known_pace_is_measured():
    found = wave(TIME, travelling(np.arange(12), 2.5), 0.5)
    np.testing.assert_allclose(found.arrival, 3 + 2.5 * np.arange(12), rtol=1e-4)
    assert found.reached == 12 and found.furthest == 11
    assert found.pace == pytest.approx(2.5, rel=1e-4)
    assert found.speed == pytest.approx(0.4, rel=1e-4)
    assert found.straightness == pytest.approx(1, rel=1e-6)


def test_a_wave_that_stops_reaches_what_it_reached():
    values = travelling(np.arange(12), 2.5)
    values[:, 7:] *= 0.4
    found = wave(TIME, values, 0.5)
    assert found.reached == 7 and found.furthest == 6
    assert np.isnan(found.arrival[7:]).all()


def test_a_movie_is_measured_by_the_distance_from_the_source():
    away = np.hypot(*np.mgrid[-4:5, -4:5])
    movie = xr.DataArray(travelling(away, 3.0).reshape(-1, 9, 9), dims=("time", "y", "x")).transpose("y", "x", "time")
    found = wave(TIME, movie, 0.5, distance=away)
    assert found.arrival.shape == (9, 9)
    assert found.pace == pytest.approx(3.0, rel=1e-4)
    with pytest.raises(ResultError, match="distance of every pixel"):
        wave(TIME, movie, 0.5)


def test_only_distances_in_between_count_for_the_pace():
    away = np.arange(12.0)
    arrival = np.where(away < 6, away, 6 + 4 * (away - 6))
    found = wave(TIME, travelling(arrival, 1.0), 0.5, distance=away, between=(6, 11))
    assert found.pace == pytest.approx(4.0, rel=1e-3)


def test_silence_is_no_wave():
    found = wave(TIME, np.zeros((len(TIME), 5)), 0.5)
    assert found.reached == 0 and np.isnan(found.furthest) and np.isnan(found.pace)
