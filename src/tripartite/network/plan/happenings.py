"""What happens in a synapse at events: new states, and amounts with the rows of cells that they go to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import Rates
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.plan.bindings import Occasion, Quantity
from tripartite.network.plan.jobs import Change
from tripartite.network.plan.levels import POST, PRE, SUM, SYNAPSE
from tripartite.network.plan.reading import Reading

Rows = list[tuple[str, Rates]]
"""Rows of a target, each with the stages whose response, until the end of the target's step, weights what comes."""


@dataclass(frozen=True, eq=False)
class Amount:
    """What synapses send to the cells in a role, and the rows that it is added to."""

    role: str
    rows: Rows
    value: Node


def happening(reading: Reading, events: Sequence[Occasion]) -> tuple[dict[str, Node], list[Amount]]:
    """New states, and all that is sent, when events happen one after the other.

    Each sees what the one before it left; states from when they were last looked at are moved along first.
    """
    plan = reading.plan
    now: dict[str, Node] = {}
    sent: list[Amount] = []
    for event in events:
        left = {plan.leaves[key]: node for key, node in now.items()}
        sent += [Amount(a.role, a.rows, trace.substitute(a.value, left)) for a in _sent(reading, event)]
        now |= {k: trace.substitute(n, left) for k, n in plan.jumps[event].items() if plan.level[k] != SUM}
    moved = {key: reading.at_event(node) for key, node in now.items()}
    return moved, [Amount(a.role, a.rows, reading.at_event(a.value)) for a in sent]


def _sent(reading: Reading, by: Occasion) -> list[Amount]:
    """All that an event sends, traces that are summed at cells included."""
    plan = reading.plan
    found = [Amount(w.role, rows_of(reading, w.role, w.event), w.amount) for w in reading.plan.sent if w.by == by]
    for gathered in plan.gathered:
        key = gathered.state
        if key is None or plan.level[key] != SUM or by not in plan.moved_by[key]:
            continue
        amount = trace.substitute(plan.jumps[by][key], {plan.leaves[key]: number(0.0)})
        own, stem = plan.own_rate(key), reading.state_row(key)
        assert own is not None
        rows: Rows = [(f"{stem}_late", (own,)), (f"{stem}_whole", courses.integrated((own,)))]
        found.append(Amount(gathered.role, rows, amount))
    return found


def rows_of(reading: Reading, role: str, event: str) -> Rows:
    """Where a partner collects what an event brings."""
    slots = reading.plan.hosts[role].slots(event)
    return [(row, tuple(_host_rate(reading, role, rate) for rate in rates)) for row, rates in slots.items()]


def _host_rate(reading: Reading, role: str, rate: Node) -> Node:
    """A decay rate of a population, in the names that the projection has for it."""
    host, names = reading.plan.hosts[role], reading.plan.names_of(role).names
    renamed = {}
    for entry in host.system.parameters:
        text = names[entry.key]
        reading.plan.foreign.setdefault(text, Quantity(role, entry.key))
        renamed[trace.name(host.names.names[entry.key])] = trace.name(text)
    return trace.substitute(rate, renamed)


def added(rows: Rows, amount: Node, level: str, until: str = "remaining", each: bool = True) -> list[Change]:
    """Additions of an amount to its rows, each weighted by what becomes of it until the target's step ends."""
    left = trace.name(until)
    return [Change(name, level, amount * courses.response(rates, left), True, each) for name, rates in rows]


def kept(reading: Reading, amount: Amount) -> list[Change]:
    """The same, which waits at each synapse for the step of a partner."""
    role, changes = amount.role, added(amount.rows, amount.value, SYNAPSE, reading.remaining[amount.role])
    return [Change(reading.kept_row(role, c.row), SYNAPSE, c.value, True, True, role, c.row) for c in changes]


def sending(reading: Reading, sent: Sequence[Amount]) -> list[Change]:
    """What synapses send: at once to postsynaptic cells, kept for others until they step."""
    changes = [change for a in sent if a.role == POST for change in added(a.rows, a.value, POST)]
    for role in (PRE, *reading.levels.partners):
        changes += [change for a in sent if a.role == role for change in kept(reading, a)]
    return changes
