"""Calcium events: found in courses, and told apart into local, somatic and global ones."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

import numpy as np

from tripartite.errors import ResultError


class Scope(Enum):
    """How far an event reaches."""

    LOCAL = "local"
    """One compartment, outside any global event."""
    SOMATIC = "somatic"
    """The soma, without most of the processes."""
    GLOBAL = "global"
    """The soma and most of the processes together."""


class CalciumEvents(NamedTuple):
    """Events of all compartments in the order of their starts; every field has shape ``(event,)``.

    **Fields** ``place``: the compartment. ``start``, ``stop``: when it rose above the threshold and fell below the
    level of return (the last sample if it did not). ``peak``: the largest value in between.
    """

    place: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    peak: np.ndarray

    def of(self, place: int) -> CalciumEvents:
        """The events of one compartment."""
        chosen = self.place == place
        return CalciumEvents(*(field[chosen] for field in self))


def event_threshold(values: Any, deviations: float = 5.0) -> np.ndarray:
    """Median of each course plus ``deviations`` times the median absolute deviation from it.

    The deviation is taken as it is; 1.4826 of it are one standard deviation of Gaussian noise. It suits courses that
    rest most of the time: where events fill half of a course, give a level instead. **Arguments** values: shape
    ``(time, place)``. **Returns** ``(place,)``.
    """
    courses = np.asarray(values, dtype=float)
    baseline = np.median(courses, axis=0)
    return baseline + deviations * np.median(np.abs(courses - baseline), axis=0)


def calcium_events(time: Any, values: Any, threshold: Any = None, *, back: Any = None) -> CalciumEvents:
    """Events of courses: from the rise above ``threshold`` until the fall below ``back``.

    Starts lie at the first sample above. A course that begins above the threshold has no start there.

    **Arguments** time: ``(time,)``. values: ``(time, place)``. threshold: one level or one for each place; by default
    what `event_threshold` gives. back: level that a course must fall below before it can have another event, by
    default the threshold; a lower one keeps noise from counting an event twice.

    **Raises** `ResultError` for shapes that do not fit, and for a level of return above the threshold.
    """
    courses, times = np.asarray(values, dtype=float), np.asarray(time, dtype=float)
    if courses.ndim != 2 or times.shape != courses.shape[:1]:
        raise ResultError(
            f"Courses have the shape (time, place); got times {times.shape} and values {courses.shape}. "
            "Transpose the values, or give the times they were taken at."
        )
    places = courses.shape[1]
    high = np.broadcast_to(event_threshold(courses) if threshold is None else threshold, places).astype(float)
    low = high if back is None else np.broadcast_to(back, places).astype(float)
    if np.any(low > high):
        raise ResultError(
            f"An event ends at or below the level where it starts; got back={np.max(low):g} above "
            f"{np.min(high):g}. Lower `back`."
        )
    rows = [(place, *found) for place in range(places) for found in _course(courses[:, place], high[place], low[place])]
    table = np.array(rows, dtype=int).reshape(-1, 3)
    table = table[np.lexsort((table[:, 0], table[:, 1]))]
    place, start, stop = table.T
    peak = np.array([courses[a : b + 1, p].max() for p, a, b in table])
    return CalciumEvents(place, times[start], times[stop], peak)


def _course(course: np.ndarray, high: float, low: float) -> list[tuple[int, int]]:
    """First and last sample of every event."""
    # +1 above the threshold, -1 below the level of return, and in between what it was before.
    side = np.where(course >= high, 1, np.where(course < low, -1, 0))
    known = np.flatnonzero(side)
    if not len(known):
        return []
    marks = side[known]
    turns = np.flatnonzero(np.diff(marks)) + 1
    starts = [int(known[t]) for t in turns if marks[t] == 1]
    stops = [int(known[t]) for t in turns if marks[t] == -1]
    if stops and (not starts or stops[0] < starts[0]):
        stops = stops[1:]
    return list(zip(starts, [*stops, len(course) - 1], strict=False))


def scopes(events: CalciumEvents, soma: int, *, window: float, majority: float = 0.5) -> np.ndarray:
    """The `Scope` of every event, shape ``(event,)``.

    A somatic event is global if more than the share ``majority`` of the processes start an event within ``window``
    before or after it, and those events of processes are then global, too; all others are local.

    **Arguments** soma: the compartment that is the soma; every other one with an event anywhere counts as a process,
    so leave out those that are none. window: in the unit of the starts.
    """
    found = np.full(len(events.start), Scope.LOCAL, dtype=object)
    processes = np.unique(events.place[events.place != soma])
    for number in np.flatnonzero(events.place == soma):
        near = (np.abs(events.start - events.start[number]) <= window) & (events.place != soma)
        together = len(np.unique(events.place[near])) > majority * max(len(processes), 1)
        found[number] = Scope.GLOBAL if together else Scope.SOMATIC
        if together:
            found[near] = Scope.GLOBAL
    return found
