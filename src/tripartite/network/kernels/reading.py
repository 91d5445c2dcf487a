"""How the kernels of a projection read: every quantity of a synapse and its partners, by index set and loop."""

from __future__ import annotations

from collections.abc import Callable

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node
from tripartite.network.kernels.function import Function
from tripartite.network.plan.cells import mean_row, row
from tripartite.network.plan.synapses import SynapsePlan

INDEX = {"pre": "branch", "pair": "pair", "synapse": "edge", "post": "place", "astrocyte": "mate"}
"""The variable that runs over each index set in generated loops."""
SHARED, PRE, PAIR, SYNAPSE = range(4)


class SynapseReader:
    """Names, levels and loads of one projection, for those who write its kernels."""

    def __init__(self, plan: SynapsePlan):
        self.plan = plan
        self.name = plan.name
        self.paired = "pair" in plan.level.values()
        self.merged = False
        """Whether equal edges between two cells were made one, with a multiplicity."""
        self.exports: list[tuple[str, str]] = []
        """Rows of amounts that `arrive` leaves: (name, level)."""
        self.pre_lists, self.post_lists = list(plan.lists("pre").values()), list(plan.lists("post").values())
        """Events of the synapse that each list of spikes of a role brings about, in the order of the synapse."""
        self._moved = {k: self._advanced(k) for k in plan.leaves}

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
        function.leaf("remaining_each", 0, "remaining_each")

    def _foreign_leaf(self, function: Function, text: str, role: str, key: str, depth: Callable[[str], int]) -> None:
        host = self.plan.hosts[role]
        index = {"pre": "cell", "post": "place", "astrocyte": "mate"}[role]
        if key.startswith("mean:"):
            function.leaf(text, depth(role), "{" + mean_row(host, key[5:]) + "}" + f"[{index}]")
        elif self._same_for_all(role, key):
            position = host.system.constant_position[key]
            function.leaf(text, 0, "{" + f"{host.name}_constants" + f"}}[{position}]")
        elif key in host.clocks:  # stored as the step at which it stood at zero
            stored = "{" + row(host, key) + "}" + f"[{index}]"
            function.leaf(text, depth(role), host.since(key, stored))
        else:
            function.leaf(text, depth(role), "{" + row(host, key) + "}" + f"[{index}]")

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
