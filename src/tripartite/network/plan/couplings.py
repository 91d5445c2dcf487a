"""How a coupling is read: what it adds to which states, what it reads of two cells and of their contact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tripartite import units
from tripartite.errors import DimensionError, UnknownNameError, WiringError, said
from tripartite.interpret.kernels import Names, trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.declarations import Input
from tripartite.language.paths import fits
from tripartite.network.coupling import NEIGHBOUR, Coupling, reads_neighbour
from tripartite.network.plan.bindings import unit_of
from tripartite.network.plan.cells import CellPlan


@dataclass
class CouplingPlan:
    """What one coupling adds to the rates of its cells, as values over a cell, one neighbour and their contact."""

    name: str
    host: CellPlan
    coupling: Coupling
    perturbed: set[str] = field(default_factory=set)
    """Parameters that a protocol will change, which have a value for every contact."""
    here: dict[str, str] = field(default_factory=dict)
    """Names of quantities of the cell, with their keys."""
    there: dict[str, str] = field(default_factory=dict)
    """Names of quantities of the neighbour, with their keys."""
    contacts: dict[str, str] = field(default_factory=dict)
    """Names of what differs between contacts, with the parameter or quantity of the rule."""
    rates: dict[str, Node] = field(default_factory=dict)
    """What one neighbour adds, by state."""

    def __post_init__(self) -> None:
        system = self.host.system
        apart = Names(system, "neighbour_")
        self.here = {text: key for key, text in self.host.names.names.items()}
        self.there = {text: key for key, text in apart.names.items()}
        self._own, self._other = self.host.names.values(), apart.values()
        self._given = self.coupling.neighbours.quantities
        added = self._rates({name: trace.name(f"trial_{name}") for name in self.mechanism.declarations})
        states = {name: self._state(name) for name in added}
        values = {name: self._value(name, states) for name in self.mechanism.declarations}
        self.rates = {states[name]: trace.as_node(rate + number(0.0)) for name, rate in self._rates(values).items()}
        clocks = self.read_here | self.read_there
        for key in self.host.clocks & clocks:
            raise WiringError(
                f"A coupling reads no time that a cell measures; {said(self.mechanism)} reads "
                f"`{self.host.name}.{key}`. "
                "Couple the cells through a state that decays."
            )

    @property
    def mechanism(self) -> Any:
        return self.coupling.mechanism

    @property
    def read_here(self) -> set[str]:
        """Keys of what is read of the cell itself."""
        return {self.here[text] for text in self._texts() if text in self.here}

    @property
    def read_there(self) -> set[str]:
        """Keys of what is read of the neighbour."""
        return {self.there[text] for text in self._texts() if text in self.there}

    def _texts(self) -> set[str]:
        return {n.args[0] for n in trace.order(self.rates.values()) if n.op == "name"}

    def _rates(self, values: dict[str, Any]) -> dict[str, Any]:
        outputs = self.mechanism.equation("outputs")
        if outputs is not None:
            values = values | outputs(self.mechanism.quantities(values))
        return self.mechanism.equation("rates")(self.mechanism.quantities(values))

    def _state(self, name: str) -> str:
        keys = [e.key for e in self.host.system.states]
        try:
            key = self.host.population.model.resolve(name, keys, "state")
        except UnknownNameError as reason:
            raise WiringError(f"A coupling adds to states of its cells; {said(self.mechanism)}: {reason}") from None
        return key

    def _value(self, name: str, states: dict[str, str]) -> Any:
        mechanism = self.mechanism
        if name in mechanism.values:
            if name not in self.coupling.values and name not in self.perturbed:
                return number(mechanism.values[name])
            return self._contact(name)
        if name not in mechanism.declared(Input):
            return None  # an output, which its own equation gives
        if name in self._given:
            self._check(name, self._given[name], f"{type(self.coupling.neighbours).__name__}.{name}")
            return self._contact(name)
        if name == NEIGHBOUR:
            if len(states) != 1:
                raise WiringError(
                    f"`neighbour` is the one state to which a coupling adds; {said(mechanism)} adds to "
                    f"{', '.join(f'`{s}`' for s in states)}. Write `neighbour_<name>` for each that it reads."
                )
            return self._quantity(name, next(iter(states)), self._other)
        if reads_neighbour(name):
            return self._quantity(name, name.removeprefix(f"{NEIGHBOUR}_"), self._other)
        return self._quantity(name, name, self._own)

    def _contact(self, name: str) -> Node:
        self.contacts[f"{name}_of_contact"] = name
        return trace.name(f"{name}_of_contact")

    def _quantity(self, name: str, wanted: str, values: dict[str, Any]) -> Node:
        """A quantity of one of the two cells, or the default of an input that they do not have."""
        item = self.mechanism.declarations[name]
        if item.default is not None and not any(fits(wanted, key) for key in values):
            return number(item.default * units.factor(item.unit))
        try:
            key = self.host.population.model.resolve(wanted, values, "quantity")
        except UnknownNameError as reason:
            raise WiringError(
                f"A coupling reads quantities of its cells; {said(self.mechanism)} has the input `{name}`: {reason}"
            ) from None
        self._check(name, unit_of(self.host.system, key), f"{self.host.name}.{key}")
        return trace.as_node(values[key])

    def _check(self, name: str, unit: str, source: str) -> None:
        expected = self.mechanism.declarations[name].unit
        if not units.same_dimension(expected, unit):
            raise DimensionError(
                f"A coupling reads equal dimensions; `{name}` of {said(self.mechanism)} is in {expected}, "
                f"`{source}` in "
                f"{unit}. Correct the unit of the input."
            )
