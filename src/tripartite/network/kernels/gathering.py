"""The kernels of a projection, complete with those for what cells read of all their synapses: `gather`."""

from __future__ import annotations

from functools import cached_property

from tripartite.interpret.kernels import courses
from tripartite.interpret.kernels.trace import Node, name, number
from tripartite.language.functions import where
from tripartite.network.kernels.advancing import AdvanceWriter
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import gathered_row, row
from tripartite.network.plan.given import Gathered
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE

OWN, SYNAPSES = "own", "synapses"
"""Whose value is gathered, where it is no partner's."""


class SpikeWriter(AdvanceWriter):
    """Writes the kernels of one projection and lists the rows that they leave amounts in."""

    def source_of(self, gathered: Gathered) -> str:
        """Whose value is gathered: that of the reading cell ("own"), of a partner by its name, or of each synapse."""
        texts = self.plan.leaves_of(gathered.value)
        levels = {self.level_of(text) for text in texts} - {SHARED}
        branched = gathered.role == PRE and not texts.isdisjoint(leaf.args[0] for leaf in self.plan.leaves.values())
        if levels <= {gathered.role} and not branched:
            return OWN
        if len(levels) == 1 and levels <= set(self.levels.several) and gathered.role == POST:
            return levels.pop()
        return SYNAPSES

    def gather(self, gathered: Gathered) -> list[Function]:
        """The kernels for any other value: of the own cell, of a partner (valued, then collected), or of synapses."""
        source, stem = self.source_of(gathered), gathered.source
        goal = "{" + gathered_row(self.plan.hosts[gathered.role], gathered.key, gathered.source) + "}"
        value = self.at_event(gathered.value)
        if source == OWN:
            return [self._gather_own(gathered, stem, goal, value)]
        if source != SYNAPSES:
            return [self._value_of_partner(source, stem, value), self._collect_from_partners(stem, goal)]
        if gathered.role != POST:
            return [self._pull_from_synapses(gathered.role, stem, goal, value)]
        return [self._gather_synapses(stem, goal, value)]

    def _gather_own(self, gathered: Gathered, stem: str, goal: str, value: Node) -> Function:
        index = "cell" if gathered.role == PRE else self.index.get(gathered.role, "cell")
        function = self._function(
            f"gather_{stem}", ("low", "high", "now", "width"), "A value times the number of synapses."
        )
        self._leaves(function, lambda _: 1)
        weight = "_share" if gathered.mean else "_degree"
        function.leaf("share", 1, "{" + stem + weight + "}" + f"[{index}]")
        if gathered.mean:
            value = where(name("share") > 0, value, number(0.0))
        else:
            value = value * name("share")
        outside, inside = function.nested([(goal + f"[{index}]", value, 1)], 2)
        function.body = [*outside, f"for {index} in range(low, high):", *indented(inside)]
        return function

    def _value_of_partner(self, partner: str, stem: str, value: Node) -> Function:
        function = self._function(f"value_{stem}", ("low", "high", "now", "width"), "What each partner contributes.")
        self._leaves(function, lambda _: 1)
        index = self.index[partner]
        outside, inside = function.nested([("{" + f"{stem}_value" + "}" + f"[{index}]", value, 1)], 2)
        function.body = [*outside, f"for {index} in range(low, high):", *indented(inside)]
        return function

    def _collect_from_partners(self, stem: str, goal: str) -> Function:
        function = self._function(f"gather_{stem}", ("low", "high", "now", "width"), "Sums what partners contribute.")
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
        targets = self._multiplied([(goal + "[place] +=", value, 2)])
        function = self._over(SYNAPSE, f"gather_{stem}", targets, "Sums over synapses.")
        filled, share = function.filled(goal), function.array(f"{stem}_share")
        function.scalars = (*function.scalars, "begin", "end")
        function.body = [
            "for place in range(begin, end):",
            f"    {filled}[place] = 0.0",
            *function.body,
            "for place in range(begin, end):",
            f"    {filled}[place] *= {share}[place]",
        ]
        return function

    def pulls(self, gathered: Gathered) -> bool:
        """Whether cells sum over synapses that other threads own."""
        far = not self.summed(gathered) and self.source_of(gathered) == SYNAPSES
        return far and gathered.role != POST

    def _pull_from_synapses(self, role: str, stem: str, goal: str, value: Node) -> Function:
        """Sums over the synapses in the list of each cell, for cells that do not own their synapses."""
        scalars = ("low", "high", "now", "width", "base", "delays")
        function = self._function(f"gather_{stem}", scalars, "Sums over the synapses of a cell.")
        self._leaves(function, lambda _: 2)
        self._copies(function)
        outside, _, inside = function.nested(self._multiplied([("total +=", value, 2)]), 3)
        text = "\n".join(inside)
        begin, edges = (function.array(f"{self.name}_{part}_{role}") for part in ("around", "attached"))
        share = function.array(f"{stem}_share")
        loads = [f"edge = {edges}[step]"]
        if "[branch]" in text or "[cell]" in text:
            loads.append(f"branch = {function.array(f'{self.name}_branch_of')}[edge]")
        if "[cell]" in text:
            loads.append("cell = base + branch // delays")
        function.body = [
            *outside,
            "for owner in range(low, high):",
            "    total = 0.0",
            f"    for step in range({begin}[owner], {begin}[owner + 1]):",
            *indented([*loads, *self._edge_indices(function, text), *inside], 2),
            f"    {function.filled(goal)}[owner] = total * {share}[owner]",
        ]
        return function

    @cached_property
    def lists_read(self) -> frozenset[str]:
        """Arrays that the kernels read, which are to be made of the connections."""
        functions = [*self._at_spikes(), *(self.sweep(lv) for lv in self.all_swept())]
        functions += [self.follow(*group) for group in self.followers()]
        functions += [self.advance(level) for level in self.plan.advanced]
        functions += [self.restart(level) for level in self.restarted()]
        functions += [f for f in [self.release()] if f is not None]
        functions += [f for g in self.plan.gathered if not self.summed(g) for f in self.gather(g)]
        return frozenset(array for function in functions for array in function.arrays)

    def reads_directly(self, role: str) -> bool:
        """Whether kernels that run while spikes arrive read cells of a role that other threads step."""
        return role != "post" and any(self.reads_cells(role, function) for function in self._at_spikes())

    def reads_cells(self, role: str, function: Function) -> bool:
        """Whether a kernel reads states or constants of the cells in a role."""
        host = self.plan.hosts[role]
        return not function.arrays.keys().isdisjoint(
            row(host, e.key) for e in (*host.system.states, *host.system.constants)
        )

    def _at_spikes(self) -> list[Function]:
        """The kernels that walk over synapses when spikes come."""
        found = [self.deposit(arrival) for arrival in self.arrivals]
        found += [self.answer(n) for n in range(len(self.lists[POST]))]
        for partner in self.levels.partners:
            found += [f for n in range(len(self.lists[partner])) for f in self.hear(partner, n).values()]
        return [function for function in found if function is not None]

    def summed(self, gathered: Gathered) -> bool:
        """Whether a gathered value is a trace that lives at the cell as a sum."""
        return gathered.state is not None and self.plan.level[gathered.state] == SUM

    def gather_sum(self, gathered: Gathered) -> Function:
        """The kernel that gives a cell the mean over its step of a trace summed at it, and moves the sum along."""
        plan = self.plan
        assert gathered.state is not None
        host, stem = plan.hosts[gathered.role], self.state_row(gathered.state)
        own = plan.own_rate(gathered.state)
        assert own is not None
        function = self._function(f"gather_{stem}", ("low", "high", "elapsed"), "Mean and new value of a summed trace.")
        self._leaves(function, lambda _: 1)
        for text, suffix in (("before", ""), ("late", "_late"), ("whole", "_whole"), ("share", "_share")):
            function.leaf(text, 1, "{" + stem + suffix + "}[place]")
        h = name("elapsed")
        before, late, whole, share = map(name, ("before", "late", "whole", "share"))
        mean = (before * courses.response(courses.integrated((own,)), h) + whole) / h
        targets = [
            ("{" + gathered_row(host, gathered.key, gathered.source) + "}[place]", mean * share, 1),
            ("{" + stem + "}[place]", before * courses.response((own,), h) + late, 1),
            ("{" + f"{stem}_late" + "}[place]", number(0.0), 1),
            ("{" + f"{stem}_whole" + "}[place]", number(0.0), 1),
        ]
        outside, inside = function.nested(targets, 2)
        function.body = [*outside, "for place in range(low, high):", *indented(inside)]
        return function
