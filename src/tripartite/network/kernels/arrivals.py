"""The kernels that run when spikes come: `arrive`, `deposit`, `reach` and `answer`.

`arrive` updates what a presynaptic cell shares among its synapses, once, and leaves amounts; `deposit` and
`reach` bring them to postsynaptic cells and astrocytes; `answer` is for postsynaptic spikes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tripartite.errors import NetworkError
from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import Rates
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.reading import INDEX, PAIR, PRE, SynapseReader
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
    "remaining_each",
)


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
    to_astrocyte: list[Sent] = field(default_factory=list)
    to_astrocyte_each: list[Sent] = field(default_factory=list)


class ArrivalWriter(SynapseReader):
    """Sorts what events do by the level at which it happens, and writes a kernel for each way of a spike."""

    def __init__(self, plan: SynapsePlan):
        super().__init__(plan)
        self.arrivals = [self._arrival(n, events) for n, events in enumerate(self.pre_lists)]

    def _arrival(self, number_: int, events: list[str]) -> Arrival:
        """Sort what spikes do by the level at which it happens, and export what deeper levels need."""
        plan, found = self.plan, Arrival(f"_{number_}" if number_ else "")
        jumps, sent = self._happening(events)
        found.new = {level: [] for level in INDEX}
        for key, node in jumps.items():
            found.new[plan.level[key]].append((key, node))
        if any(role == "pre" for role, _, _ in sent):
            raise NetworkError(
                "A synapse sends to its postsynaptic cell or its astrocyte; a wire leads to `pre`. Remove it."
            )
        found.to_post = [(rows, self._exported(found, a)) for role, rows, a in sent if role == "post"]
        near = [(rows, a) for role, rows, a in sent if role == "astrocyte"]
        found.to_astrocyte = [(rows, self._exported(found, a)) for rows, a in near if self.depth(a) <= PAIR]
        found.to_astrocyte_each = [(rows, self._exported(found, a)) for rows, a in near if self.depth(a) > PAIR]
        found.new["synapse"] = [(k, self._exported(found, n)) for k, n in found.new["synapse"]]
        self.exports += found.exports
        return found

    @property
    def to_astrocyte(self) -> bool:
        """Whether amounts go to astrocytes that all synapses of a pair share."""
        return any(arrival.to_astrocyte for arrival in self.arrivals)

    def _happening(self, events: list[str]) -> tuple[dict[str, Node], list[tuple[str, Rows, Node]]]:
        """New states, and (role, rows, amount) of all that is sent, when events happen one after the other.

        Each sees what the one before it left; states from when they were last looked at are moved along first.
        """
        plan = self.plan
        now: dict[str, Node] = {}
        sent: list[tuple[str, Rows, Node]] = []
        for event in events:
            left = {plan.leaves[key]: node for key, node in now.items()}
            sent += [(role, rows, trace.substitute(amount, left)) for role, rows, amount in self._sent(event)]
            jumps = {k: trace.substitute(n, left) for k, n in plan.jumps[event].items() if plan.level[k] != "sum"}
            now |= jumps
        moved = {key: self.at_event(node) for key, node in now.items()}
        return moved, [(role, rows, self.at_event(amount)) for role, rows, amount in sent]

    def _sent(self, by: str) -> list[tuple[str, Rows, Node]]:
        """(role, rows with their stages, amount) of all that an event sends."""
        plan = self.plan
        found = []
        for role, event, amount, sender in plan.sent():
            if sender == by:
                host = plan.hosts[role]
                rows = [(r, tuple(self._host_rate(role, n) for n in rates)) for r, rates in host.slots(event).items()]
                found.append((role, rows, amount))
        for gathered in plan.gathered:
            key = gathered.state
            if key is None or plan.level[key] != "sum":
                continue
            if by in plan.moved_by[key]:
                amount = trace.substitute(plan.jumps[by][key], {plan.leaves[key]: number(0.0)})
                own, stem = plan.own_rate(key), self.state_row(key)
                assert own is not None
                rows = [(f"{stem}_late", (own,)), (f"{stem}_whole", courses.integrated((own,)))]
                found.append((gathered.role, rows, amount))
        return found

    def _host_rate(self, role: str, rate: Node) -> Node:
        """A decay rate of a population, in the names that the projection has for it."""
        host = self.plan.hosts[role]
        renamed = {}
        for entry in host.system.parameters:
            text = f"{role}_{host.names.names[entry.key]}"
            self.plan.foreign.setdefault(text, (role, entry.key))
            renamed[trace.name(host.names.names[entry.key])] = trace.name(text)
        return trace.substitute(rate, renamed)

    def _exported(self, arrival: Arrival, node: Node) -> Node:
        """``node`` with everything known before the synapses replaced by the rows that `arrive` leaves."""
        replaced = {}
        for part in trace.order([node]):
            if part.op != "number" and self.depth(part) in (PRE, PAIR):
                replaced[part] = part
        tops = _tops(node, set(replaced))
        return trace.substitute(node, {part: self._export(arrival, part) for part in tops})

    def _export(self, arrival: Arrival, node: Node) -> Node:
        if id(node) not in arrival.exported:
            name = f"{self.name}_out{len(self.exports) + len(arrival.exports)}"
            arrival.exports.append((name, "pre" if self.depth(node) == PRE else "pair"))
            arrival.exported[id(node)] = name
            arrival.kept.append(node)
        return trace.name(arrival.exported[id(node)])

    def arrive(self, arrival: Arrival) -> Function | None:
        """The kernel for what the synapses of a presynaptic cell, or of it and one astrocyte, share."""
        kept = zip(arrival.exports, arrival.kept, strict=True)
        targets = [("{" + n + "}" + f"[{INDEX[lv]}]", node, _loop(lv)) for (n, lv), node in kept]
        for level in ("pre", "pair"):
            for key, node in [*arrival.new[level], *self._rest_of(arrival, level)]:
                targets.append(("{" + self.state_row(key) + f"}}[{INDEX[level]}]", node, _loop(level)))
            if self.lazy(level):
                targets.append(("{" + self.last_row(level) + f"}}[{INDEX[level]}]", trace.name("now"), _loop(level)))
        if not targets:
            return None
        function = self._function(
            f"arrive_{self.name}{arrival.suffix}", SPIKE_SCALARS, "What the synapses of a cell share, at its spike."
        )
        self._leaves(function, lambda level: {"pre": 1}.get(level, 2))
        outside, by_branch, by_pair = function.nested(targets, 3)
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        if by_pair:
            cut = function.array(f"{self.name}_pair_cut")
            mate = function.array(f"{self.name}_mate")
            body.append(f"for pair in range({cut}[branch * threads], {cut}[(branch + 1) * threads]):")
            body += indented([f"mate = {mate}[pair]", *by_pair])
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def _rest_of(self, arrival: Arrival, level: str) -> list[tuple[str, Node]]:
        """States of a level that the event leaves alone but that move along with the others."""
        done = {key for key, _ in arrival.new[level]}
        return [(key, self._moved[key]) for key in self.lazy(level) if key not in done]

    def deposit(self, arrival: Arrival) -> Function | None:
        """The kernel that brings amounts to postsynaptic cells and moves synapses of their own."""
        targets = self._weighted(arrival.to_post, "place")
        if self.merged:
            targets = [(target, node * trace.name("copies"), loop) for target, node, loop in targets]
        targets += self._each(arrival.to_astrocyte_each)
        for key, node in [*arrival.new["synapse"], *self._rest_of(arrival, "synapse")]:
            targets.append(("{" + self.state_row(key) + "}[edge]", node, 2))
        if not targets:
            return None
        if self.lazy("synapse"):
            targets.append(("{" + self.last_row("synapse") + "}[edge]", trace.name("now"), 2))
        function = self._function(
            f"deposit_{self.name}{arrival.suffix}", SPIKE_SCALARS, "Amounts for postsynaptic cells, at a spike."
        )
        self._leaves(function, lambda level: {"pre": 1}.get(level, 2))
        function.leaf("copies", 2, "{" + f"{self.name}_multiplicity" + "}[edge]")
        outside, by_branch, by_edge = function.nested(targets, 3)
        text = "\n".join([*by_edge])
        loads = self._edge_indices(function, text)
        cut = function.array(f"{self.name}_cut")
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        body.append(f"for edge in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):")
        body += indented([*loads, *by_edge])
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def _weighted(self, sent: list[Sent], index: str, until: str = "remaining") -> list[Any]:
        """Additions of amounts to their rows, each weighted by what becomes of it until the target's step ends."""
        targets = []
        for rows, amount in sent:
            for name, rates in rows:
                weighted = amount * courses.response(rates, trace.name(until))
                targets.append(("{" + name + "}" + f"[{index}] +=", weighted, 2))
        return targets

    def _each(self, sent: list[Sent]) -> list[Any]:
        """The same for astrocytes where amounts differ from synapse to synapse: kept until the astrocyte's step."""
        kept = [([(f"{self.name}_each_{name}", rates) for name, rates in rows], amount) for rows, amount in sent]
        return self._weighted(kept, "edge", "remaining_each")

    def each_rows(self) -> list[tuple[str, str]]:
        """Pairs of rows: what synapses keep for their astrocytes, and where it goes."""
        names = [name for arrival in self.arrivals for rows, _ in arrival.to_astrocyte_each for name, _ in rows]
        return [(f"{self.name}_each_{name}", name) for name in dict.fromkeys(names)]

    def reach(self, arrival: Arrival) -> Function | None:
        """The kernel that brings amounts to astrocytes."""
        targets = self._weighted(arrival.to_astrocyte, "mate")
        if not targets:
            return None
        function = self._function(
            f"reach_{self.name}{arrival.suffix}", SPIKE_SCALARS, "Amounts for astrocytes, at a spike."
        )
        self._leaves(function, lambda level: {"pre": 1}.get(level, 2))
        function.leaf("copies", 2, "{" + f"{self.name}_copies" + "}[pair]")
        targets = [(target, node * trace.name("copies"), loop) for target, node, loop in targets]
        outside, by_branch, by_pair = function.nested(targets, 3)
        cut, mate = function.array(f"{self.name}_pair_cut"), function.array(f"{self.name}_mate")
        body = ["cell = spikes[spike]", "branch = (cell - base) * delays + delay", *by_branch]
        body.append(f"for pair in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):")
        body += indented([f"mate = {mate}[pair]", *by_pair])
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def answer(self, number_: int) -> Function | None:
        """The kernel for one list of postsynaptic spikes: all synapses of the cell, then what they share."""
        plan = self.plan
        changed, sent = self._happening(self.post_lists[number_])
        if any(role != "post" for role, _, _ in sent):
            raise NetworkError("What a postsynaptic spike makes a synapse send can go to `post` only; rewire it.")
        loops = {"post": 1, "synapse": 2}
        own = [
            ("{" + self.state_row(key) + f"}}[{INDEX[plan.level[key]]}]", node, loops[plan.level[key]])
            for key, node in changed.items()
        ]
        posted = self._weighted([(rows, amount) for _, rows, amount in sent], "place")
        copies = trace.name("copies") if self.merged else number(1.0)
        own += [(target, node * copies, loop) for target, node, loop in posted]
        if not own:
            return None
        for level, loop in loops.items():
            if self.lazy(level) and any(plan.level[k] == level for k in changed):
                own += [
                    ("{" + self.state_row(k) + f"}}[{INDEX[level]}]", self._moved[k], loop)
                    for k in self.lazy(level)
                    if k not in changed
                ]
                own.append(("{" + self.last_row(level) + f"}}[{INDEX[level]}]", trace.name("now"), loop))
        suffix = f"_{number_}" if number_ else ""
        function = self._function(
            f"answer_{self.name}{suffix}", SPIKE_SCALARS, "What a postsynaptic spike does to synapses."
        )
        self._leaves(function, lambda level: {"post": 1}.get(level, 2))
        function.leaf("copies", 2, "{" + f"{self.name}_multiplicity" + "}[edge]")
        outside, by_cell, by_edge = function.nested(own, 3)
        stores = [line for line in by_cell if "[place] =" in line]
        loads = [line for line in by_cell if "[place] =" not in line]
        body = ["place = spikes[spike]", *loads]
        if by_edge:
            begin, incoming = function.array(f"{self.name}_into"), function.array(f"{self.name}_incoming")
            inner = [f"edge = {incoming}[step]"]
            text = "\n".join(by_edge)
            if "[branch]" in text or "[cell]" in text:
                inner.append(f"branch = {function.array(f'{self.name}_branch_of')}[step]")
            if "[cell]" in text:
                inner.append(f"cell = {plan.projection.pre.low} + branch // delays")
            inner += [line for line in self._edge_indices(function, text) if not line.startswith("place")]
            body.append(f"for step in range({begin}[place - base], {begin}[place - base + 1]):")
            body += indented([*inner, *by_edge])
        function.body = [*outside, "for spike in range(first, count):", *indented([*body, *stores])]
        return function


def _loop(level: str) -> int:
    return 1 if level == "pre" else 2


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
