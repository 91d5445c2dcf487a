"""Which astrocytes share a synapse, and how much of it each ensheathes."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from tripartite import arguments, units
from tripartite.errors import NetworkError, RangeError, outside, said
from tripartite.network.rules import checks
from tripartite.network.rules.distance import wrapped
from tripartite.network.rules.edges import AbstractSharing, Cells, Edges, Shares
from tripartite.network.rules.third import Post, Pre
from tripartite.network.space import Torus

_MOST = 255
"""Astrocytes of one synapse: each has a place at every synapse, whether it is taken or not."""
_ROUNDING = 1e-9
"""By how much fractions may exceed 1 together, as those that were divided by their sum do."""


@dataclass(frozen=True)
class OverlappingTerritories(AbstractSharing):
    """The ``nearest`` astrocytes whose territories a synapse lies in, each by its overlap with the cell.

    Territories of astrocytes, and the reach of the pre- or postsynaptic cell (``of``), are balls of one ``radius``
    (quantity); two whose centres are d apart share 1 - 3/4 d/r + 1/16 (d/r)^3 of their volumes, none from 2 r on.
    Fractions are to each other as overlaps, and sum to ``covered`` of a synapse that any territory overlaps; others
    have no astrocyte. ``space``: `Torus` for periodic borders.
    **Raises** `NetworkError` where positions are missing.
    """

    nearest: int
    radius: Any
    covered: float = 1.0
    of: Pre | Post = Post()
    space: Torus | None = None

    def __post_init__(self) -> None:
        nearest = arguments.count(self.nearest, "OverlappingTerritories.nearest", 1, _MOST)
        object.__setattr__(self, "nearest", nearest)
        checks.length(self.radius, "OverlappingTerritories.radius")
        object.__setattr__(self, "covered", checks.probability(self.covered, "OverlappingTerritories.covered"))
        if not isinstance(self.of, Pre | Post):
            raise NetworkError(
                f"A territory is that of `Pre()` or of `Post()`; got {said(self.of)}. Give one of the two."
            )
        checks.space(self.space, "OverlappingTerritories.space")

    @property
    def places(self) -> int:
        return self.nearest

    def share(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> Shares:
        late = isinstance(self.of, Post)
        found = self._of(post if late else pre, "postsynaptic" if late else "presynaptic", astrocytes)
        each = edges.target if late else edges.sources
        if len(each) and not np.any(found.fractions[each]):
            warnings.warn(
                f"Synapses lie in territories of {said(self.radius)}; none of {len(each)} lies in one, so that no "
                "astrocyte has any. Check the radius and its unit, and the positions.",
                stacklevel=outside(),
            )
        return Shares(found.cells[each], found.fractions[each])

    def _of(self, cells: Cells, name: str, astrocytes: Cells) -> Shares:
        """The same for each cell."""
        centres = checks.placed(astrocytes, "astrocyte")
        points = checks.placed(cells, name, centres.shape[1])
        points, centres, extent = wrapped(points, centres, self.space)
        count = min(self.nearest, len(centres))
        tree = KDTree(centres, boxsize=None if self.space is None else extent)
        distance, number = (each.reshape(-1, count) for each in tree.query(points, count))
        part = np.minimum(distance / checks.length(self.radius, "OverlappingTerritories.radius"), 2.0)
        overlap = 1 - 0.75 * part + part**3 / 16
        total = overlap.sum(axis=1, keepdims=True)
        fractions = self.covered * np.divide(overlap, total, out=np.zeros_like(overlap), where=total > 0)
        found = Shares(np.full((len(points), self.nearest), -1, np.int32), np.zeros((len(points), self.nearest)))
        found.cells[:, :count] = np.where(fractions > 0, number, -1)
        found.fractions[:, :count] = fractions
        return found


@dataclass(frozen=True, eq=False)
class ExplicitSharing(AbstractSharing):
    """A list of who ensheathes what: the number of an edge, an astrocyte, and the fraction of the edge that it has.

    Edges count in the order in which they were given to `Explicit`; those of other rules by presynaptic, then by
    postsynaptic cell. An edge that is not listed has no astrocyte.
    **Raises** `RangeError` for lists of different lengths, numbers that no edge or astrocyte has, fractions outside
    (0, 1], a pair that comes twice, and fractions of one edge that sum to more than 1.
    """

    edges: Any
    astrocytes: Any
    fractions: Any

    def __post_init__(self) -> None:
        for name in ("edges", "astrocytes"):
            found = checks.indices(getattr(self, name), f"ExplicitSharing.{name}")
            object.__setattr__(self, name, found)
        fractions = np.atleast_1d(np.asarray(units.row(self.fractions, "1", "ExplicitSharing.fractions"), float))
        object.__setattr__(self, "fractions", fractions)
        lengths = {len(self.edges), len(self.astrocytes), len(fractions)}
        if len(lengths) > 1:
            raise RangeError(
                "An entry is an edge, an astrocyte and a fraction; got lists of "
                f"{len(self.edges)}, {len(self.astrocytes)} and {len(fractions)}. Make them equally long."
            )
        wrong = np.flatnonzero(~((fractions > 0) & (fractions <= 1)))
        if len(wrong):
            raise RangeError(
                f"A fraction is above 0 and at most 1; entry {wrong[0]} has {fractions[wrong[0]]:g}. Correct it, or "
                "leave the entry out."
            )
        order = np.lexsort((self.astrocytes, self.edges))
        twice = np.flatnonzero((np.diff(self.edges[order]) == 0) & (np.diff(self.astrocytes[order]) == 0))
        if len(twice):
            place = order[twice[0]]
            raise RangeError(
                f"An astrocyte has one fraction of an edge; astrocyte {self.astrocytes[place]} comes twice at edge "
                f"{self.edges[place]}. Add the fractions up."
            )
        total = np.bincount(self.edges, fractions)
        most = int(np.argmax(total)) if len(total) else 0
        if len(total) and total[most] > 1 + _ROUNDING:
            raise RangeError(
                f"Fractions of one edge sum to 1 at most; those of edge {most} sum to {total[most]:g}. Lower them."
            )

    @property
    def places(self) -> int:
        return max(1, int(np.bincount(self.edges).max(initial=0)))

    def share(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> Shares:
        if len(self.edges) and self.edges.max() >= len(edges):
            raise RangeError(
                f"Edges are numbered from 0; `ExplicitSharing.edges` names {self.edges.max()}, and there are "
                f"{len(edges)}. Count them in the order of `Network.edges`."
            )
        checks.within(self.astrocytes, astrocytes.size, "ExplicitSharing.astrocytes")
        found = Shares(np.full((len(edges), self.places), -1, np.int32), np.zeros((len(edges), self.places)))
        order = np.argsort(self.edges, kind="stable")
        edge = self.edges[order]
        place = np.arange(len(edge)) - np.searchsorted(edge, edge)
        found.cells[edge, place] = self.astrocytes[order]
        found.fractions[edge, place] = self.fractions[order]
        return found if edges.order is None else Shares(found.cells[edges.order], found.fractions[edges.order])
