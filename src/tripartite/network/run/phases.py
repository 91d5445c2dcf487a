"""The phases of a step, written out for one network: which kernel runs when, and where threads wait.

Poisson inputs; arrivals of spikes at synapses, answers to postsynaptic ones; what must move along before cells
step; steps and lists of spikes; what cells show to others; what synapses share, for arrivals at the next step.
"""

from __future__ import annotations

from typing import Any

from tripartite.errors import NetworkError
from tripartite.network.build.layout import Joined, Layout, Spikes
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.stepping import SCALARS
from tripartite.network.plan.cells import CellPlan, mean_row, row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.sources import PoissonGroup
from tripartite.network.values import stream

SAMPLED = ("table", "listed", "out")


class Phases:
    """Lines of the loop over steps, phase by phase."""

    def __init__(self, layout: Layout):
        self.layout, self.network, self.memory = layout, layout.network, layout.memory
        self.step = self.network.step
        self.stepping: dict[str, Function] = {}
        """The kernel of every population."""
        self.parts: list[dict[str, Any]] = []
        """The kernels of every projection, by what they do."""
        self.coupled: list[tuple[CouplingPlan, Function]] = []
        """The kernels of couplings."""

    def wait(self) -> list[str]:
        """Threads meet."""
        return ["round_ += 1", "wait(gate, threads, round_)"]

    def inputs(self) -> list[str]:
        lines = []
        for place, item in enumerate(self.network.inputs):
            name = self.network.names[id(item.cells.group)]
            slot, *late = self.layout.cells[name].slots(item.key)
            if late:
                raise NetworkError(
                    f"A Poisson input goes to cells that step with the network; `{name}` has a longer step. Project to "
                    "it from a `PoissonGroup`, or shorten its step."
                )
            alike = [i for i in self.network.inputs[:place] if (i.cells.group, i.key) == (item.cells.group, item.key)]
            origin = stream("input", name, item.key, len(alike))
            lines.append(
                f"rain({slot}, {name}_low, {name}_high, {item.cells.low}, {item.cells.high}, inputs_mean[{place}], "
                f"inputs_amount[{place}], seed, {origin}, now)"
            )
        return lines

    def _remaining(self, plan: CellPlan) -> str:
        """Time (ms) from now to the end of the step in which a population is."""
        if plan.ratio == 1:
            return repr(self.step)
        return f"({plan.ratio} - now % {plan.ratio}) * {self.step!r}"

    def arrivals(self) -> list[str]:
        lines = []
        for joined, part in zip(self.layout.joined, self.parts, strict=True):
            calls = [
                (part[kind], {"deposit": "post", "reach": "astrocyte"}[kind])
                for kind in ("deposit", "reach")
                if kind in part
            ]
            if calls:
                lines += self._over_delays(joined, calls, back=1)
        for joined, part in zip(self.layout.joined, self.parts, strict=True):
            if "answer" in part:
                lines += self._answers(joined, part["answer"])
        return lines

    def _over_delays(
        self, joined: Joined, calls: list[tuple[Function, str]], back: int, own: bool = False
    ) -> list[str]:
        """Calls for all spikes that reach a projection; those of this thread's cells only if ``own``."""
        spikes, projection, name = joined.spikes, joined.plan.projection, joined.plan.name
        when = "now" if back else "now + 1"
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
                    when,
                    repr(self.step),
                    str(projection.pre.low),
                    str(len(joined.delays)),
                    "thread",
                    "threads",
                    remaining,
                    self._remaining(third) if third else "0.0",
                )
            )
        body = [f"first, end = {self._segment(spikes, 'part')}"]
        if (projection.pre.low, projection.pre.high) != (0, spikes.size):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.pre.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.pre.high})",
            ]
        body += ["if first < end:", *indented(inner)]
        parts = ["part = thread", *body] if own else ["for part in range(threads):", *indented(body)]
        shift = " - 1" if back else ""
        return [
            f"for delay in range({len(joined.delays)}):",
            f"    back = now{shift} - {name}_delays[delay]",
            "    if back >= 0:",
            f"        slot = back % {spikes.slots}",
            *indented(parts, 2),
        ]

    def _segment(self, spikes: Spikes, part: str) -> str:
        begin = f"slot * {spikes.size} + {spikes.group}_bounds[{part}]"
        return f"{begin}, {begin} + {spikes.name}_counts[slot * threads + {part}]"

    def _answers(self, joined: Joined, function: Function) -> list[str]:
        spikes, projection = joined.post_spikes, joined.plan.projection
        assert spikes is not None
        host = joined.plan.hosts["post"]
        call = function.call(
            f"{spikes.name}_ring",
            "first",
            "end",
            "0",
            "now",
            repr(self.step),
            str(projection.post.low),
            str(len(joined.delays)),
            "thread",
            "threads",
            self._remaining(host),
            "0.0",
        )
        body = [f"slot = (now - 1) % {spikes.slots}", "part = thread", f"first, end = {self._segment(spikes, 'part')}"]
        if (projection.post.low, projection.post.high) != (0, spikes.size):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.post.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.post.high})",
            ]
        return ["if now > 0:", *indented([*body, "if first < end:", f"    {call}"])]

    def _due(self, plan: CellPlan, lines: list[str]) -> list[str]:
        """Lines that run when a population takes its step."""
        if not lines or plan.ratio == 1:
            return lines
        return [f"if (now + 1) % {plan.ratio} == 0:", *indented(lines)]

    def before_steps(self) -> list[str]:
        """What must happen before populations step: synapses move along, amounts are summed."""
        lines = []
        for name, plan in self.layout.cells.items():
            todo: list[str] = []
            for joined, part in zip(self.layout.joined, self.parts, strict=True):
                roles = [r for r, h in joined.plan.hosts.items() if h is plan]
                for level, function in part["sweep"].items():
                    if any(level in joined.writer.swept(role) for role in roles):
                        todo.append(self._over(joined, level, function, "now + 1"))
            sums = []
            for joined in self.layout.joined:
                if joined.plan.hosts.get("astrocyte") is plan:
                    sums += self._sum_each(joined, name)
            reads = any(
                joined.plan.hosts.get(role) is plan and (role == "astrocyte" or role == "pre")
                for joined in self.layout.joined
                for role in joined.plan.hosts
                if joined.writer.reads_directly(role)
            )
            if todo or sums or reads:
                todo += [*self.wait(), *sums]
            lines += self._due(plan, todo)
        return lines

    def _sum_each(self, joined: Joined, name: str) -> list[str]:
        lines = []
        stem = joined.plan.name
        for each, goal in joined.writer.each_rows():
            lines += [
                f"for mate in range({name}_low, {name}_high):",
                f"    for step in range({stem}_around[mate], {stem}_around[mate + 1]):",
                f"        {goal}[mate] += {each}[{stem}_attached[step]]",
                f"        {each}[{stem}_attached[step]] = 0.0",
            ]
        return lines

    def _over(
        self, joined: Joined, level: str, function: Function, now: str, *more: str, span: tuple[int, int] | None = None
    ) -> str:
        projection = joined.plan.projection
        role = {"pre": "pre", "pair": "pre", "synapse": "all", "post": "post", "astrocyte": "astrocyte"}[level]
        if role == "all":
            low, high = str(projection.pre.low), str(projection.pre.high)
        else:
            cells = projection.roles[role]
            name = self.network.names[id(cells.group)]
            low = f"min(max({name}_low, {cells.low}), {cells.high})"
            high = f"max(min({name}_high, {cells.high}), {cells.low})"
        low, high = (low, high) if span is None else map(str, span)
        return function.call(
            low,
            high,
            now,
            repr(self.step),
            str(projection.pre.low),
            str(len(joined.delays)),
            "thread",
            "threads",
            *more,
        )

    def steps(self) -> list[str]:
        lines = []
        for name, plan in self.layout.cells.items():
            todo = []
            for joined, part in zip(self.layout.joined, self.parts, strict=True):
                for gathered, function in part["sum"]:
                    if joined.plan.hosts[gathered.role] is plan:
                        todo.append(function.call(f"{name}_low", f"{name}_high", repr(plan.width)))
                for gathered, functions in part["gather"]:
                    of_synapses = joined.writer.gathered_kind(gathered) == "synapse"
                    if of_synapses and joined.plan.hosts[gathered.role] is plan:
                        own = (f"{name}_low", f"{name}_high")
                        todo.append(self._over(joined, "synapse", functions[0], "now", *own))
            tick = "now" if plan.ratio == 1 else f"now // {plan.ratio}"
            scalars = dict(
                zip(SCALARS, (f"{name}_high - {name}_low", f"{name}_low", tick, repr(plan.width), "seed"), strict=True)
            )
            function = self.stepping[name]
            arrays = [a if a.endswith("_constants") else f"own_{a}" for a in function.arrays]
            todo.append(f"{function.name}({', '.join([*scalars.values(), *arrays])})")
            lines += self._due(plan, todo)
            for spikes in self.layout.spikes.values():
                if spikes.group == name:
                    lines += self._collected(spikes, plan)
        for name, group in self.network.groups.items():
            if name not in self.layout.cells:
                flags = f"{name}_flags0"
                if isinstance(group, PoissonGroup):
                    # Two events of a cell in one step are one spike: this many events give the rate of spikes.
                    events = f"-np.log1p(-{name}_rate[0] * {self.step!r})"
                    origin = stream("group", name)
                    lines.append(f"burst({flags}, {name}_low, {name}_high, {events}, seed, {origin}, now)")
                else:
                    lines.append(
                        f"play({flags}, {name}_low, {name}_high, {name}_train_steps, {name}_train_cells, now + 1)"
                    )
                spikes = self.layout.spikes[f"{name}_spikes0"]
                lines += self._collected(spikes, None)
        return lines

    def _collected(self, spikes: Spikes, plan: CellPlan | None) -> list[str]:
        name = spikes.group
        low, high = f"{name}_low", f"{name}_high"
        flags = f"{name}_flags{spikes.crossing}"
        call = f"collect({flags}, {low}, {high}, {spikes.name}_ring, {spikes.name}_counts, slot, thread, threads)"
        logs = ", ".join(f"{spikes.name}_log_{part}" for part in ("steps", "cells", "counts"))
        number_ = list(self.layout.spikes).index(spikes.name)
        lines = [
            f"slot = now % {spikes.slots}",
            f"found = {call}",
            f"if logged[{number_}] != 0 and found > 0:",
            f"    note({spikes.name}_ring, slot * {spikes.size} + {low}, found, now, {logs}, thread, threads)",
        ]
        if plan is None or plan.ratio == 1:
            return lines
        empty = [f"{spikes.name}_counts[(now % {spikes.slots}) * threads + thread] = 0"]
        return [f"if (now + 1) % {plan.ratio} == 0:", *indented(lines), "else:", *indented(empty)]

    def after_steps(self) -> list[str]:
        lines = []
        for name, plan in self.layout.cells.items():
            lines += self._due(plan, self.exchange(name))
        return lines

    def exchange(self, name: str, first: bool = False) -> list[str]:
        """What follows a population's step: states that follow it, what others read of it, couplings."""
        plan = self.layout.cells[name]
        follow: list[str] = []
        values: list[str] = []
        collect: list[str] = []
        for joined, part in zip(self.layout.joined, self.parts, strict=True):
            for level, function in part["follow"].items():
                if not first and any(joined.plan.hosts[r] is plan for r in self._follows(joined, level)):
                    follow.append(self._over(joined, level, function, "now + 1", repr(plan.width)))
                    if level == "astrocyte":  # and the place of synapses without one, where all inputs are zero
                        span = (plan.population.size, plan.population.size + 1)
                        alone = self._over(joined, level, function, "now + 1", repr(plan.width), span=span)
                        follow += ["if thread == 0:", f"    {alone}"]
            for gathered, functions in part["gather"]:
                if self._reads_of(joined, gathered) is not plan:
                    continue
                if len(functions) == 2:
                    goal = self.network.names[id(joined.plan.projection.roles[gathered.role].group)]
                    values.append(functions[0].call(f"{name}_low", f"{name}_high", "now + 1", repr(self.step)))
                    collect.append(functions[1].call(f"{goal}_low", f"{goal}_high", "now + 1", repr(self.step)))
                elif joined.writer.gathered_kind(gathered) == "own":
                    collect.append(functions[0].call(f"{name}_low", f"{name}_high", "now + 1", repr(self.step)))
        couple = self._couplings(plan)
        if couple and collect and any(c.read_there & plan.held for c, _ in self.coupled if c.host is plan):
            collect += self.wait()
        collect += couple
        arrivals = any(
            joined.plan.hosts.get("astrocyte") is plan and "arrive" in part
            for joined, part in zip(self.layout.joined, self.parts, strict=True)
        )
        wait = [] if first else self.wait()
        lines = [] if first else self._diffusions(plan)
        if follow or values or collect or arrivals:
            lines += wait
        lines += [*follow, *values]
        if (follow or values) and (collect or arrivals):
            lines += wait
        return lines + collect

    def _couplings(self, plan: CellPlan) -> list[str]:
        """Calls that add up what neighbours do to the cells of a population."""
        ends = (f"{plan.name}_low", f"{plan.name}_high")
        return [function.call(*ends) for coupling, function in self.coupled if coupling.host is plan]

    def _diffusions(self, plan: CellPlan) -> list[str]:
        """Lines that let substances spread, once all cells have stepped; a tree belongs to one thread."""
        lines = []
        for turn, spreading in enumerate(s for s in self.layout.spreading if s.host is plan):
            place, change = f"{plan.name}_tree_place", f"{spreading.name}_change"
            matrix = ", ".join(f"{spreading.name}_{part}" for part in ("flow", "pull", "pivot"))
            thread = f"(thread + {turn}) % threads, threads"
            lines.append(
                f"spread({row(plan, spreading.key)}, {place}, {plan.name}_tree_above, {matrix}, {change}, {thread})"
            )
            goals = [(row(plan, spreading.key), "1.0")]
            if spreading.key in plan.averaged:
                goals.append((mean_row(plan, spreading.key), "0.5"))
            size = f"{plan.name}_tree_above.shape[0]"
            lines += [f"changed({goal}, {place}, {change}, {part}, {size}, {thread})" for goal, part in goals]
        return [*self.wait(), *lines] if lines else []

    def _follows(self, joined: Joined, level: str) -> set[str]:
        keys = joined.writer.followers(level)
        return {role for key in keys for role in joined.plan.clocked_by(key)}

    def _reads_of(self, joined: Joined, gathered: Any) -> CellPlan | None:
        """The population whose step changes a gathered value."""
        if joined.writer.gathered_kind(gathered) == "own":
            return joined.plan.hosts[gathered.role]
        return joined.plan.hosts.get("astrocyte")

    def next_arrivals(self) -> list[str]:
        lines = []
        for joined, part in zip(self.layout.joined, self.parts, strict=True):
            if "arrive" in part:
                lines += self._over_delays(joined, [(part["arrive"], "none")], back=0, own=True)
        # What synapses share may change only when no thread reads it for this step any more.
        return [*self.wait(), *lines] if lines else lines

    def sampling(self) -> list[str]:
        return [
            "if every > 0 and (now + 1) % every == 0:",
            "    if thread == 0:",
            f"        sample(now + 1, begin, {', '.join(SAMPLED)})",
            *indented(self.wait()),
        ]

    def full(self, now: str) -> list[str]:
        """Leave word, before threads meet, if the next step could overflow a log of this thread."""
        lines = []
        for spikes in self.layout.spikes.values():
            room = f"{spikes.name}_log_steps.shape[0] // threads - {spikes.name}_log_counts[thread]"
            lines += [f"if {room} < {spikes.size}:", f"    gate[8 * thread + 8] = {now}"]
        return lines

    def stop(self, now: str) -> list[str]:
        """Stop where some thread left word; one that is a step ahead has left a later time."""
        return [
            "for other in range(threads):",
            f"    if 0 < gate[8 * other + 8] <= {now}:",
            f"        return {now} - 1",
        ]
