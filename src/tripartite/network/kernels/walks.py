"""From a job of a projection to its kernel: one function for each way in which kernels find their synapses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tripartite.interpret.kernels import trace
from tripartite.network.kernels.ahead import Walk, over_lists
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.jobs import Along, Branches, Cells, Change, Everywhere, Into, Job, Mates, Pulled, Summed
from tripartite.network.plan.leaves import CELL, OWNER, Clock, Drawn, Elapsed, Leaf, Told
from tripartite.network.plan.levels import POST, PRE, SHARED, SYNAPSE, paired
from tripartite.network.plan.work import Work

SPIKE_SCALARS = (
    "spikes",
    "first",
    "count",
    "delay",
    "now",
    "width",
    "base",
    "delays",
    "thread",
    "threads",
    "remaining",
)
"""What the kernels at spikes are called with, before the times that remain of the steps of partners."""

_ENDS = ("low", "high", "now", "width", "base", "delays")


def kernel(work: Work, job: Job, merged: bool) -> Function:
    """The kernel of a job; ``merged``: whether equal edges between two cells were made one, with a multiplicity."""
    return _WRITERS[type(job.way)](_Page(work, job, merged), job.way)


@dataclass
class _Page:
    """A kernel while it is written."""

    work: Work
    job: Job
    merged: bool

    def __post_init__(self) -> None:
        self.name, self.levels = self.work.plan.name, self.work.plan.levels
        self.index = {**self.levels.index, CELL: "cell", OWNER: "owner"}
        """What stands in loops for the element of a level."""

    @cached_property
    def touched(self) -> set[str]:
        return self.work.touched(self.job)

    def start(self, scalars: tuple[str, ...], loops: Mapping[str, int], deepest: int) -> Function:
        """An empty kernel that knows how everything is read; ``loops``: those in which levels are known earlier."""
        function = Function(self.job.name, scalars, self.job.summary, real=self.work.plan.real)
        for text, leaf in {**self.work.leaves, **self.job.leaves}.items():
            depth = 0 if isinstance(leaf.at, int) else loops.get(leaf.at, deepest)
            function.leaf(text, depth, self._code(text, leaf))
        return function

    def at_spikes(self, loops: Mapping[str, int], deepest: int) -> Function:
        return self.start((*SPIKE_SCALARS, *self.work.reading.remaining.values()), loops, deepest)

    def _code(self, text: str, leaf: Leaf) -> str:
        """How a name is read, with arrays in braces."""
        match leaf:
            case Told():
                return text
            case Drawn(law, stream):
                return f"{law}(seed, {stream}, (now << 32) + edge)"
        stored = "{" + leaf.row + "}" + f"[{leaf.at if isinstance(leaf.at, int) else self.index[leaf.at]}]"
        match leaf:
            case Elapsed():
                return f"(now - {stored}) * width"
            case Clock(host=host, key=key):
                return host.since(key, stored)
        return stored

    def targets(self, loop: Callable[[Change], int]) -> list[Any]:
        """What the changes assign, and in which loop."""
        found = []
        for change in self.job.changes:
            value = change.value * trace.name("copies") if change.each and self.merged else change.value
            code = "{" + change.row + "}" + f"[{self.index[change.level]}]{' +=' if change.adds else ''}"
            found.append((code, value, loop(change)))
        return found

    def found(self, function: Function, known: str = "") -> list[str]:
        """How the cells and pairs of a synapse are found, as far as they are needed and not ``known``."""
        loads = []
        if POST in self.touched and known != POST:
            loads.append(f"place = {function.array(f'{self.name}_target')}[edge]")
        for partner in self.levels.several:
            if paired(partner) in self.touched:
                loads.append(f"pair_{partner} = {function.array(f'{self.name}_{partner}_pair_of')}[edge]")
            if partner in self.touched and known != partner:
                loads.append(f"mate_{partner} = {function.array(f'{self.name}_{partner}_of')}[edge]")
        return loads

    @property
    def from_before(self) -> bool:
        """Whether the presynaptic cell, or its branch, is needed."""
        return not self.touched.isdisjoint((PRE, CELL))

    def pairs(self, function: Function, partner: str, first: str, end: str, lines: list[str]) -> list[str]:
        """A loop over the pairs of a branch with a partner, from one cut to another."""
        if not lines:
            return []
        cut, mate = (function.array(f"{self.name}_{partner}_{part}") for part in ("cut", "mate"))
        return [
            f"for pair_{partner} in range({cut}[{first}], {cut}[{end}]):",
            *indented([f"mate_{partner} = {mate}[pair_{partner}]", *lines]),
        ]


def _branches(page: _Page, way: Branches) -> Function:
    several = page.levels.several
    loops = {SHARED: 0, PRE: 1, CELL: 1}
    loops |= {level: 2 + place for place, p in enumerate(several) for level in (p, paired(p))}
    function = page.at_spikes(loops, 2 + len(several))
    targets = page.targets(lambda change: loops[change.level])
    outside, by_branch, *by_pairs = function.nested(targets, 2 + len(several))
    body = [*_BRANCH, *by_branch]
    for partner, by_pair in zip(several, by_pairs, strict=True):
        body += page.pairs(function, partner, "branch * threads", "(branch + 1) * threads", by_pair)
    return _over_spikes(function, outside, body)


def _along(page: _Page, way: Along) -> Function:
    function = page.at_spikes({SHARED: 0, PRE: 1, CELL: 1}, 2)
    outside, by_branch, inside = function.nested(page.targets(lambda _: 2), 3)
    if way.partner:
        cut, mate = (function.array(f"{page.name}_{way.partner}_{part}") for part in ("cut", "mate"))
        pair = f"pair_{way.partner}"
        walk = Walk(_BRANCH, cut, _OWN_PART, pair, [f"mate_{way.partner} = {mate}[{pair}]"])
    else:
        walk = Walk(_BRANCH, function.array(f"{page.name}_cut"), _OWN_PART, "edge", page.found(function))
    return over_lists(function, outside, walk, by_branch, inside)


_BRANCH, _OWN_PART = ("cell = spikes[spike]", "branch = (cell - base) * delays + delay"), "branch * threads + thread"


def _over_spikes(function: Function, outside: list[str], body: list[str]) -> Function:
    function.body = [*outside, "for spike in range(first, count):", *indented(body)]
    return function


def _into(page: _Page, way: Into) -> Function:
    return _into_post(page) if way.role == POST else _into_partner(page, way.role, way.level)


def _into_post(page: _Page) -> Function:
    """All synapses of a postsynaptic cell, then what they share: that is stored when all have read it."""
    function = page.at_spikes({SHARED: 0, POST: 1}, 2)
    inner = [change.each or change.level == SYNAPSE for change in page.job.changes]
    outside, by_cell, by_edge = function.nested(page.targets(lambda c: 2 if c.each or c.level == SYNAPSE else 1), 3)
    first = len(by_cell) - inner.count(False)
    key, by_spike, after = ["place = spikes[spike]"], by_cell[:first], by_cell[first:]
    if not any(inner):
        return _over_spikes(function, outside, [*key, *by_cell])
    edges = page.found(function, POST)
    begin = function.array(f"{page.name}_into_post")
    walk = Walk(key, begin, "place - base", "step", [*_listed(page, function, POST), *edges])
    return over_lists(function, outside, walk, by_spike, by_edge, after)


def _into_partner(page: _Page, partner: str, level: str) -> Function:
    """The elements of a level that belong to a partner's cell, by the list that there is of them."""
    function = page.at_spikes({SHARED: 0, partner: 1}, 2)
    outside, by_cell, inner = function.nested(page.targets(lambda _: 2), 3)
    mate = f"mate_{partner}"
    key = [f"{mate} = spikes[spike]"]
    if level == partner:
        return _over_spikes(function, outside, [*key, *by_cell, *inner])
    if level == paired(partner):
        begin, pairs = (function.array(f"{page.name}_{partner}_{part}") for part in ("pair_into", "pairs"))
        branch = function.array(f"{page.name}_{partner}_pair_branch")
        loads = [f"pair_{partner} = {pairs}[step]", f"branch = {branch}[step]"]
        loads += [_cell(page)] if CELL in page.touched else []
        return over_lists(function, outside, Walk(key, begin, mate, "step", loads), by_cell, inner)
    cut = function.array(f"{page.name}_into_{partner}")
    edges = page.found(function, partner)
    walk = Walk(key, cut, f"{mate} * threads + thread", "step", [*_listed(page, function, partner), *edges])
    return over_lists(function, outside, walk, by_cell, inner)


def _listed(page: _Page, function: Function, role: str) -> list[str]:
    """How a synapse in the list of a cell and its presynaptic cell are found."""
    loads = [f"edge = {function.array(f'{page.name}_edges_{role}')}[step]"]
    if page.from_before:
        loads.append(f"branch = {function.array(f'{page.name}_branch_{role}')}[step]")
    return [*loads, _cell(page)] if CELL in page.touched else loads


def _cell(page: _Page) -> str:
    return f"cell = {page.work.plan.projection.pre.low} + branch // delays"


def _everywhere(page: _Page, way: Everywhere) -> Function:
    function = page.start((*_ENDS, "thread", "threads", *way.told), {}, 2)
    outside, _, inside = function.nested(page.targets(lambda _: 2), 3)
    function.body = [*outside, *_loop(page, function, way.level, inside)]
    return function


def _loop(page: _Page, function: Function, level: str, inside: list[str]) -> list[str]:
    """A loop over all elements of a level that a thread owns."""
    if level == SHARED:
        return ["if thread == 0:", *indented(inside)]
    if level not in (PRE, SYNAPSE, *map(paired, page.levels.several)):
        return [f"for {page.index[level]} in range(low, high):", *indented(inside)]
    body = ["cell = base + branch // delays"] if CELL in page.touched else []
    if level == PRE:
        body += inside
    elif level == SYNAPSE:
        cut = function.array(f"{page.name}_cut")
        body.append(f"for edge in range({cut}[branch * threads + thread], {cut}[branch * threads + thread + 1]):")
        body += indented([*page.found(function), *inside])
    else:
        (partner,) = page.levels.roles[level] - {PRE}
        body += page.pairs(function, partner, "branch * threads", "(branch + 1) * threads", inside)
    return ["for branch in range((low - base) * delays, (high - base) * delays):", *indented(body)]


def _cells(page: _Page, way: Cells) -> Function:
    function = page.start(("low", "high", *way.told), {}, 1)
    outside, inside = function.nested(page.targets(lambda _: 1), 2)
    function.body = [*outside, f"for {page.index[way.level]} in range(low, high):", *indented(inside)]
    return function


def _summed(page: _Page, way: Summed) -> Function:
    function = page.start((*_ENDS, "thread", "threads", "begin", "end"), {}, 2)
    outside, _, inside = function.nested(page.targets(lambda _: 2), 3)
    loop = _loop(page, function, SYNAPSE, inside)
    (change,) = page.job.changes
    goal, share = function.array(change.row), function.array(f"{way.stem}_share")
    function.body = [
        "for place in range(begin, end):",
        f"    {goal}[place] = 0.0",
        *outside,
        *loop,
        "for place in range(begin, end):",
        f"    {goal}[place] *= {share}[place]",
    ]
    return function


def _pulled(page: _Page, way: Pulled) -> Function:
    function = page.start(_ENDS, {}, 2)
    (change,) = page.job.changes
    ((_, value, _),) = page.targets(lambda _: 2)
    outside, _, inside = function.nested([("total +=", value, 2)], 3)
    begin, edges = (function.array(f"{page.name}_{part}_{way.role}") for part in ("around", "attached"))
    share = function.array(f"{way.stem}_share")
    loads = [f"edge = {edges}[step]"]
    if page.from_before:
        loads.append(f"branch = {function.array(f'{page.name}_branch_of')}[edge]")
    if CELL in page.touched:
        loads.append("cell = base + branch // delays")
    function.body = [
        *outside,
        "for owner in range(low, high):",
        "    total = 0.0",
        f"    for step in range({begin}[owner], {begin}[owner + 1]):",
        *indented([*loads, *page.found(function), *inside], 2),
        f"    {function.array(change.row)}[owner] = total * {share}[owner]",
    ]
    return function


def _mates(page: _Page, way: Mates) -> Function:
    function = page.start(("low", "high", "now", "width"), {}, 1)
    first, mate, copies, values, share = (
        function.array(f"{way.stem}_{part}") for part in ("first", "mate", "copies", "value", "share")
    )
    function.body = [
        "for place in range(low, high):",
        "    total = 0.0",
        f"    for step in range({first}[place], {first}[place + 1]):",
        f"        total += {copies}[step] * {values}[{mate}[step]]",
        f"    {function.array(way.goal)}[place] = total * {share}[place]",
    ]
    return function


_WRITERS: dict[type, Callable[[_Page, Any], Function]] = {
    Branches: _branches,
    Along: _along,
    Into: _into,
    Everywhere: _everywhere,
    Cells: _cells,
    Summed: _summed,
    Pulled: _pulled,
    Mates: _mates,
}
