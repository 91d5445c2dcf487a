"""The implicit solver of a network without spikes: the method of lines."""

from __future__ import annotations

from dataclasses import dataclass

from tripartite import units
from tripartite.errors import RangeError
from tripartite.language.built import Owned


@dataclass(frozen=True)
class Bdf(metaclass=Owned):
    """Implicit solver of variable order and step for all cells of a network together, for stiff tissue.

    ``network.run(..., solver=Bdf())`` solves a network of populations and couplings, without spikes, as one system of
    differential equations by backward differentiation (hairer), whose Jacobian has the pattern of the contacts. The
    step of the network then only says when samples can be taken; methods of the populations are not used.

    **Arguments** rtol: relative tolerance; atol: absolute one, of each state in the unit in which it is declared.
    """

    rtol: float = 1e-6
    atol: float = 1e-8

    def __post_init__(self) -> None:
        for name in ("rtol", "atol"):
            object.__setattr__(self, name, units.number(getattr(self, name), "1", name))
        if not (0 < self.rtol < 1 and self.atol > 0):
            raise RangeError(
                f"Tolerances are positive and rtol is below 1; got rtol={self.rtol:g}, atol={self.atol:g}. The "
                "defaults are 1e-6 and 1e-8."
            )
