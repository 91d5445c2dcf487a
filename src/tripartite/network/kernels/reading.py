"""How the kernels of a projection read: every quantity of a synapse and its partners, by level and loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import mean_row, row
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.values import stream


class SynapseReader:
    """Names, levels and loads of one projection, for those who write its kernels."""

    def __init__(self, plan: SynapsePlan):
        self.plan = plan
        self.name = plan.name
        self.levels, self.index = plan.levels, plan.levels.index
        self.merged = False
        """Whether equal edges between two cells were made one, with a multiplicity."""
        self.exports: list[tuple[str, str]] = []
        """Rows of amounts that `arrive` leaves: (name, level)."""
        self.lists = {role: list(plan.lists(role).values()) for role in plan.projection.roles}
        """Events of the synapse that each list of spikes of a role brings about, in the order of the synapse."""
        self._moved = {k: self._advanced(k) for k in plan.leaves}

    def state_row(self, key: str) -> str:
        return f"{self.name}_{key.replace('.', '_')}"

    def last_row(self, level: str) -> str:
        return f"{self.name}_{level}_last"

    def whole_row(self, key: str) -> str:
        """The integral of a state since the step of the projection began, until it was last looked at."""
        return f"{self.state_row(key)}_whole"

    @cached_property
    def summed_up(self) -> list[str]:
        """Lazy states whose mean over a step matters: what is advanced reads them, and they may be looked at within."""
        plan = self.plan
        read = {text for rate in plan.step_rates.values() for text in plan.leaves_of(rate)}
        found = [key for key in plan.leaves if key in plan.lazy and plan.leaves[key].args[0] in read]
        swept = {plan.level[key] for key in plan.lazy if plan.clocked_by(key)}
        return [key for key in found if plan.ratio > 1 or plan.level[key] in swept]

    def looked(self, level: str, loop: int) -> list[tuple[str, Node, int]]:
        """What is kept of the lazy states of a level, besides their values, when they are looked at now."""
        if not self.lazy(level):
            return []
        at = f"[{self.index[level]}]"
        found = [("{" + self.last_row(level) + "}" + at, trace.name("now"), loop)]
        for key in self.summed_up:
            if self.plan.level[key] == level:
                found.append(("{" + self.whole_row(key) + "}" + at + " +=", self.integral(key), loop))
        return found

    def integral(self, key: str) -> Node:
        """The integral of a lazy state since it was last looked at."""
        elapsed = trace.name(f"elapsed_{self.plan.level[key]}")
        if key in self.plan.switched:
            return self.plan.switched[key].integral(elapsed)
        return courses.integral(self.plan.courses[key], elapsed)

    def lazy(self, level: str) -> list[str]:
        """States of a level that move by their closed form when somebody looks."""
        return [k for k in self.plan.leaves if k in self.plan.lazy and self.plan.level[k] == level]

    def _advanced(self, key: str) -> Node:
        plan = self.plan
        elapsed = trace.name(f"elapsed_{plan.level[key]}")
        if key in plan.switched:
            return plan.switched[key].value(elapsed, trace.name(self.noise_of(key)))
        if key not in plan.courses or plan.level[key] == SUM:
            return plan.leaves[key]
        return courses.value(plan.courses[key], elapsed)

    def noise_of(self, key: str) -> str:
        """The name of the normal number that moves a state with noise along."""
        return f"noise_{self.plan.leaves[key].args[0]}"

    def noise_stream(self, key: str) -> int:
        """What sets these numbers apart from all others."""
        return stream("noise", self.name, key)

    @property
    def drawn(self) -> dict[str, str]:
        """How each random number of a synapse is drawn, by name."""
        found = {}
        for text in sorted(self.plan.luck):
            found[text] = f"uniform(seed, {stream('chance', self.name, text)}, (now << 32) + edge)"
        for key in self.plan.switched:
            found[self.noise_of(key)] = f"normal(seed, {self.noise_stream(key)}, (now << 32) + edge)"
        return found

    def at_event(self, node: Node) -> Node:
        """A value of the moment of an event: every state moved from when it was last looked at."""
        return trace.substitute(node, {self.plan.leaves[k]: v for k, v in self._moved.items()})

    def known_at(self, node: Node) -> str:
        """Where on the way of a presynaptic spike a value is known: to all, its cell, one of its pairs, a synapse."""
        levels = {self.level_of(text) for text in self.plan.leaves_of(node)}
        roles = frozenset[str]().union(*(self.levels.roles[level] for level in levels))
        ways = [SHARED, PRE, *(paired(p) for p in self.levels.several if p in self.plan.paired)]
        return next((way for way in ways if roles <= self.levels.roles[way]), SYNAPSE)

    def level_of(self, text: str) -> str:
        """The level of a leaf."""
        plan = self.plan
        for key, leaf in plan.leaves.items():
            if leaf.args[0] == text:
                return plan.level[key]
        if text.startswith("elapsed_"):
            return text.removeprefix("elapsed_")
        for key in self.summed_up:
            if text == self.whole_row(key):
                return plan.level[key]
        if text in self.drawn:
            return SYNAPSE
        if text in plan.foreign:
            role, key = plan.foreign[text]
            return SHARED if role in self.levels.lone or self._same_for_all(role, key) else role
        return SYNAPSE if text in {plan.names.names[k] for k in plan.per_synapse} else SHARED

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
                function.leaf(text, depth(SYNAPSE), "{" + self.state_row(entry.key) + "}[edge]")
            else:
                function.leaf(text, 0, "{" + f"{self.name}_constants" + f"}}[{position}]")
        for key, leaf in plan.leaves.items():
            level = plan.level[key]
            if level != SUM:
                code = "{" + self.state_row(key) + "}" + f"[{self.index[level]}]"
                function.leaf(leaf.args[0], depth(level), code)
        for key in self.summed_up:
            text, level = self.whole_row(key), plan.level[key]
            function.leaf(text, depth(level), "{" + text + "}" + f"[{self.index[level]}]")
        for level, index in self.index.items():
            code = "(now - {" + self.last_row(level) + "}" + f"[{index}]) * {dt}"
            function.leaf(f"elapsed_{level}", depth(level), code)
        for text, (role, key) in plan.foreign.items():
            self._foreign_leaf(function, text, role, key, depth)
        for name, level in self.exports:
            function.leaf(name, depth(level), "{" + name + "}" + f"[{self.index[level]}]")
        for text in ("remaining", *self.remaining.values()):
            function.leaf(text, 0, text)
        for text, code in self.drawn.items():
            function.leaf(text, depth(SYNAPSE), code)

    def _copies(self, function: Function) -> None:
        """Tell a function how many equal synapses a stored one stands for."""
        function.leaf("copies", 2, "{" + f"{self.name}_multiplicity" + "}[edge]")

    @property
    def remaining(self) -> dict[str, str]:
        """What the time until a partner's step ends is called."""
        return {role: f"remaining_{role}" for role in (PRE, *self.levels.partners)}

    def _foreign_leaf(self, function: Function, text: str, role: str, key: str, depth: Callable[[str], int]) -> None:
        host = self.plan.hosts[role]
        if role in self.levels.lone:
            index, at = str(self.plan.projection.roles[role].low), 0
        else:
            index, at = {PRE: "cell", POST: "place"}.get(role) or self.index[role], depth(role)
        if key.startswith("mean:"):
            function.leaf(text, at, "{" + mean_row(host, key[5:]) + "}" + f"[{index}]")
        elif self._same_for_all(role, key):
            position = host.system.constant_position[key]
            function.leaf(text, 0, "{" + f"{host.name}_constants" + f"}}[{position}]")
        elif key in host.clocks:  # stored as the step at which it stood at zero
            stored = "{" + row(host, key) + "}" + f"[{index}]"
            function.leaf(text, at, host.since(key, stored))
        else:
            function.leaf(text, at, "{" + row(host, key) + "}" + f"[{index}]")

    @property
    def mergeable(self) -> bool:
        """Whether synapses between the same two cells are all alike, so that one can stand for several."""
        plan = self.plan
        alike = not plan.per_synapse and SYNAPSE not in plan.level.values() and not plan.seeded
        return plan.placement.merges and alike

    def _edge_indices(self, function: Function, text: str) -> list[str]:
        """How the cells and the pair of a synapse are found, as far as the text needs them."""
        loads = []
        if "[place]" in text:
            loads.append(f"place = {function.array(f'{self.name}_target')}[edge]")
        for partner in self.levels.several:
            if f"[pair_{partner}]" in text:
                loads.append(f"pair_{partner} = {function.array(f'{self.name}_{partner}_pair_of')}[edge]")
            if f"[mate_{partner}]" in text:
                loads.append(f"mate_{partner} = {function.array(f'{self.name}_{partner}_of')}[edge]")
        return loads

    # Loops

    def _over_pairs(self, function: Function, partner: str, first: str, end: str, lines: list[str]) -> list[str]:
        """A loop over the pairs of a branch with a partner, from one cut to another."""
        if not lines:
            return []
        cut, mate = (function.array(f"{self.name}_{partner}_{part}") for part in ("cut", "mate"))
        return [
            f"for pair_{partner} in range({cut}[{first}], {cut}[{end}]):",
            *indented([f"mate_{partner} = {mate}[pair_{partner}]", *lines]),
        ]

    def _over(
        self,
        level: str,
        name: str,
        targets: list[Any],
        summary: str,
        *more: str,
        leaves: Mapping[str, str] | None = None,
    ) -> Function:
        """A loop over all that a thread owns of a level."""
        scalars = ("low", "high", "now", "width", "base", "delays", "thread", "threads", *more)
        function = self._function(name, scalars, summary)
        self._leaves(function, lambda _: 2)
        self._copies(function)
        for leaf, code in (leaves or {}).items():
            function.leaf(leaf, 2, code)
        outside, _, inside = function.nested(targets, 3)
        text = "\n".join(inside)
        if level == SHARED:
            loop = ["if thread == 0:", *indented(inside)]
        elif level not in (PRE, SYNAPSE, *map(paired, self.levels.several)):
            loop = [f"for {self.index[level]} in range(low, high):", *indented(inside)]
        elif level == PRE:
            head = ["cell = base + branch // delays"] if "[cell]" in text else []
            loop = ["for branch in range((low - base) * delays, (high - base) * delays):", *indented([*head, *inside])]
        elif level != SYNAPSE:
            (partner,) = self.levels.roles[level] - {PRE}
            head = ["cell = base + branch // delays"] if "[cell]" in text else []
            pairs = self._over_pairs(function, partner, "branch * threads", "(branch + 1) * threads", inside)
            loop = ["for branch in range((low - base) * delays, (high - base) * delays):", *indented([*head, *pairs])]
        else:
            cut = function.array(f"{self.name}_cut")
            loads = self._edge_indices(function, text)
            head = ["    cell = base + branch // delays"] if "[cell]" in text else []
            loop = [
                "for branch in range((low - base) * delays, (high - base) * delays):",
                *head,
                f"    for edge in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):",
                *indented([*loads, *inside], 2),
            ]
        function.body = [*outside, *loop]
        return function
