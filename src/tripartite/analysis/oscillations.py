"""Period and amplitude of an oscillation, simulated or recorded."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments, units
from tripartite.language.recording import Recording, given

_HYSTERESIS = 0.1  # part of the range that a course must fall below mid-level before it can cross again
_EQUAL = 0.01  # periods and amplitudes of cycles that differ less than this are the same


class Oscillation(NamedTuple):
    """What `oscillation` finds; each field has the shape of the values without time.

    **Fields** ``period``: mean time between upward crossings of mid-level (s), NaN when steady. ``low``,
    ``high``: least and largest value. ``cycles``: whole cycles seen. ``regular``: whether all cycles have one
    period and one amplitude, to a hundredth; a decaying oscillation is not regular.
    """

    period: Any
    low: Any
    high: Any
    cycles: Any
    regular: Any

    @property
    def amplitude(self) -> Any:
        """From trough to peak."""
        return self.high - self.low


def oscillation(recording: Any, values: Any = None, *, smallest: Any = None) -> Oscillation:
    """Period, extremes and regularity of courses.

    Leave transients out beforehand: ``course.sel(time=slice(200, None))``. Crossings are interpolated
    linearly, and count only after the course has fallen a tenth of its range below mid-level, so that noise
    does not add cycles. Fewer than two whole cycles count as steady. Missing frames are left out, and a cycle
    that reaches over a gap does not count.

    **Arguments** ``recording``: a `Recording` or DataArray, or times (s) with ``values``: an array ``(..., time)``,
    or a DataArray with a dimension ``time``. An answer about labelled courses keeps their other dimensions and the
    unit. ``smallest``: range from trough to peak below which a course counts as steady, in the unit of the values or
    with one; by default a thousandth of its largest absolute value.
    """
    whole = given(recording, values, last=True)
    least = None if smallest is None else _least(smallest, whole.unit)
    frame = whole.data.isel(time=0, drop=True)
    courses = whole.data.transpose(..., "time").values.reshape(-1, len(whole))
    rows = [_row(whole, course, least) for course in courses]
    fields = [np.array(field).reshape(frame.shape) for field in zip(*rows, strict=True)]
    if not isinstance(recording, Recording) and not arguments.labelled(values if values is not None else recording):
        return Oscillation(*(field[()] for field in fields))
    marks = ["s", whole.unit, whole.unit, "1", "1"]
    return Oscillation(
        *(
            frame.copy(data=field).rename(name).assign_attrs(units=unit, long_name=name)
            for name, field, unit in zip(Oscillation._fields, fields, marks, strict=True)
        )
    )


def _least(smallest: Any, unit: str) -> float:
    if isinstance(smallest, str | units.Quantity):
        return units.number(smallest, unit, "smallest") / units.factor(unit)
    return float(arguments.array(smallest, "smallest", axes=0))


def _row(whole: Recording, course: np.ndarray, smallest: float | None) -> tuple[float, float, float, int, bool]:
    present = ~np.isnan(course)
    if not present.any():
        return np.nan, np.nan, np.nan, 0, False
    low, high = float(course[present].min()), float(course[present].max())
    extent, level = high - low, (low + high) / 2
    least = 1e-3 * max(abs(low), abs(high)) if smallest is None else smallest
    if not extent > least:
        return np.nan, low, high, 0, False
    found = [_cycles(whole.times[part], course[part], level, extent) for part in whole.stretches(present)]
    periods, extents = (np.concatenate(field) for field in zip(*found, strict=True))
    if len(periods) < 2:
        return np.nan, low, high, len(periods), False
    regular = max(np.ptp(periods) / periods.mean(), np.ptp(extents) / extents.mean()) < _EQUAL
    return float(periods.mean()), low, high, len(periods), bool(regular)


def _cycles(time: np.ndarray, course: np.ndarray, level: float, extent: float) -> tuple[np.ndarray, np.ndarray]:
    """Length and extent of every whole cycle."""
    starts = _upward(course, level, _HYSTERESIS * extent)
    if len(starts) < 2:
        return np.zeros(0), np.zeros(0)
    part = (level - course[starts]) / (course[starts + 1] - course[starts])
    inner, edges = course[starts[0] : starts[-1]], starts[:-1] - starts[0]
    extents = np.maximum.reduceat(inner, edges) - np.minimum.reduceat(inner, edges)
    return np.diff(time[starts] + part * (time[starts + 1] - time[starts])), extents


def _upward(course: np.ndarray, level: float, hysteresis: float) -> np.ndarray:
    """Positions before upward crossings of ``level`` that follow a fall below it by ``hysteresis``."""
    up = np.flatnonzero((course[:-1] < level) & (course[1:] >= level))
    if not len(up):
        return up
    troughs = np.minimum.reduceat(course[: up[-1] + 1], np.concatenate([[0], up[:-1] + 1]))
    return up[troughs < level - hysteresis]
