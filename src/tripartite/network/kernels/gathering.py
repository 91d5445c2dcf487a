"""The kernels of a projection, complete with those for what cells read of all their synapses: `gather`."""

from __future__ import annotations

from tripartite.errors import NetworkError
from tripartite.interpret.kernels import courses
from tripartite.interpret.kernels.trace import Node, name, number
from tripartite.language.functions import where
from tripartite.network.kernels.between import BetweenWriter
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.reading import INDEX
from tripartite.network.plan.cells import row
from tripartite.network.plan.synapses import Gathered


class SpikeWriter(BetweenWriter):
    """Writes the kernels of one projection and lists the rows that they leave amounts in."""

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
            value = where(name("share") > 0, value, number(0.0))
        else:
            value = value * name("share")
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
        functions = [*self._at_spikes(), *(self.sweep(lv) for lv in self.all_swept())]
        functions += [self.follow(*group) for group in self.followers()]
        functions += [f for n, g in enumerate(self.plan.gathered) if not self.summed(g) for f in self.gather(g, n)]
        return any(f"{self.name}_astrocyte_of" in f.arrays for f in functions)

    def answers_synapses(self) -> bool:
        """Whether postsynaptic spikes reach every synapse of their cell."""
        found = [self.answer(n) for n in range(len(self.post_lists))]
        return any(f is not None and f"{self.name}_into" in f.arrays for f in found)

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
        found += [self.answer(n) for n in range(len(self.post_lists))]
        return [function for function in found if function is not None]

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
        for text, suffix in (("before", ""), ("late", "_late"), ("whole", "_whole"), ("share", "_share")):
            function.leaf(text, 1, "{" + stem + suffix + "}[place]")
        h = name("elapsed")
        before, late, whole, share = map(name, ("before", "late", "whole", "share"))
        mean = (before * courses.response(courses.integrated((own,)), h) + whole) / h
        targets = [
            ("{" + row(host, gathered.key) + "}[place]", mean * share, 1),
            ("{" + stem + "}[place]", before * courses.response((own,), h) + late, 1),
            ("{" + f"{stem}_late" + "}[place]", number(0.0), 1),
            ("{" + f"{stem}_whole" + "}[place]", number(0.0), 1),
        ]
        outside, inside = function.nested(targets, 2)
        function.body = [*outside, "for place in range(low, high):", *indented(inside)]
        return function
