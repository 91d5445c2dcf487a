"""Where cells are: lattices, rings, random places, and space that closes upon itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import RangeError
from tripartite.language.built import Owned

_MOST = 2**31 - 1


@dataclass(frozen=True)
class Torus(metaclass=Owned):
    """Periodic space: what leaves on one side comes back on the other.

    ``extent``: its length along each axis, one for all axes or one for each.
    """

    extent: Any

    def __post_init__(self) -> None:
        self.in_um(len(units.row(self.extent, "um", "Torus.extent")))

    def in_um(self, axes: int) -> np.ndarray:
        """Extent along each of ``axes`` axes (µm)."""
        return _extent(self.extent, axes, "Torus.extent")


def folded(points: np.ndarray, extent: np.ndarray) -> np.ndarray:
    """Positions (µm) in a space that closes after ``extent`` (µm) along each axis."""
    inside = np.mod(points, extent)
    return np.where(inside < extent, inside, 0.0)  # rounding takes -1e-20 to the far border itself


def lattice(rows: int, columns: int, spacing: Any) -> Any:
    """Positions (rows * columns, 2) on a square lattice, row after row; ``spacing`` between neighbours (quantity).

    The first cell lies half a spacing from either border, so `Torus` with extent (columns, rows) * spacing closes it.
    """
    _counted(rows=rows, columns=columns)
    distance = _positive(spacing, "spacing")
    row, column = np.divmod(np.arange(rows * columns), columns)
    return units.Quantity((np.column_stack([column, row]) + 0.5) * distance, "um")


def ring(size: int, spacing: Any) -> Any:
    """Positions (size, 2) on a circle around the origin, ``spacing`` (quantity) apart along its circumference."""
    _counted(size=size)
    radius = size * _positive(spacing, "spacing") / (2 * np.pi)
    angle = 2 * np.pi * np.arange(size) / size
    return units.Quantity(radius * np.column_stack([np.cos(angle), np.sin(angle)]), "um")


def scatter(size: int, extent: Any, *, seed: int) -> Any:
    """Positions (size, axes) drawn uniformly from a box; ``extent`` (quantity): its length along each axis."""
    from tripartite.network.rules.checks import key
    from tripartite.network.rules.draws import POSITIONS, uniforms

    _counted(size=size)
    seed = arguments.seed(seed)
    axes = len(np.atleast_1d(units.row(extent, "um", "extent")))
    lengths = _extent(extent, axes, "extent")
    drawn = uniforms(size * axes, key(seed, 0, POSITIONS), 0).reshape(size, axes)
    return units.Quantity(drawn * lengths, "um")


def _extent(extent: Any, axes: int, name: str) -> np.ndarray:
    found = units.row(extent, "um", name)
    if np.any(found <= 0) or len(found) not in (1, axes):
        raise RangeError(
            f"`{name}` is a positive length, one or one for each of {axes} axes; got {extent}. "
            "Write for instance `[200, 100] * um`."
        )
    return np.broadcast_to(found, (axes,)).astype(float)


def _positive(value: Any, name: str) -> float:
    found = units.number(value, "um", name)
    if found <= 0:
        raise RangeError(f"`{name}` is a positive length; got {value}. Write for instance `50 * um`.")
    return found


def _counted(**counts: Any) -> None:
    whole = [arguments.count(value, name, 1, _MOST) for name, value in counts.items()]
    memory.check(64.0 * float(np.prod(whole, dtype=float)), "so many positions", "Ask for fewer.", RangeError)
