"""Values that differ between cells or synapses: given, by distance, or drawn once when the network is built."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import NetworkError, QuantityError, RangeError, said
from tripartite.language.built import Owned
from tripartite.language.declarations import Valued
from tripartite.network.by_distance import AbstractByDistance

Distance = Callable[[], np.ndarray] | None
"""Gives the distance (µm) between the two cells of each synapse; None where there are no two."""


@dataclass(frozen=True)
class Uniform(metaclass=Owned):
    """Independent values between ``low`` and ``high``."""

    low: Any
    high: Any

    def draw(self, random: np.random.Generator, count: int, unit: str, name: str) -> np.ndarray:
        low, high = units.number(self.low, unit, name), units.number(self.high, unit, name)
        if low > high:
            raise QuantityError(f"`{name}` is drawn between low and high; got {self}. Exchange the two.")
        return random.uniform(low, high, count)


@dataclass(frozen=True)
class Normal(metaclass=Owned):
    """Independent Gaussian values; those outside [``low``, ``high``] are drawn again."""

    mean: Any
    sd: Any
    low: Any = None
    high: Any = None

    def draw(self, random: np.random.Generator, count: int, unit: str, name: str) -> np.ndarray:
        mean, sd = units.number(self.mean, unit, name), units.number(self.sd, unit, name)
        if sd < 0:
            raise QuantityError(f"A standard deviation is not negative; got {self} for `{name}`. Correct the sign.")
        low = -np.inf if self.low is None else units.number(self.low, unit, name)
        high = np.inf if self.high is None else units.number(self.high, unit, name)
        found = random.normal(mean, sd, count)
        for _ in range(100):
            outside = (found < low) | (found > high)
            if not outside.any():
                return found
            found[outside] = random.normal(mean, sd, int(outside.sum()))
        raise QuantityError(f"`{name}` rarely falls between low and high; got {self}. Widen the bounds.")


def is_drawn(value: Any) -> bool:
    """Whether values come from a distribution."""
    return isinstance(value, Uniform | Normal)


def stream(*words: Any) -> int:
    """A number below 2**32 that sets the random numbers of one thing, by its names, apart from those of others."""
    return zlib.crc32("/".join(map(str, words)).encode())


def random_of(seed: int, *words: Any) -> np.random.Generator:
    """The generator of drawn values of one thing: what else is drawn, and in which order, does not change it."""
    return np.random.default_rng([seed, stream(*words)])


def is_many(value: Any) -> bool:
    """Whether a value may differ between cells or synapses."""
    return is_drawn(value) or isinstance(value, AbstractByDistance) or np.ndim(getattr(value, "magnitude", value)) > 0


def tried(value: Any, unit: str, name: str, item: Any = None) -> None:
    """Raise what is wrong with values whose number is not known yet; ``item`` knows their range."""
    if isinstance(value, AbstractByDistance):
        value.at(np.array([1.0, 2.0]), unit, name)  # of a range only the distances that there are can tell
        return
    found = value.draw(np.random.default_rng(0), 1, unit, name) if is_drawn(value) else units.row(value, unit, name)
    if item is not None and len(found):
        for extreme in (found.min(), found.max()):
            item.check_range(float(extreme), name)


def numbers(
    value: Any, unit: str, count: int, name: str, random: np.random.Generator, distance: Distance = None
) -> Any:
    """Internal value(s): given, drawn for each of ``count``, or by what ``distance`` tells of each (µm)."""
    if isinstance(value, type):
        raise QuantityError(f"`{name}` is drawn from an object; got the class `{value.__name__}`. Give its bounds.")
    if is_drawn(value):
        return value.draw(random, count, unit, name)
    if isinstance(value, AbstractByDistance):
        if distance is None:
            raise NetworkError(
                f"A distance is between the two cells of a synapse; `{name}` of single cells is by {said(value)}. Give "
                "one value, or one for each."
            )
        return value.at(distance(), unit, name)
    return units.to_internal(value, unit, name)


def drawn(
    value: Any, item: Valued, count: int, name: str, random: np.random.Generator, distance: Distance = None
) -> float | np.ndarray:
    """Internal value(s) of a parameter or start: one number, or one for each of ``count``; see `numbers`."""
    found = numbers(value, item.unit, count, name, random, distance)
    if isinstance(found, float):
        item.check_range(found, name)
        return found
    if found.shape != (count,):
        raise RangeError(
            f"`{name}` needs one value, or one for each of {count}; got shape {found.shape}. Give {count} values."
        )
    for extreme in (found.min(), found.max()) if len(found) else ():
        item.check_range(float(extreme), name)
    return found
