"""Explicit methods that advance the nonlinear states of a cell by one step; linear ones follow their closed form."""

from __future__ import annotations

from dataclasses import dataclass

from tripartite import arguments

_MOST = 1_000_000


@dataclass(frozen=True)
class Method:
    """A Runge-Kutta method, applied ``substeps`` times within each step of the population."""

    substeps: int = 1

    stages = ((0.0, ()),)
    """Each stage: its time as a fraction of the step, and the weights of the slopes before it."""
    weights = (1.0,)
    order = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "substeps", arguments.count(self.substeps, "substeps", 1, _MOST))


@dataclass(frozen=True)
class Euler(Method):
    """First order: for comparison with published results that used it."""


@dataclass(frozen=True)
class Heun(Method):
    """Second order, two evaluations: the default of neurons."""

    stages = ((0.0, ()), (1.0, (1.0,)))
    weights = (0.5, 0.5)
    order = 2


@dataclass(frozen=True)
class RungeKutta4(Method):
    """Fourth order, four evaluations: for slow cells with large steps."""

    stages = ((0.0, ()), (0.5, (0.5,)), (0.5, (0.0, 0.5)), (1.0, (0.0, 0.0, 1.0)))
    weights = (1 / 6, 1 / 3, 1 / 3, 1 / 6)
    order = 4
