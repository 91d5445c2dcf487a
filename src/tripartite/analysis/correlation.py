"""How alike the courses of compartments, cells or pixels are, two by two."""

from __future__ import annotations

from typing import Any

import numpy as np


def pairwise_correlation(values: Any, *, common: bool = True) -> np.ndarray:
    """Pearson correlation of every two courses, shape ``(place, place)``; NaN for a course that never changes.

    **Arguments** values: ``(time, place)``. common: False removes the mean over places first, and with it whatever
    all of them share, a drifting baseline for instance; what is left correlates by -1/(places - 1) on average where
    places are independent.
    """
    courses = np.asarray(values, dtype=float)
    courses = courses if common else courses - courses.mean(axis=1, keepdims=True)
    courses = courses - courses.mean(axis=0)
    size = np.linalg.norm(courses, axis=0)
    scaled = courses / np.where(size > 0, size, np.nan)
    return scaled.T @ scaled


def mean_correlation(values: Any) -> float:
    """Mean of `pairwise_correlation` over all pairs; compare only recordings with alike event rates."""
    found = pairwise_correlation(values)
    return float(np.nanmean(found[np.triu_indices(len(found), 1)]))
