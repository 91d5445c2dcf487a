"""Rise, decay and width of a single event in a course that is sampled finely."""

from __future__ import annotations

import numpy as np


def rise(time: np.ndarray, course: np.ndarray, low: float = 0.1, high: float = 0.9) -> float:
    """Time from ``low`` to ``high`` of the peak, before it; 0 for a course that begins at its peak."""
    top = int(course.argmax())
    before = course[: top + 1]
    begin, end = (_first_above(time, before, part * course[top]) for part in (low, high))
    return end - begin


def decay(time: np.ndarray, course: np.ndarray, high: float = 0.9, low: float = 0.1) -> float:
    """Time constant of the exponential from ``high`` to ``low`` of the peak, after it, fitted to the logarithm."""
    top = int(course.argmax())
    after, moment = course[top:] / course[top], time[top:]
    within = (after <= high) & (after >= low)
    return float(-1 / np.polyfit(moment[within], np.log(after[within]), 1)[0])


def width(time: np.ndarray, course: np.ndarray) -> float:
    """Time above half of the peak, around it."""
    top = int(course.argmax())
    half = course[top] / 2
    begin = _first_above(time, course[: top + 1], half)
    after = course[top:]
    last = int(np.flatnonzero(after > half)[-1])
    if last + 1 == len(after):
        return float("nan")
    end = np.interp(half, after[last : last + 2][::-1], time[top + last : top + last + 2][::-1])
    return float(end - begin)


def _first_above(time: np.ndarray, rising: np.ndarray, level: float) -> float:
    first = int(np.argmax(rising >= level))
    if first == 0:
        return float(time[0])
    return float(np.interp(level, rising[first - 1 : first + 1], time[first - 1 : first + 1]))
