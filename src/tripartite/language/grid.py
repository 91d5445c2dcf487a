"""What changes at times of its own, seen by a method with steps of one length: exact on its grid, else by its mean.

Times here are in steps. A course is constant between ``times``, in order; ``value(time)`` is what it is from then on.
"""

from __future__ import annotations

import math
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

Value = Callable[[float], Any]


def position(time: float, width: float) -> float:
    """A time in steps of ``width``: a whole number where only rounding keeps it from one; infinity stays."""
    steps = time / width
    if not math.isfinite(steps):
        return math.inf
    nearest = round(steps)
    return float(nearest) if abs(steps - nearest) <= 1e-6 + 1e-15 * abs(steps) else steps


def seconds(steps: Any, width: float) -> Any:
    """The time (s) at which step ``steps`` of ``width`` (ms) begins: one rounding wherever a time is told."""
    return steps * (width / 1000)


def changes(times: Sequence[float]) -> set[int]:
    """Steps from which on another value is seen."""
    return {step for time in times for step in (math.floor(time), math.ceil(time))}


def mean(step: int, times: Sequence[float], value: Value) -> Any:
    """Mean over the step that begins at ``step``."""
    inside = times[bisect_right(times, step) : bisect_left(times, step + 1)]
    parts = [value(cut) * (after - cut) for cut, after in pairwise([step, *inside, step + 1])]
    return sum(parts[1:], parts[0])


def warn_lost(lost: Collection[tuple[float, str]], until: float, width: float, rule: str) -> None:
    """Say which events (time in ms, name) begin before ``until`` (ms) and come too late by steps of ``width`` (ms).

    **Arguments** rule: what is done with events, the beginning of a sentence.
    """
    if lost:
        time, name = min(lost)
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        warnings.warn(
            f"{rule} of {width:g} ms, and so the event to `{name}` at {time / 1000:.9g} s{more} comes too late for a "
            f"run that ends at {until / 1000:g} s and does not happen. Let the run go on for a step.",
            stacklevel=2,
        )


def warn_short(name: str, times: Sequence[float], value: Value, width: float) -> None:
    """Say that a course has pulses that are over before a step (ms) has passed; steps of a rise or fall are none."""
    short = list(_short(times, value))
    if short:
        begin, end = short[0]
        more = f" (and {len(short) - 1} more)" if len(short) > 1 else ""
        warnings.warn(
            f"Steps of {width:g} ms do not see what is shorter: the pulse of `{name}` at {begin * width / 1000:.6g} s"
            f"{more} lasts {(end - begin) * width:.4g} ms and acts as its mean over a step, which is exact only where "
            "it enters linearly. Shorten the step.",
            stacklevel=2,
        )


def _short(times: Sequence[float], value: Value) -> Iterator[tuple[float, float]]:
    for before, begin, end in zip([-1.0, *times], times, times[1:], strict=False):
        if end - begin < 1 - 1e-6:
            first, inside, last = value(before), value(begin), value(end)
            if np.any((inside > np.fmax(first, last)) | (inside < np.fmin(first, last))):
                yield begin, end
