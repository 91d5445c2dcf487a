"""Potassium in a column of tissue: the astrocytes of Halnes et al. (2013) and the space around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tripartite import arguments
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Electrodiffusion, PotassiumLoad, TissueIons, TissueMembrane, TissuePump
from tripartite.models.parts import parts_of
from tripartite.network import Coupling, Network, Population
from tripartite.network.population import Members
from tripartite.network.rules import Cells, Grid
from tripartite.units import s, um

_MOST = 1_000_000


@dataclass(frozen=True)
class Nodes:
    """Points from end to end; the pieces of the two ends are half as long as the others."""

    count: int = 101

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", arguments.count(self.count, "count", 2, _MOST))

    def places(self, length: float) -> tuple[np.ndarray, np.ndarray]:
        """Points and lengths of the pieces (µm)."""
        apart = length / (self.count - 1)
        widths = np.full(self.count, apart)
        widths[[0, -1]] = apart / 2
        return np.arange(self.count) * apart, widths


@dataclass(frozen=True)
class Pieces:
    """Equal pieces, each with its point in the middle."""

    count: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", arguments.count(self.count, "count", 2, _MOST))

    def places(self, length: float) -> tuple[np.ndarray, np.ndarray]:
        """Points and lengths of the pieces (µm)."""
        apart = length / self.count
        return (np.arange(self.count) + 0.5) * apart, np.full(self.count, apart)


def tissue_parts() -> dict[str, Model]:
    """One piece (ions, channels, pump, and what neurons do to it), and what passes between two."""
    piece = Compartment(TissueIons(), TissueMembrane(), TissuePump(), PotassiumLoad())
    return {"tissue": Model(tissue=piece), "exchange": Model(exchange=Electrodiffusion())}


class HalnesTissue(Network):
    """Pieces of tissue in a line of 300 µm: ions in astrocytes and outside, which diffuse and drift between them.

    Only an implicit solver can follow it: ``column.run(until=600 * s, protocol=..., solver=Bdf())``, with the input
    ``neuronal_potassium`` of the pieces ``column.active`` and ``column.silent`` driven by a protocol.

    **Arguments** parts: as `tissue_parts` gives them; grid: how the line is cut, `Nodes` (as the authors) or `Pieces`.
    """

    def __init__(self, parts: Mapping[str, Model] | None = None, *, grid: Nodes | Pieces = Nodes()):
        parts = parts_of(parts, tissue_parts)
        arguments.instance(grid, (Nodes, Pieces), "grid", "grid=Pieces(100)")
        self.places, self.widths = grid.places(300.0)
        size = len(self.places)
        column = np.column_stack([self.places, np.zeros(size)])
        self.tissue = Population(parts["tissue"], size, positions=column * um)
        line = Grid(1, size)
        edges = line.connect(Cells(size))
        apart = np.abs(self.places[edges.sources] - self.places[edges.target])
        values = {"distance": apart * um, "width": self.widths[edges.sources] * um}
        (exchange,) = parts["exchange"].compartments["exchange"].mechanisms
        contacts = Coupling(self.tissue, exchange, line, values=values)
        super().__init__(tissue=self.tissue, connections=[contacts], step=0.1 * s)

    @property
    def active(self) -> Members:
        """The pieces whose points lie in the first tenth of the line, where neurons are active."""
        return self.tissue[: int(np.sum(self.places < 30))]

    @property
    def silent(self) -> Members:
        """All other pieces."""
        return self.tissue[int(np.sum(self.places < 30)) :]
