"""Events at known times, and how far they reach."""

import csv

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording
from tripartite.analysis import Scope, calcium_events, event_threshold, scopes
from tripartite.errors import RecordingError, ResultError, TripartiteError
from tripartite.units import ms, nM, s, uM

from .synthetic_traces import LENGTH, MADE, matched, separable, traces

TIME = np.arange(0, 100, 0.1)


def bumps(*starts, height=1.0):
    """Rectangles of 2 s from each of ``starts``."""
    return height * sum(((start - 1e-9 <= TIME) & (start + 2 - 1e-9 > TIME)).astype(float) for start in starts)


def test_events_are_found_where_they_are():
    courses = np.column_stack([bumps(10, 40), bumps(25, height=2.0), np.zeros_like(TIME)])
    found = calcium_events(TIME, courses, 0.5)
    np.testing.assert_array_equal(found.place, [0, 1, 0])
    np.testing.assert_allclose(found.start, [10, 25, 40])
    np.testing.assert_allclose(found.stop, [12, 27, 42])
    np.testing.assert_allclose(found.peak, [1, 2, 1])
    assert len(found.of(1).start) == 1


def test_a_course_must_fall_back_before_it_has_another_event():
    course = np.array([0, 1, 0.7, 1, 0.7, 1, 0.2, 1, 0.0])[:, None]
    time = np.arange(9.0)
    assert len(calcium_events(time, course, 0.9).start) == 4
    np.testing.assert_allclose(calcium_events(time, course, 0.9, back=0.6).start, [1, 7])
    with pytest.raises(ResultError, match="ends at or below"):
        calcium_events(time, course, 0.9, back=1.0)


def test_events_at_the_ends_of_a_recording():
    found = calcium_events(np.arange(5.0), np.array([1, 0, 0, 1, 1.0])[:, None], 0.5)
    np.testing.assert_allclose(found.start, [3])
    np.testing.assert_allclose(found.stop, [4])


def test_the_default_threshold_is_median_and_deviations():
    random = np.random.default_rng(1)
    noise = random.normal(2.0, 0.1, (20_000, 3)) * [1, 2, 1]
    # Of Gaussian noise the median absolute deviation is 0.6745 standard deviations.
    np.testing.assert_allclose(event_threshold(noise, 4), [2 + 0.27, 4 + 0.54, 2 + 0.27], rtol=0.01)


def test_events_are_local_somatic_or_global():
    soma = bumps(20, 60)
    processes = [bumps(5, 19), bumps(20.5), bumps(21, 60), bumps(80), bumps(90)]
    found = calcium_events(TIME, np.column_stack([*processes, soma]), 0.5)
    kinds = scopes(found, soma=5, window=2.0)
    named = {(int(p), round(float(t), 1)): k for p, t, k in zip(found.place, found.start, kinds, strict=True)}
    assert named[5, 20.0] is Scope.GLOBAL and named[0, 19.0] is Scope.GLOBAL and named[2, 21.0] is Scope.GLOBAL
    assert named[5, 60.0] is Scope.SOMATIC and named[2, 60.0] is Scope.LOCAL
    assert named[0, 5.0] is Scope.LOCAL and named[3, 80.0] is Scope.LOCAL


@pytest.mark.parametrize(("noise", "rate"), [(0.05, 2), (0.1, 5), (0.2, 10), (0.3, 30)])
def test_events_that_were_made_are_found_and_no_others(noise, rate):
    """Recall and precision on events at random times; those that begin on top of another cannot all be told apart."""
    hits = made = found = apart = wanted = 0
    for seed in (11, 12):
        times, courses, onsets = traces(seed, noise, rate)
        events = calcium_events(times, courses)
        for place, truth in enumerate(onsets):
            starts = events.of(place).start
            hits, made, found = hits + matched(truth, starts), made + len(truth), found + len(starts)
            apart, wanted = apart + matched(separable(truth), starts), wanted + len(separable(truth))
    assert hits / found >= 0.97
    assert hits / made >= 0.80
    assert apart / wanted >= 0.95


def test_one_level_without_return_counts_noise():
    """What the default avoids: five median absolute deviations as one level."""
    times, courses, _ = traces(11, 0.1, 5)
    assert len(calcium_events(times, courses, event_threshold(courses))) > 1.5 * sum(MADE)


def test_noise_alone_has_hardly_an_event():
    noise = np.random.default_rng(1).standard_normal((1500, 40))
    assert len(calcium_events(np.arange(1500) * 0.2, noise)) <= 4  # in 40 courses of 300 s


def test_a_course_that_rests_exactly_has_its_events():
    found = calcium_events(TIME, bumps(10, 40, 70), smooth=0)
    np.testing.assert_allclose(found.start, [10, 40, 70])
    np.testing.assert_allclose(found.stop, [12, 42, 72])
    np.testing.assert_allclose(found.amplitude, 1)
    assert len(calcium_events(TIME, np.full(1000, 0.3))) == 0


def test_the_table_has_start_duration_amplitude_and_peak(tmp_path):
    course = 0.2 + np.maximum(0, 1 - np.abs(TIME - 30) / 5) + 2 * np.maximum(0, 1 - np.abs(TIME - 70) / 2)
    found = calcium_events(Recording(TIME, np.stack([course, 0 * TIME], axis=1) * uM, places=["soma", "process"]))
    np.testing.assert_allclose(found.peak_time, [30, 70], atol=0.11)
    np.testing.assert_allclose(found.peak, [1.2, 2.2], rtol=0.1)  # averaged over half a second
    np.testing.assert_allclose(found.amplitude, [1, 2], rtol=0.1)
    np.testing.assert_allclose(found.stop, [32.5, 71], atol=0.2)  # half way down
    assert found.complete.all() and found.unit == "uM"
    np.testing.assert_allclose(found.rates, [2 / 99.9, 0])
    table = found.data
    assert table["amplitude"].attrs["units"] == "uM" and table["start"].attrs["units"] == "s"
    assert list(table["place"].values) == ["soma", "soma"]
    rows = list(csv.DictReader(found.to_csv(tmp_path / "events.csv").open(encoding="utf-8")))
    assert [row["place"] for row in rows] == ["soma", "soma"]
    np.testing.assert_array_equal([float(row["amplitude (uM)"]) for row in rows], found.amplitude)
    assert len(found.of("soma")) == 2 and len(found.of("process")) == 0
    with pytest.raises(TripartiteError, match=r"no course 'zz'\. Choose from `process`, `soma`"):
        found.of("zz")


def test_units_are_those_of_the_recording():
    course = 0.1 + bumps(10, 40)
    expected = calcium_events(TIME, course, 0.5)
    in_ms = xr.DataArray(course * 1000, {"time": ("time", TIME * 1000, {"units": "ms"})}, attrs={"units": "nM"})
    for events in (
        calcium_events(in_ms, threshold=0.5 * uM),
        calcium_events(Recording(TIME * 1000 * ms, course * uM), threshold=500 * nM),
        calcium_events(in_ms, threshold=500),
    ):
        np.testing.assert_allclose(events.start, expected.start)
    assert len(calcium_events(Recording(TIME, course * uM), threshold=500)) == 0


def test_a_missing_frame_neither_silences_a_course_nor_hides_a_peak():
    course = bumps(10, 40)
    holed = course.copy()
    holed[[5, 110, 405, 700]] = np.nan
    for options in ({}, {"threshold": 0.5}):
        found = calcium_events(TIME, np.column_stack([holed, course]), **options)
        np.testing.assert_allclose(found.of(0).start, found.of(1).start, atol=0.2)
        np.testing.assert_allclose(found.peak, 1)


def test_an_event_ends_incomplete_at_a_gap_and_has_no_start_after_it():
    course = bumps(10, 40, 70)
    course[(TIME > 41) & (TIME < 41.95)] = np.nan  # the second event goes into a gap, and is over after it
    cut = np.delete(np.arange(1000), np.arange(695, 710))  # the third begins inside a gap of the times
    found = calcium_events(TIME[cut], course[cut], 0.5)
    np.testing.assert_allclose(found.start, [10, 40])
    np.testing.assert_array_equal(found.complete, [True, False])
    assert found.stop[1] == pytest.approx(41)
    assert found.observed[0] == pytest.approx(99.9 - 1.0 - 1.6, abs=0.2)
    empty = calcium_events(TIME, np.full(1000, np.nan))
    assert len(empty) == 0 and np.isnan(empty.rates[0])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: calcium_events(TIME[::-1], bumps(10)), "times that rise"),
        (lambda: calcium_events(TIME, bumps(10)[:5]), "Transpose the values"),
        (lambda: calcium_events(TIME, np.zeros((1000, 2, 2))), "Events are found in courses"),
        (lambda: calcium_events(TIME, bumps(10), back=0.1), "goes with a `threshold`"),
        (lambda: calcium_events(TIME, bumps(10), [0.1, 0.2]), "one for each of 1 places; got 2"),
        (lambda: calcium_events(TIME, bumps(10), "high"), "`threshold`"),
        (lambda: calcium_events(TIME, bumps(10), 1 * s), "`threshold` is measured in 1"),
        (lambda: calcium_events(TIME, bumps(10), fall=0), "fall by a share"),
        (lambda: calcium_events(TIME, bumps(10), deviations=None), "`deviations`"),
        (lambda: calcium_events(bumps(10)), "come as a `Recording`"),
        (lambda: calcium_events(Recording(TIME, bumps(10)), bumps(10)), "Leave `values` out"),
        (lambda: scopes(3, 0, window=1), "`events` is an object of"),
        (lambda: scopes(calcium_events(TIME, bumps(10)), 4, window=1), "`soma` is a whole number from 0 to 0"),
        (lambda: calcium_events(TIME, bumps(10)).of("soma"), "no course 'soma'. Choose from `0`"),
    ],
)
def test_wrong_arguments_get_a_sentence(make, said):
    with pytest.raises(TripartiteError, match=said):
        make()


def test_the_truth_is_made_as_it_says():
    times, courses, onsets = traces(3, 0.0, 10)
    assert tuple(map(len, onsets)) == MADE and times[-1] < LENGTH
    late = times > onsets[0][-1] + 1.2
    np.testing.assert_array_less(np.diff(courses[late, 0]), 0)  # after the last peak it only falls
    assert issubclass(RecordingError, ResultError)
