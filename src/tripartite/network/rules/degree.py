"""Every cell receives, or sends, a fixed number of edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tripartite import arguments
from tripartite.errors import RangeError
from tripartite.interpret.kernels import cores
from tripartite.interpret.kernels.interface import compiled, parallel
from tripartite.network.rules import checks
from tripartite.network.rules.draws import EDGES, integers, step_over, subset
from tripartite.network.rules.edges import LARGEST, AbstractRule, Cells, Edges, rows


@compiled
def draw_partners(out, n, exclude, multapses, key, row):
    """Fill ``out`` with partners of the cell ``row`` among n candidates; sorted unless there may be multapses."""
    if multapses:
        integers(out, 0, n, key, row)
    else:
        subset(out, n, key, row)
    if exclude:
        step_over(out, row)


@parallel
def _outgoing(low, high, target, k, n, exclude, multapses, key):
    for row in range(low, high):
        out = target[row * k : (row + 1) * k]
        draw_partners(out, n, exclude, multapses, key, row)
        if multapses:
            out.sort()


@parallel
def _count_by_source(low, high, counts, bounds, k, n, exclude, multapses, key):
    for part in range(low, high):
        sources = np.empty(k, np.int32)
        for cell in range(bounds[part], bounds[part + 1]):
            draw_partners(sources, n, exclude, multapses, key, cell)
            for i in range(k):
                counts[part, sources[i]] += 1


@parallel
def _place_by_source(low, high, target, free, bounds, k, n, exclude, multapses, key):
    """The same draws again; each edge takes the next free place in the row of its source."""
    for part in range(low, high):
        sources = np.empty(k, np.int32)
        for cell in range(bounds[part], bounds[part + 1]):
            draw_partners(sources, n, exclude, multapses, key, cell)
            for i in range(k):
                target[free[part, sources[i]]] = cell
                free[part, sources[i]] += 1


def _check(k: int, n: int, multapses: bool, rule: str, side: str) -> None:
    if k > n and (n == 0 or not multapses):
        raise RangeError(
            f"Without multapses or autapses there are {n} {side} cells to choose from; got {rule}.k={k}. "
            "Lower k, allow multapses, or enlarge the population."
        )


@dataclass(frozen=True)
class FixedInDegree(AbstractRule):
    """Every postsynaptic cell receives ``k`` edges, each from a presynaptic cell drawn uniformly.

    ``multapses``: with replacement, so that a pair may have several edges; ``autapses``: cells may reach themselves.
    NEST's ``fixed_indegree``. **Raises** `RangeError` for a k that the population cannot give.
    """

    k: int
    autapses: bool = True
    multapses: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", arguments.count(self.k, "FixedInDegree.k", 0, LARGEST))
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "FixedInDegree.autapses"))
        object.__setattr__(self, "multapses", arguments.flag(self.multapses, "FixedInDegree.multapses"))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        exclude = same and not self.autapses
        n = pre.size - exclude
        _check(self.k, n, self.multapses, "FixedInDegree", "presynaptic")
        # Parts of ascending postsynaptic cells keep every row ascending, however many parts there are.
        parts = min(cores.COUNT, post.size)
        bounds = np.linspace(0, post.size, parts + 1).astype(np.int64)
        draws = (bounds, self.k, n, exclude, self.multapses, checks.key(seed, stream, EDGES))
        counts = np.zeros((parts, pre.size), dtype=np.int64)
        _count_by_source(parts, counts, *draws)
        start = rows(counts.sum(axis=0))
        free = start[:-1] + np.cumsum(counts, axis=0) - counts
        target = np.empty(start[-1], dtype=np.int32)
        _place_by_source(parts, target, free, *draws)
        return Edges(start, target)

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(self.k) * post.size


@dataclass(frozen=True)
class FixedOutDegree(AbstractRule):
    """Every presynaptic cell sends ``k`` edges, each to a postsynaptic cell drawn uniformly.

    ``multapses``: with replacement, so that a pair may have several edges; ``autapses``: cells may reach themselves.
    NEST's ``fixed_outdegree``. **Raises** `RangeError` for a k that the population cannot take.
    """

    k: int
    autapses: bool = True
    multapses: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", arguments.count(self.k, "FixedOutDegree.k", 0, LARGEST))
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "FixedOutDegree.autapses"))
        object.__setattr__(self, "multapses", arguments.flag(self.multapses, "FixedOutDegree.multapses"))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        exclude = same and not self.autapses
        n = post.size - exclude
        _check(self.k, n, self.multapses, "FixedOutDegree", "postsynaptic")
        target = np.empty(pre.size * self.k, dtype=np.int32)
        if self.k:
            _outgoing(pre.size, target, self.k, n, exclude, self.multapses, checks.key(seed, stream, EDGES))
        return Edges(np.arange(pre.size + 1, dtype=np.int64) * self.k, target)

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(self.k) * pre.size
