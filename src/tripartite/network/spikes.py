"""The kernels of a projection: what a spike does to synapses and their partners, and how synapses move between.

`arrive` updates what a presynaptic cell shares among its synapses, once, and leaves amounts; `deposit` and
`reach` bring them to postsynaptic cells and astrocytes; `answer` is for postsynaptic spikes; `sweep` moves
synaptic states along when a partner that their rates read takes its step; `follow` does so for states that no
event moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tripartite.errors import NetworkError
from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import exp, where
from tripartite.network.cells import mean_row, row
from tripartite.network.function import Function, indented
from tripartite.network.synapses import Gathered, SynapsePlan

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
INDEX = {"pre": "branch", "pair": "pair", "synapse": "edge", "post": "place", "astrocyte": "mate"}
SHARED, PRE, PAIR, SYNAPSE = range(4)


class SpikeWriter:
    """Writes the kernels of one projection and lists the rows that they leave amounts in."""

    def __init__(self, plan: SynapsePlan):
        self.plan = plan
        self.name = plan.name
        self.paired = "pair" in plan.level.values()
        self.merged = False
        """Whether equal edges between two cells were made one, with a multiplicity."""
        self.exports: list[tuple[str, str]] = []
        """Rows of amounts that `arrive` leaves: (name, level)."""
        self.exported: dict[int, str] = {}
        self._moved = {k: self._advanced(k) for k in plan.leaves}
        self.spike_events = [e for e, (role, _) in plan.events.items() if role == "pre"]
        self.post_events = [e for e, (role, _) in plan.events.items() if role == "post"]
        self._collect()

    # Values

    def state_row(self, key: str) -> str:
        return f"{self.name}_{key.replace('.', '_')}"

    def last_row(self, level: str) -> str:
        return f"{self.name}_{level}_last"

    def lazy(self, level: str) -> list[str]:
        """States of a level that move by their closed form when somebody looks."""
        return [k for k in self.plan.courses if self.plan.level[k] == level]

    def _advanced(self, key: str) -> Node:
        plan = self.plan
        if key not in plan.courses or plan.level[key] == "sum":
            return plan.leaves[key]
        return courses.value(plan.courses[key], trace.name(f"elapsed_{plan.level[key]}"))

    def at_event(self, node: Node) -> Node:
        """A value of the moment of an event: every state moved from when it was last looked at."""
        return trace.substitute(node, {self.plan.leaves[k]: v for k, v in self._moved.items()})

    def depth(self, node: Node) -> int:
        """How deep in presynaptic cell, pair and synapse a value is known."""
        return max((self._leaf_depth(text) for text in self.plan.leaves_of(node)), default=SHARED)

    def _leaf_depth(self, text: str) -> int:
        level = self._level_of(text)
        if level is None:
            return SHARED
        if level == "astrocyte":
            return PAIR if self.paired else SYNAPSE
        return {"pre": PRE, "pair": PAIR}.get(level, SYNAPSE)

    def _level_of(self, text: str) -> str | None:
        """The index set of a leaf, none if all synapses share it."""
        plan = self.plan
        for key, leaf in plan.leaves.items():
            if leaf.args[0] == text:
                return plan.level[key]
        if text.startswith("elapsed_"):
            return text.removeprefix("elapsed_")
        if text in plan.foreign:
            role, key = plan.foreign[text]
            return None if self._same_for_all(role, key) else role
        return "synapse" if text in {plan.names.names[k] for k in plan.per_synapse} else None

    def _same_for_all(self, role: str, key: str) -> bool:
        host = self.plan.hosts[role]
        constants = {e.key for e in host.system.constants}
        return key in constants and key not in host.varying | host.held

    # Leaves

    def _function(self, name: str, scalars: tuple[str, ...], summary: str) -> Function:
        return Function(name, scalars, summary, real=self.plan.real)

    def _leaves(self, function: Function, depth: Callable[[str], int], dt: str = "width") -> None:
        """Tell a function how to read everything; ``depth`` gives the loop in which an index set is known."""
        plan = self.plan
        for position, entry in enumerate(plan.system.parameters):
            text = plan.names.names[entry.key]
            if entry.key in plan.per_synapse:
                function.leaf(text, depth("synapse"), "{" + self.state_row(entry.key) + "}[edge]")
            else:
                function.leaf(text, 0, "{" + f"{self.name}_constants" + f"}}[{position}]")
        for key, leaf in plan.leaves.items():
            level = plan.level[key]
            if level != "sum":
                code = "{" + self.state_row(key) + "}" + f"[{INDEX[level]}]"
                function.leaf(leaf.args[0], depth(level), code)
        for level, index in INDEX.items():
            code = "(now - {" + self.last_row(level) + "}" + f"[{index}]) * {dt}"
            function.leaf(f"elapsed_{level}", depth(level), code)
        for text, (role, key) in plan.foreign.items():
            self._foreign_leaf(function, text, role, key, depth)
        for name, level in self.exports:
            function.leaf(name, depth(level), "{" + name + "}" + f"[{INDEX[level]}]")
        function.leaf("remaining", 0, "remaining")

    def _foreign_leaf(self, function: Function, text: str, role: str, key: str, depth: Callable[[str], int]) -> None:
        host = self.plan.hosts[role]
        index = {"pre": "cell", "post": "place", "astrocyte": "mate"}[role]
        if key.startswith("mean:"):
            function.leaf(text, depth(role), "{" + mean_row(host, key[5:]) + "}" + f"[{index}]")
        elif self._same_for_all(role, key):
            position = host.system.constant_position[key]
            function.leaf(text, 0, "{" + f"{host.name}_constants" + f"}}[{position}]")
        else:
            function.leaf(text, depth(role), "{" + row(host, key) + "}" + f"[{index}]")

    # What a presynaptic spike does

    def _collect(self) -> None:
        """Sort what spikes do by the level at which it happens, and export what deeper levels need."""
        plan = self.plan
        self.new: dict[str, list[tuple[str, Node]]] = {level: [] for level in INDEX}
        for event in self.spike_events:
            for key, node in plan.jumps[event].items():
                if plan.level[key] != "sum":
                    self.new[plan.level[key]].append((key, self.at_event(node)))
        self.sent = [(role, rows, self.at_event(amount)) for role, rows, amount in self._sent("pre")]
        self.to_post = [(rows, self._exported(a)) for role, rows, a in self.sent if role == "post"]
        self.to_pre = [(rows, a) for role, rows, a in self.sent if role == "pre"]
        if self.to_pre:
            raise NetworkError(
                "A synapse sends to its postsynaptic cell or its astrocyte; a wire leads to `pre`. Remove it."
            )
        near = [(rows, a) for role, rows, a in self.sent if role == "astrocyte"]
        self.to_astrocyte = [(rows, self._exported(a)) for rows, a in near if self.depth(a) <= PAIR]
        self.to_astrocyte_each = [(rows, self._exported(a)) for rows, a in near if self.depth(a) > PAIR]
        self.new["synapse"] = [(k, self._exported(n)) for k, n in self.new["synapse"]]

    def _sent(self, by: str) -> list[tuple[str, list[tuple[str, Node | None]], Node]]:
        """(role, rows with their decay rates, amount) of all that events of one role send."""
        plan = self.plan
        found = []
        for role, event, amount, sender in plan.sent():
            if plan.events[sender][0] == by:
                host = plan.hosts[role]
                rates = [self._host_rate(role, rate) for rate in host.received[event]]
                found.append((role, list(zip(host.slots(event), [None, *rates], strict=True)), amount))
        for gathered in plan.gathered:
            key = gathered.state
            if key is None or plan.level[key] != "sum":
                continue
            for sender in plan.moved_by[key]:
                if plan.events[sender][0] == by:
                    amount = trace.substitute(plan.jumps[sender][key], {plan.leaves[key]: number(0.0)})
                    rows = [(f"{self.state_row(key)}_sum", None), (f"{self.state_row(key)}_late", plan.own_rate(key))]
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

    def _exported(self, node: Node) -> Node:
        """``node`` with everything known before the synapses replaced by the rows that `arrive` leaves."""
        replaced = {}
        for part in trace.order([node]):
            if part.op != "number" and self.depth(part) in (PRE, PAIR):
                replaced[part] = part
        tops = _tops(node, set(replaced))
        return trace.substitute(node, {part: self._export(part) for part in tops})

    def _export(self, node: Node) -> Node:
        if id(node) not in self.exported:
            name = f"{self.name}_out{len(self.exports)}"
            self.exports.append((name, "pre" if self.depth(node) == PRE else "pair"))
            self.exported[id(node)] = name
            self._kept = [*getattr(self, "_kept", []), node]
        return trace.name(self.exported[id(node)])

    def arrive(self) -> Function | None:
        """The kernel for what the synapses of a presynaptic cell, or of it and one astrocyte, share."""
        targets = [("{" + n + "}" + f"[{INDEX[lv]}]", node, _loop(lv)) for (n, lv), node in self._exports_with_nodes()]
        for level in ("pre", "pair"):
            for key, node in [*self.new[level], *self._rest_of(level)]:
                targets.append(("{" + self.state_row(key) + f"}}[{INDEX[level]}]", node, _loop(level)))
            if self.lazy(level):
                targets.append(("{" + self.last_row(level) + f"}}[{INDEX[level]}]", trace.name("now"), _loop(level)))
        if not targets:
            return None
        function = self._function(
            f"arrive_{self.name}", SPIKE_SCALARS, "What the synapses of a cell share, at its spike."
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

    def _exports_with_nodes(self) -> list[tuple[tuple[str, str], Node]]:
        return list(zip(self.exports, getattr(self, "_kept", []), strict=True))

    def _rest_of(self, level: str) -> list[tuple[str, Node]]:
        """States of a level that the event leaves alone but that move along with the others."""
        done = {key for key, _ in self.new[level]}
        return [(key, self._moved[key]) for key in self.lazy(level) if key not in done]

    def deposit(self) -> Function | None:
        """The kernel that brings amounts to postsynaptic cells and moves synapses of their own."""
        targets = self._weighted(self.to_post, "place")
        if self.merged:
            targets = [(target, node * trace.name("copies"), loop) for target, node, loop in targets]
        targets += self._each(self.to_astrocyte_each)
        for key, node in [*self.new["synapse"], *self._rest_of("synapse")]:
            targets.append(("{" + self.state_row(key) + "}[edge]", node, 2))
        if not targets:
            return None
        if self.lazy("synapse"):
            targets.append(("{" + self.last_row("synapse") + "}[edge]", trace.name("now"), 2))
        function = self._function(f"deposit_{self.name}", SPIKE_SCALARS, "Amounts for postsynaptic cells, at a spike.")
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

    @property
    def mergeable(self) -> bool:
        """Whether synapses between the same two cells are all alike, so that one can stand for several."""
        plan = self.plan
        return plan.placement.merges and not plan.per_synapse and "synapse" not in plan.level.values()

    def _edge_indices(self, function: Function, text: str) -> list[str]:
        """How the cells and the pair of a synapse are found, as far as the text needs them."""
        loads = []
        if "[place]" in text:
            loads.append(f"place = {function.array(f'{self.name}_target')}[edge]")
        if "[pair]" in text:
            loads.append(f"pair = {function.array(f'{self.name}_pair_of')}[edge]")
        if "[mate]" in text:
            loads.append(f"mate = {function.array(f'{self.name}_astrocyte_of')}[edge]")
        return loads

    def _weighted(self, sent: list[tuple[list[tuple[str, Node | None]], Node]], index: str) -> list[Any]:
        """Additions of amounts to their rows, each weighted by the decay until the end of the target's step."""
        targets = []
        for rows, amount in sent:
            for name, rate in rows:
                weighted = amount if rate is None else amount * exp(rate * trace.name("remaining"))
                targets.append(("{" + name + "}" + f"[{index}] +=", weighted, 2))
        return targets

    def _each(self, sent: list[tuple[list[tuple[str, Node | None]], Node]]) -> list[Any]:
        """The same for astrocytes where amounts differ from synapse to synapse: kept until the astrocyte's step."""
        kept = [([(f"{self.name}_each_{name}", rate) for name, rate in rows], amount) for rows, amount in sent]
        return self._weighted(kept, "edge")

    def each_rows(self) -> list[tuple[str, str]]:
        """Pairs of rows: what synapses keep for their astrocytes, and where it goes."""
        return [(f"{self.name}_each_{name}", name) for rows, _ in self.to_astrocyte_each for name, _ in rows]

    def reach(self) -> Function | None:
        """The kernel that brings amounts to astrocytes."""
        targets = self._weighted(self.to_astrocyte, "mate")
        if not targets:
            return None
        function = self._function(f"reach_{self.name}", SPIKE_SCALARS, "Amounts for astrocytes, at a spike.")
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

    # What a postsynaptic spike does

    def answer(self) -> Function | None:
        """The kernel for postsynaptic spikes: all synapses of the cell, then what they share."""
        plan = self.plan
        own: list[tuple[str, Node, int]] = []
        changed: set[str] = set()
        for event in self.post_events:
            for key, node in plan.jumps[event].items():
                level = plan.level[key]
                if level == "sum":
                    continue
                changed.add(key)
                own.append(
                    (
                        "{" + self.state_row(key) + f"}}[{INDEX[level]}]",
                        self.at_event(node),
                        1 if level == "post" else 2,
                    )
                )
        sent = self._sent("post")
        if any(role != "post" for role, _, _ in sent):
            raise NetworkError("What a postsynaptic spike makes a synapse send can go to `post` only; rewire it.")
        own += self._weighted([(rows, self.at_event(a)) for _, rows, a in sent], "place")
        if not own:
            return None
        levels = {"post", "synapse"}
        for level in levels:
            if self.lazy(level) and any(plan.level[k] == level for k in changed):
                loop = 1 if level == "post" else 2
                own += [
                    ("{" + self.state_row(k) + f"}}[{INDEX[level]}]", self._moved[k], loop)
                    for k in self.lazy(level)
                    if k not in changed
                ]
                own.append(("{" + self.last_row(level) + f"}}[{INDEX[level]}]", trace.name("now"), loop))
        function = self._function(f"answer_{self.name}", SPIKE_SCALARS, "What a postsynaptic spike does to synapses.")
        self._leaves(function, lambda level: {"post": 1}.get(level, 2))
        outside, by_cell, by_edge = function.nested(own, 3)
        stores = [line for line in by_cell if "[place] =" in line]
        loads = [line for line in by_cell if "[place] =" not in line]
        body = ["place = spikes[spike]", *loads]
        if by_edge:
            begin, incoming = function.array(f"{self.name}_into"), function.array(f"{self.name}_incoming")
            inner = [f"edge = {incoming}[step]"]
            text = "\n".join(by_edge)
            if "[branch]" in text:
                inner.append(f"branch = {function.array(f'{self.name}_branch_of')}[step]")
            inner += [line for line in self._edge_indices(function, text) if not line.startswith("place")]
            body.append(f"for step in range({begin}[place - base], {begin}[place - base + 1]):")
            body += indented([*inner, *by_edge])
        function.body = [*outside, "for spike in range(first, count):", *indented([*body, *stores])]
        return function

    # Between spikes

    def swept(self, role: str) -> list[str]:
        """Levels whose states follow the steps of the cells in a role."""
        plan = self.plan
        found = []
        for level in INDEX:
            if any(role in plan.clocked_by(k) for k in self.lazy(level)):
                found.append(level)
        return found

    def sweep(self, level: str) -> Function:
        """The kernel that moves all synapses of a level to the end of the step."""
        targets = [("{" + self.state_row(k) + f"}}[{INDEX[level]}]", self._moved[k], 2) for k in self.lazy(level)]
        targets.append(("{" + self.last_row(level) + f"}}[{INDEX[level]}]", trace.name("now"), 2))
        return self._over(level, f"sweep_{self.name}_{level}", targets, "Moves synapses along to the end of a step.")

    def followers(self, level: str) -> list[str]:
        return [k for k in self.plan.steady if self.plan.level[k] == level]

    def follow(self, level: str) -> Function:
        """The kernel of states that follow their partners: over one step of theirs, by their means."""
        plan = self.plan
        keys = self.followers(level)
        h = trace.name("elapsed")
        values: dict[str, Node] = {}
        for key in keys:
            if key in plan.steady_courses:
                values[key] = courses.value(plan.steady_courses[key], h)
        stepped = [k for k in keys if k in plan.numerical]
        values |= self._stepped(stepped, h)
        targets = [("{" + self.state_row(k) + f"}}[{INDEX[level]}]", v, 2) for k, v in values.items()]
        return self._over(
            level, f"follow_{self.name}_{level}", targets, "States that follow their partners.", "elapsed"
        )

    def _stepped(self, keys: list[str], h: Node) -> dict[str, Node]:
        """One step of the projection's method for states without a closed form."""
        plan, method = self.plan, self.plan.projection.method
        y = {k: plan.leaves[k] for k in keys}
        h = h / method.substeps
        for _ in range(method.substeps):
            slopes: list[dict[str, Node]] = []
            for _, weights in method.stages:
                stage = {
                    plan.leaves[k]: y[k]
                    + h * sum((s[k] * w for s, w in zip(slopes, weights, strict=True) if w), start=number(0.0))
                    for k in keys
                }
                slopes.append({k: trace.substitute(plan.mean_rates[k], stage) for k in keys})
            y = {
                k: y[k] + h * sum((s[k] * w for s, w in zip(slopes, method.weights, strict=True)), start=number(0.0))
                for k in keys
            }
        return y

    def _over(self, level: str, name: str, targets: list[Any], summary: str, *more: str) -> Function:
        """A loop over all that a thread owns of a level."""
        scalars = ("low", "high", "now", "width", "base", "delays", "thread", "threads", *more)
        function = self._function(name, scalars, summary)
        self._leaves(function, lambda _: 2)
        outside, _, inside = function.nested(targets, 3)
        text = "\n".join(inside)
        if level in ("post", "astrocyte"):
            loop = [f"for {INDEX[level]} in range(low, high):", *indented(inside)]
        elif level == "pre":
            head = ["cell = base + branch // delays"] if "[cell]" in text else []
            loop = ["for branch in range((low - base) * delays, (high - base) * delays):", *indented([*head, *inside])]
        elif level == "pair":
            cut, mate = function.array(f"{self.name}_pair_cut"), function.array(f"{self.name}_mate")
            inner = [f"mate = {mate}[pair]", *inside]
            ends = f"{cut}[(low - base) * delays * threads], {cut}[(high - base) * delays * threads]"
            loop = [f"for pair in range({ends}):", *indented(inner)]
        else:
            cut = function.array(f"{self.name}_cut")
            loads = self._edge_indices(function, text)
            if "[branch]" in text or "[cell]" in text:
                raise NetworkError(
                    "Synaptic states that read their presynaptic cell continuously are not possible yet."
                )
            loop = [
                "for branch in range((low - base) * delays, (high - base) * delays):",
                f"    for edge in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):",
                *indented([*loads, *inside], 2),
            ]
        function.body = [*outside, *loop]
        return function

    # What cells read of their synapses

    def gathered_kind(self, gathered: Gathered) -> str:
        """ "own" if the value is the same in all synapses of the cell, "astrocyte" if it is that of an astrocyte,
        "synapse" if it differs between synapses."""
        levels = {self._level_of(text) for text in self.plan.leaves_of(gathered.value)} - {None}
        if levels <= {gathered.role}:
            return "own"
        if levels <= {"astrocyte"} and gathered.role == "post":
            return "astrocyte"
        return "synapse"

    def gather(self, gathered: Gathered, number: int) -> list[Function]:
        """The kernels for any other value: of the own cell, of astrocytes (valued, then collected), or of synapses."""
        kind, stem = self.gathered_kind(gathered), f"{self.name}_gathered{number}"
        goal = "{" + row(self.plan.hosts[gathered.role], gathered.key) + "}"
        value = self.at_event(gathered.value)
        if kind == "own":
            return [self._gather_own(gathered, stem, goal, value)]
        if kind == "astrocyte":
            return [self._value_of_astrocyte(stem, value), self._collect_from_astrocytes(stem, goal)]
        if gathered.role != "post":
            raise NetworkError(
                f"A sum over synapses whose values differ can be read by postsynaptic cells, not by `{gathered.role}`, "
                "unless it is a trace that decays by itself. Let the synapse send an emission instead."
            )
        return [self._gather_synapses(stem, goal, value)]

    def _gather_own(self, gathered: Gathered, stem: str, goal: str, value: Node) -> Function:
        index = INDEX[gathered.role]
        function = self._function(
            f"gather_{stem}", ("low", "high", "now", "width"), "A value times the number of synapses."
        )
        self._leaves(function, lambda _: 1)
        weight = "_share" if gathered.mean else "_degree"
        function.leaf("share", 1, "{" + stem + weight + "}" + f"[{index}]")
        if gathered.mean:
            value = where(trace.name("share") > 0, value, number(0.0))
        else:
            value = value * trace.name("share")
        outside, inside = function.nested([(goal + f"[{index}]", value, 1)], 2)
        function.body = [*outside, f"for {index} in range(low, high):", *indented(inside)]
        return function

    def _value_of_astrocyte(self, stem: str, value: Node) -> Function:
        function = self._function(f"value_{stem}", ("low", "high", "now", "width"), "What each astrocyte contributes.")
        self._leaves(function, lambda _: 1)
        outside, inside = function.nested([("{" + f"{stem}_value" + "}[mate]", value, 1)], 2)
        function.body = [*outside, "for mate in range(low, high):", *indented(inside)]
        return function

    def _collect_from_astrocytes(self, stem: str, goal: str) -> Function:
        function = self._function(f"gather_{stem}", ("low", "high", "now", "width"), "Sums what astrocytes contribute.")
        first, mate, copies, values, share = (
            function.array(f"{stem}_{part}") for part in ("first", "mate", "copies", "value", "share")
        )
        function.body = [
            "for place in range(low, high):",
            "    total = 0.0",
            f"    for step in range({first}[place], {first}[place + 1]):",
            f"        total += {copies}[step] * {values}[{mate}[step]]",
            f"    {function.filled(goal)}[place] = total * {share}[place]",
        ]
        return function

    def _gather_synapses(self, stem: str, goal: str, value: Node) -> Function:
        function = self._over("synapse", f"gather_{stem}", [(goal + "[place] +=", value, 2)], "Sums over synapses.")
        filled, share = function.filled(goal), function.array(f"{stem}_share")
        function.scalars = (*function.scalars, "begin", "end")
        function.body = [
            f"{filled}[begin:end] = 0.0",
            *function.body,
            f"{filled}[begin:end] *= {share}[begin:end]",
        ]
        return function

    def needs_astrocyte_of(self) -> bool:
        """Whether some kernel asks for the astrocyte of a synapse directly."""
        functions = [self.deposit(), self.answer(), *(self.sweep(lv) for lv in self.all_swept())]
        functions += [self.follow(lv) for lv in INDEX if self.followers(lv)]
        functions += [f for n, g in enumerate(self.plan.gathered) if not self.summed(g) for f in self.gather(g, n)]
        return any(f is not None and f"{self.name}_astrocyte_of" in f.arrays for f in functions)

    def reads_directly(self, role: str) -> bool:
        """Whether kernels that run while spikes arrive read cells of a role that other threads step."""
        functions = [self.deposit(), self.answer()]
        host = self.plan.hosts[role]
        rows = {row(host, e.key) for e in (*host.system.states, *host.system.constants)}
        return any(f is not None and rows & f.arrays.keys() for f in functions) and role != "post"

    def all_swept(self) -> list[str]:
        """Levels that some partner's steps move along."""
        return [lv for lv in INDEX if any(lv in self.swept(role) for role in self.plan.projection.roles)]

    def summed(self, gathered: Gathered) -> bool:
        """Whether a gathered value is a trace that lives at the cell as a sum."""
        return gathered.state is not None and self.plan.level[gathered.state] == "sum"

    def gather_sum(self, gathered: Gathered) -> Function:
        """The kernel that gives a cell the mean over its step of a trace summed at it, and moves the sum along."""
        plan = self.plan
        assert gathered.state is not None
        host, stem = plan.hosts[gathered.role], self.state_row(gathered.state)
        own = plan.own_rate(gathered.state)
        assert own is not None
        function = self._function(f"gather_{stem}", ("low", "high", "elapsed"), "Mean and new value of a summed trace.")
        self._leaves(function, lambda _: 1)
        for text, suffix in (("before", ""), ("plain", "_sum"), ("late", "_late"), ("share", "_share")):
            function.leaf(text, 1, "{" + stem + suffix + "}[place]")
        h = trace.name("elapsed")
        before, plain, late, share = map(trace.name, ("before", "plain", "late", "share"))
        decay = exp(own * h)
        mean = (before * (decay - 1) / own + (late - plain) / own) / h
        targets = [
            ("{" + row(host, gathered.key) + "}[place]", mean * share, 1),
            ("{" + stem + "}[place]", before * decay + late, 1),
            ("{" + f"{stem}_sum" + "}[place]", number(0.0), 1),
            ("{" + f"{stem}_late" + "}[place]", number(0.0), 1),
        ]
        outside, inside = function.nested(targets, 2)
        function.body = [*outside, "for place in range(low, high):", *indented(inside)]
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
