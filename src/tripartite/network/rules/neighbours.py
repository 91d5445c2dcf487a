"""Which cells touch: symmetric pairs for gap junctions, each in both directions."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.spatial import KDTree

from tripartite import arguments, memory
from tripartite.errors import NetworkError, RangeError
from tripartite.language.built import Owned
from tripartite.network.rules import checks
from tripartite.network.rules.distance import wrapped
from tripartite.network.rules.edges import LARGEST, Cells, Edges, rows
from tripartite.network.space import Torus

_EACH = 120
"""Bytes for each pair while contacts are sorted."""


class AbstractNeighbours(metaclass=Owned):
    """Pairs of cells that touch; subclasses are frozen dataclasses."""

    quantities: ClassVar[Mapping[str, str]] = {}
    """What is known of every contact, with units: inputs of these names read it in a coupling."""

    @abc.abstractmethod
    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        """The two cells of each pair; a pair may come more than once and either way round."""

    def expected(self, cells: Cells) -> float:
        """About how many pairs, in all, are held while they are found; 0 for rules whose user holds them."""
        return 0.0

    def connect(self, cells: Cells) -> Edges:
        """Every pair once in each direction, without cells that touch themselves.

        **Raises** `NetworkError` for more pairs than fit into memory, before they are found.
        """
        found = self.expected(cells)
        memory.check(_EACH * found, f"{self} with {found:.3g} pairs", "Let fewer cells touch.", NetworkError)
        return symmetric(*self.pairs(cells), cells.size)

    def given(self, cells: Cells, edges: Edges) -> np.ndarray | None:
        """Where each directed contact stands in the lists of pairs, if the rule was given some."""
        return None

    def measured(self, name: str, cells: Cells, edges: Edges) -> np.ndarray:
        """One of `quantities` for every directed contact, in internal units; rules that know some define it."""
        raise AssertionError(f"{type(self).__name__} names `{name}` among its quantities and does not measure it.")


def symmetric(i: np.ndarray, j: np.ndarray, size: int) -> Edges:
    """Edges in both directions between ``i`` and ``j``, without duplicates."""
    i, j = np.asarray(i, dtype=np.int64), np.asarray(j, dtype=np.int64)
    apart = i != j
    i, j = i[apart], j[apart]
    both = np.sort(np.concatenate([i * size + j, j * size + i]))
    if len(both):
        both = both[np.concatenate([[True], both[1:] != both[:-1]])]
    source, target = np.divmod(both, size)
    return Edges(rows(np.bincount(source, minlength=size)), target.astype(np.int32))


@dataclass(frozen=True)
class Ring(AbstractNeighbours):
    """Cells in a circle, each touching the next ``reach`` cells on either side."""

    reach: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "reach", arguments.count(self.reach, "Ring.reach", 1, LARGEST))

    def expected(self, cells: Cells) -> float:
        return float(cells.size) * min(self.reach, cells.size)

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        cell = np.repeat(np.arange(cells.size), min(self.reach, cells.size))
        steps = np.tile(np.arange(1, min(self.reach, cells.size) + 1), cells.size)
        return cell, (cell + steps) % cells.size


@dataclass(frozen=True)
class Grid(AbstractNeighbours):
    """Cells numbered row after row, as `lattice` places them, each touching up to four; ``periodic``: borders too.

    **Raises** `RangeError` unless rows * columns is the number of cells.
    """

    rows: int
    columns: int
    periodic: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", arguments.count(self.rows, "Grid.rows", 1, LARGEST))
        object.__setattr__(self, "columns", arguments.count(self.columns, "Grid.columns", 1, LARGEST))
        object.__setattr__(self, "periodic", arguments.flag(self.periodic, "Grid.periodic"))

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        if self.rows * self.columns != cells.size:
            raise RangeError(
                f"A grid has a place for every cell; got {self.rows} x {self.columns} places for {cells.size} cells. "
                "Correct rows and columns."
            )
        row, column = np.divmod(np.arange(cells.size), self.columns)
        right = row * self.columns + (column + 1) % self.columns
        below = (row + 1) % self.rows * self.columns + column
        across = np.full(cells.size, self.periodic)
        has_right, has_below = across | (column + 1 < self.columns), across | (row + 1 < self.rows)
        cell = np.arange(cells.size)
        first = np.concatenate([cell[has_right], cell[has_below]])
        return first, np.concatenate([right[has_right], below[has_below]])


@dataclass(frozen=True)
class WithinDistance(AbstractNeighbours):
    """Cells touch that are at most ``radius`` (quantity) apart; ``space``: `Torus` for periodic borders."""

    radius: Any
    space: Torus | None = None

    def __post_init__(self) -> None:
        checks.length(self.radius, "WithinDistance.radius")
        checks.space(self.space, "WithinDistance.space")

    def expected(self, cells: Cells) -> float:
        tree, radius = self._tree(cells)
        return float(tree.count_neighbors(tree, radius) - cells.size) / 2

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        tree, radius = self._tree(cells)
        found = tree.query_pairs(radius, output_type="ndarray")
        return found[:, 0], found[:, 1]

    def _tree(self, cells: Cells) -> tuple[KDTree, float]:
        points = checks.placed(cells, "coupled")
        points, _, extent = wrapped(points, points, self.space)
        radius = checks.length(self.radius, "WithinDistance.radius")
        return KDTree(points, boxsize=None if self.space is None else extent), radius


@dataclass(frozen=True, eq=False)
class EdgeList(AbstractNeighbours):
    """Pairs as two lists: cell ``i[n]`` touches cell ``j[n]``, and the other way round.

    Values of a coupling, one for each pair, come in the same order; a pair listed in both directions may have two.
    **Raises** `RangeError` for lists of unequal length or numbers outside the population, and `NetworkError` for
    a cell that touches itself.
    """

    i: Any
    j: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "i", checks.indices(self.i, "EdgeList.i"))
        object.__setattr__(self, "j", checks.indices(self.j, "EdgeList.j"))
        if len(self.i) != len(self.j):
            raise RangeError(
                f"Every pair has two cells; got {len(self.i)} and {len(self.j)} of them. "
                "Give two lists of equal length."
            )
        if np.any(self.i == self.j):
            place = int(np.argmax(self.i == self.j))
            raise NetworkError(
                f"A cell does not touch itself; pair {place} names cell {self.i[place]} twice. Leave it out."
            )

    def given(self, cells: Cells, edges: Edges) -> np.ndarray | None:
        place = {
            (i, j): n for n, (i, j) in reversed(list(enumerate(zip(self.i.tolist(), self.j.tolist(), strict=True))))
        }
        both = zip(edges.sources.tolist(), edges.target.tolist(), strict=True)
        return np.array([place[i, j] if (i, j) in place else place[j, i] for i, j in both], np.int64)

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        checks.within(self.i, cells.size, "EdgeList.i")
        checks.within(self.j, cells.size, "EdgeList.j")
        return self.i, self.j
