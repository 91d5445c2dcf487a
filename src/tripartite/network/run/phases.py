"""The phases of a step, written out for one network: which kernel runs when, and where threads wait.

Poisson inputs; arrivals of spikes at synapses, answers to postsynaptic ones; what must move along before cells
step; steps and lists of spikes; what cells show to others; what synapses share, for arrivals at the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tripartite.errors import NetworkError, said
from tripartite.network.build.layout import Joined, Layout, Spikes
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.stepping import SCALARS
from tripartite.network.plan.cells import CellPlan, cut_row, mean_row, row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.population import Members
from tripartite.network.sources import PoissonGroup
from tripartite.network.values import stream

SAMPLED = ("table", "listed", "out")
_GOALS = {"deposit": "post", "reach": "astrocyte"}
"""Who gets what the kernels at presynaptic spikes bring."""


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

    def clocks(self) -> list[str]:
        """When the longer steps that are under way began and end; a change within one cuts it in two."""
        lines = []
        for ratio, width in sorted({(p.ratio, p.width) for p in self.layout.cells.values() if p.ratio > 1}):
            lines += [
                f"whole = now - now % {ratio}",
                f"begin{ratio} = max({cut_row(ratio)}[0], whole)",
                f"end{ratio} = min({cut_row(ratio)}[1], whole + {ratio})",
                f"due{ratio} = now + 1 == end{ratio}",
                f"width{ratio} = (end{ratio} - begin{ratio}) * {said(self.step)}",
                f"if end{ratio} - begin{ratio} == {ratio}:",
                f"    width{ratio} = {width!r}",
            ]
        return lines

    def _width(self, plan: CellPlan) -> str:
        """Length (ms) of the step in which a population is."""
        return repr(plan.width) if plan.ratio == 1 else f"width{plan.ratio}"

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
            bottom, top = _ends(item.cells, name)
            lines.append(
                f"rain({slot}, {name}_low, {name}_high, {bottom}, {top}, inputs_mean[{place}], "
                f"inputs_amount[{place}], seed, {origin}, now)"
            )
        return lines

    def _remaining(self, plan: CellPlan) -> str:
        """Time (ms) from now to the end of the step in which a population is."""
        if plan.ratio == 1:
            return repr(self.step)
        return f"(end{plan.ratio} - now) * {said(self.step)}"

    def arrivals(self) -> list[str]:
        lines = []
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes, part["arrivals"], strict=True):
                calls = [(kernels[kind], role) for kind, role in _GOALS.items() if kind in kernels]
                if calls:
                    lines += self._over_delays(joined, spikes, calls, back=1)
        for joined, part in self._projections():
            for spikes, function in zip(joined.post_spikes, part["answers"], strict=True):
                if function is not None:
                    lines += self._answers(joined, spikes, function)
        return lines

    def _projections(self) -> Iterator[tuple[Joined, dict[str, Any]]]:
        """All projections with their kernels."""
        return zip(self.layout.joined, self.parts, strict=True)

    def _over_delays(
        self, joined: Joined, spikes: Spikes, calls: list[tuple[Function, str]], back: int, own: bool = False
    ) -> list[str]:
        """Calls for all spikes of a list that reach a projection; those of this thread's cells only if ``own``."""
        projection, name = joined.plan.projection, joined.plan.name
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
                    f"{name}_delays.shape[0]",
                    "thread",
                    "threads",
                    remaining,
                    self._remaining(third) if third else "0.0",
                )
            )
        body = [f"first, end = {self._segment(spikes, 'part')}"]
        if not _whole(projection.pre):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.pre.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.pre.high})",
            ]
        body += ["if first < end:", *indented(inner)]
        parts = ["part = thread", *body] if own else ["for part in range(threads):", *indented(body)]
        shift = " - 1" if back else ""
        return [
            f"for delay in range({name}_delays.shape[0]):",
            f"    back = now{shift} - {name}_delays[delay]",
            "    if back >= 0:",
            f"        slot = back % {_slots(spikes)}",
            *indented(parts, 2),
        ]

    def _segment(self, spikes: Spikes, part: str) -> str:
        begin = f"slot * {spikes.group}_size + {spikes.group}_bounds[{part}]"
        return f"{begin}, {begin} + {spikes.name}_counts[slot * threads + {part}]"

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
        slot = f"slot = (now - 1) % {_slots(spikes)}"
        body = [slot, "part = thread", f"first, end = {self._segment(spikes, 'part')}"]
        if not _whole(projection.post):
            body += [
                f"first = position({spikes.name}_ring, first, end, {projection.post.low})",
                f"end = position({spikes.name}_ring, first, end, {projection.post.high})",
            ]
        return ["if now > 0:", *indented([*body, "if first < end:", f"    {call}"])]

    def _due(self, plan: CellPlan, lines: list[str]) -> list[str]:
        """Lines that run when a population takes its step."""
        return _when({plan.ratio}, lines)

    def before_steps(self) -> list[str]:
        """What precedes the steps: what neighbours exchange, sums that cells read, and synapses that move along.

        Threads meet where one writes what another may still read: after kernels at spikes, and before cells step.
        """
        gathers, sweeps, couples, read, far, coupled, apart = [], [], [], set(), set(), set(), False
        for name, plan in self.layout.cells.items():
            exchange = self._couplings(plan)
            couples += self._due(plan, exchange)
            coupled |= {plan.ratio} if exchange else set()
            apart |= any(c.read_there & plan.held for c, _ in self.coupled if c.host is plan)
            gathered, beyond = self._gathers(name, plan)
            moved = self._sweeps(plan)
            gathers += self._due(plan, gathered)
            sweeps += self._due(plan, moved)
            if beyond:
                far.add(plan.ratio)
            if moved or self._read_at_spikes(plan):
                read.add(plan.ratio)
        swept = {plan.ratio for plan in self.layout.cells.values() if self._sweeps(plan)}
        couples += _when(coupled, self.wait()) if apart else []
        lines = [*couples, *_when(read, self.wait()), *gathers]
        lines += _when(swept, self.wait()) if far else []
        return [*lines, *sweeps, *_when(swept | far | coupled, self.wait())]

    def _sweeps(self, plan: CellPlan) -> list[str]:
        """Calls that move synapses along at the steps of a population that they read."""
        lines = []
        for joined, part in self._projections():
            roles = [role for role, host in joined.plan.hosts.items() if host is plan]
            for level, function in part["sweep"].items():
                if any(level in joined.writer.swept(role) for role in roles):
                    lines.append(self._over(joined, level, function, "now + 1"))
        return lines

    def _read_at_spikes(self, plan: CellPlan) -> bool:
        """Whether kernels at spikes read cells of a population that other threads own, or leave them sums."""
        for joined in self.layout.joined:
            roles = [role for role, host in joined.plan.hosts.items() if host is plan]
            if "astrocyte" in roles and joined.writer.each_rows():
                return True
            if any(joined.writer.reads_directly(role) for role in roles):
                return True
        return False

    def _gathers(self, name: str, plan: CellPlan) -> tuple[list[str], bool]:
        """Calls that sum what the cells of a population read of their synapses, and whether these read other cells."""
        lines, far = [], False
        for joined, part in self._projections():
            if joined.plan.hosts.get("astrocyte") is plan:
                lines += self._sum_each(joined, name)
            for gathered, function in part["sum"]:
                if joined.plan.hosts[gathered.role] is plan:
                    lines.append(function.call(f"{name}_low", f"{name}_high", self._width(plan)))
            for gathered, functions in part["gather"]:
                if joined.writer.gathered_kind(gathered) == "synapse" and joined.plan.hosts[gathered.role] is plan:
                    own = (f"{name}_low", f"{name}_high")
                    lines.append(self._over(joined, "synapse", functions[0], "now", *own))
                    far = True
        return lines, far

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
        self, joined: Joined, level: str, function: Function, now: str, *more: str, span: tuple[str, str] | None = None
    ) -> str:
        projection = joined.plan.projection
        role = {"pre": "pre", "pair": "pre", "synapse": "all", "post": "post", "astrocyte": "astrocyte"}[level]
        if span is not None:
            low, high = span
        elif role == "all":
            low, high = _ends(projection.pre, self._name(projection.pre))
        else:
            cells = projection.roles[role]
            name = self._name(cells)
            low, high = f"{name}_low", f"{name}_high"
            if not _whole(cells):
                low, high = (
                    f"min(max({low}, {cells.low}), {cells.high})",
                    f"max(min({high}, {cells.high}), {cells.low})",
                )
        return function.call(
            low,
            high,
            now,
            repr(self.step),
            str(projection.pre.low),
            f"{joined.plan.name}_delays.shape[0]",
            "thread",
            "threads",
            *more,
        )

    def _name(self, cells: Members) -> str:
        return self.network.names[id(cells.group)]

    def steps(self) -> list[str]:
        lines = []
        for name, plan in self.layout.cells.items():
            begin, end = ("now", "now + 1") if plan.ratio == 1 else (f"begin{plan.ratio}", f"end{plan.ratio}")
            values = (f"{name}_high - {name}_low", f"{name}_low", begin, end, self._width(plan), "seed")
            scalars = dict(zip(SCALARS, values, strict=True))
            function = self.stepping[name]
            arrays = [a if a.endswith("_constants") else f"own_{a}" for a in function.arrays]
            lines += self._due(plan, [f"{function.name}({', '.join([*scalars.values(), *arrays])})"])
            for spikes in self.layout.spikes.values():
                if spikes.group == name:
                    lines += self._collected(spikes, plan)
        for name, group in self.network.groups.items():
            if name not in self.layout.cells:
                flags = f"{name}_flags0"
                if isinstance(group, PoissonGroup):
                    # Two events of a cell in one step are one spike: this many events give the rate of spikes.
                    events = f"-np.log1p(-{name}_rate[0] * {said(self.step)})"
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
            f"slot = now % {_slots(spikes)}",
            f"found = {call}",
            f"if logged[{number_}] != 0 and found > 0:",
            f"    note({spikes.name}_ring, slot * {name}_size + {low}, found, now, {logs}, thread, threads)",
        ]
        if plan is None or plan.ratio == 1:
            return lines
        empty = [f"{spikes.name}_counts[(now % {_slots(spikes)}) * threads + thread] = 0"]
        return [f"if due{plan.ratio}:", *indented(lines), "else:", *indented(empty)]

    def after_steps(self, first: bool = False) -> list[str]:
        """What follows the steps: diffusion, states that follow, and what others read of cells.

        ``first``: only what must be known before the first step, on one thread.
        """
        spreads, moves, collects = [], [], []
        spread, moved, collected = set(), set(), set()
        for name, plan in self.layout.cells.items():
            values, collect = self._shown(name, plan)
            follow = [] if first else self._following(plan)
            diffusion = [] if first else self._diffusions(plan)
            moving = follow + values
            for ratios, found in ((spread, diffusion), (moved, moving), (collected, collect)):
                ratios |= {plan.ratio} if found else set()
            spreads += self._due(plan, diffusion)
            moves += self._due(plan, moving)
            collects += self._due(plan, collect)
        wait = [] if first else self.wait()
        lines = [*_when(spread, wait), *spreads, *_when(moved | collected, wait), *moves]
        return lines + (_when(moved, wait) if collects else []) + collects

    def _following(self, plan: CellPlan) -> list[str]:
        """Calls that move states which follow a population and, maybe, others that step as often."""
        lines = []
        for joined, part in self._projections():
            for (level, roles), function in part["follow"].items():
                if joined.plan.hosts[roles[0]] is not plan:
                    continue
                lines.append(self._over(joined, level, function, "now + 1", self._width(plan)))
                if level == "astrocyte":  # and the place of synapses without one, where all inputs are zero
                    size = f"{self._name(joined.plan.projection.roles[level])}_size"
                    ends, width = (size, f"{size} + 1"), self._width(plan)
                    alone = self._over(joined, level, function, "now + 1", width, span=ends)
                    lines += ["if thread == 0:", f"    {alone}"]
        return lines

    def _shown(self, name: str, plan: CellPlan) -> tuple[list[str], list[str]]:
        """Calls for what others read of a population after its step: values of its cells, and their collection."""
        values, collect = [], []
        for joined, part in self._projections():
            for gathered, functions in part["gather"]:
                if joined.writer.gathered_kind(gathered) == "synapse" or self._reads_of(joined, gathered) is not plan:
                    continue
                if len(functions) == 2:
                    goal = self._name(joined.plan.projection.roles[gathered.role])
                    values.append(functions[0].call(f"{name}_low", f"{name}_high", "now + 1", repr(self.step)))
                    collect.append(functions[1].call(f"{goal}_low", f"{goal}_high", "now + 1", repr(self.step)))
                else:
                    collect.append(functions[0].call(f"{name}_low", f"{name}_high", "now + 1", repr(self.step)))
        return values, collect

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
        return lines

    def _reads_of(self, joined: Joined, gathered: Any) -> CellPlan | None:
        """The population whose step changes a gathered value."""
        if joined.writer.gathered_kind(gathered) == "own":
            return joined.plan.hosts[gathered.role]
        return joined.plan.hosts.get("astrocyte")

    def next_arrivals(self) -> list[str]:
        lines = []
        for joined, part in self._projections():
            for spikes, kernels in zip(joined.spikes, part["arrivals"], strict=True):
                if "arrive" in kernels:
                    lines += self._over_delays(joined, spikes, [(kernels["arrive"], "none")], back=0, own=True)
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
            lines += [f"if {room} < {spikes.group}_size:", f"    gate[8 * thread + 8] = {now}"]
        return lines

    def stop(self, now: str) -> list[str]:
        """Stop where some thread left word; one that is a step ahead has left a later time."""
        return [
            "for other in range(threads):",
            f"    if 0 < gate[8 * other + 8] <= {now}:",
            f"        return {now} - 1",
        ]


def _when(ratios: Iterable[int], lines: list[str]) -> list[str]:
    """Lines that run when a population with one of these steps (in steps of the network) is due."""
    due = " or ".join(f"due{ratio}" for ratio in sorted(ratios))
    if not due or not lines:
        return []
    return lines if 1 in ratios else [f"if {due}:", *indented(lines)]


def _whole(cells: Members) -> bool:
    return (cells.low, cells.high) == (0, cells.group.size)


def _ends(cells: Members, name: str) -> tuple[str, str]:
    """First cell and end of a slice; of a whole population without its size, so that one text serves all sizes."""
    return ("0", f"{name}_size") if _whole(cells) else (str(cells.low), str(cells.high))


def _slots(spikes: Spikes) -> str:
    """How many steps a ring of spikes holds."""
    return f"({spikes.name}_ring.shape[0] // {spikes.group}_size)"
