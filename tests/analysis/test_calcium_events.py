"""Events at known times, and how far they reach."""

import numpy as np
import pytest

from tripartite.analysis import Scope, calcium_events, event_threshold, scopes
from tripartite.errors import ResultError

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
