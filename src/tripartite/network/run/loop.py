"""What all phases of a step share: threads that meet, clocks of longer steps, and how loops are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tripartite.errors import said
from tripartite.network.connect.layout import Joined, Layout, Spikes
from tripartite.network.kernels.function import Function, indented
from tripartite.network.kernels.projection import Kernels
from tripartite.network.plan.cells import CellPlan, cut_row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.plan.levels import PRE, SHARED, SYNAPSE
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.population import Members

SAMPLED = ("table", "listed", "out")
WAIT = "round_ = wait(gate, crew, round_)"


class Loop:
    """The loop over steps of one network, before its phases are written."""

    def __init__(self, layout: Layout):
        self.layout, self.network, self.memory = layout, layout.network, layout.memory
        self.step = self.network.step
        self.stepping: dict[str, Function] = {}
        """The kernel of every population."""
        self.parts: list[Kernels] = []
        """The kernels of every projection, by what they do."""
        self.coupled: list[tuple[CouplingPlan, Function]] = []
        """The kernels of couplings."""

    def wait(self) -> list[str]:
        """Threads meet."""
        return [WAIT]

    def clocks(self) -> list[str]:
        """When the longer steps that are under way began and end; a change within one cuts it in two."""
        lines = []
        for ratio, width in self.layout.longer.items():
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

    def _width(self, plan: CellPlan | SynapsePlan) -> str:
        """Length (ms) of the step in which cells or synapses are."""
        return repr(self.step) if plan.ratio == 1 else f"width{plan.ratio}"

    def _remaining(self, plan: CellPlan) -> str:
        """Time (ms) from now to the end of the step in which a population is."""
        if plan.ratio == 1:
            return repr(self.step)
        return f"(end{plan.ratio} - now) * {said(self.step)}"

    def _due(self, plan: CellPlan, lines: list[str]) -> list[str]:
        """Lines that run when a population takes its step."""
        return when({plan.ratio}, lines)

    def _projections(self) -> Iterator[tuple[Joined, Kernels]]:
        """All projections with their kernels."""
        return zip(self.layout.joined, self.parts, strict=True)

    def _over(
        self, joined: Joined, level: str, function: Function, now: str, *more: str, span: tuple[str, str] | None = None
    ) -> str:
        projection, roles = joined.plan.projection, joined.plan.levels.roles[level]
        if span is not None:
            low, high = span
        elif level == SYNAPSE:
            low, high = ends(projection.pre, self._name(projection.pre))
        elif level == SHARED:
            low, high = "0", "0"
        else:
            cells = projection.stations[PRE if PRE in roles else level]
            name = self._name(cells)
            low, high = f"{name}_low", f"{name}_high"
            if not whole(cells):
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

    def _segment(self, spikes: Spikes, part: str) -> str:
        begin = f"slot * {spikes.group}_size + {spikes.group}_bounds[{part}]"
        return f"{begin}, {begin} + {spikes.name}_counts[slot * threads + {part}]"

    def sampling(self) -> list[str]:
        return [
            "if every > 0 and (now + 1) % every == 0:",
            "    if thread == 0:",
            f"        sample(now + 1, origin, {', '.join(SAMPLED)})",
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


def when(ratios: Iterable[int], lines: list[str]) -> list[str]:
    """Lines that run when a population with one of these steps (in steps of the network) is due."""
    due = " or ".join(f"due{ratio}" for ratio in sorted(ratios))
    if not due or not lines:
        return []
    return lines if 1 in ratios else [f"if {due}:", *indented(lines)]


def statements(lines: list[str]) -> Iterator[list[str]]:
    """Lines grouped by statement: each with what stands below it, deeper indented or in its other branches."""
    found: list[str] = []
    for line in lines:
        if found and not line.startswith((" ", "else:", "elif ")):
            yield found
            found = []
        found.append(line)
    if found:
        yield found


def whole(cells: Members) -> bool:
    return (cells.low, cells.high) == (0, cells.group.size)


def ends(cells: Members, name: str) -> tuple[str, str]:
    """First cell and end of a slice; of a whole population without its size, so that one text serves all sizes."""
    return ("0", f"{name}_size") if whole(cells) else (str(cells.low), str(cells.high))


def slots(spikes: Spikes) -> str:
    """How many steps a ring of spikes holds."""
    return f"({spikes.name}_ring.shape[0] // {spikes.group}_size)"
