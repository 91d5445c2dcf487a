"""The synapses of a running projection as arrays: every variable spread from where it lives to all synapses."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from tripartite.errors import NetworkError
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.interface import compiled
from tripartite.interpret.kernels.random import normal
from tripartite.interpret.kernels.trace import Node
from tripartite.network.connect import adjacency
from tripartite.network.connect.layout import Joined, Layout
from tripartite.network.plan.cells import mean_row, row
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE
from tripartite.network.run.samples import calculated


@compiled
def _normals(found, seed, stream, now):  # type: ignore[no-untyped-def]
    """The numbers that the kernels draw for each synapse at a step."""
    for edge in range(found.shape[0]):
        found[edge] = normal(seed, stream, (now << 32) + edge)


class Synaptic:
    """One projection of a running network; levels are in the order in which they are stored."""

    def __init__(self, layout: Layout, joined: Joined, seed: int):
        self.layout, self.joined, self.seed = layout, joined, seed
        self.plan, self.writer, self.memory = joined.plan, joined.writer, layout.memory
        self.projection = joined.plan.projection
        self._pairs: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    @cached_property
    def start(self) -> np.ndarray:
        """Where the synapses of every branch (presynaptic cell and delay) begin."""
        return self.memory[f"{self.plan.name}_cut"][:: self.layout.threads]

    @cached_property
    def targets(self) -> np.ndarray:
        return self.memory[f"{self.plan.name}_target"]

    @cached_property
    def branch_of(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def pairs(self, partner: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of every pair with a partner its branch and the partner's cell; of every synapse its pair."""
        if partner not in self._pairs:
            first, mate, _, pair_of = adjacency.pairs(self.start, self.joined.mates[partner])
            self._pairs[partner] = np.repeat(np.arange(len(first) - 1), np.diff(first)), mate, pair_of
        return self._pairs[partner]

    @cached_property
    def copies(self) -> np.ndarray | None:
        """How many equal parallel synapses each stored one stands for."""
        return self.memory[f"{self.plan.name}_multiplicity"] if self.writer.merged else None

    @cached_property
    def listed(self) -> np.ndarray | None:
        """Where every synapse stands in the order of `Network.edges`, if it stands elsewhere."""
        given, order = self.joined.given, self.joined.order
        return given if order is None else order if given is None else given[order]

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values of stored synapses for every synapse, in the order of `Network.edges`."""
        values = np.broadcast_to(values, (len(self.targets),))
        if self.copies is not None:
            values = np.repeat(values, self.copies.astype(int))
        if self.listed is None:
            return values
        found = np.empty_like(values)
        found[self.listed] = values
        return found

    def ends(self) -> dict[str, np.ndarray]:
        """The cell in each role (-1: none) of every synapse, by number in their groups."""
        found = {}
        for role, members in self.projection.roles.items():
            cells = self.joined.cells_of(role)
            found[role] = self.spread(np.where(cells < members.group.size, cells, -1))
        return found

    def values(self, key: str, step: int) -> np.ndarray:
        """A state, output or parameter of every synapse as it is at a step (internal unit)."""
        if self.plan.level.get(key) == SUM:
            raise NetworkError(
                f"`{key}` only exists as a sum at the cells that read it. Record the input of the cells: `Average` or "
                "`States` of the population."
            )
        node = self.writer.at_event(trace.as_node(self.plan.values[key]))
        return self.spread(np.asarray(calculated(node, self._read(node, SYNAPSE, step)), float))

    def amounts(self, amount: Node, step: int) -> np.ndarray:
        """What every stored synapse would send at a step (internal unit)."""
        node = self.writer.at_event(amount)
        found = np.asarray(calculated(node, self._read(node, SYNAPSE, step)), float)
        return np.broadcast_to(found, (len(self.targets),))

    def settle(self, step: int) -> None:
        """Move all states that follow closed forms to a step, before what their course depends on changes."""
        found = {}
        for level in self.plan.levels:
            for key in self.writer.lazy(level):
                node = self.writer._moved[key]
                found[self.writer.state_row(key)] = calculated(node, self._read(node, level, step))
        for key in self.writer.summed_up:
            row = self.writer.whole_row(key)
            grown = calculated(
                self.writer.integral(key), self._read(self.writer.integral(key), self.plan.level[key], step)
            )
            found[row] = self.memory[row] + grown
        for name, values in found.items():
            self.memory[name][:] = values
        for level in self.plan.levels:
            if self.writer.lazy(level):
                self.memory[self.writer.last_row(level)][:] = step

    def _cell(self, branch: np.ndarray) -> np.ndarray:
        return self.projection.pre.low + branch // len(self.joined.delays)

    def _place(self, level: str, on: str) -> Any:
        """For every element of the index set ``on``, the element of ``level`` that it belongs to."""
        if level in (on, SHARED):
            return slice(None)
        roles = self.plan.levels.roles
        if on not in (SYNAPSE, PRE, POST):
            (partner,) = roles[on] - {PRE}
            assert level in (PRE, partner), (level, on)
            return self.pairs(partner)[0 if level == PRE else 1]
        assert on == SYNAPSE, (level, on)
        if level == PRE:
            return self.branch_of
        if level == POST or level in self.joined.mates:
            return self.joined.cells_of(level)
        (partner,) = roles[level] - {PRE}
        return self.pairs(partner)[2]

    def _read(self, node: Node, on: str, step: int) -> dict[str, Any]:
        return {t: self._leaf(t, on, step) for t in self.plan.leaves_of(node)}

    def _leaf(self, text: str, on: str, step: int) -> Any:
        plan, writer, memory = self.plan, self.writer, self.memory
        for key, leaf in plan.leaves.items():
            if leaf.args[0] == text:
                return memory[writer.state_row(key)][self._place(plan.level[key], on)]
        for key in plan.switched:
            if text == writer.noise_of(key):
                found = np.empty(len(self.targets))
                _normals(found, self.seed, writer.noise_stream(key), step)
                return found
        if text.startswith("elapsed_"):
            level = text.removeprefix("elapsed_")
            return (step - memory[writer.last_row(level)][self._place(level, on)]) * self.layout.network.step
        for position, entry in enumerate(plan.system.parameters):
            if plan.names.names[entry.key] == text:
                if entry.key in plan.per_synapse:
                    return memory[writer.state_row(entry.key)][self._place(SYNAPSE, on)]
                return memory[f"{plan.name}_constants"][position]
        return self._foreign(*plan.foreign[text], on, step)

    def _foreign(self, role: str, key: str, on: str, step: int) -> Any:
        host = self.plan.hosts[role]
        constant = host.system.constant_position.get(key)
        if constant is not None and key not in host.varying | host.held:
            return self.memory[f"{host.name}_constants"][constant]
        found = mean_row(host, key[5:]) if key.startswith("mean:") else row(host, key)
        if role in self.plan.levels.lone:
            place: Any = self.projection.roles[role].low
        else:
            place = self._place(role, on)
        if role == PRE:
            place = self._cell(np.arange(len(self.start) - 1))[place]
        values = self.memory[found][place]
        return host.shown(values, step) if key in host.clocks else values
