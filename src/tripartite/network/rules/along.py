"""Contacts along the processes of branching cells: every compartment touches its parent and its children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripartite import arguments
from tripartite.errors import NetworkError
from tripartite.network.morphology import Morphology
from tripartite.network.rules.edges import Cells, Edges
from tripartite.network.rules.neighbours import AbstractNeighbours


@dataclass(frozen=True, eq=False)
class Along(AbstractNeighbours):
    """Neighbouring compartments of a population with this morphology.

    Inputs of a coupling read ``contact`` (area through which the two touch), ``distance`` (between their centres),
    ``volume`` and ``neighbour_volume``.
    """

    morphology: Morphology

    def __post_init__(self) -> None:
        arguments.instance(self.morphology, Morphology, "Along.morphology", "Along(cells.morphology)")

    quantities: ClassVar[Mapping[str, str]] = {
        "contact": "um**2",
        "distance": "um",
        "volume": "um**3",
        "neighbour_volume": "um**3",
    }

    def pairs(self, cells: Cells) -> tuple[np.ndarray, np.ndarray]:
        places = self._places(cells)
        child = np.flatnonzero(self.morphology.parent >= 0)
        return places[:, child].ravel(), places[:, self.morphology.parent[child]].ravel()

    def measured(self, name: str, cells: Cells, edges: Edges) -> np.ndarray:
        compartment = np.empty(cells.size, np.int64)
        compartment[self._places(cells)] = np.arange(self.morphology.size)
        here, there = compartment[edges.sources], compartment[edges.target]
        if name in ("volume", "neighbour_volume"):
            return self.morphology.volume[here if name == "volume" else there]
        child = np.where(self.morphology.parent[here] == there, here, there)
        return getattr(self.morphology, name)[child]

    def _places(self, cells: Cells) -> np.ndarray:
        count, rest = divmod(cells.size, self.morphology.size)
        if rest:
            raise NetworkError(
                f"Contacts along a morphology join whole cells of {self.morphology.size} compartments; got "
                f"{cells.size} cells. Couple the population that was built with the morphology, not a slice."
            )
        return self.morphology.places(count)
