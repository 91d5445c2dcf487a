"""How alike the courses of compartments, cells or pixels are, two by two, and whether chance would do the same."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments
from tripartite.errors import ResultError, brief
from tripartite.language.recording import Recording, given

_STILL = 1e-12
"""Spread over level below which a course never changes: what is left is rounding."""


class Correlations(NamedTuple):
    """What `pairwise_correlation` finds.

    **Fields** ``correlation`` ``(place, place)``, NaN where there is none. ``frames`` ``(place, place)``: how many
    frames each comes from. ``reason`` ``(place,)``: why a course has none, empty where it has one.
    """

    correlation: np.ndarray
    frames: np.ndarray
    reason: np.ndarray

    def __repr__(self) -> str:
        return brief(self)


class MeanCorrelation(NamedTuple):
    """What `mean_correlation` finds: the mean over ``pairs`` of courses.

    ``used`` of all ``courses`` have a correlation; ``reason`` ``(place,)`` says why others have none.
    """

    mean: float
    used: int
    courses: int
    pairs: int
    reason: np.ndarray

    def __repr__(self) -> str:
        return brief(self)

    def __float__(self) -> float:
        return self.mean


class CorrelationTest(NamedTuple):
    """What `correlation_test` finds.

    **Fields** ``correlation`` ``(place, place)`` and ``p`` of each pair; ``mean`` over all pairs and ``mean_p``;
    ``shuffled`` ``(shuffle,)``: means after shifting. ``used``, ``courses``, ``reason``: as of `mean_correlation`.
    """

    correlation: np.ndarray
    p: np.ndarray
    mean: float
    mean_p: float
    shuffled: np.ndarray
    used: int
    courses: int
    reason: np.ndarray

    def __repr__(self) -> str:
        return brief(self)


def pairwise_correlation(recording: Any, values: Any = None, *, common: bool = True) -> Correlations:
    """Pearson correlation of every two courses; a course that never changes has none.

    Frames that are missing in one of two courses are left out of their correlation.

    **Arguments** recording: a `Recording` or DataArray, times (s) with ``values`` of shape ``(time, place)``, or such
    values alone. common: False removes the mean over places first, and with it whatever all of them share, a drifting
    baseline for instance; what is left correlates by -1/(places - 1) on average where places are independent. It uses
    the frames that are missing nowhere.
    """
    courses = _courses(recording, values, common)
    reason = _reasons(courses)
    correlation, frames = _pearson(courses, courses, reason == "")
    return Correlations(correlation, frames, reason)


def mean_correlation(recording: Any, values: Any = None) -> MeanCorrelation:
    """Mean of `pairwise_correlation` over all pairs; compare only recordings with alike event rates."""
    found = pairwise_correlation(recording, values)
    pairs = found.correlation[np.triu_indices(len(found.reason), 1)]
    known = pairs[np.isfinite(pairs)]
    used = int(np.sum(np.isfinite(found.correlation).sum(axis=1) > 1))
    mean = float(known.mean()) if len(known) else float("nan")
    return MeanCorrelation(mean, used, len(found.reason), len(known), found.reason)


def correlation_test(recording: Any, values: Any = None, *, shuffles: int = 999, seed: int) -> CorrelationTest:
    """Whether courses are more alike than courses of the same kind at other times would be.

    Every course is shifted in a circle by a random number of frames, which keeps its own structure and undoes what it
    has in common with others; k of ``shuffles`` correlate as much or more, and p = (k + 1) / (shuffles + 1). Missing
    frames move with their course. One-sided: small where courses are alike, not where they alternate.

    **Raises** `RecordingError` where frames are not at even times.

    **Pitfalls** Values with few frames per event and few events have few distinct shifts. A drift that all courses
    share is no chance and comes out as such: remove it before.
    """
    shuffles, seed = arguments.count(shuffles, "shuffles", 1, 10**7), arguments.seed(seed)
    courses = _courses(recording, values, True, even=True)
    reason = _reasons(courses)
    good = reason == ""
    correlation, _ = _pearson(courses, courses, good)
    upper = np.triu_indices(len(reason), 1)
    mean = _mean(correlation[upper])
    random = np.random.default_rng(seed)
    length, places = courses.shape
    frames = np.arange(length)[:, None]
    above = np.zeros_like(correlation)
    shuffled = np.empty(shuffles)
    for k in range(shuffles):
        moved = courses[(frames - random.integers(0, length, places)) % length, np.arange(places)]
        by_chance, _ = _pearson(moved, moved, good)
        shuffled[k] = _mean(by_chance[upper])
        above += by_chance >= correlation * (1 - 1e-12)
    p = np.where(np.isfinite(correlation), (above + 1) / (shuffles + 1), np.nan)
    np.fill_diagonal(p, np.nan)
    mean_p = (int(np.sum(shuffled >= mean * (1 - 1e-12))) + 1) / (shuffles + 1) if np.isfinite(mean) else float("nan")
    used = int(np.sum(np.isfinite(correlation).sum(axis=1) > 1))
    return CorrelationTest(correlation, p, mean, float(mean_p), shuffled, used, places, reason)


def unchanging(courses: np.ndarray) -> np.ndarray:
    """Which courses ``(time, place)`` never change, up to rounding; those without a frame, too."""
    seen = np.where(np.isnan(courses).all(axis=0), 0.0, courses)
    return np.nanmax(seen, axis=0) - np.nanmin(seen, axis=0) <= _STILL * np.nanmax(np.abs(seen), axis=0)


def scaled(courses: np.ndarray) -> np.ndarray:
    """Each course ``(time, place)`` in units of its largest value, whose square neither vanishes nor overflows."""
    largest = np.max(np.abs(np.where(np.isnan(courses), 0.0, courses)), axis=0)
    return courses / np.where(largest > 0, largest, 1.0)


def _mean(pairs: np.ndarray) -> float:
    known = pairs[np.isfinite(pairs)]
    return float(known.mean()) if len(known) else float("nan")


def _courses(recording: Any, values: Any, common: bool, even: bool = False) -> np.ndarray:
    arguments.flag(common, "common")
    if values is None and not isinstance(recording, Recording) and not arguments.labelled(recording):
        courses = arguments.array(recording, "values", axes=(1, 2, 3, 4), finite=False)
    elif values is None and not isinstance(recording, Recording) and "time" not in recording.coords:
        courses = arguments.array(recording.values, "values", axes=(1, 2, 3, 4), finite=False)
    else:
        whole = given(recording, values)
        courses = (whole.evened() if even else whole).courses
    if courses.ndim != 2 or courses.shape[1] < 2:
        raise ResultError(
            f"Two courses or more are compared, (time, place); got shape {courses.shape}. Give the courses of several "
            "places, time first."
        )
    if np.any(np.isinf(courses)):
        raise ResultError("Courses are finite, NaN where a frame is missing; got infinite values. Correct them.")
    return courses if common else courses - courses.mean(axis=1, keepdims=True)


def _reasons(courses: np.ndarray) -> np.ndarray:
    present = (~np.isnan(courses)).sum(axis=0)
    return np.where(present < 3, "fewer than three frames", np.where(unchanging(courses), "it never changes", ""))


def _pearson(first: np.ndarray, second: np.ndarray, good: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlations over frames that both of a pair have, and how many those are."""
    here, there = ((~np.isnan(c)).astype(float) for c in (first, second))
    # Deviations from the mean of each course: sums over frames of a pair lose little then.
    first, second = scaled(first), scaled(second)
    x, y = (scaled(np.where(np.isnan(c), 0.0, c - np.where(good, _level(c), 0.0))) for c in (first, second))
    count = here.T @ there
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = x.T @ there / count, here.T @ y / count
        both = x.T @ y / count - mean_x * mean_y
        power = ((x**2).T @ there / count - mean_x**2) * (here.T @ y**2 / count - mean_y**2)
        # What a pair has in common may be a stretch where one of them rests.
        spread = (x**2).sum(axis=0)[:, None] * (y**2).sum(axis=0) / count**2
        found = np.where((count >= 3) & (power > _STILL * spread), both / np.sqrt(power), np.nan)
    found[~good] = np.nan
    found[:, ~good] = np.nan
    return np.clip(found, -1.0, 1.0), count.astype(int)


def _level(courses: np.ndarray) -> np.ndarray:
    present = ~np.isnan(courses)
    return np.where(present, courses, 0.0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
