"""The nearer two cells, the likelier they are connected."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripartite import arguments
from tripartite.interpret.kernels.interface import compiled, parallel
from tripartite.interpret.kernels.mathematics import log
from tripartite.network.rules import checks, tree
from tripartite.network.rules.draws import EDGES, ascending, two
from tripartite.network.rules.edges import AbstractRule, Cells, Edges
from tripartite.network.rules.profiles import AbstractProfile, probability, reach
from tripartite.network.rules.tree import squared_distance, squared_distances, squared_gap
from tripartite.network.space import Torus, folded

_SAMPLE = 2**25  # pairs summed for an estimate
_SCRATCH = 2**22  # edges that are kept apart until their rows are counted
_FEW = 256  # rows that are drawn first, to learn how long they are; then eight times as many, and so on
_CANDIDATES = 512  # cells that are looked at together
_BATCH = 32  # random numbers made at once, which lets LLVM make several together


@compiled
def _fill(drawn, key, row, turn):
    """A batch of what decides on candidates: logarithms of uniform numbers, and uniform numbers."""
    for k in range(drawn.shape[1]):
        u, v = two(key, row, turn * drawn.shape[1] + k)
        drawn[0, k] = log(u)
        drawn[1, k] = v


@compiled
def _around(nodes, chances, by_miss, points, row, cells, limits, profile, extent):
    """Write the nodes that are taken as a whole, largest ones where connections are rare; returns how many.

    ``chances``: of a connection at their nearest corners; ``by_miss``: the inverse of log(1 - chance).
    """
    stack = nodes[::-1]
    stack[0], height, found = 0, 1, 0
    while height > 0:
        height -= 1
        node = stack[height]
        gap = squared_gap(points, row, cells, node, extent)
        if node < cells.leaves and gap <= limits[node]:
            stack[height], stack[height + 1] = 2 * node + 2, 2 * node + 1
            height += 2
        elif cells.begin[node, 0] < cells.begin[node, 1]:
            nodes[found], chances[found] = node, gap
            found += 1
    for k in range(found):
        chances[k] = probability(profile, chances[k])
    for k in range(found):
        by_miss[k] = 1.0 / math.log1p(-chances[k]) if chances[k] < 1.0 else 0.0
    return found


@compiled
def _kept(out, found, count, room, points, row, cells, profile, extent, excluded):
    """Add those of ``count`` candidates to ``out`` that are chosen, as far as it has room; returns how many it has."""
    places, bounds, chances = room
    squared_distances(chances[:count], points, row, cells.points, places, extent)
    for k in range(count):
        chances[k] = probability(profile, chances[k])
    for k in range(count):
        cell = cells.order[places[k]]
        if found < out.shape[0]:
            out[found] = cell
        found += bounds[k] < chances[k] and cell != excluded
    return found


@compiled
def _row(out, points, cells, limits, profile, extent, excluded, key, row, whole, drawn, room):
    """Write the chosen targets of the cell ``row`` as far as there is room; returns how many there are.

    Within a node candidates come by skipping at the probability p of its nearest corner, and a candidate at
    probability q is kept with q / p, so each is chosen with exactly its own probability. ``whole``, ``drawn`` and
    ``room`` are to work in: a processor does much at once if it need not wait for one number after the other.
    """
    nodes, chances, by_miss = whole
    places, bounds, _ = room
    found, count, turn, next_ = 0, 0, 0, drawn.shape[1]
    for k in range(_around(nodes, chances, by_miss, points, row, cells, limits, profile, extent)):
        node, p, skip = nodes[k], chances[k], by_miss[k]
        if p == 0.0:
            continue
        place, end = float(cells.begin[node, 0]) - 1.0, cells.begin[node, 1]
        while True:
            if next_ == drawn.shape[1]:
                _fill(drawn, key, row, turn)
                turn += 1
                next_ = 0
            place += 1.0 + np.floor(drawn[0, next_] * skip)
            if place < end:
                places[count], bounds[count] = int(place), drawn[1, next_] * p
                count += 1
            next_ += 1
            if place >= end:
                break
            if count == places.shape[0]:
                found = _kept(out, found, count, room, points, row, cells, profile, extent, excluded)
                count = 0
    return _kept(out, found, count, room, points, row, cells, profile, extent, excluded)


@parallel
def _choose(low, high, chosen, counts, first, points, cells, limits, profile, extent, exclude, key):
    """The targets of ``first`` and the cells that follow, each in its row of ``chosen`` as far as there is room."""
    size = cells.begin.shape[0] + 64
    whole, drawn = (np.empty(size, np.int64), np.empty(size), np.empty(size)), np.empty((2, _BATCH))
    room = np.empty(_CANDIDATES, np.int64), np.empty(_CANDIDATES), np.empty(_CANDIDATES)
    for i in range(low, high):
        row = first + i
        excluded = row if exclude else -1
        counts[i] = _row(chosen[i], points, cells, limits, profile, extent, excluded, key, row, whole, drawn, room)


@parallel
def _limit(low, high, limits, cells, profile):
    """Up to which squared distance each node is split: where more than two connections are likely in it."""
    for node in range(low, high):
        limits[node] = reach(profile, 2.0 / max(1, cells.begin[node, 1] - cells.begin[node, 0]))


@parallel
def _keep(low, high, chosen, start, target, size):
    marks, groups = np.zeros((size >> 6) + 1, np.uint64), np.zeros((size >> 12) + 1, np.uint64)
    for i in range(low, high):
        out = target[start[i] : start[i + 1]]
        out[:] = chosen[i, : out.shape[0]]
        ascending(out, marks, groups)


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
        profile, limits = self.profile.numbers(), np.empty(len(cells.begin))
        _limit(len(limits), limits, cells, profile)
        where = (points, cells, limits, profile, extent, exclude, checks.key(seed, stream, EDGES))
        start = np.zeros(pre.size + 1, dtype=np.int64)
        target = np.empty(0, dtype=np.int32)
        first, room, some = 0, 64, _FEW
        while first < pre.size:
            counts = np.empty(min(max(1, _SCRATCH // room), pre.size - first, some), dtype=np.int64)
            chosen = np.empty((len(counts), room), dtype=np.int32)
            _choose(len(counts), chosen, counts, first, *where)
            if counts.max() > room:
                room = int(counts.max() * 1.25)
                continue
            some *= 8
            last = first + len(counts)
            start[first + 1 : last + 1] = start[first] + np.cumsum(counts)
            if start[last] > len(target):
                # Room for what follows at this density, so that memory stays near its final size.
                target.resize(int(start[last] / last * pre.size * 1.05) + 1, refcheck=False)
            _keep(len(counts), chosen, start[first : last + 1], target, post.size)
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
