"""Spike trains of many cells: rates, how irregular each cell is, and how they fire together over time."""

from __future__ import annotations

import numpy as np


def rate(times: np.ndarray, size: int, begin: float, end: float) -> float:
    """Mean rate (Hz) of ``size`` cells from spike ``times`` (s) in [begin, end)."""
    return float(np.count_nonzero((times >= begin) & (times < end)) / size / (end - begin))


def rate_course(times: np.ndarray, size: int, edges: np.ndarray) -> np.ndarray:
    """Mean rate (Hz) of ``size`` cells between each two ``edges`` (s, evenly spaced), shape ``(edges - 1,)``."""
    # Spikes lie on steps, and steps on edges: half of a thousandth of a bin keeps rounding from moving them.
    width = edges[1] - edges[0]
    counts, _ = np.histogram(times + 5e-4 * width, edges)
    return counts / size / width


def interval_cv(times: np.ndarray, cells: np.ndarray, least: int = 5) -> np.ndarray:
    """Coefficient of variation of the interspike intervals of each cell with at least ``least`` spikes.

    **Arguments** times (s) and cells of all spikes, in any order. 1 for a Poisson process, 0 for a clock.
    """
    order = np.lexsort((times, cells))
    times, cells = np.asarray(times, dtype=float)[order], np.asarray(cells)[order]
    same = cells[1:] == cells[:-1]
    intervals, owners = np.diff(times)[same], cells[1:][same]
    _, owner, counts = np.unique(owners, return_inverse=True, return_counts=True)
    mean = np.bincount(owner, intervals) / counts
    variance = np.bincount(owner, (intervals - mean[owner]) ** 2) / counts
    enough = counts >= least - 1
    return np.sqrt(variance[enough]) / mean[enough]


def first_crossings(times: np.ndarray, values: np.ndarray, threshold: float) -> np.ndarray:
    """When each cell first rises above ``threshold``, between two samples by linear interpolation; else not a number.

    **Arguments** times (time,) and values ``(time, cell)``. **Returns** shape ``(cell,)``, in the unit of times.
    """
    above = values > threshold
    rising = above[1:] & ~above[:-1]
    cell = np.flatnonzero(rising.any(axis=0))
    before = np.argmax(rising, axis=0)[cell]
    low, high = values[before, cell], values[before + 1, cell]
    found = np.full(values.shape[1], np.nan)
    found[cell] = times[before] + (threshold - low) / (high - low) * (times[before + 1] - times[before])
    return found
