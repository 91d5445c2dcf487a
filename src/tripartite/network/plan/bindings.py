"""What comes into the synapses of a projection: wires of cells, spikes, and the quantities they stand for."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from tripartite import units
from tripartite.errors import DimensionError, WiringError, nearest
from tripartite.interpret.kernels import Names, courses, trace
from tripartite.interpret.kernels.trace import Node
from tripartite.language.compartment import Wire
from tripartite.language.functions import where
from tripartite.language.system import Entry, System
from tripartite.network.placement import Placement
from tripartite.network.plan.cells import THERE, CellPlan
from tripartite.network.plan.levels import Levels
from tripartite.network.plan.words import RESERVED
from tripartite.network.projection import Projection, end_key, role_key
from tripartite.network.roles import Reduced, role_of

SPIKES = {"spike": "pre", "postspike": "post"}


@dataclass(frozen=True)
class Occasion:
    """What brings an event of the synapse about: one kind of spike of the cells in a role."""

    event: str
    role: str
    crossing: int
    """The crossing (by number) of the cells at which it comes."""
    emissions: tuple[str, ...]
    """What they send then, all of which the event brings; none for a source of spikes."""


class Quantity(NamedTuple):
    """What a name in the kernels of a projection means: a quantity of the cell in a role, or its mean over a step."""

    role: str
    key: str
    mean: bool = False


@dataclass
class Bindings:
    """One projection with what each of its inputs and events comes from."""

    name: str
    projection: Projection
    hosts: dict[str, CellPlan]
    """The plan of the population in each role; sources of spikes have none."""
    placement: Placement
    per_synapse: set[str]
    """Parameters and starts that differ between synapses."""
    real: str = ""
    """The type of the synapses' numbers in the kernels, where it is not float64."""
    clamped: frozenset[str] = frozenset()
    """States that a protocol clamps."""
    driven: frozenset[str] = frozenset()
    """Inputs that a protocol drives."""

    def __post_init__(self) -> None:
        self.system = self.projection.model.clamping(self.clamped).system
        partners = self.projection.places
        self.levels = Levels(partners, [name for name, partner in partners.items() if partner.lone])
        self.fractions = {place: f"{place}_fraction" for place, partner in partners.items() if partner.shared}
        """What part of a synapse belongs to the cell in a place that shares it, by its name in the kernels."""
        reserved = RESERVED | self.levels.words | set(self.fractions.values())
        self.names = Names(self.system, reserved=reserved)
        self._used = {*reserved, *self.names.names.values()}
        self._names_of: dict[str, Names] = {}
        self.leaves = {e.key: trace.name(self.names.names[e.key]) for e in self.system.states}
        self.foreign: dict[str, Quantity] = {}
        """Every quantity of a partner, by its name in the kernels."""
        self.events: dict[str, list[tuple[str, str]]] = {}
        self.drives: dict[str, list[tuple[str, str]]] = {}
        for wire in self.projection.wires:
            self._check(wire)
        self._bind()

    def _check(self, wire: Wire) -> None:
        """Both ends of a wire exist and have one dimension, and its target is an input."""
        ends = []
        for end in (wire.source, wire.target):
            role = role_of(end)
            if role is None:
                system, key = self.system, end_key(end, self.projection.model)
            elif (host := self.hosts.get(self.places(role)[0])) is not None:
                system = host.system
                key = role_key(end, system, role)
            else:  # a source of spikes
                return
            ends.append((f"{role or 'synapse'}.{end.name}", key, unit_of(system, key), system))
        (source, _, first, _), (target, key, second, system) = ends
        if key not in {entry.key for entry in system.drives} | heard(system):
            raise WiringError(
                f"A wire leads to an event, or to an input without a source; `{target}` is neither. Remove the wire."
            )
        if not units.same_dimension(first, second):
            raise DimensionError(
                f"A wire joins equal dimensions; `{source}` is in {first}, `{target}` in {second}. Put a mechanism "
                "that converts between them, such as `Efficacy`."
            )

    def _bind(self) -> None:
        listened = heard(self.system)
        driven = {e.key for e in self.system.drives}
        for wire in self.projection.wires:
            source, target = wire.source, wire.target
            role = role_of(source)
            if isinstance(source, Reduced) or role is None:
                continue
            if role_of(target):
                raise WiringError(
                    f"A wire between cells goes through the synapse; got {role}.{source.name} >> {target}. "
                    f"Write `total({role}.{source.name}) >> ...`."
                )
            goal = end_key(target, self.projection.model)
            places = self.places(role)
            if places[0] not in self.hosts and source.name == "spike":
                key, sends = "spike", True
            else:
                host = self.host(role, source.name)
                key = role_key(source, host.system, role)
                sends = host.sends(key)
            if goal not in (listened if sends else driven):
                raise WiringError(
                    f"An emission of a cell leads to an event of the synapse, a quantity to an input; "
                    f"`{role}.{source.name}` is {'an emission' if sends else 'a quantity'}, `{goal}` "
                    f"{'an event' if goal in listened else 'no event'}. Wire what fits."
                )
            known = (self.events if sends else self.drives).setdefault(goal, [])
            ends = [(place, key) for place in places]
            if ends[0] in known:
                raise WiringError(f"A wire is given once; `{role}.{source.name} >> {goal}` comes twice. Leave one out.")
            known += ends
        outside = [e.key for e in self.system.events if e.crossing_of is None and (e.needed or e.key in self.events)]
        for event in outside:
            if event in self.events:
                continue
            role = SPIKES.get(event.rsplit(".", 1)[-1])
            if role is None:
                raise WiringError(
                    f"`{event}` of the synapse has no source. Wire it, as in `astrocyte.gliorelease >> synapse."
                    f"{event.rsplit('.', 1)[-1]}`."
                )
            self.events[event] = [(role, self._spike(role))]
        self.occasions = self._occasions([*outside, *(event for event in self.events if event not in outside)])
        self.constants = [*self.system.parameters, *(e for e in self.system.drives if self.is_driven(e))]
        """What all synapses share unless each has its own: parameters, and inputs that a protocol gives."""

    def is_driven(self, entry: Entry) -> bool:
        """Whether a protocol gives an input, or has to; otherwise it has its default, or what wires bring."""
        return entry.key not in self.drives and (math.isnan(entry.value) or entry.key in self.driven)

    def _occasions(self, events: list[str]) -> list[Occasion]:
        """For each event, and each crossing of its senders, what they send then."""
        found: dict[tuple[str, str, int], list[str]] = {}
        for event in events:
            for role, emission in self.events[event]:
                if role not in self.hosts:
                    found.setdefault((event, role, 0), [])
                    continue
                for crossing in self.hosts[role].crossings_of(emission):
                    found.setdefault((event, role, crossing), []).append(emission)
        return [Occasion(*place, tuple(emissions)) for place, emissions in found.items()]

    def lists(self, role: str) -> dict[int, list[Occasion]]:
        """What a role's cells bring about in the synapse, by the crossing (by number) of which it comes."""
        found: dict[int, list[Occasion]] = {}
        for occasion in self.occasions:
            if occasion.role == role:
                found.setdefault(occasion.crossing, []).append(occasion)
        return found

    def places(self, role: str) -> list[str]:
        """The places that a synapse has for the cells in a declared role: several where they share it."""
        return self.projection.sharing.get(role, [role])

    def fraction(self, place: str) -> Node | None:
        """What part of a synapse belongs to the cell in a place, if it shares it."""
        return trace.name(self.fractions[place]) if place in self.fractions else None

    def parted(self, value: Node, place: str) -> Node:
        """What part of a value is that of the cell in a place."""
        fraction = self.fraction(place)
        return value if fraction is None else value * fraction

    def host(self, role: str, wanted: str) -> CellPlan:
        """The cells in a declared role, of which a wire wants a quantity."""
        place = self.places(role)[0]
        if place not in self.hosts:
            raise WiringError(
                f"A source of spikes has no cells that could show something, so no `{wanted}`, which is wired from "
                f"`{role}`. Give its spikes to cells that hear them, `Population(trace, size, spikes=source)`."
            )
        return self.hosts[place]

    def _spike(self, role: str) -> str:
        if role not in self.hosts:
            return "spike"
        host = self.hosts[role]
        emissions = [e.key for e in host.system.emissions] + ([host.given] if host.given else [])
        found = [key for key in emissions if key.rsplit(".", 1)[-1] == "spike"]
        if len(found) != 1:
            raise WiringError(
                f"The synapse listens to spikes, but the cells in the role `{role}` send "
                f"{'no' if not found else 'several kinds of'} `spike`. {nearest('spike', emissions)}"
            )
        return found[0]

    def _values(self, means: Collection[str] = ()) -> dict[str, Any]:
        """Quantities of the synapse over leaves of its own and of its partners: means over a step of those named."""
        values: dict[str, Any] = dict(self.leaves)
        values |= {e.key: trace.number(e.value) for e in self.system.drives}
        values |= {e.key: trace.name(self.names.names[e.key]) for e in self.constants}
        for drive, wires in self.drives.items():
            shown = [(self._mean(*end) if end[0] in means else self.shown(*end), end[0]) for end in wires]
            first, *others = (self.parted(value, place) for value, place in shown)
            values[drive] = sum(others, start=first)
        return values | self.system.output_values(values)

    def _rates(self, values: dict[str, Any]) -> dict[str, Node]:
        return dict(zip(self.leaves, map(trace.as_node, self.system.rates(values)), strict=True))

    def names_of(self, role: str) -> Names:
        """What the quantities of a partner are called in the kernels."""
        if role not in self._names_of:
            found = self._names_of[role] = Names(self.hosts[role].system, f"{role}_", self._used)
            self._used |= set(found.names.values())
        return self._names_of[role]

    def shown(self, role: str, key: str) -> Node:
        """What the cell in a place shows to a synapse."""
        plan = self.hosts[role]
        names = self.names_of(role)
        for own, text in names.names.items():
            self.foreign[text] = Quantity(role, own)
        system = plan.system
        leaf = {k: trace.name(text) for k, text in names.names.items()}
        values = system.values([leaf[e.key] for e in system.states], [leaf[e.key] for e in system.constants])
        value = trace.as_node(values[key])
        if role not in self.levels.several:
            return value
        # Of a cell that is not there states are zero, but not all that is calculated from them.
        absent = trace.substitute(value, {leaf[e.key]: trace.number(0.0) for e in system.states})
        if courses.is_zero(absent) and not any(leaf[clock] in trace.order([value]) for clock in plan.clocks):
            return value
        return where(trace.name(self._there(role)) > 0, value, trace.number(0.0))

    def _there(self, role: str) -> str:
        """The name of what says whether a synapse has a cell in a role: 1 or 0."""
        quantity = Quantity(role, THERE)
        text = next((text for text, known in self.foreign.items() if known == quantity), f"{role}_there")
        while text in self._used or self.foreign.get(text, quantity) != quantity:
            text += "_"
        self.foreign[text] = quantity
        return text

    def _mean(self, role: str, key: str) -> Node:
        text = f"{role}_{key.replace('.', '_')}_mean"
        self.foreign[text] = Quantity(role, key, mean=True)
        return trace.name(text)

    def leaves_of(self, node: Node) -> set[str]:
        """Names of all leaves below a node."""
        return {n.args[0] for n in trace.order([node]) if n.op == "name"}


def heard(system: System) -> set[str]:
    """Keys of what wires may bring events to: whatever a mechanism answers."""
    return {*system.happenings.listeners, *system.happenings.relays}


def unit_of(system: System, key: str) -> str:
    """The unit of a quantity or event of a system."""
    for entry in (*system.states, *system.constants, *system.outputs, *system.emissions):
        if entry.key == key:
            return entry.unit
    items = [p.mechanism.declarations.get(n) for p in system.parts for n in p.mechanism.events() if p.keys[n] == key]
    return next((item.unit for item in items if item is not None), "1")
