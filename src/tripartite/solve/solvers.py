"""Solvers as objects: what integrates a model, and how accurately."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripartite import arguments, units
from tripartite.errors import QuantityError, SolveError, said
from tripartite.language.built import Owned

_FINEST = 2**16
_MOST_STEPS = 2**62


class Solver(metaclass=Owned):
    """How a model is integrated; subclasses are frozen dataclasses."""


@dataclass(frozen=True)
class _Adaptive(Solver):
    rtol: float = 1e-6
    atol: float = 1e-9
    max_steps: int = 10_000_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "max_steps", arguments.count(self.max_steps, "max_steps", 1, _MOST_STEPS))
        for name in ("rtol", "atol"):
            object.__setattr__(self, name, units.number(getattr(self, name), "1", name))
        if not (0 < self.rtol < 1 and self.atol > 0):
            raise SolveError(
                f"Tolerances must be positive and rtol below 1; got rtol={self.rtol:g}, atol={self.atol:g}. The "
                "defaults are 1e-6 and 1e-9."
            )


@dataclass(frozen=True)
class Tsit5(_Adaptive):
    """Explicit Runge-Kutta of order 5 with error control (tsitouras2011), as a compiled kernel; the default.

    ``atol`` counts in internal units (µM, mV, 1). Spikes are exact jumps; crossings, and conditions
    at which rates jump, are located.
    """


@dataclass(frozen=True)
class Kvaerno5(_Adaptive):
    """Implicit (ESDIRK) method of order 5 for stiff models, by diffrax; jumps, crossings and conditions as `Tsit5`."""


@dataclass(frozen=True)
class _FixedStep(Solver):
    step: Any
    noise_step: Any = None

    def __post_init__(self) -> None:
        for name in ("step", "noise_step"):
            value = getattr(self, name)
            if arguments.unit_of(value) is None and arguments.plain(value) is not None:
                raise QuantityError(
                    f"`{name}` must carry a unit; got {said(value)}. Write a time that is short beside those of the "
                    f"model, for instance `{name}=0.1 * ms`."
                )
        self.in_ms()

    def in_ms(self) -> tuple[float, int]:
        """Step length, and how many increments of the noise grid it sums."""
        step = units.number(self.step, "s", "step")
        noise = step if self.noise_step is None else units.number(self.noise_step, "s", "noise_step")
        ratio = round(min(step / noise, 2.0 * _FINEST)) if noise > 0 else 0
        if ratio > _FINEST:
            raise SolveError(
                f"A step sums at most {_FINEST:,} steps of the noise; got step={self.step}, noise_step="
                f"{self.noise_step}. Shorten the step, or draw noise less finely."
            )
        if step <= 0 or ratio < 1 or abs(ratio * noise - step) > 1e-9 * step:
            raise SolveError(
                f"The step is positive and a whole multiple of noise_step; got step={self.step}, "
                f"noise_step={self.noise_step}. Leave noise_step out to draw noise once per step."
            )
        return step, ratio


@dataclass(frozen=True)
class EulerMaruyama(_FixedStep):
    """Itô integration with a fixed step; strong order 1/2, order 1 without noise (kloeden_platen1992).

    Runs with the same seed and ``noise_step`` see the same Brownian path whatever their step. Events act at
    the end of the step in which they fall.
    """


@dataclass(frozen=True)
class Milstein(_FixedStep):
    """Itô integration with a fixed step; strong order 1 (kloeden_platen1992).

    For noise whose amplitude depends on no other noisy state. Options as for `EulerMaruyama`.
    """
