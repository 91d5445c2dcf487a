"""Spike trains of many cells: rates, how irregular each cell is, and how they fire together over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.analysis.levels import level
from tripartite.errors import ResultError
from tripartite.language.recording import given

_CLOSE = 1e-7  # of a window: a spike so close to an edge lies on it
_MOST = 2**53  # cells
_ROUNDING = 1e-10  # of the time: what sums of steps lose


def rate(times: Any, size: int, begin: Any, end: Any) -> float:
    """Mean rate (Hz) of ``size`` cells from spike ``times`` in [begin, end).

    Times are in seconds or carry a unit; NaN is no spike. A spike that lies on an edge up to rounding lies on it.
    """
    edges = np.array([units.seconds(begin, "begin"), units.seconds(end, "end")])
    return float(_counts(times, edges)[0] / arguments.count(size, "size", 1, _MOST) / (edges[1] - edges[0]))


def rate_course(times: Any, size: int, edges: Any) -> np.ndarray:
    """Mean rate (Hz) of ``size`` cells between each two ``edges``, shape ``(edges - 1,)``; as `rate` in every bin."""
    bins = units.clock(edges, "edges")
    if len(bins) < 2:
        raise ResultError(f"Bins lie between two edges or more; got {len(bins)}. Write `np.arange(0, 10, 0.1)`.")
    return _counts(times, bins) / arguments.count(size, "size", 1, _MOST) / np.diff(bins)


def interval_cv(times: Any, cells: Any, least: int = 5) -> np.ndarray:
    """Coefficient of variation of the interspike intervals of each cell with at least ``least`` spikes.

    **Arguments** times (s) and cells of all spikes, in any order. 1 for a Poisson process, 0 for a clock.
    """
    least = arguments.count(least, "least", 3, _MOST)
    spikes, owners = units.clock(times, "times", finite=False), arguments.array(cells, "cells", finite=False)
    if len(spikes) != len(owners):
        raise ResultError(
            f"Every spike has a cell; got {len(spikes)} times and {len(owners)} cells. Take both from one emission: "
            '`result.events("neurons.spike")`.'
        )
    known = ~np.isnan(spikes) & ~np.isnan(owners)
    order = np.lexsort((spikes[known], owners[known]))
    spikes, owners = spikes[known][order], owners[known][order]
    same = owners[1:] == owners[:-1]
    intervals, owners = np.diff(spikes)[same], owners[1:][same]
    _, owner, counts = np.unique(owners, return_inverse=True, return_counts=True)
    mean = np.bincount(owner, intervals) / counts
    variance = np.bincount(owner, (intervals - mean[owner]) ** 2) / counts
    enough = (counts >= least - 1) & (mean > 0)
    return np.sqrt(variance[enough]) / mean[enough]


def first_crossings(recording: Any, values: Any = None, threshold: Any = None) -> np.ndarray:
    """When each cell first rises above ``threshold`` (s), between two samples by linear interpolation; else NaN.

    A cell that is above from the first frame on has no rise there. A rise over one or two missing frames is
    interpolated, too; one over a longer gap is not known.

    **Arguments** recording: a `Recording` or DataArray, or times (s) with ``values`` of shape ``(time, cell)``.
    **Returns** shape ``(cell,)``.
    """
    whole = given(recording, values)
    if threshold is None:
        raise ResultError("A crossing needs a level; got none. Write `first_crossings(recording, threshold=0.5)`.")
    courses = whole.courses.reshape(len(whole), -1)
    high = level(threshold, whole.unit, "threshold", courses.shape[1])
    return np.array([_crossed(whole, course, limit) for course, limit in zip(courses.T, high, strict=True)])


def _counts(times: Any, edges: np.ndarray) -> np.ndarray:
    spikes = units.clock(times, "times", finite=False)
    widths = np.diff(edges)
    if not np.all(np.isfinite(edges)) or np.any(widths <= 0):
        raise ResultError(
            f"A window ends after it begins; got edges {edges[:4].tolist()}{' …' if len(edges) > 4 else ''}. Exchange "
            "`begin` and `end`, or sort the edges."
        )
    # An edge such as 3 * 0.1 and a spike at 0.3 differ by rounding, and belong together.
    early = edges - _CLOSE * float(widths.min()) - _ROUNDING * float(np.abs(edges).max())
    return np.diff(np.searchsorted(np.sort(spikes[~np.isnan(spikes)]), early))


def _crossed(whole: Any, course: np.ndarray, limit: float) -> float:
    for part in whole.stretches(~np.isnan(course)):
        above = course[part] > limit
        rising = np.flatnonzero(above[1:] & ~above[:-1])
        if len(rising):
            before, after = part[rising[0]], part[rising[0] + 1]
            share = (limit - course[before]) / (course[after] - course[before])
            return float(whole.times[before] + share * (whole.times[after] - whole.times[before]))
    return float("nan")
