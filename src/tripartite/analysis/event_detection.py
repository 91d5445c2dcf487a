"""Where a course rises and falls by more than its noise, and where it crosses levels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

BASELINE = 40.0
"""Percentile of a course that is taken for its resting level: events that fill half of it hardly move it."""
_GAUSSIAN = 1.4826  # standard deviations in one median absolute deviation of Gaussian noise
_SMALLEST = 0.05  # share of the largest rise (99th percentile) below which nothing is an event
_ROUNDING = 1e-9  # share of the range below which a rise is rounding


class Found(NamedTuple):
    """One event, by positions of frames; ``peak`` is its largest value, at ``top``."""

    start: int
    stop: int
    top: int
    peak: float
    complete: bool


def risen(
    times: np.ndarray, course: np.ndarray, stretches: list[np.ndarray], deviations: float, fall: float, smooth: float
) -> list[Found]:
    """Events by rise and fall, as `calcium_events` says."""
    smoothed = [_smoothed(times[part], course[part], smooth) for part in stretches]
    every = np.concatenate([mean for mean, _ in smoothed])
    rest = float(np.percentile(every, BASELINE))
    noise = _noise(
        [course[part] for part in stretches], every, float(np.mean(np.concatenate([n for _, n in smoothed])))
    )
    largest, span = float(np.percentile(every, 99)) - rest, float(np.ptp(every))
    least = max(deviations * noise, _SMALLEST * largest, _ROUNDING * span)
    found = []
    for part, (mean, _) in zip(stretches, smoothed, strict=True):
        spans = _rises(mean, rest, least, fall)
        found += _described(part, mean, spans, rest)
    return found


def between_levels(course: np.ndarray, stretches: list[np.ndarray], high: float, low: float) -> list[Found]:
    """Events from the first frame at or above ``high`` to the first below ``low``."""
    found = []
    for part in stretches:
        level = course[part]
        # +1 above the threshold, -1 below the level of return, and in between what it was before.
        side = np.where(level >= high, 1, np.where(level < low, -1, 0))
        known = np.flatnonzero(side)
        marks = side[known]
        turns = np.flatnonzero(np.diff(marks)) + 1
        starts = [int(known[t]) for t in turns if marks[t] == 1]
        stops = [int(known[t]) for t in turns if marks[t] == -1]
        stops = stops[1:] if stops and (not starts or stops[0] < starts[0]) else stops
        for start, stop in zip(starts, [*stops, None], strict=False):
            last = len(part) - 1 if stop is None else stop
            top = start + int(np.argmax(level[start : last + 1]))
            found.append(Found(int(part[start]), int(part[last]), int(part[top]), float(level[top]), stop is not None))
    return found


def _smoothed(times: np.ndarray, course: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the frames within half of ``width`` to either side, and how many they are."""
    slack = 1e-9 * max(abs(times[0]), abs(times[-1]), width)
    first = np.searchsorted(times, times - width / 2 - slack)
    last = np.searchsorted(times, times + width / 2 + slack, side="right")
    count = last - first
    if count.max() == 1:
        return course, count
    level = float(course.mean())  # sums of what is left over stay small
    sums = np.concatenate([[0.0], np.cumsum(course - level)])
    return level + (sums[last] - sums[first]) / count, count


def _noise(courses: list[np.ndarray], every: np.ndarray, frames: float) -> float:
    """Standard deviation of the noise of a course that is averaged over so many frames."""
    steps = np.concatenate([np.diff(course) for course in courses])
    fast = _GAUSSIAN * float(np.median(np.abs(steps - np.median(steps)))) / np.sqrt(2) if len(steps) else 0.0
    rest = float(np.percentile(every, BASELINE))
    below = rest - every[every < rest]
    # Noise that is alike from frame to frame shows below the resting level, where no event reaches.
    slow = _GAUSSIAN * float(np.median(below)) if len(below) else 0.0
    return max(fast / np.sqrt(frames), slow)


def _rises(level: np.ndarray, rest: float, least: float, fall: float) -> list[tuple[int, int]]:
    """First frame of each rise, and the frame where it had fallen enough for another, or the end."""
    found = []
    start = -1
    low = top = level[0]
    for k, value in enumerate(level.tolist()):
        if start < 0:
            low = min(low, value)
            if value > low + least and value > rest + least:
                start, top = k, value
        else:
            top = max(top, value)
            if value < top - max(least, fall * (top - low)):
                found.append((start, k))
                start, low = -1, value
    return [*found, (start, len(level))] if start >= 0 else found


def _described(part: np.ndarray, mean: np.ndarray, spans: list[tuple[int, int]], rest: float) -> list[Found]:
    found = []
    following = [start for start, _ in spans[1:]]
    for (start, fallen), limit in zip(spans, [*following, len(part)], strict=False):
        top = start + int(np.argmax(mean[start : max(fallen, start + 1)]))
        half = rest + (mean[top] - rest) / 2
        below = np.flatnonzero(mean[top:limit] < half)
        stop = top + int(below[0]) if len(below) else limit - 1
        complete = bool(len(below)) or limit < len(part)
        found.append(Found(int(part[start]), int(part[stop]), int(part[top]), float(mean[top]), complete))
    return found
