"""Topologies of astrocyte networks: as many partners as one wants, near by or anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from tripartite import arguments, units
from tripartite.errors import RangeError
from tripartite.network.rules import checks
from tripartite.network.rules.edges import LARGEST, Cells
from tripartite.network.rules.neighbours import AbstractNeighbours

_MORE = 3  # candidates by distance, per wanted partner: the nearest may have theirs already


@dataclass(frozen=True)
class Nearest(AbstractNeighbours):
    """Every cell touches about ``degree`` others, as near as can be.

    Pairs are taken by distance (equal ones in random order, by ``seed``) as long as both cells have fewer than
    ``degree``; near the end a few cells find no partner with room and keep fewer.
    """

    degree: int
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "degree", arguments.count(self.degree, "Nearest.degree", 1, LARGEST))
        object.__setattr__(self, "seed", arguments.seed(self.seed, "Nearest.seed"))

    def expected(self, cells: Cells) -> float:
        return float(cells.size) * self._candidates(cells)

    def _candidates(self, cells: Cells) -> int:
        return min(_MORE * self.degree + 10, cells.size - 1)

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        points = checks.placed(cells, "coupled")
        wanted = self._candidates(cells)
        distance, other = (np.asarray(found) for found in KDTree(points).query(points, wanted + 1))
        first = np.repeat(np.arange(cells.size), wanted)
        second, away = other[:, 1:].ravel(), distance[:, 1:].ravel()
        once = first < second
        first, second, away = first[once], second[once], away[once]
        # Rounding of positions must not order distances that are equal on a lattice.
        order = np.lexsort((np.random.default_rng(self.seed).random(len(away)), np.round(away, 6)))
        taken = np.zeros(cells.size, dtype=int)
        chosen = []
        for pair in order:
            i, j = first[pair], second[pair]
            if taken[i] < self.degree and taken[j] < self.degree:
                taken[i] += 1
                taken[j] += 1
                chosen.append(pair)
        return first[chosen], second[chosen]


@dataclass(frozen=True)
class RandomPairs(AbstractNeighbours):
    """Any two cells touch with one probability (Erdős and Rényi), wherever they are: ``mean_degree`` on average."""

    mean_degree: float
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", arguments.seed(self.seed, "RandomPairs.seed"))
        object.__setattr__(self, "mean_degree", units.number(self.mean_degree, "1", "RandomPairs.mean_degree"))
        if self.mean_degree < 0:
            raise RangeError(f"A mean degree is not negative; got {self.mean_degree:g}. Give for instance 6.")

    def expected(self, cells: Cells) -> float:
        possible = cells.size * (cells.size - 1) / 2
        share = min(1.0, self.mean_degree / max(cells.size - 1, 1))
        # NumPy shuffles all that is possible unless little of it is chosen.
        return possible * (share + (0.1 if share > 0.01 else 0.0))

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        random = np.random.default_rng(self.seed)
        possible = cells.size * (cells.size - 1) // 2
        count = random.binomial(possible, min(1.0, self.mean_degree / max(cells.size - 1, 1)))
        number = np.sort(random.choice(possible, count, replace=False))
        # Pair n of the upper triangle, row by row, found from the right end of each row.
        ends = np.cumsum(np.arange(cells.size - 1, 0, -1))
        first = np.searchsorted(ends, number, side="right")
        second = number - (ends[first] - (cells.size - 1 - first)) + first + 1
        return first, second
