"""The phases in which spikes come: Poisson inputs, arrivals at synapses, answers, and the lists of new ones."""

from __future__ import annotations

from tripartite.errors import NetworkError
from tripartite.network.build.layout import Joined, Spikes
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import CellPlan
from tripartite.network.run.loop import Loop, ends, slots, whole
from tripartite.network.values import stream

_GOALS = {"deposit": "post", "reach": "astrocyte"}
"""Who gets what the kernels at presynaptic spikes bring."""


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
            bottom, top = ends(item.cells, name)
            lines.append(
                f"rain({slot}, {name}_low, {name}_high, {bottom}, {top}, inputs_mean[{place}], "
                f"inputs_amount[{place}], seed, {origin}, now)"
            )
        return lines

    def arrivals(self) -> list[str]:
        lines = []
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes, part["arrivals"], strict=True):
                if "arrive" in kernels:
                    lines += self._over_delays(joined, spikes, [(kernels["arrive"], "none")], own=True)
        # Amounts that a thread's cells leave are brought to all cells only when all have left theirs.
        lines += self.wait() if lines else []
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes, part["arrivals"], strict=True):
                calls = [(kernels[kind], role) for kind, role in _GOALS.items() if kind in kernels]
                if calls:
                    lines += self._over_delays(joined, spikes, calls)
        for joined, part in self._projections():
            for spikes, function in zip(joined.post_spikes, part["answers"], strict=True):
                if function is not None:
                    lines += self._answers(joined, spikes, function)
        return lines

    def _over_delays(
        self, joined: Joined, spikes: Spikes, calls: list[tuple[Function, str]], own: bool = False
    ) -> list[str]:
        """Calls for all spikes of a list that reach a projection; those of this thread's cells only if ``own``."""
        projection, name = joined.plan.projection, joined.plan.name
        inner = []
        for function, role in calls:
            host = joined.plan.hosts.get(role)
            remaining = self._remaining(host) if host else "0.0"
            third = joined.plan.hosts.get("astrocyte")
            inner.append(
                function.call(
                    f"{spikes.name}_ring",
                    "first",
                    "end",
                    "delay",
                    "now",
                    repr(self.step),
                    str(projection.pre.low),
                    f"{name}_delays.shape[0]",
                    "thread",
                    "threads",
                    remaining,
                    self._remaining(third) if third else "0.0",
                )
            )
        body = [f"first, end = {self._segment(spikes, 'part')}"]
        if not whole(projection.pre):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.pre.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.pre.high})",
            ]
        body += ["if first < end:", *indented(inner)]
        parts = ["part = thread", *body] if own else ["for part in range(threads):", *indented(body)]
        return [
            f"for delay in range({name}_delays.shape[0]):",
            f"    back = now - 1 - {name}_delays[delay]",
            "    if back >= 0:",
            f"        slot = back % {slots(spikes)}",
            *indented(parts, 2),
        ]

    def _answers(self, joined: Joined, spikes: Spikes, function: Function) -> list[str]:
        projection = joined.plan.projection
        host = joined.plan.hosts["post"]
        call = function.call(
            f"{spikes.name}_ring",
            "first",
            "end",
            "0",
            "now",
            repr(self.step),
            str(projection.post.low),
            f"{joined.plan.name}_delays.shape[0]",
            "thread",
            "threads",
            self._remaining(host),
            "0.0",
        )
        slot = f"slot = (now - 1) % {slots(spikes)}"
        body = [slot, "part = thread", f"first, end = {self._segment(spikes, 'part')}"]
        if not whole(projection.post):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.post.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.post.high})",
            ]
        return ["if now > 0:", *indented([*body, "if first < end:", f"    {call}"])]

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
