"""The phases of a step, written out for one network: which kernel runs when, and where threads wait.

Poisson inputs; arrivals of spikes at synapses, answers to postsynaptic ones; what neighbours exchange and what must
move along before cells step; steps and lists of spikes; what cells show to others; what synapses share, for arrivals
at the next step.
"""

from __future__ import annotations

from tripartite.errors import said
from tripartite.network.connect.layout import Joined
from tripartite.network.kernels.function import Function
from tripartite.network.kernels.stepping import SCALARS
from tripartite.network.plan.cells import CellPlan, gathered_row, mean_row, rate_row, row, sample_row, samples_row
from tripartite.network.plan.gathering import OWN, SYNAPSES, TRACE, Gathering
from tripartite.network.plan.given import Gathered
from tripartite.network.plan.levels import SYNAPSE
from tripartite.network.run.loop import when
from tripartite.network.run.spike_phases import SpikePhases
from tripartite.network.sources import PoissonGroup, source_of
from tripartite.network.values import stream


class Phases(SpikePhases):
    """Lines of the loop over steps, phase by phase."""

    def before_steps(self) -> list[str]:
        """What precedes the steps: what neighbours exchange, sums that cells read, and synapses that move along.

        Threads meet where one writes what another may still read: after kernels at spikes, and before cells step.
        """
        shown, gathers, sweeps, couples = [], [], [], []
        read, far, coupled, apart = set[int](), set[int](), set[int](), False
        for name, plan in self.layout.cells.items():
            exchange = self._couplings(plan)
            couples += self._due(plan, exchange)
            coupled |= {plan.ratio} if exchange else set()
            apart |= any(c.read_there & plan.held for c, _ in self.coupled if c.host is plan)
            gathered, beyond = self._gathers(name, plan)
            values, sampled, often = self._samples(name, plan)
            moved = self._sweeps(plan)
            shown += values
            gathers += [*self._due(plan, gathered), *sampled]
            read |= often
            far |= often
            sweeps += self._due(plan, moved)
            if beyond:
                far.add(plan.ratio)
            if moved or self._read_at_spikes(plan):
                read.add(plan.ratio)
        swept = {plan.ratio for plan in self.layout.cells.values() if self._sweeps(plan)}
        couples += when(coupled, self.wait()) if apart else []
        lines = [*couples, *when(read, self.wait()), *shown, *(self.wait() if shown else []), *gathers]
        lines += when(swept, self.wait()) if far else []
        return [*lines, *sweeps, *when(swept | far | coupled, self.wait())]

    def _sweeps(self, plan: CellPlan) -> list[str]:
        """Calls that move synapses along at the steps of a population that they read."""
        lines = []
        for joined, part in self._projections():
            roles = [role for role, host in joined.plan.hosts.items() if host is plan]
            for level, function in part.sweep.items():
                if any(level in joined.work.swept[role] for role in roles):
                    lines.append(self._over(joined, level, function, "now + 1"))
        return lines

    def _read_at_spikes(self, plan: CellPlan) -> bool:
        """Whether kernels at spikes read cells of a population that other threads own, or leave them sums."""
        for joined in self.layout.joined:
            roles = [role for role, host in joined.plan.hosts.items() if host is plan]
            if any(joined.work.kept_rows(role) or joined.work.reads_directly(role) for role in roles):
                return True
            if any(g.pulls for g in joined.work.gathered if g.gathered.role in roles):
                return True
        return False

    def _gathers(self, name: str, plan: CellPlan) -> tuple[list[str], bool]:
        """Calls that sum what the cells of a population read of their synapses, and whether these read other cells."""
        lines, far = [], False
        for joined, part in self._projections():
            for role, host in joined.plan.hosts.items():
                lines += self._sum_kept(joined, role, name) if host is plan else []
            gathers = [(g, functions) for g, functions in part.gathered if joined.plan.hosts[g.gathered.role] is plan]
            for gathering, functions in gathers:
                if gathering.source == TRACE:
                    lines.append(functions[0].call(f"{name}_low", f"{name}_high", self._width(plan)))
                    lines += self._totalled(plan, gathering.gathered)
            for gathering, functions in gathers:
                if gathering.source == SYNAPSES and gathering.lasts is None:
                    lines.append(self._summed(joined, gathering, functions[0], name))
                    lines += self._totalled(plan, gathering.gathered)
                    far = True
        return lines, far

    def _summed(self, joined: Joined, gathering: Gathering, function: Function, name: str) -> str:
        """The call that sums over synapses for the cells of a population."""
        own = (f"{name}_low", f"{name}_high")
        if not gathering.pulls:
            return self._over(joined, SYNAPSE, function, "now", *own)
        base, delays = str(joined.plan.projection.pre.low), f"{joined.plan.name}_delays.shape[0]"
        return function.call(*own, "now", repr(self.step), base, delays)

    def _samples(self, name: str, plan: CellPlan) -> tuple[list[str], list[str], set[int]]:
        """Lines that add up what changes while slow cells step, which read the mean, and when they run.

        First what partners contribute, then, when all threads have left theirs, the sums.
        """
        values, sums, often = [], [], set[int]()
        for joined, part in self._projections():
            for gathering, functions in part.gathered:
                gathered, lasts = gathering.gathered, gathering.lasts
                if lasts is None or joined.plan.hosts[gathered.role] is not plan:
                    continue
                due = {lasts, plan.ratio}
                if gathering.source == SYNAPSES:
                    call = self._summed(joined, gathering, functions[0], name)
                else:
                    call = functions[-1].call(f"{name}_low", f"{name}_high", "now", repr(self.step))
                if len(functions) == 2:
                    giver = joined.plan.hosts[gathering.source].name
                    last = f"{giver}_high + (thread == threads - 1)"
                    values += when(due, [functions[0].call(f"{giver}_low", last, "now", repr(self.step))])
                goal = gathered_row(plan, gathered.key, gathered.source)
                now, whole = (of(plan, gathered.key, gathered.source) for of in (sample_row, samples_row))
                times = "" if lasts == 1 else f" * (now + 1 - max(begin{lasts}, begin{plan.ratio}))"
                sums += when(due, [call, f"for place in range({name}_low, {name}_high):",
                                   f"    {whole}[place] += {now}[place]{times}"])  # fmt: skip
                steps = f"(end{plan.ratio} - begin{plan.ratio})"
                sums += self._due(plan, [f"for place in range({name}_low, {name}_high):",
                                         f"    {goal}[place] = {whole}[place] / {steps}",
                                         f"    {whole}[place] = 0.0", *self._totalled(plan, gathered)])  # fmt: skip
                often |= due
        return values, sums, often

    def _sum_kept(self, joined: Joined, role: str, name: str) -> list[str]:
        """Lines that bring to a partner what its synapses kept for it."""
        lines = []
        around, attached = (f"{joined.plan.name}_{part}_{role}" for part in ("around", "attached"))
        for kept, goal in joined.work.kept_rows(role):
            lines += [
                f"for owner in range({name}_low, {name}_high):",
                f"    for step in range({around}[owner], {around}[owner + 1]):",
                f"        {goal}[owner] += {kept}[{attached}[step]]",
                f"        {kept}[{attached}[step]] = 0.0",
            ]
        return lines

    def steps(self) -> list[str]:
        lines = []
        for name, plan in self.layout.cells.items():
            begin, end = ("now", "now + 1") if plan.ratio == 1 else (f"begin{plan.ratio}", f"end{plan.ratio}")
            values = (f"{name}_high - {name}_low", f"{name}_low", begin, end, self._width(plan), "seed")
            scalars = dict(zip(SCALARS, values, strict=True))
            lines += [] if plan.given is None else [self._given(name)]
            lines += self._due(plan, [self.stepping[name].call(*scalars.values())])
            for spikes in self.layout.spikes.values():
                if spikes.group == name:
                    lines += self._collected(spikes, plan)
        for name in self.network.groups:
            if name not in self.layout.cells:
                lines += [self._given(name), *self._collected(self.layout.spikes[f"{name}_spikes0"], None)]
        return lines

    def _given(self, name: str) -> str:
        """The call that raises the flags of cells whose spikes come from a source."""
        plan = self.layout.cells.get(name)
        flags, cells = f"{name}_flags{len(plan.crossings) if plan else 0}", f"{name}_low, {name}_high"
        if isinstance(source_of(self.network.groups[name]), PoissonGroup):
            # Two events of a cell in one step are one spike: this many events give the rate of spikes.
            events = f"-np.log1p(-{rate_row(name)}[0] * {said(self.step)})"
            return f"burst({flags}, {cells}, {events}, seed, {stream('group', name)}, now)"
        return f"play({flags}, {cells}, {name}_train_steps, {name}_train_cells, now + 1)"

    def after_steps(self, first: bool = False) -> list[str]:
        """What follows the steps: diffusion, states that follow, and what others read of cells.

        ``first``: only what must be known before the first step, on one thread.
        """
        spreads, follows, shows, collects = [], [], [], []
        spread, followed, shown, collected = set(), set(), set(), set()
        for name, plan in self.layout.cells.items():
            values, collect = self._shown(name, plan)
            follow = [] if first else self._following(plan)
            diffusion = [] if first else self._diffusions(plan)
            for ratios, found in ((spread, diffusion), (followed, follow), (shown, values), (collected, collect)):
                ratios |= {plan.ratio} if found else set()
            spreads += self._due(plan, diffusion)
            follows += self._due(plan, follow)
            shows += self._due(plan, values)
            collects += self._due(plan, collect)
        advanced = {joined.plan.ratio for joined, part in self._projections() if part.advance and not first}
        wait = [] if first else self.wait()
        lines = [*when(spread, wait), *spreads, *when(followed | advanced | shown | collected, wait), *follows]
        lines += [] if first else [*(when(advanced, wait) if follows else []), *self._advances(), *self._restarts()]
        lines += [*(when(advanced, wait) if shows else []), *shows]
        return lines + (when(followed | advanced | shown, wait) if collects else []) + collects

    def _advances(self) -> list[str]:
        """Calls that advance synapses, level by level: each may read what those before it left."""
        turns: list[tuple[set[int], list[str]]] = []
        for joined, part in self._projections():
            for turn, (level, function) in enumerate(part.advance.items()):
                if turn == len(turns):
                    turns.append((set(), []))
                ratios, calls = turns[turn]
                ratios.add(joined.plan.ratio)
                lines = self._over_all(joined, level, function, "now + 1", self._width(joined.plan))
                calls += when({joined.plan.ratio}, lines)
        return [line for turn, (ratios, calls) in enumerate(turns) for line in
                [*(when(ratios, self.wait()) if turn else []), *calls]]  # fmt: skip

    def _restarts(self) -> list[str]:
        """Calls that begin integrals anew, when all that is advanced has read them."""
        calls, ratios = [], set()
        for joined, part in self._projections():
            for level, function in part.restart.items():
                calls += when({joined.plan.ratio}, self._over_all(joined, level, function, "now + 1"))
                ratios.add(joined.plan.ratio)
        return [*when(ratios, self.wait()), *calls]

    def _following(self, plan: CellPlan) -> list[str]:
        """Calls that move states which follow a population and, maybe, others that step as often."""
        lines = []
        for joined, part in self._projections():
            for (level, roles), function in part.follow.items():
                if joined.plan.hosts[roles[0]] is not plan:
                    continue
                lines += self._over_all(joined, level, function, "now + 1", self._width(plan))
        return lines

    def _over_all(self, joined: Joined, level: str, function: Function, now: str, *more: str) -> list[str]:
        """Calls for all elements of a level, also for the place of synapses without a partner."""
        lines = [self._over(joined, level, function, now, *more)]
        if level in joined.plan.levels.several:
            size = f"{self._name(joined.plan.projection.stations[level])}_size"
            alone = self._over(joined, level, function, now, *more, span=(size, f"{size} + 1"))
            lines += ["if thread == 0:", f"    {alone}"]
        return lines

    def _shown(self, name: str, plan: CellPlan) -> tuple[list[str], list[str]]:
        """Calls for what others read of a population after its step: values of its cells, and their collection."""
        values, collect = [], []
        for joined, part in self._projections():
            for gathering, functions in part.gathered:
                if gathering.source in (SYNAPSES, TRACE) or gathering.lasts is not None:
                    continue
                if self._reads_of(joined, gathering) is not plan:
                    continue
                if len(functions) == 2:
                    goal = self._name(joined.plan.projection.stations[gathering.gathered.role])
                    last = f"{name}_high + (thread == threads - 1)"  # and the place of synapses without a partner
                    values.append(functions[0].call(f"{name}_low", last, "now + 1", repr(self.step)))
                    collect.append(functions[1].call(f"{goal}_low", f"{goal}_high", "now + 1", repr(self.step)))
                else:
                    collect.append(functions[0].call(f"{name}_low", f"{name}_high", "now + 1", repr(self.step)))
                collect += self._totalled(joined.plan.hosts[gathering.gathered.role], gathering.gathered)
        return values, collect

    def _totalled(self, plan: CellPlan, gathered: Gathered) -> list[str]:
        """The sum, for the cells of a thread, of what several give to one input, when one of them is new."""
        sources = plan.summed[gathered.key]
        if len(sources) == 1:
            return []
        given = " + ".join(f"{gathered_row(plan, gathered.key, source)}[place]" for source in sources)
        return [
            f"for place in range({plan.name}_low, {plan.name}_high):",
            f"    {row(plan, gathered.key)}[place] = {given}",
        ]

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

    def _reads_of(self, joined: Joined, gathering: Gathering) -> CellPlan:
        """The population whose step changes a gathered value."""
        return joined.plan.hosts[gathering.gathered.role if gathering.source == OWN else gathering.source]
