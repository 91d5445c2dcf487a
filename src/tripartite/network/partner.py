"""Partners of synapses besides their two neurons: which cells, how they are attached, and when their events arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripartite import arguments, units
from tripartite.errors import DelayError, NetworkError, said
from tripartite.language.built import Owned
from tripartite.network.plan.levels import PRE, SHARED, SUM, SYNAPSE
from tripartite.network.population import members
from tripartite.network.rules import AbstractAttachment


@dataclass(frozen=True)
class Partner(metaclass=Owned):
    """Cells that synapses listen to and act on, beside the two neurons: astrocytes, a source of dopamine.

    **Arguments** cells: a population, a slice of one, or a source of spikes; attach: which of them belongs to which
    synapse (`tripartite.network.rules`), not given for one cell that all synapses share; delay: from an event of the
    partner to the synapse, none when not given.
    """

    cells: Any
    attach: AbstractAttachment | None = None
    delay: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", members(self.cells))
        if self.attach is not None and not isinstance(self.attach, AbstractAttachment):
            hint = "Write it with parentheses." if isinstance(self.attach, type) else "Give `NearestTerritory()`."
            raise NetworkError(
                f"The `attach` of a projection is one of `network.rules`; got {said(self.attach)}. {hint}"
            )
        if self.attach is None and self.cells.size > 1:
            raise NetworkError(
                f"A rule says which of several cells is the partner of a synapse; got {self.cells.size} cells of "
                f"{said(self.cells.group)} without one. Give for instance `attach=NearestTerritory()`, or one cell."
            )
        if self.delay is not None and units.number(self.delay, "ms", "delay") < 0:
            raise DelayError(f"Delays are not negative; got {said(self.delay)}. Correct the sign.")

    @property
    def lone(self) -> bool:
        """Whether it is one cell for all synapses."""
        return self.attach is None


def named(partners: Any) -> dict[str, Partner]:
    """What ``partners`` gives by name; a group, or a pair of one and a rule, stands for a `Partner`."""
    found = {}
    for name, given in arguments.mapping(partners, "partners", '{"dopamine": cells}').items():
        arguments.identifier(name, "name of a partner")
        if name in (PRE, "post", SHARED, SYNAPSE, SUM) or name.startswith(f"{PRE}_"):
            raise NetworkError(f"`{name}` means something else in a projection. Choose another name for the partner.")
        parts = given if isinstance(given, tuple) else (given,)
        found[name] = given if isinstance(given, Partner) else Partner(*parts)
    return found
