"""Partners of synapses besides their two neurons: which cells, how they are attached, and when their events arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripartite import arguments, units
from tripartite.errors import DelayError, NetworkError, said
from tripartite.language.built import Owned
from tripartite.network.plan.levels import PRE, SHARED, SUM, SYNAPSE
from tripartite.network.population import members
from tripartite.network.rules import AbstractAttachment, AbstractSharing


@dataclass(frozen=True)
class Partner(metaclass=Owned):
    """Cells that synapses listen to and act on, beside the two neurons: astrocytes, a source of dopamine.

    **Arguments** cells: a population, a slice of one, or a source of spikes; attach: which of them belongs to which
    synapse (`tripartite.network.rules`), or which share it and by which fractions, not given for one cell that all
    synapses have; delay: from an event of the partner to the synapse, none when not given.

    Of cells that share a synapse it sees the sum of what each shows times its fraction; their events come with their
    amounts times it, and they get that part of what the synapse sends and of what they sum over it.
    """

    cells: Any
    attach: AbstractAttachment | AbstractSharing | None = None
    delay: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", members(self.cells))
        if self.attach is not None and not isinstance(self.attach, AbstractAttachment | AbstractSharing):
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

    @property
    def shared(self) -> bool:
        """Whether several may have one synapse, each a fraction of it."""
        return isinstance(self.attach, AbstractSharing)


def places(partners: Mapping[str, Partner]) -> dict[str, list[str]]:
    """Of partners that share synapses the places which a synapse has for them, each with one cell or none.

    **Raises** `NetworkError` for a place that is called as another partner is.
    """
    found = {
        name: [f"{name}_{place}" for place in range(partner.attach.places)]
        for name, partner in partners.items()
        if isinstance(partner.attach, AbstractSharing)
    }
    for name, own in found.items():
        for taken in partners.keys() & set(own):
            raise NetworkError(
                f"Partners that share a synapse are told apart by number; `{taken}` is one of `{name}` and a partner "
                "of its own. Choose another name for it."
            )
    return found


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
