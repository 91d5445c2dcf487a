"""Couplings: what touching cells of one population add to each other's rates, gap junctions for instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import NetworkError, WiringError, said
from tripartite.language.built import Kept
from tripartite.language.declarations import Emission, Input, Parameter, State
from tripartite.language.mechanism import Mechanism
from tripartite.network.by_distance import AbstractByDistance, between_cells, check_places, common_space
from tripartite.network.population import Members, mapped, members
from tripartite.network.rules import AbstractNeighbours, Along, Cells, Edges
from tripartite.network.values import drawn, is_drawn, tried

NEIGHBOUR = "neighbour"
"""The input that is the state to which the mechanism adds, in the other cell; ``neighbour_<name>`` is any other."""


class Coupling(Kept):
    """A mechanism between touching cells of one population, such as a gap junction.

    For every cell and each of its neighbours the mechanism adds to the rates of states of the cell. Its inputs are
    quantities of the cell under their own names, quantities of the neighbour as ``neighbour_<name>`` (as
    ``neighbour``, the one state to which it adds), and what the neighbours say of a contact (`Along` has ``contact``,
    ``distance``, ``volume`` and ``neighbour_volume``). A state takes any number of couplings.

    **Arguments** cells: a population or some of its cells; mechanism: without states and events of its own;
    neighbours: the pairs (`tripartite.network.rules`), which count the cells in the order in which they are chosen;
    values: parameters by name, each one value, one for every directed contact in the order of `edges`, `Uniform`/
    `Normal`, drawn for each, or `ByDistance` of the two cells.
    """

    def __init__(self, cells: Any, mechanism: Mechanism, neighbours: Any, *, values: Mapping[str, Any] | None = None):
        self.cells: Members = members(cells)
        self.mechanism, self.neighbours = mechanism, neighbours
        if not isinstance(mechanism, Mechanism) or not any(map(reads_neighbour, mechanism.declared(Input))):
            raise WiringError(
                "A coupling is a mechanism with an input `neighbour` or `neighbour_<name>`; got "
                f"{said(mechanism)}. Use "
                "`Ip3Coupling()`."
            )
        if mechanism.declared(State) or mechanism.declared(Emission) or mechanism.events():
            raise WiringError(
                f"A coupling only adds to the rates of cells; {said(mechanism)} has states or events of its "
                "own. Put them "
                "into the cells."
            )
        if mechanism.equation("rates") is None or any(map(mechanism.equation, ("noise", "transitions", "crossing"))):
            raise WiringError(f"A coupling has rates, and no noise, transitions or thresholds; got {said(mechanism)}.")
        if not isinstance(neighbours, AbstractNeighbours):
            raise NetworkError(
                f"Cells touch by one of `network.rules`; got {said(neighbours)}. Give for instance `Ring()`."
            )
        if isinstance(neighbours, Along) and not self.cells.whole:
            raise NetworkError(
                f"Contacts along a morphology join the compartments of whole populations; got {self.cells!r}. Give the "
                "population that was built with the morphology."
            )
        self.values = mapped(values, "values")
        known = mechanism.declared(Parameter)
        for name in self.values.keys() - known.keys():
            raise WiringError(
                f"`values` of a coupling are parameters of its mechanism; `{name}` is none of "
                f"{', '.join(f'`{k}`' for k in known) or 'none'}. Correct the name."
            )
        for name, value in self.values.items():
            tried(value, known[name].unit, name, known[name])

    def __repr__(self) -> str:
        return f"Coupling of {self.cells.group!r} by {type(self.mechanism).__name__}"

    @property
    def edges(self) -> Edges:
        """Directed contacts, by cell and then by neighbour: ``edges.sources[n]`` reads ``edges.target[n]``."""
        return self.neighbours.connect(Cells(self.cells.size, self.cells.positions))

    def value(self, name: str, edges: Edges, random: np.random.Generator) -> float | np.ndarray:
        """Internal value(s) of a parameter for the directed contacts ``edges``."""
        if name not in self.values:
            return self.mechanism.values[name]
        value, declared = self.values[name], self.mechanism.declared(Parameter)[name]
        if isinstance(value, AbstractByDistance):
            check_places(self.cells, self.cells, "What is given")
            here, there = self.cells.numbers[edges.sources], self.cells.numbers[edges.target]
            space = common_space(self.neighbours, *self.values.values())
            return drawn(
                value, declared, len(edges), name, random,
                lambda: between_cells(self.cells, here, self.cells, there, space),
            )  # fmt: skip
        if not is_drawn(value):
            place = self.neighbours.given(Cells(self.cells.size, self.cells.positions), edges)
            found = np.asarray(units.to_internal(value, declared.unit, name))
            if place is not None and found.ndim and len(found) == len(np.unique(place)):
                return drawn(value, declared, len(found), name, random)[place]  # type: ignore[index]
        return drawn(value, declared, len(edges), name, random)


def reads_neighbour(name: str) -> bool:
    """Whether an input of that name is a quantity of the other cell."""
    return name == NEIGHBOUR or name.startswith(f"{NEIGHBOUR}_")
