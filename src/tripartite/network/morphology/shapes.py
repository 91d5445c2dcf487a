"""Shapes that are built: cables, shells, and an astrocyte that nobody measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError
from tripartite.network.morphology.compartments import MOST, Growing
from tripartite.network.morphology.morphology import Morphology

_LONGEST = 1e9
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
        stretches = 2.0 ** min(counted(self.generations, "generations"), 64) - 1
        _check_size(count * counted(self.pieces, "pieces") * stretches)
        for k in range(count):
            height = 1 - 2 * (k + 0.5) / count
            flat = np.sqrt(1 - height**2)
            direction = np.array([flat * np.cos(k * _GOLDEN), flat * np.sin(k * _GOLDEN), height])
            tip, end = self._branch(made, root, soma * direction, direction, 1)
            if k == 0:
                long = length_of(self.endfoot_length, "endfoot_length")
                thick = length_of(self.endfoot_radius, "endfoot_radius")
                _add_cylinder(made, tip, long, thick, end + direction * long / 2, "endfoot")
        return with_leaflets(made.morphology(), self.leaflets, self.leaflet_length, self.leaflet_radius, "branch")

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
        end = begin + direction * pieces * piece
        if generation >= counted(self.generations, "generations"):
            return above, end
        first, second = (direction + side * 0.5 * aside for side in (1, -1))
        found = self._branch(made, above, end, first / np.linalg.norm(first), generation + 1)
        self._branch(made, above, end, second / np.linalg.norm(second), generation + 1)
        return found


def with_leaflets(shape: Morphology, count: int, length: Any, radius: Any, region: str) -> Morphology:
    """A morphology with leaflets around every compartment of a region."""
    long, thick = length_of(length, "length"), length_of(radius, "radius")
    around = counted(count, "count", least=0)
    hosts = np.arange(shape.size)[shape.within(region)]
    _check_size(shape.size + float(len(hosts)) * around)
    host = np.repeat(hosts, around)
    reach = 2 * shape.volume[host] / shape.area[host] + long / 2
    places = np.empty((len(host), 3))
    for k, compartment in enumerate(hosts):
        away = _around(shape, compartment, around)
        part = slice(k * around, (k + 1) * around)
        places[part] = shape.position[compartment] + reach[part, None] * away
    one = np.ones(len(host))
    return Morphology(
        parent=np.concatenate([shape.parent, host]),
        volume=units.Quantity(np.append(shape.volume, np.pi * thick**2 * long * one), "um**3"),
        area=units.Quantity(np.append(shape.area, 2 * np.pi * thick * long * one), "um**2"),
        contact=units.Quantity(np.append(shape.contact, np.pi * thick**2 * one), "um**2"),
        distance=units.Quantity(np.append(shape.distance, reach), "um"),
        position=units.Quantity(np.vstack([shape.position, places]), "um"),
        region=np.concatenate([shape.region, np.full(len(host), "leaflet", object)]),
    )


def _around(shape: Morphology, compartment: int, count: int) -> np.ndarray:
    """Directions (count, 3) at right angles to the one from the parent."""
    direction = shape.position[compartment] - shape.position[shape.parent[compartment]]
    whole = np.linalg.norm(direction)
    direction = direction / whole if whole > 0 and shape.parent[compartment] >= 0 else np.array([0.0, 0.0, 1.0])
    aside = _across(direction)
    angle = 2 * np.pi * np.arange(count) / max(count, 1) + compartment
    return np.outer(np.cos(angle), aside) + np.outer(np.sin(angle), np.cross(direction, aside))


def _add_cylinder(made: Growing, parent: int, length: float, radius: float, centre: np.ndarray, region: str) -> int:
    away = 0.0 if parent < 0 else length / 2 + made.reach[parent]
    return made.add(
        length / 2,
        parent=parent,
        volume=np.pi * radius**2 * length,
        area=2 * np.pi * radius * length,
        contact=np.pi * radius**2,
        distance=away,
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
    if not 0 < found <= _LONGEST:
        raise RangeError(
            f"`{name}` is a positive length of at most {_LONGEST:g} µm; got {value}. Write for instance `1 * um`."
        )
    return found


def counted(value: Any, name: str, least: int = 1) -> int:
    """A whole number of compartments."""
    return arguments.count(value, name, least, MOST)


def _check_size(count: float) -> None:
    if count > MOST:
        raise RangeError(
            f"A cell has at most {MOST:,} compartments; got about {count:.4g}. Ask for fewer branches, pieces or "
            "leaflets."
        )
