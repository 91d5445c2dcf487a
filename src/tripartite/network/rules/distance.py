"""The nearer two cells, the likelier they are connected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripartite import arguments
from tripartite.interpret.kernels.interface import compiled, parallel
from tripartite.network.rules import checks, tree
from tripartite.network.rules.draws import EDGES, two
from tripartite.network.rules.edges import AbstractRule, Cells, Edges
from tripartite.network.rules.profiles import AbstractProfile, probability
from tripartite.network.rules.tree import squared_distance, squared_gap
from tripartite.network.space import Torus, folded

_SAMPLE = 2**25  # pairs summed for an estimate
_SCRATCH = 2**22  # edges that are kept apart until their rows are counted


@compiled
def _row(out, points, cells, profile, extent, excluded, key, row):
    """Write the chosen targets of the cell ``row`` as far as there is room; returns how many there are.

    Within a node candidates come by skipping at the probability p of its nearest corner, and a candidate at
    probability q is kept with q / p, so each is chosen with exactly its own probability.
    """
    stack = np.empty(64, np.int64)
    stack[0], height = 0, 1
    found, pair = 0, 0
    while height > 0:
        height -= 1
        node = stack[height]
        begin, end = cells.begin[node, 0], cells.begin[node, 1]
        if begin == end:
            continue
        p = probability(profile, squared_gap(points, row, cells, node, extent))
        if p == 0.0:
            continue
        if node < cells.leaves and (end - begin) * p > 2.0:
            stack[height], stack[height + 1] = 2 * node + 2, 2 * node + 1
            height += 2
            continue
        log_miss = math.log1p(-p) if p < 1.0 else -np.inf
        place = float(begin) - 1.0
        while True:
            u, v = two(key, row, pair)
            pair += 1
            place += 1.0 + math.floor(math.log(u) / log_miss)
            if place >= end:
                break
            at = int(place)
            q = probability(profile, squared_distance(points, row, cells.points, at, extent))
            if v * p < q and cells.order[at] != excluded:
                if found < out.shape[0]:
                    out[found] = cells.order[at]
                found += 1
    return found


@parallel
def _choose(low, high, chosen, counts, first, points, cells, profile, extent, exclude, key):
    """The targets of ``first`` and the cells that follow, each in its row of ``chosen`` as far as there is room."""
    for i in range(low, high):
        row = first + i
        counts[i] = _row(chosen[i], points, cells, profile, extent, row if exclude else -1, key, row)


@parallel
def _keep(low, high, chosen, start, target):
    for i in range(low, high):
        out = target[start[i] : start[i + 1]]
        out[:] = chosen[i, : out.shape[0]]
        out.sort()


@parallel
def _sum(low, high, total, chosen, points, others, profile, extent):
    for i in range(low, high):
        for j in range(others.shape[0]):
            total[i] += probability(profile, squared_distance(points, chosen[i], others, j, extent))


@dataclass(frozen=True)
class DistanceDependent(AbstractRule):
    """Each pair is connected, at most once, with the probability that ``profile`` gives for its distance.

    ``space``: `Torus` for periodic borders; ``autapses``: cells may reach themselves.
    **Raises** `NetworkError` where positions are missing or differ in axes.
    """

    profile: AbstractProfile
    autapses: bool = False
    space: Torus | None = None
    independent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        arguments.instance(self.profile, AbstractProfile, "DistanceDependent.profile", "Gaussian(0.3, 50 * um)")
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "DistanceDependent.autapses"))
        checks.space(self.space, "DistanceDependent.space")

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        points, others, extent = self._placed(pre, post)
        cells = tree.build(others)
        exclude = same and not self.autapses
        where = (points, cells, self.profile.numbers(), extent, exclude, checks.key(seed, stream, EDGES))
        start = np.zeros(pre.size + 1, dtype=np.int64)
        target = np.empty(0, dtype=np.int32)
        first, room = 0, 64
        while first < pre.size:
            counts = np.empty(min(max(1, _SCRATCH // room), pre.size - first), dtype=np.int64)
            chosen = np.empty((len(counts), room), dtype=np.int32)
            _choose(len(counts), chosen, counts, first, *where)
            if counts.max() > room:
                room = int(counts.max() * 1.25)
                continue
            last = first + len(counts)
            start[first + 1 : last + 1] = start[first] + np.cumsum(counts)
            if start[last] > len(target):
                # Room for what follows at this density, so that memory stays near its final size.
                target.resize(int(start[last] / last * pre.size * 1.05) + 1, refcheck=False)
            _keep(len(counts), chosen, start[first : last + 1], target)
            first = last
        target.resize(start[-1], refcheck=False)
        return Edges(start, target)

    def expected(self, pre: Cells, post: Cells) -> float:
        """Summed over the pairs of presynaptic cells drawn from the population; of all where pairs are few."""
        points, others, extent = self._placed(pre, post)
        chosen = np.arange(pre.size)
        count = max(16, _SAMPLE // post.size)
        if pre.size > count:
            chosen = np.random.default_rng(0).choice(pre.size, count, replace=False)
        total = np.zeros(len(chosen))
        _sum(len(chosen), total, chosen, points, others, self.profile.numbers(), extent)
        return float(total.sum()) * pre.size / len(chosen)

    def _placed(self, pre: Cells, post: Cells) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Positions of both sides and the extent of space along each axis (infinite where it is open)."""
        points = checks.placed(pre, "presynaptic")
        others = checks.placed(post, "postsynaptic", points.shape[1])
        return wrapped(points, others, self.space)


def wrapped(points: np.ndarray, others: np.ndarray, space: Torus | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both sets of positions folded into ``space``, and its extent along each axis (µm)."""
    axes = points.shape[1]
    if space is None:
        return points, others, np.full(axes, np.inf)
    extent = space.in_um(axes)
    return folded(points, extent), folded(others, extent), extent
