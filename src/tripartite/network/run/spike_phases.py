"""The phases in which spikes come: Poisson inputs, arrivals at synapses, answers, and the lists of new ones."""

from __future__ import annotations

from tripartite.errors import NetworkError
from tripartite.network.connect.layout import Joined, Spikes
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import CellPlan
from tripartite.network.plan.levels import POST, PRE, SYNAPSE
from tripartite.network.population import Members
from tripartite.network.run.loop import Loop, ends, slots, whole
from tripartite.network.values import stream


class SpikePhases(Loop):
    """Lines for all that spikes do, and for what becomes of new ones."""

    def inputs(self) -> list[str]:
        lines = []
        for place, item in enumerate(self.network.inputs):
            name = self.network.names[id(item.cells.group)]
            plan = self.layout.cells[name]
            if plan.responses(item.key):
                raise NetworkError(
                    f"A Poisson input goes to cells that step with the network; `{name}` has a longer step. Project to "
                    "it from a `PoissonGroup`, or shorten its step."
                )
            alike = [i for i in self.network.inputs[:place] if (i.cells.group, i.key) == (item.cells.group, item.key)]
            origin = stream("input", name, item.key, len(alike))
            (slot,) = plan.slots(item.key)
            which, kernel = ", ".join(ends(item.cells, name)), "rain"
            if item.cells.listed is not None:
                which, kernel = f"inputs{place}_cells", "sprinkle"
            lines.append(
                f"{kernel}({slot}, {name}_low, {name}_high, {which}, inputs_mean[{place}], "
                f"inputs_amount[{place}], seed, {origin}, now)"
            )
        return lines

    def arrivals(self) -> list[str]:
        lines = self._released()
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes[PRE], part.arrivals, strict=True):
                if "arrive" in kernels:
                    lines += self._over_delays(joined, spikes, [kernels["arrive"]], own=True)
        # Amounts that a thread's cells leave are brought to all cells only when all have left theirs.
        lines += self.wait() if lines else []
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes[PRE], part.arrivals, strict=True):
                calls = [function for kind, function in kernels.items() if kind != "arrive"]
                if calls:
                    lines += self._over_delays(joined, spikes, calls)
        for joined, part in self._projections():
            for spikes, function in zip(joined.spikes[POST], part.answers, strict=True):
                if function is not None:
                    lines += self._answers(joined, spikes, function)
        return lines

    def _released(self) -> list[str]:
        """Lines for what thresholds of synapses sent at the end of the step before."""
        calls, rows = [], []
        for joined, part in self._projections():
            if part.release is not None:
                more = (*self._partner_times(joined), self._remaining_of(joined, POST))
                calls.append(self._over(joined, SYNAPSE, part.release, "now", *more))
                rows += joined.work.left_rows()
        if not calls:
            return []
        return [*calls, *self.wait(), "if thread == 0:", *indented([f"{row}[:] = 0.0" for row in rows])]

    def heard(self) -> list[str]:
        """Lines for events of partners."""
        lines = []
        for joined, part in self._projections():
            for partner, lists in part.heard.items():
                for spikes, kernels in zip(joined.spikes[partner], lists, strict=True):
                    lines += self._heard(joined, partner, spikes, kernels) if kernels else []
        return lines

    def _heard(self, joined: Joined, partner: str, spikes: Spikes, kernels: dict[str, Function]) -> list[str]:
        """Lines for one list: level after level, threads meeting between them.

        Synapses belong to the thread of their postsynaptic cell, which looks at the events of all threads.
        """
        projection, lines = joined.plan.projection, []
        for level, function in kernels.items():
            if partner in joined.plan.levels.lone:
                more = (*self._partner_times(joined), self._remaining_of(joined, POST))
                calls = [self._over(joined, level, function, "now", *more)]
            else:
                calls = [function.call(*self._at_spikes(joined, spikes, "0", projection.pre.low))]
            body = [*self._segment_of(spikes, projection.stations[partner]), "if first < end:", *indented(calls)]
            everyone = level == SYNAPSE or partner in joined.plan.levels.lone
            lines += [] if level == SYNAPSE else self.wait()
            lines += ["for part in range(threads):", *indented(body)] if everyone else ["part = thread", *body]
        back = f"now - {1 + joined.after[partner]}"
        some = f"if spiked({spikes.name}_counts, slot * threads, (slot + 1) * threads):"
        inner = [f"slot = ({back}) % {slots(spikes)}", some, *indented([*lines, *self.wait()])]
        return [f"if {back} >= 0:", *indented(inner)]

    def _over_delays(self, joined: Joined, spikes: Spikes, calls: list[Function], own: bool = False) -> list[str]:
        """Calls for all spikes of a list that reach a projection; those of this thread's cells only if ``own``."""
        projection, name = joined.plan.projection, joined.plan.name
        scalars = self._at_spikes(joined, spikes, "delay", projection.pre.low)
        inner = [function.call(*scalars) for function in calls]
        body = [*self._segment_of(spikes, projection.pre), "if first < end:", *indented(inner)]
        parts = ["part = thread", *body] if own else ["for part in range(threads):", *indented(body)]
        return [
            f"for delay in range({name}_delays.shape[0]):",
            f"    back = now - 1 - {name}_delays[delay]",
            "    if back >= 0:",
            f"        slot = back % {slots(spikes)}",
            *indented(parts, 2),
        ]

    def _answers(self, joined: Joined, spikes: Spikes, function: Function) -> list[str]:
        post = joined.plan.projection.post
        call = function.call(*self._at_spikes(joined, spikes, "0", post.low))
        body = [f"slot = (now - 1) % {slots(spikes)}", "part = thread", *self._segment_of(spikes, post)]
        return ["if now > 0:", *indented([*body, "if first < end:", f"    {call}"])]

    def _segment_of(self, spikes: Spikes, cells: Members) -> list[str]:
        """Where the spikes of chosen cells begin and end in the part of a thread."""
        lines = [f"first, end = {self._segment(spikes, 'part')}"]
        if not whole(cells):
            lines += [
                f"first = position({spikes.name}_ring, first, end, {cells.low})",
                f"end = position({spikes.name}_ring, first, end, {cells.high})",
            ]
        return lines

    def _at_spikes(self, joined: Joined, spikes: Spikes, delay: str, base: int) -> list[str]:
        """What kernels at spikes are called with, before their arrays."""
        return [
            f"{spikes.name}_ring",
            "first",
            "end",
            delay,
            "now",
            repr(self.step),
            str(base),
            f"{joined.plan.name}_delays.shape[0]",
            "thread",
            "threads",
            self._remaining_of(joined, POST),
            *self._partner_times(joined),
        ]

    def _partner_times(self, joined: Joined) -> list[str]:
        return [self._remaining_of(joined, role) for role in joined.work.reading.remaining]

    def _remaining_of(self, joined: Joined, role: str) -> str:
        host = joined.plan.hosts.get(role)
        return "0.0" if host is None else self._remaining(host)

    def _collected(self, spikes: Spikes, plan: CellPlan | None) -> list[str]:
        name = spikes.group
        low, high = f"{name}_low", f"{name}_high"
        flags = f"{name}_flags{spikes.crossing}"
        call = f"collect({flags}, {low}, {high}, {spikes.name}_ring, {spikes.name}_counts, slot, thread, threads)"
        logs = ", ".join(f"{spikes.name}_log_{part}" for part in ("steps", "cells", "counts"))
        number_ = list(self.layout.spikes).index(spikes.name)
        lines = [
            f"slot = now % {slots(spikes)}",
            f"found = {call}",
            f"if logged[{number_}] != 0 and found > 0:",
            f"    note({spikes.name}_ring, slot * {name}_size + {low}, found, now, {logs}, thread, threads)",
        ]
        if plan is None or plan.ratio == 1:
            return lines
        empty = [f"{spikes.name}_counts[(now % {slots(spikes)}) * threads + thread] = 0"]
        return [f"if due{plan.ratio}:", *indented(lines), "else:", *indented(empty)]
