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
from tripartite.network.plan.leaves import CELL, Clock, Drawn, Elapsed, Stored
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
        self.plan, self.reading, self.memory = joined.plan, joined.work.reading, layout.memory
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
        return self.memory[self.reading.multiplicity] if self.joined.merged else None

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
        for role, members in self.projection.stations.items():
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
        node = self.reading.at_event(trace.as_node(self.plan.values[key]))
        return self.spread(np.asarray(calculated(node, self._read(node, SYNAPSE, step)), float))

    def amounts(self, amount: Node, step: int) -> np.ndarray:
        """What every stored synapse would send at a step (internal unit)."""
        node = self.reading.at_event(amount)
        found = np.asarray(calculated(node, self._read(node, SYNAPSE, step)), float)
        return np.broadcast_to(found, (len(self.targets),))

    def settle(self, step: int) -> None:
        """Move all states that follow closed forms to a step, before what their course depends on changes."""
        found = {}
        for level in self.plan.levels:
            for key in self.reading.lazy(level):
                node = self.reading.moved[key]
                found[self.reading.state_row(key)] = calculated(node, self._read(node, level, step))
        for key in self.reading.summed_up:
            row = self.reading.whole_row(key)
            grown = calculated(
                self.reading.integral(key), self._read(self.reading.integral(key), self.plan.level[key], step)
            )
            found[row] = self.memory[row] + grown
        for name, values in found.items():
            self.memory[name][:] = values
        for level in self.plan.levels:
            if self.reading.lazy(level):
                self.memory[self.reading.last_row(level)][:] = step

    def _cell(self, branch: np.ndarray) -> np.ndarray:
        return self.projection.pre.low + branch // len(self.joined.delays)

    def _place(self, level: str, on: str) -> Any:
        """For every element of the index set ``on``, the element of ``level`` that it belongs to."""
        if level in (on, SHARED):
            return slice(None)
        if level == CELL:
            return self._cell(np.arange(len(self.start) - 1))[self._place(PRE, on)]
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
        """What a name stands for, for every element of an index set."""
        leaf = self.joined.work.leaves[text]
        if isinstance(leaf, Drawn):
            assert leaf.law == "normal" and on == SYNAPSE
            found = np.empty(len(self.targets))
            _normals(found, self.seed, leaf.stream, step)
            return found
        assert isinstance(leaf, Stored)
        values = self.memory[leaf.row]
        values = values[leaf.at] if isinstance(leaf.at, int) else values[self._place(leaf.at, on)]
        match leaf:
            case Elapsed():
                return (step - values) * self.layout.network.step
            case Clock(host=host):
                return host.shown(values, step)
        return values
