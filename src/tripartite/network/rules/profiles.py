"""How the probability of a connection falls with distance; profiles never rise, which `tree` relies on."""

from __future__ import annotations

import abc
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tripartite.interpret.kernels.interface import compiled
from tripartite.interpret.kernels.mathematics import exp
from tripartite.language.built import Owned
from tripartite.network.rules import checks

GAUSSIAN, EXPONENTIAL, WITHIN = 0, 1, 2


@compiled
def probability(profile, squared):
    """Probability at a squared distance (µm²); ``profile``: kind, height and scale (µm)."""
    kind, height, scale = profile
    if kind == GAUSSIAN:
        return height * exp(-0.5 * squared / (scale * scale))
    if kind == EXPONENTIAL:
        return height * exp(-math.sqrt(squared) / scale)
    return height if squared <= scale * scale else 0.0


@compiled
def reach(profile, share):
    """The largest squared distance (µm²) at which the probability is above ``share``, -1 where it is nowhere."""
    kind, height, scale = profile
    if height <= share:
        return -1.0
    if kind == GAUSSIAN:
        return 2.0 * scale * scale * math.log(height / share)
    if kind == EXPONENTIAL:
        return (scale * math.log(height / share)) ** 2
    return scale * scale


class AbstractProfile(metaclass=Owned):
    """A probability that falls with distance, by the numbers that `probability` takes."""

    kind: ClassVar[int]

    @abc.abstractmethod
    def numbers(self) -> tuple[int, float, float]:
        """Kind, height and scale (µm)."""

    def __call__(self, distances: Any) -> np.ndarray:
        """Probability at each of ``distances`` (quantity)."""
        from tripartite import units

        numbers = self.numbers()
        found = units.row(distances, "um", "distances")
        return np.array([probability(numbers, d * d) for d in found])


@dataclass(frozen=True)
class Gaussian(AbstractProfile):
    """p(d) = peak · exp(−d² / 2 sigma²)."""

    peak: float
    sigma: Any
    kind: ClassVar[int] = GAUSSIAN

    def __post_init__(self) -> None:
        self.numbers()

    def numbers(self) -> tuple[int, float, float]:
        return self.kind, checks.probability(self.peak, "Gaussian.peak"), checks.length(self.sigma, "Gaussian.sigma")


@dataclass(frozen=True)
class Exponential(AbstractProfile):
    """p(d) = peak · exp(−d / scale)."""

    peak: float
    scale: Any
    kind: ClassVar[int] = EXPONENTIAL

    def __post_init__(self) -> None:
        self.numbers()

    def numbers(self) -> tuple[int, float, float]:
        peak = checks.probability(self.peak, "Exponential.peak")
        return self.kind, peak, checks.length(self.scale, "Exponential.scale")


@dataclass(frozen=True)
class Within(AbstractProfile):
    """p(d) = p up to and including the ``radius``, 0 beyond."""

    radius: Any
    p: float = 1.0
    kind: ClassVar[int] = WITHIN

    def __post_init__(self) -> None:
        self.numbers()

    def numbers(self) -> tuple[int, float, float]:
        return self.kind, checks.probability(self.p, "Within.p"), checks.length(self.radius, "Within.radius")
