"""Period and amplitude of an oscillation, simulated or recorded."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

_HYSTERESIS = 0.1  # part of the range that a course must fall below mid-level before it can cross again
_EQUAL = 0.01  # periods and amplitudes of cycles that differ less than this are the same


class Oscillation(NamedTuple):
    """What `oscillation` finds; each field has the shape of the values without time.

    **Fields** ``period``: mean time between upward crossings of mid-level, in the unit of time, NaN when
    steady. ``low``, ``high``: least and largest value. ``cycles``: whole cycles seen. ``regular``: whether
    all cycles have one period and one amplitude, to a hundredth; a decaying oscillation is not regular.
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


def oscillation(time: Any, values: Any, *, smallest: float | None = None) -> Oscillation:
    """Period, extremes and regularity of courses over ``time``.

    Leave transients out beforehand: ``course.sel(time=slice(200, None))``. Crossings are interpolated
    linearly, and count only after the course has fallen a tenth of its range below mid-level, so that noise
    does not add cycles. Fewer than two whole cycles count as steady.

    **Arguments** ``time``: shape ``(time,)``. ``values``: an array ``(..., time)``, or a DataArray with a
    dimension ``time``, whose answer keeps the other dimensions and the unit. ``smallest``: range from trough
    to peak below which a course counts as steady, in the unit of the values; by default a thousandth of its
    largest absolute value.
    """
    dims = getattr(values, "dims", None)
    array = np.asarray(values.transpose(..., "time") if dims else values, dtype=float)
    times = np.asarray(time, dtype=float)
    rows = [_row(times, row, smallest) for row in array.reshape(-1, array.shape[-1])]
    fields = [np.array(field).reshape(array.shape[:-1]) for field in zip(*rows, strict=True)]
    if dims is None:
        return Oscillation(*(field[()] for field in fields))
    return _labelled(Oscillation(*fields), time, values)


def _labelled(found: Oscillation, time: Any, values: Any) -> Oscillation:
    frame = values.isel(time=0, drop=True)
    unit = values.attrs.get("units", "")
    units = [getattr(time, "attrs", {}).get("units", "s"), unit, unit, "1", "1"]
    return Oscillation(
        *(
            frame.copy(data=field).rename(name).assign_attrs(units=unit, long_name=name)
            for name, field, unit in zip(Oscillation._fields, found, units, strict=True)
        )
    )


def _row(time: np.ndarray, course: np.ndarray, smallest: float | None) -> tuple[float, float, float, int, bool]:
    low, high = float(np.min(course)), float(np.max(course))
    extent = high - low
    least = 1e-3 * max(abs(low), abs(high)) if smallest is None else smallest
    starts = _upward(course, (low + high) / 2, _HYSTERESIS * extent) if extent > least else np.array([], dtype=int)
    cycles = max(len(starts) - 1, 0)
    if cycles < 2:
        return np.nan, low, high, cycles, False
    level = (low + high) / 2
    part = (level - course[starts]) / (course[starts + 1] - course[starts])
    periods = np.diff(time[starts] + part * (time[starts + 1] - time[starts]))
    inner = course[starts[0] : starts[-1]]
    edges = starts[:-1] - starts[0]
    extents = np.maximum.reduceat(inner, edges) - np.minimum.reduceat(inner, edges)
    regular = max(np.ptp(periods) / periods.mean(), np.ptp(extents) / extents.mean()) < _EQUAL
    return float(periods.mean()), low, high, cycles, bool(regular)


def _upward(course: np.ndarray, level: float, hysteresis: float) -> np.ndarray:
    """Positions before upward crossings of ``level`` that follow a fall below it by ``hysteresis``."""
    up = np.flatnonzero((course[:-1] < level) & (course[1:] >= level))
    if not len(up):
        return up
    troughs = np.minimum.reduceat(course[: up[-1] + 1], np.concatenate([[0], up[:-1] + 1]))
    return up[troughs < level - hysteresis]
