"""Values that differ between cells or synapses: given, or drawn once when the network is built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import QuantityError, RangeError
from tripartite.language.declarations import Valued


@dataclass(frozen=True)
class Uniform:
    """Independent values between ``low`` and ``high``."""

    low: Any
    high: Any

    def draw(self, random: np.random.Generator, count: int, unit: str, name: str) -> np.ndarray:
        low, high = units.number(self.low, unit, name), units.number(self.high, unit, name)
        if low > high:
            raise QuantityError(f"`{name}` is drawn between low and high; got {self}. Exchange the two.")
        return random.uniform(low, high, count)


@dataclass(frozen=True)
class Normal:
    """Independent Gaussian values; those outside [``low``, ``high``] are drawn again."""

    mean: Any
    sd: Any
    low: Any = None
    high: Any = None

    def draw(self, random: np.random.Generator, count: int, unit: str, name: str) -> np.ndarray:
        mean, sd = units.number(self.mean, unit, name), units.number(self.sd, unit, name)
        low = -np.inf if self.low is None else units.number(self.low, unit, name)
        high = np.inf if self.high is None else units.number(self.high, unit, name)
        found = random.normal(mean, sd, count)
        for _ in range(100):
            outside = (found < low) | (found > high)
            if not outside.any():
                return found
            found[outside] = random.normal(mean, sd, int(outside.sum()))
        raise QuantityError(f"`{name}` rarely falls between low and high; got {self}. Widen the bounds.")


def drawn(value: Any, item: Valued, count: int, name: str, random: np.random.Generator) -> float | np.ndarray:
    """Internal value(s) of a parameter or start: one number, or one for each of ``count`` cells or synapses."""
    if hasattr(value, "draw"):
        found = value.draw(random, count, item.unit, name)
    else:
        found = units.to_internal(value, item.unit, name)
    if isinstance(found, float):
        item.check_range(found, name)
        return found
    if found.shape != (count,):
        raise RangeError(
            f"`{name}` needs one value, or one for each of {count}; got shape {found.shape}. Give {count} values."
        )
    for extreme in (found.min(), found.max()):
        item.check_range(float(extreme), name)
    return found
