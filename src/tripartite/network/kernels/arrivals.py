"""The kernels that run when presynaptic spikes come: `arrive`, `deposit` and `reach`.

`arrive` updates what a presynaptic cell shares among its synapses, once, and leaves amounts; `deposit` and
`reach` bring them to postsynaptic cells and to partners.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import Rates
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.reading import SynapseReader
from tripartite.network.plan.bindings import Occasion
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.plan.synapses import SynapsePlan

Rows = list[tuple[str, Rates]]
"""Rows of a target, each with the stages whose response, until the end of the target's step, weights what comes."""
Sent = tuple[Rows, Node]
"""An amount, and the rows that it is added to."""

SPIKE_SCALARS = (
    "spikes",
    "first",
    "count",
    "delay",
    "now",
    "width",
    "base",
    "delays",
    "thread",
    "threads",
    "remaining",
)
"""What the kernels at spikes are called with, before the times that remain of the steps of partners."""


@dataclass
class Arrival:
    """What the spikes of one list do, sorted by the level at which it happens."""

    suffix: str
    """Sets the kernels of several lists apart."""
    exports: list[tuple[str, str]] = field(default_factory=list)
    """Rows of amounts that `arrive` leaves for this list: (name, level)."""
    kept: list[Node] = field(default_factory=list)
    """What each export holds."""
    exported: dict[int, str] = field(default_factory=dict)
    new: dict[str, list[tuple[str, Node]]] = field(default_factory=dict)
    to_post: list[Sent] = field(default_factory=list)
    to_partner: dict[str, list[Sent]] = field(default_factory=dict)
    """What all synapses of a pair send alike, by partner."""
    kept_for: dict[str, list[Sent]] = field(default_factory=dict)
    """What differs from synapse to synapse and is kept there until the partner's step, by partner."""


class ArrivalWriter(SynapseReader):
    """Sorts what events do by the level at which it happens, and writes a kernel for each way of a spike."""

    def __init__(self, plan: SynapsePlan):
        super().__init__(plan)
        self.arrivals = [self._arrival(n, events) for n, events in enumerate(self.lists[PRE])]

    def _arrival(self, number_: int, events: list[Occasion]) -> Arrival:
        """Sort what spikes do by the level at which it happens, and export what deeper levels need."""
        plan, found = self.plan, Arrival(f"_{number_}" if number_ else "")
        jumps, sent = self._happening(events)
        found.new = {level: [] for level in self.levels}
        for key, node in jumps.items():
            found.new[plan.level[key]].append((key, node))
        found.to_post = [(rows, self._exported(found, a)) for role, rows, a in sent if role == POST]
        for role, rows, amount in sent:
            if role != POST:
                alike = self.known_at(amount) in (SHARED, PRE, paired(role)) and role in self.levels.several
                by_role = found.to_partner if alike else found.kept_for
                by_role.setdefault(role, []).append((rows, self._exported(found, amount)))
        found.new[SYNAPSE] = [(k, self._exported(found, n)) for k, n in found.new[SYNAPSE]]
        self.exports += found.exports
        return found

    def reaches(self, partner: str) -> bool:
        """Whether amounts go to a partner that all synapses of a pair send alike."""
        return any(partner in arrival.to_partner for arrival in self.arrivals)

    def _happening(self, events: list[Occasion]) -> tuple[dict[str, Node], list[tuple[str, Rows, Node]]]:
        """New states, and (role, rows, amount) of all that is sent, when events happen one after the other.

        Each sees what the one before it left; states from when they were last looked at are moved along first.
        """
        plan = self.plan
        now: dict[str, Node] = {}
        sent: list[tuple[str, Rows, Node]] = []
        for event in events:
            left = {plan.leaves[key]: node for key, node in now.items()}
            sent += [(role, rows, trace.substitute(amount, left)) for role, rows, amount in self._sent(event)]
            jumps = {k: trace.substitute(n, left) for k, n in plan.jumps[event].items() if plan.level[k] != SUM}
            now |= jumps
        moved = {key: self.at_event(node) for key, node in now.items()}
        return moved, [(role, rows, self.at_event(amount)) for role, rows, amount in sent]

    def _sent(self, by: Occasion) -> list[tuple[str, Rows, Node]]:
        """(role, rows with their stages, amount) of all that an event sends."""
        plan = self.plan
        found = []
        for wire in plan.sent():
            if wire.by == by:
                found.append((wire.role, self._rows(wire.role, wire.event), wire.amount))
        for gathered in plan.gathered:
            key = gathered.state
            if key is None or plan.level[key] != SUM:
                continue
            if by in plan.moved_by[key]:
                amount = trace.substitute(plan.jumps[by][key], {plan.leaves[key]: number(0.0)})
                own, stem = plan.own_rate(key), self.state_row(key)
                assert own is not None
                rows = [(f"{stem}_late", (own,)), (f"{stem}_whole", courses.integrated((own,)))]
                found.append((gathered.role, rows, amount))
        return found

    def _rows(self, role: str, event: str) -> Rows:
        """Where a partner collects what an event brings."""
        slots = self.plan.hosts[role].slots(event)
        return [(row, tuple(self._host_rate(role, rate) for rate in rates)) for row, rates in slots.items()]

    def _host_rate(self, role: str, rate: Node) -> Node:
        """A decay rate of a population, in the names that the projection has for it."""
        host, names = self.plan.hosts[role], self.plan.names_of(role).names
        renamed = {}
        for entry in host.system.parameters:
            text = names[entry.key]
            self.plan.foreign.setdefault(text, (role, entry.key))
            renamed[trace.name(host.names.names[entry.key])] = trace.name(text)
        return trace.substitute(rate, renamed)

    def _exported(self, arrival: Arrival, node: Node) -> Node:
        """``node`` with everything known before the synapses replaced by the rows that `arrive` leaves."""
        replaced = {}
        for part in trace.order([node]):
            if part.op != "number" and self.known_at(part) not in (SHARED, SYNAPSE):
                replaced[part] = part
        tops = _tops(node, set(replaced))
        return trace.substitute(node, {part: self._export(arrival, part) for part in tops})

    def _export(self, arrival: Arrival, node: Node) -> Node:
        if id(node) not in arrival.exported:
            name = f"{self.name}_out{len(self.exports) + len(arrival.exports)}"
            arrival.exports.append((name, self.known_at(node)))
            arrival.exported[id(node)] = name
            arrival.kept.append(node)
        return trace.name(arrival.exported[id(node)])

    def arrive(self, arrival: Arrival) -> Function | None:
        """The kernel for what the synapses of a presynaptic cell, or of it and one partner, share."""
        loops = {SHARED: 0, PRE: 1}
        loops |= {level: 2 + n for n, p in enumerate(self.levels.several) for level in (p, paired(p))}
        kept = zip(arrival.exports, arrival.kept, strict=True)
        targets = [("{" + n + "}" + f"[{self.index[lv]}]", node, loops[lv]) for (n, lv), node in kept]
        for level in (PRE, *map(paired, self.levels.several)):
            for key, node in [*arrival.new[level], *self._rest_of(arrival, level)]:
                targets.append(("{" + self.state_row(key) + f"}}[{self.index[level]}]", node, loops[level]))
            targets += self.looked(level, loops[level])
        if not targets:
            return None
        function = self._at_spikes_function(
            f"arrive_{self.name}{arrival.suffix}", "What the synapses of a cell share, at its spike."
        )
        self._leaves(function, lambda level: loops.get(level, 2 + len(self.levels.several)))
        outside, by_branch, *by_pairs = function.nested(targets, 2 + len(self.levels.several))
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        for partner, by_pair in zip(self.levels.several, by_pairs, strict=True):
            body += self._over_pairs(function, partner, "branch * threads", "(branch + 1) * threads", by_pair)
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def _at_spikes_function(self, name: str, summary: str) -> Function:
        return self._function(name, (*SPIKE_SCALARS, *self.remaining.values()), summary)

    def _rest_of(self, arrival: Arrival, level: str) -> list[tuple[str, Node]]:
        """States of a level that the event leaves alone but that move along with the others."""
        done = {key for key, _ in arrival.new[level]}
        return [(key, self._moved[key]) for key in self.lazy(level) if key not in done]

    def deposit(self, arrival: Arrival) -> Function | None:
        """The kernel that brings amounts to postsynaptic cells and moves synapses of their own."""
        targets = self._multiplied([*self._weighted(arrival.to_post, "place"), *self._kept(arrival.kept_for)])
        for key, node in [*arrival.new[SYNAPSE], *self._rest_of(arrival, SYNAPSE)]:
            targets.append(("{" + self.state_row(key) + "}[edge]", node, 2))
        if not targets:
            return None
        targets += self.looked(SYNAPSE, 2)
        function = self._at_spikes_function(
            f"deposit_{self.name}{arrival.suffix}", "Amounts for postsynaptic cells, at a spike."
        )
        self._leaves(function, lambda level: {SHARED: 0, PRE: 1}.get(level, 2))
        self._copies(function)
        outside, by_branch, by_edge = function.nested(targets, 3)
        text = "\n".join([*by_edge])
        loads = self._edge_indices(function, text)
        cut = function.array(f"{self.name}_cut")
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        body.append(f"for edge in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):")
        body += indented([*loads, *by_edge])
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def _multiplied(self, targets: list[Any]) -> list[Any]:
        """Additions of synapses, each for as many as it stands for."""
        if not self.merged:
            return targets
        return [(target, node * trace.name("copies"), loop) for target, node, loop in targets]

    def _weighted(self, sent: list[Sent], index: str, until: str = "remaining") -> list[Any]:
        """Additions of amounts to their rows, each weighted by what becomes of it until the target's step ends."""
        targets = []
        for rows, amount in sent:
            for name, rates in rows:
                weighted = amount * courses.response(rates, trace.name(until))
                targets.append(("{" + name + "}" + f"[{index}] +=", weighted, 2))
        return targets

    def _kept(self, sent: dict[str, list[Sent]]) -> list[Any]:
        """The same for partners where amounts differ from synapse to synapse: kept until the partner's step."""
        targets = []
        for role, amounts in sent.items():
            kept = [([(self._kept_row(role, name), rates) for name, rates in rows], a) for rows, a in amounts]
            targets += self._weighted(kept, "edge", self.remaining[role])
        return targets

    def _kept_row(self, role: str, name: str) -> str:
        return f"{self.name}_for_{role}_{name}"

    def reach(self, arrival: Arrival, partner: str) -> Function:
        """The kernel that brings amounts to a partner."""
        targets = self._weighted(arrival.to_partner[partner], f"mate_{partner}", self.remaining[partner])
        function = self._at_spikes_function(
            f"reach_{partner}_{self.name}{arrival.suffix}", f"Amounts for the partner `{partner}`, at a spike."
        )
        self._leaves(function, lambda level: {SHARED: 0, PRE: 1}.get(level, 2))
        function.leaf("copies", 2, "{" + f"{self.name}_{partner}_copies" + "}" + f"[pair_{partner}]")
        targets = [(target, node * trace.name("copies"), loop) for target, node, loop in targets]
        outside, by_branch, by_pair = function.nested(targets, 3)
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        ends = "branch * threads + thread", "branch * threads + thread + 1"
        body += self._over_pairs(function, partner, *ends, by_pair)
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function


def _tops(root: Node, chosen: set[Node]) -> list[Node]:
    """The topmost of the chosen nodes below ``root``."""
    found: list[Node] = []
    stack = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node in chosen:
            found.append(node)
        else:
            stack += [a for a in node.args if isinstance(a, Node)]
    return found
