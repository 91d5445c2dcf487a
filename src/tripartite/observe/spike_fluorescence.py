"""From spikes to fluorescence without a model of calcium: a kernel and a nonlinearity."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError
from tripartite.language.built import Owned

if TYPE_CHECKING:
    import xarray as xr


class AbstractShape(metaclass=Owned):
    """How fluorescence depends on the sum of the kernels of all spikes."""

    @abstractmethod
    def __call__(self, calcium: np.ndarray) -> np.ndarray:
        """Fluorescence for each value of the sum."""


@dataclass(frozen=True)
class LinearShape(AbstractShape):
    """F = F_m c."""

    amplitude: float = 1.0

    def __post_init__(self) -> None:
        _settle(self)

    def __call__(self, calcium: np.ndarray) -> np.ndarray:
        return self.amplitude * _sum(calcium)


@dataclass(frozen=True)
class HillShape(AbstractShape):
    """F = F_m c^n / (K^n + c^n)."""

    amplitude: float = 1.0
    half: float = 1.0
    exponent: float = 1.0

    def __post_init__(self) -> None:
        _settle(self)
        if min(self.half, self.exponent) <= 0:
            raise RangeError(
                f"Half saturation and exponent are positive; got half={self.half:g}, exponent={self.exponent:g}. "
                "Correct the one that is not."
            )

    def __call__(self, calcium: np.ndarray) -> np.ndarray:
        power = np.maximum(_sum(calcium), 0.0) ** self.exponent
        return self.amplitude * power / (self.half**self.exponent + power)


@dataclass(frozen=True)
class LogisticShape(AbstractShape):
    """F = F_m / (1 + exp(-n (c - c_0)))."""

    amplitude: float = 1.0
    slope: float = 1.0
    centre: float = 1.0

    def __post_init__(self) -> None:
        _settle(self)

    def __call__(self, calcium: np.ndarray) -> np.ndarray:
        return self.amplitude / (1 + np.exp(-self.slope * (_sum(calcium) - self.centre)))


def _settle(shape: Any) -> None:
    """Take the numbers of a shape in."""
    for item in fields(shape):
        object.__setattr__(shape, item.name, units.number(getattr(shape, item.name), "1", item.name))


def _sum(calcium: Any) -> np.ndarray:
    return arguments.array(calcium, "calcium", axes=(0, 1, 2, 3), finite=False)


def spike_fluorescence(
    spikes: Sequence[float] | np.ndarray,
    time: np.ndarray,
    *,
    rise: Any,
    decay: Any,
    shape: AbstractShape | None = None,
) -> xr.DataArray:
    r"""Fluorescence of spikes: F(c) with c(t) the sum over spikes of exp(-d/decay) (1 - exp(-d/rise)).

    d is the time since a spike. **Arguments** ``spikes``: their times (quantities, or numbers in s), in any
    order; ``time``: evenly spaced samples, likewise; ``rise`` and ``decay``: times; ``shape``: `HillShape` (the
    default is `LinearShape`) or `LogisticShape`.

    **Raises** `RangeError` for uneven samples or time constants that are not positive.
    **Sources** wei2020; noise is added by `camera`.
    """
    import xarray as xr

    rising, falling = (units.number(value, "s", name) / 1000 for name, value in (("rise", rise), ("decay", decay)))
    if shape is not None:
        arguments.instance(shape, AbstractShape, "shape", "HillShape(1.0, 0.5, 2.0)")
    seconds = units.clock(time, "time")
    calcium = spike_kernel(spikes, seconds, rising, falling)
    shown = (LinearShape() if shape is None else shape)(calcium)
    return xr.DataArray(
        shown, {"time": ("time", seconds, {"units": "s"})}, ["time"],
        attrs={"units": "1", "long_name": "fluorescence of spikes"},
    )  # fmt: skip


def spike_kernel(spikes: Any, time: Any, rise: Any, decay: Any) -> np.ndarray:
    """Sum over spikes of exp(-d/decay) (1 - exp(-d/rise)) at evenly spaced ``time``; plain numbers are seconds."""
    spikes, time = units.clock(spikes, "spikes", finite=False), units.clock(time, "time")
    rise, decay = units.seconds(rise, "rise"), units.seconds(decay, "decay")
    if min(rise, decay) <= 0:
        raise RangeError(f"Rise and decay are positive times; got {rise:g} s and {decay:g} s. Correct them.")
    steps = np.diff(time)
    step = float(np.mean(steps)) if len(steps) else 0.0
    if not step > 0 or np.any(np.abs(steps - step) > 0.1 * step):
        raise RangeError(
            "Samples of fluorescence are evenly spaced and rise; the steps reach from "
            f"{np.min(steps, initial=np.inf):g} to {np.max(steps, initial=-np.inf):g} s. Resample the recording."
        )
    return _trace(spikes, time, step, 1 / decay) - _trace(spikes, time, step, 1 / decay + 1 / rise)


def _trace(spikes: np.ndarray, time: np.ndarray, step: float, rate: float) -> np.ndarray:
    """Sum of exp(-rate d) over the spikes before each sample: a recursion from sample to sample."""
    from scipy.signal import lfilter

    known = spikes[np.isfinite(spikes) & (spikes <= time[-1])]
    since_first = (known - time[0]) / step
    sample = np.maximum(np.ceil(since_first), 0).astype(int)
    entering = np.zeros(len(time))
    np.add.at(entering, sample, np.exp(-rate * step * (sample - since_first)))
    return np.asarray(lfilter([1.0], [1.0, -np.exp(-rate * step)], entering))
