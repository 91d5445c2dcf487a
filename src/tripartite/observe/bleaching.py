"""Photobleaching: fluorescence that fades while it is measured, and its correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError, said
from tripartite.language import Recording
from tripartite.language.built import Owned
from tripartite.language.recording import like

if TYPE_CHECKING:
    import xarray as xr

    Light = TypeVar("Light", Recording, xr.DataArray)

_FAINTEST = 1e-6
"""Part of the light below which nothing can be scaled up."""


@dataclass(frozen=True)
class Bleaching(metaclass=Owned):
    """What bleaching leaves: b(t) = b_inf + (1 - b_inf) exp(-t / tau), 1 at the start.

    **Arguments** ``time_constant``: tau, a time. ``remaining``: b_inf, from 0 to 1.

    **Raises** `RangeError` for a time constant that is not positive or a fraction outside 0 to 1.
    """

    time_constant: Any
    remaining: float = 0.0

    def __post_init__(self) -> None:
        tau = units.number(self.time_constant, "s", "time_constant")
        remaining = units.number(self.remaining, "1", "remaining")
        if tau <= 0 or not 0 <= remaining <= 1:
            raise RangeError(
                f"Bleaching has a positive time constant and leaves a fraction between 0 and 1; got "
                f"time_constant={self.time_constant}, remaining={self.remaining}. Correct the one that is not."
            )

    def course(self, time: Any) -> Any:
        """b at each ``time`` in seconds (a quantity, an array or a coordinate), from the first of them on."""
        tau = units.number(self.time_constant, "s", "time_constant") / 1000
        plain = units.clock(time, "time")
        if not len(plain):
            raise RangeError("Bleaching is given at times; got none. Write for instance `np.arange(0, 60, 0.1)`.")
        since = plain - plain[0] if not hasattr(type(time), "dims") else time.copy(data=plain - plain[0])
        return self.remaining + (1 - self.remaining) * np.exp(-since / tau)


def photobleach(fluorescence: Light, bleaching: Bleaching) -> Light:
    """Fluorescence as it fades along ``time`` (s); missing frames stay missing."""
    whole = Recording.of(fluorescence).data
    return like(fluorescence, _named(whole, whole * _course(whole, bleaching), "bleached"))


def unbleach(fluorescence: Light, bleaching: Bleaching) -> Light:
    """Fluorescence divided by what bleaching has left: the exact inverse of `photobleach`."""
    whole = Recording.of(fluorescence).data
    left = _course(whole, bleaching)
    if float(left.min()) < _FAINTEST:
        raise RangeError(
            f"What bleaching left can be scaled up where something is left; after {bleaching} it is "
            f"{float(left.min()):g} of the start. Take an earlier part of the recording, or another `Bleaching`."
        )
    return like(fluorescence, _named(whole, whole / left, "corrected for bleaching"))


def fit_bleaching(fluorescence: Light, *, percentile: float = 20.0, pieces: int = 20) -> Bleaching:
    """The bleaching that explains how the baseline of one trace falls, by least squares.

    **Arguments** ``fluorescence`` over ``time`` (s), background subtracted. The baseline is the ``percentile``
    in each of ``pieces`` stretches of equal length, because transients stand above it. Missing frames are left out.

    **Raises** `RangeError` where the trace is shorter than its pieces.
    **Holds for** a trace whose activity does not change in the long run: a slow change looks like bleaching.
    """
    from scipy.optimize import least_squares

    pieces, percentile = arguments.count(pieces, "pieces"), units.number(percentile, "1", "percentile")
    if pieces < 3 or not 0 <= percentile <= 100:
        raise RangeError(
            f"Bleaching has three unknowns, and a percentile is from 0 to 100; got pieces={pieces}, "
            f"percentile={percentile}. The defaults are 20 and 20."
        )
    trace = Recording.of(fluorescence)
    here = ~np.isnan(trace.values) if trace.values.ndim == 1 else np.zeros(0, dtype=bool)
    if here.sum() < 2 * pieces:
        raise RangeError(
            f"Bleaching is fitted to one trace with at least two samples in each piece; got shape "
            f"{trace.values.shape} with {here.sum()} samples for {pieces} pieces. Select one trace, or take fewer "
            "pieces."
        )
    values, time = trace.values[here], trace.times[here]
    parts = np.array_split(np.arange(len(values)), pieces)
    floor = np.array([np.percentile(values[part], percentile) for part in parts])
    middle = np.array([time[part].mean() for part in parts]) - time[0]
    span = time[-1] - time[0]

    def residual(p: np.ndarray) -> np.ndarray:
        return p[0] * (p[1] + (1 - p[1]) * np.exp(-middle / np.exp(p[2]))) - floor

    bounds = ([0, 0, np.log(span / 100)], [np.inf, 1, np.log(100 * span)])
    starts = [[max(floor[0], 1e-9), part, np.log(span * share)] for part in (0.2, 0.7) for share in (0.2, 1)]
    found = min((least_squares(residual, start, bounds=bounds) for start in starts), key=lambda fit: fit.cost).x
    return Bleaching(float(np.exp(found[2])) * units.unit("s"), float(found[1]))


def _course(fluorescence: xr.DataArray, bleaching: Any) -> Any:
    if not isinstance(bleaching, Bleaching):
        raise RangeError(
            f"Light fades by a `Bleaching`; got {said(bleaching)}. Write for instance `Bleaching(60 * s)`."
        )
    return bleaching.course(fluorescence["time"])


def _named(before: xr.DataArray, after: xr.DataArray, what: str) -> xr.DataArray:
    name = before.attrs.get("long_name", before.name or "fluorescence")
    return after.assign_attrs({**before.attrs, "long_name": f"{name}, {what}"})
