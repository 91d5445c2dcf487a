"""Arrival, pace and reach of waves that are known beforehand."""

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording
from tripartite.analysis import wave
from tripartite.errors import ResultError, TripartiteError

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


def test_a_wave_begun_before_the_recording_keeps_its_origin():
    late = TIME >= 4.0  # place 0 was reached at 3 s
    found = wave(TIME[late], travelling(np.arange(12), 2.5)[late], 0.5)
    assert found.reached == 12 and found.arrival[0] == TIME[late][0]
    assert found.furthest == 11 and found.pace == pytest.approx(2.5, rel=1e-3)
    middle = travelling(np.abs(np.arange(12) - 5), 2.5)[TIME >= 6]
    found = wave(TIME[TIME >= 6], middle, 0.5)  # places 4 to 6 were reached
    assert found.reached == 12 and found.furthest == 5


def test_a_recording_is_measured_with_its_missing_frames():
    values = travelling(np.arange(12), 2.5)
    values[np.arange(0, len(TIME), 50)] = np.nan
    found = wave(Recording(TIME, values), threshold=0.5)
    assert found.pace == pytest.approx(2.5, rel=1e-3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"threshold": None}, "needs a level"),
        ({"threshold": 0.5, "between": 3}, "`between`"),
        ({"threshold": 0.5, "between": (3, 1)}, "least and the largest"),
        ({"threshold": 0.5, "distance": [1, 2]}, "Every place has one distance"),
        ({"threshold": 0.5, "distance": "far"}, "`distance`"),
    ],
)
def test_wrong_arguments_get_a_sentence(options, said):
    with pytest.raises(TripartiteError, match=said):
        wave(TIME, travelling(np.arange(12), 2.5), **options)
    with pytest.raises(TripartiteError):
        wave(TIME, TIME, 0.5)
