"""Shapes that are built: cables, shells, and an astrocyte that nobody measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import RangeError
from tripartite.network.morphology.compartments import Growing
from tripartite.network.morphology.morphology import Morphology

_GOLDEN = np.pi * (3 - 5**0.5)


def cable(length: Any, radius: Any, count: int, region: str) -> Morphology:
    """A cylinder in ``count`` compartments."""
    whole, thick = length_of(length, "length"), length_of(radius, "radius")
    made = Growing()
    piece = whole / counted(count, "count")
    for k in range(count):
        _add_cylinder(made, k - 1, piece, thick, np.array([(k + 0.5) * piece, 0.0, 0.0]), region)
    return made.morphology()


def shells(radius: Any, count: int, region: str) -> Morphology:
    """A sphere in ``count`` shells; the outermost has its membrane."""
    thick = length_of(radius, "radius") / counted(count, "count")
    made = Growing()
    for k in range(count):
        inner, outer = k * thick, (k + 1) * thick
        made.add(
            0.0,
            parent=k - 1,
            volume=4 / 3 * np.pi * (outer**3 - inner**3),
            area=4 * np.pi * outer**2,
            contact=4 * np.pi * inner**2,
            distance=thick,
            position=np.zeros(3),
            region=region,
        )
    return made.morphology()


@dataclass(frozen=True)
class Tree:
    """An astrocyte as a soma with forked branches, leaflets along them, and an endfoot at the end of the first.

    Branches fork in two ``generations - 1`` times, and thin out such that the cross-section is kept in a fork. The
    numbers are assumed, of the order of what is seen in the cortex; they describe no cell that was measured.

    **Arguments** branches: that leave the soma; generations: stretches from the soma to a tip; length: of a stretch;
    radius: of a branch at the soma; pieces: compartments of a stretch; leaflets: on every compartment of a branch;
    leaflet_length, leaflet_radius: of each; soma_radius; endfoot_length, endfoot_radius: of the endfoot.
    """

    branches: int = 5
    generations: int = 3
    length: Any = "8 um"
    radius: Any = "0.8 um"
    pieces: int = 4
    leaflets: int = 3
    leaflet_length: Any = "1 um"
    leaflet_radius: Any = "0.1 um"
    soma_radius: Any = "5 um"
    endfoot_length: Any = "6 um"
    endfoot_radius: Any = "1.5 um"

    def morphology(self) -> Morphology:
        """The tree of compartments."""
        made = Growing()
        soma = length_of(self.soma_radius, "soma_radius")
        volume, area = 4 / 3 * np.pi * soma**3, 4 * np.pi * soma**2
        root = made.add(
            soma,
            parent=-1,
            volume=volume,
            area=area,
            contact=0.0,
            distance=0.0,
            position=np.zeros(3),
            region="soma",
        )
        count = counted(self.branches, "branches")
        for k in range(count):
            height = 1 - 2 * (k + 0.5) / count
            flat = np.sqrt(1 - height**2)
            direction = np.array([flat * np.cos(k * _GOLDEN), flat * np.sin(k * _GOLDEN), height])
            tip, end = self._branch(made, root, soma * direction, direction, 1)
            if k == 0:
                long = length_of(self.endfoot_length, "endfoot_length")
                thick = length_of(self.endfoot_radius, "endfoot_radius")
                _add_cylinder(made, tip, long, thick, end + direction * long / 2, "endfoot")
        return made.morphology()

    def _branch(
        self, made: Growing, above: int, begin: np.ndarray, direction: np.ndarray, generation: int
    ) -> tuple[int, np.ndarray]:
        """Add a stretch and all beyond it; returns the last compartment towards its first tip, and where it ends."""
        pieces = counted(self.pieces, "pieces")
        piece = length_of(self.length, "length") / pieces
        radius = length_of(self.radius, "radius") * 2 ** (-(generation - 1) / 2)
        aside = _across(direction)
        for k in range(pieces):
            centre = begin + direction * (k + 0.5) * piece
            above = _add_cylinder(made, above, piece, radius, centre, "branch")
            self._leaflets(made, above, centre, direction, radius)
        end = begin + direction * pieces * piece
        if generation >= counted(self.generations, "generations"):
            return above, end
        first, second = (direction + side * 0.5 * aside for side in (1, -1))
        found = self._branch(made, above, end, first / np.linalg.norm(first), generation + 1)
        self._branch(made, above, end, second / np.linalg.norm(second), generation + 1)
        return found

    def _leaflets(self, made: Growing, branch: int, centre: np.ndarray, direction: np.ndarray, radius: float) -> None:
        long = length_of(self.leaflet_length, "leaflet_length")
        thick = length_of(self.leaflet_radius, "leaflet_radius")
        aside = _across(direction)
        other = np.cross(direction, aside)
        for k in range(counted(self.leaflets, "leaflets", least=0)):
            angle = 2 * np.pi * k / self.leaflets + branch
            away = np.cos(angle) * aside + np.sin(angle) * other
            place = centre + away * (radius + long / 2)
            _add_cylinder(made, branch, long, thick, place, "leaflet", distance=radius + long / 2)


def _add_cylinder(
    made: Growing,
    parent: int,
    length: float,
    radius: float,
    centre: np.ndarray,
    region: str,
    distance: float | None = None,
) -> int:
    away = 0.0 if parent < 0 else length / 2 + made.reach[parent]
    return made.add(
        length / 2,
        parent=parent,
        volume=np.pi * radius**2 * length,
        area=2 * np.pi * radius * length,
        contact=np.pi * radius**2,
        distance=away if distance is None else distance,
        position=centre,
        region=region,
    )


def _across(direction: np.ndarray) -> np.ndarray:
    """A unit vector at right angles."""
    other = np.cross(direction, [0.0, 0.0, 1.0] if abs(direction[2]) < 0.9 else [1.0, 0.0, 0.0])
    return other / np.linalg.norm(other)


def length_of(value: Any, name: str) -> float:
    """A positive length (µm)."""
    found = units.number(value, "um", name)
    if found <= 0:
        raise RangeError(f"`{name}` is a positive length; got {value}. Write for instance `1 * um`.")
    return found


def counted(value: Any, name: str, least: int = 1) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise RangeError(f"`{name}` is a whole number of {least} or more; got {value!r}. Correct it.")
    return int(value)
