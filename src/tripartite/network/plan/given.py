"""What synapses give to the cells that they belong to: sums that these read, and amounts at events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tripartite.errors import WiringError
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.language.paths import resolve
from tripartite.network.plan.bindings import Occasion
from tripartite.network.projection import end_key, role_key
from tripartite.network.roles import Reduced, role_of

if TYPE_CHECKING:
    from tripartite.network.plan.synapses import SynapsePlan


@dataclass(frozen=True)
class Gathered:
    """A sum or mean over synapses that a cell reads as one of its inputs."""

    role: str
    key: str
    """The driven input of the cell."""
    value: Node
    mean: bool
    state: str | None
    """The synaptic state, if it is one and nothing else."""
    source: str
    """What sets it apart from others that the same input sums."""


def gathered_name(projection: str, number_: int) -> str:
    """Of a projection the sum or mean with that number."""
    return f"{projection}_gathered{number_}"


@dataclass(frozen=True)
class Sent:
    """What an event of a synapse sends to a partner."""

    role: str
    event: str
    """What the cell listens to."""
    amount: Node
    by: Occasion | str
    """What brings the event of the synapse about, or the threshold that was passed."""
    emission: str


def gathered(plan: SynapsePlan) -> list[Gathered]:
    """Every sum and mean that a wire brings to cells; of those that share synapses, place by place."""
    found = []
    for wire in plan.projection.wires:
        source, target = wire.source, wire.target
        if not isinstance(source, Reduced):
            continue
        role, other = role_of(target), role_of(source)
        assert role is not None
        key = role_key(target, plan.host(role, target.name).system, role)
        state = None
        if other:
            wanted = role_key(source, plan.host(other, source.name).system, other)
            first, *others = (plan.parted(plan.shown(place, wanted), place) for place in plan.places(other))
            value = sum(others, start=first)
        else:
            own = end_key(source, plan.projection.model)
            if own in {event.key for event in (*plan.system.events, *plan.system.emissions)}:
                raise WiringError(
                    f"A sum over synapses is of what they have at any time; `{own}` is an event. Wire it directly."
                )
            own = resolve(own, plan.values, "The synapse has no")
            value, state = trace.as_node(plan.values[own]), own if own in plan.leaves else None
        for place in plan.places(role):
            own_state = None if place in plan.fractions else state
            stem = gathered_name(plan.name, len(found))
            found.append(Gathered(place, key, plan.parted(value, place), source.mean, own_state, stem))
    return found


def sent(plan: SynapsePlan) -> list[Sent]:
    """What every wire out of the synapse brings, for each of its events that sends it."""
    found = []
    for wire in plan.projection.wires:
        source, target = wire.source, wire.target
        role = role_of(target)
        if isinstance(source, Reduced) or role_of(source) or role is None:
            continue
        key = end_key(source, plan.projection.model)
        event = role_key(target, plan.host(role, target.name).system, role)
        givers: list[tuple[Occasion | str, dict[str, Node]]] = [*plan.emitted.items()]
        givers += [(crossing.key, crossing.emitted) for crossing in plan.crossings]
        senders = [(by, given[key]) for by, given in givers if key in given]
        if not senders:
            raise WiringError(
                f"An event of a cell is fed by an emission of the synapse; `{key}` is none that its events send. "
                f"For a state or output write `total(synapse.{source.name}) >> {role}.{target.name}`."
            )
        for place in plan.places(role):
            found += [Sent(place, event, plan.parted(amount, place), by, key) for by, amount in senders]
    return found
