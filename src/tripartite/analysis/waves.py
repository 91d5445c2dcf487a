"""Waves through cells, compartments or pixels: when each becomes active, how far and how fast it goes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite.analysis.spiking import first_crossings
from tripartite.errors import ResultError


class Wave(NamedTuple):
    """What `wave` finds.

    **Fields** ``arrival``: first rise above the threshold at each place, NaN where there is none, in the unit of
    time. ``reached``: places that became active. ``furthest``: largest distance among them. ``pace``: time per
    distance, the slope of a straight line through arrivals; NaN with fewer than two distances. ``straightness``: the
    share of the variance of arrivals that the line explains.
    """

    arrival: Any
    reached: int
    furthest: float
    pace: float
    straightness: float

    @property
    def speed(self) -> float:
        """Distance per time."""
        return 1 / self.pace


def wave(time: Any, values: Any, threshold: float, *, distance: Any = None, between: Any = None) -> Wave:
    """The first wave through ``values``, simulated or recorded.

    **Arguments** time: shape ``(time,)``. values: ``(time, place)``, or a movie ``(time, y, x)``; a DataArray may
    have its time anywhere among its dimensions. threshold: where a place becomes active. distance: of each place from
    where the wave starts; by default how many places it is from the first that became active. between: the least and
    largest distance that count for ``pace``.

    **Raises** `ResultError` for shapes that do not fit.
    """
    courses = _time_first(values)
    times = np.asarray(time, dtype=float)
    if courses.ndim < 2 or len(times) != len(courses):
        raise ResultError(
            f"Courses have time first and one place or more, (time, place); got times {times.shape} and values "
            f"{courses.shape}. Transpose the values, or give the times they were taken at."
        )
    places = courses.shape[1:]
    arrival = first_crossings(times, courses.reshape(len(courses), -1), threshold).reshape(places)
    away = _distances(distance, arrival)
    active = np.isfinite(arrival)
    chosen = active if between is None else active & (away >= between[0]) & (away <= between[1])
    pace, straightness = _line(away[chosen], arrival[chosen])
    furthest = float(away[active].max()) if active.any() else np.nan
    return Wave(arrival, int(active.sum()), furthest, pace, straightness)


def _time_first(values: Any) -> np.ndarray:
    dims = getattr(values, "dims", ())
    name = next((d for d in dims if str(d).startswith("time")), None)
    return np.asarray(values if name is None else values.transpose(name, ...), dtype=float)


def _distances(distance: Any, arrival: np.ndarray) -> np.ndarray:
    if distance is None and arrival.ndim > 1:
        raise ResultError(
            f"A movie needs the distance of every pixel from where the wave starts; got none for {arrival.shape}. "
            "Give an array of that shape."
        )
    if distance is None:
        start = int(np.nanargmin(arrival)) if np.isfinite(arrival).any() else 0
        return np.abs(np.arange(len(arrival)) - start).astype(float)
    found = np.asarray(distance, dtype=float)
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
