"""Delays and correlations of courses that are known beforehand."""

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording
from tripartite.analysis import delay_map
from tripartite.errors import RecordingError, TripartiteError

RATE = 4.419
TIME = np.arange(1200) / RATE
EVENTS = (40.0, 95.0, 150.0, 210.0)


def shifted(frames):
    """Events of 5 s, each place later by whole frames, shape (time, place)."""
    late = TIME[:, None] - np.ravel(frames) / RATE
    return sum(np.exp(-(((late - start) / 2.5) ** 2)) for start in EVENTS)


def test_a_movie_of_shifted_copies_gives_their_shifts():
    frames = np.array([[-4, -2, 0], [0, 2, 4]])
    movie = shifted(frames).reshape(-1, 2, 3) * np.array([[1, 3, 1], [2, 1, 0.5]]) + 7
    found = delay_map(TIME, movie)
    reference = delay_map(TIME, shifted(frames), reference=shifted([0])[:, 0])
    np.testing.assert_allclose(reference.delay.reshape(2, 3) * RATE, frames, atol=1e-6)
    # Against the mean of the field, as published, brighter places pull the origin towards themselves.
    np.testing.assert_allclose(np.diff(np.sort(found.delay.ravel())) * RATE, [2, 2, 0, 2, 2], atol=1e-6)
    assert found.correlation.min() > 0.95


def test_compartments_and_an_independent_correlation_agree():
    random = np.random.default_rng(3)
    noise = random.normal(size=(400, 6)).cumsum(axis=0)
    time = np.arange(400) / RATE
    found = delay_map(time, noise)
    mean = noise.mean(axis=1) - noise.mean()
    for place in range(6):
        course = noise[:, place] - noise[:, place].mean()
        sums = {
            k: np.dot(course[max(k, 0) : 400 + min(k, 0)], mean[max(-k, 0) : 400 - max(k, 0)]) for k in range(-30, 31)
        }
        assert found.delay[place] * RATE == pytest.approx(max(sums, key=lambda k: sums[k]), abs=1e-6)


@pytest.mark.parametrize("power", [-1000, -700, 600])
def test_the_size_of_the_values_moves_no_delay(power):
    values = shifted([-3, 0, 3])
    expected, found = delay_map(TIME, values), delay_map(TIME, np.ldexp(values, power))
    np.testing.assert_array_equal(found.delay, expected.delay)
    np.testing.assert_allclose(found.correlation, expected.correlation, rtol=1e-9)


def test_labels_stay_and_still_places_have_no_delay():
    values = xr.DataArray(shifted([0, 3, 0]), dims=("time", "part"), coords={"part": ["a", "b", "c"]})
    values[:, 2] = 1.0
    found = delay_map(TIME, values)
    assert list(found.delay["part"].values) == ["a", "b", "c"]
    assert np.isnan(found.delay.sel(part="c")) and found.delay.attrs["units"] == "s"


def test_uneven_frames_are_refused():
    with pytest.raises(RecordingError, match="even times"):
        delay_map(np.sort(np.random.default_rng(0).uniform(0, 9, 90)), np.zeros((90, 2)), reach=1.0)


def test_a_still_place_has_no_delay_and_says_why():
    values = np.column_stack([shifted([0, 3]), np.full(len(TIME), 0.1), np.full(len(TIME), np.nan)])
    found = delay_map(TIME, values)
    assert np.isnan(found.delay[2:]).all() and np.isnan(found.correlation[2:]).all()
    assert found.reason.tolist() == ["", "", "it never changes", "no frames"]


def test_missing_frames_move_no_delay():
    frames = np.array([-4, 0, 4])
    values = shifted(frames)
    gap = np.ones(len(TIME), dtype=bool)
    gap[600:640] = False
    values[np.arange(5, len(TIME), 31)] = np.nan
    found = delay_map(Recording(TIME[gap], values[gap]), reference=shifted([0])[gap, 0])
    np.testing.assert_allclose(found.delay.values * RATE, frames, atol=1e-3)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"reach": 1e6}, "shorter than the recording"),
        ({"reach": -1}, "one frame or more"),
        ({"reach": "far"}, "`reach`"),
        ({"reference": [1, 2, 3]}, "one value at each time; got 3"),
    ],
)
def test_wrong_arguments_get_a_sentence(options, said):
    with pytest.raises(TripartiteError, match=said):
        delay_map(TIME, shifted([0, 1]), **options)
    with pytest.raises(TripartiteError, match="several places"):
        delay_map(TIME, shifted([0])[:, 0])
