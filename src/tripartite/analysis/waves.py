"""Waves through cells, compartments or pixels: when each becomes active, how far and how fast it goes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments
from tripartite.analysis.levels import level
from tripartite.analysis.spiking import first_crossings
from tripartite.errors import ResultError, brief, said
from tripartite.language.recording import given


class Wave(NamedTuple):
    """What `wave` finds.

    **Fields** ``arrival``: first rise above the threshold at each place (s), NaN where there is none; the first frame
    where a place was above it from the start on. ``reached``: places that became active. ``furthest``: largest
    distance among them. ``pace``: time per distance, the slope of a straight line through arrivals that were seen; NaN
    with fewer than two distances. ``straightness``: the share of the variance of arrivals that the line explains.
    """

    arrival: Any
    reached: int
    furthest: float
    pace: float
    straightness: float

    def __repr__(self) -> str:
        return brief(self)

    @property
    def speed(self) -> float:
        """Distance per time."""
        return 1 / self.pace if self.pace else float("inf")


def wave(
    recording: Any, values: Any = None, threshold: Any = None, *, distance: Any = None, between: Any = None
) -> Wave:
    """The first wave through a recording, simulated or recorded.

    A place that is above the threshold in the first frame counts as reached, at that frame or before: it is where the
    wave starts, and is left out of the pace.

    **Arguments** recording: a `Recording` or DataArray, or times (s) with ``values`` of shape ``(time, place)``, or a
    movie ``(time, y, x)``. threshold: where a place becomes active. distance: of each place from where the wave
    starts; by default how many places it is from the nearest that became active first. between: the least and largest
    distance that count for ``pace``.

    **Raises** `RecordingError` and `ResultError` for shapes that do not fit.
    """
    whole = given(recording, values)
    courses = whole.courses
    if courses.ndim < 2:
        raise ResultError(
            f"A wave goes through two places or more, (time, place); got values of shape {courses.shape}. Give the "
            "courses of all places."
        )
    places = courses.shape[1:]
    arrival = first_crossings(whole, threshold=threshold).reshape(places)
    begun = courses[0] > level(threshold, whole.unit, "threshold", int(np.prod(places))).reshape(places)
    arrival = np.where(begun, whole.times[0], arrival)
    away = _distances(distance, arrival)
    active = np.isfinite(arrival)
    low, high = (-np.inf, np.inf) if between is None else _span(between)
    chosen = active & ~begun & (away >= low) & (away <= high)
    pace, straightness = _line(away[chosen], arrival[chosen])
    furthest = float(away[active].max()) if active.any() else np.nan
    return Wave(arrival, int(active.sum()), furthest, pace, straightness)


def _span(between: Any) -> tuple[float, float]:
    found = arguments.array(between, "between", finite=False)
    if len(found) != 2 or not found[0] <= found[1]:
        raise ResultError(
            f"`between` is the least and the largest distance; got {said(between)}. Write `between=(2, 10)`."
        )
    return float(found[0]), float(found[1])


def _distances(distance: Any, arrival: np.ndarray) -> np.ndarray:
    if distance is None and arrival.ndim > 1:
        raise ResultError(
            f"A movie needs the distance of every pixel from where the wave starts; got none for {arrival.shape}. "
            "Give an array of that shape."
        )
    if distance is None:
        known = np.isfinite(arrival)
        first = np.flatnonzero(arrival == arrival[known].min()) if known.any() else np.zeros(1, dtype=int)
        return np.abs(np.arange(len(arrival))[:, None] - first).min(axis=1).astype(float)
    found = arguments.array(distance, "distance", axes=(1, 2, 3))
    if found.shape != arrival.shape:
        raise ResultError(f"Every place has one distance; got {found.shape} for places {arrival.shape}. Correct it.")
    return found


def _line(distance: np.ndarray, arrival: np.ndarray) -> tuple[float, float]:
    """Slope of arrival over distance, and the share of variance that it explains."""
    if len(np.unique(distance)) < 2:
        return np.nan, np.nan
    apart = distance - distance.mean()
    late = arrival - arrival.mean()
    slope = float(apart @ late / (apart @ apart))
    spread = float(late @ late)
    return slope, slope**2 * float(apart @ apart) / spread if spread > 0 else np.nan
