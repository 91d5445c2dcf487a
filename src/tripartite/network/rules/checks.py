"""What numbers, indices and positions given to a rule must satisfy."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import NetworkError, RangeError
from tripartite.network.rules.edges import LARGEST, Cells
from tripartite.network.space import Torus


def probability(value: Any, name: str) -> float:
    """``value`` as a number in [0, 1]."""
    found = units.number(value, "1", name)
    if not 0 <= found <= 1:
        raise RangeError(f"`{name}` is a probability, from 0 to 1; got {found:g}. Correct it.")
    return found


def length(value: Any, name: str) -> float:
    """``value`` as a positive length in µm."""
    found = units.number(value, "um", name)
    if found <= 0:
        raise RangeError(f"`{name}` is a positive length; got {found:g} µm. Write for instance `50 * um`.")
    return found


def space(value: Any, name: str) -> None:
    """Raise unless ``value`` is a `Torus`, or None for open space."""
    if value is not None:
        arguments.instance(value, Torus, name, f"{name.rsplit('.', 1)[-1]}=Torus([200, 100] * um)")


def indices(values: Any, name: str, low: int = 0) -> np.ndarray:
    """``values`` as cell numbers from ``low`` on, int32 (n,)."""
    return arguments.wholes(values, name, low, LARGEST).astype(np.int32)


def within(found: np.ndarray, size: int, name: str) -> None:
    """Raise unless all cell numbers are below ``size``."""
    if found.size and found.max() >= size:
        place = int(np.argmax(found >= size))
        raise RangeError(
            f"`{name}` numbers the {size} cells from 0 to {size - 1}; edge {place} names cell {found[place]}. "
            "Number cells from 0, within the population or slice that is connected."
        )


def placed(cells: Cells, name: str, axes: int | None = None) -> np.ndarray:
    """Positions (size, axes) in µm of cells that a rule asks for."""
    if cells.positions is None:
        raise NetworkError(
            f"A rule by distance needs positions; the {name} cells have none. "
            "Give `positions` to their population, for instance `lattice(10, 10, 50 * um)`."
        )
    found = np.ascontiguousarray(cells.positions, dtype=np.float64)
    if axes is not None and found.shape[1] != axes:
        raise NetworkError(
            f"Distances need as many axes on both sides; the {name} cells have {found.shape[1]}, the others {axes}. "
            "Place both in the same space."
        )
    return found


def key(seed: int, stream: int, purpose: int) -> tuple[np.uint64, np.uint64, np.uint64]:
    """What tells the random numbers of one use apart from all others."""
    if not (0 <= seed < 2**64 and 0 <= stream < 2**32):
        raise RangeError(
            f"A seed is from 0 to 2**64 - 1 and a stream from 0 to 2**32 - 1; got {seed} and {stream}. "
            "Give a small positive seed."
        )
    return np.uint64(seed), np.uint64(stream), np.uint64(purpose)
