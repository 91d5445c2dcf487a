"""Which cells are meant: an index, a list of them, a slice, a mask, or a region of space."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError, said
from tripartite.network.space import Torus, folded

_WAYS = "Write for instance `cells[0:100]`, `cells[::2]`, `cells[[1, 5, 9]]` or `cells[mask]`"


def chosen(choice: Any, size: int) -> range | np.ndarray:
    """Numbers of the chosen ones of ``size`` cells in the order in which they were given, a range or int64 (n,).

    ``choice``: a whole number or several (negative ones count from the end), a slice, or a mask of truth values.
    **Raises** `RangeError` for none, for one that comes twice, and for what lies outside.
    """
    if isinstance(choice, slice):
        return _sliced(choice, size)
    found = _listed(choice)
    if found.dtype.kind == "b":
        if found.shape != (size,):
            raise RangeError(
                f"A mask has a truth value for each of the {size} cells; got {len(found)}. Give one for each."
            )
        found = np.flatnonzero(found)
    outside = (found < -size) | (found >= size) if len(found) else np.zeros(0, bool)
    if outside.any():
        raise RangeError(
            f"Cells are numbered from 0 to {size - 1}, or from -1 to {-size} from the end; got {found[outside][0]}. "
            "Correct the number."
        )
    found = found.astype(np.int64)
    found = np.where(found < 0, found + size, found)
    if not len(found):
        raise RangeError(f"Chosen cells are at least one; got none of {size}. {_WAYS}.")
    numbers, counts = np.unique(found, return_counts=True)
    if counts.max() > 1:
        truths = " As a mask it is written with truth values: `mask.astype(bool)`." if len(found) == size else ""
        raise RangeError(
            f"A cell is chosen once; got cell {numbers[counts > 1][0]} {counts.max()} times.{truths} Leave out what "
            "comes again, as `numpy.unique` does."
        )
    return found


def _sliced(choice: slice, size: int) -> range:
    shown = ":".join("" if part is None else f"{part}" for part in (choice.start, choice.stop, choice.step or None))
    for bound in (choice.start, choice.stop, choice.step):
        if bound is not None and not arguments.whole(bound):
            raise RangeError(f"Cells are counted in whole numbers; got {said(choice)}. {_WAYS}.")
    if choice.step == 0:
        raise RangeError(f"A slice goes forward or back; got a step of 0. {_WAYS}.")
    for bound in (choice.start, choice.stop):
        if bound is not None and not -size <= bound <= size:
            raise RangeError(f"A slice stays within its cells; got {shown} of {size} cells. Correct the bounds.")
    found = range(*choice.indices(size))
    if not found:
        raise RangeError(f"Chosen cells are at least one; got {shown} of {size}. {_WAYS}.")
    return found


def _listed(choice: Any) -> np.ndarray:
    """Whole numbers or truth values (n,), as they were given."""
    mixed = isinstance(choice, list) and len({isinstance(item, bool | np.bool_) for item in choice}) > 1
    try:
        foreign = mixed or isinstance(choice, str | bytes | tuple | set | dict) or np.ma.is_masked(choice)
        found = np.empty(1, object) if foreign or arguments.unit_of(choice) else np.asarray(choice)
    except Exception:  # ragged lists and foreign objects raise what they like
        found = np.empty(1, object)
    if found.shape == (0,):
        found = found.astype(np.int64)
    alone = found.ndim == 0 and arguments.whole(found[()])
    if not alone and (found.ndim != 1 or found.dtype.kind not in "iub"):
        what = f"an array of {found.dtype} and shape {found.shape}" if isinstance(choice, np.ndarray) else said(choice)
        raise RangeError(f"Cells are chosen by whole numbers or a mask of truth values; got {what}. {_WAYS}.")
    return np.atleast_1d(found)


def near(positions: np.ndarray, centre: Any, radius: Any, space: Torus | None) -> np.ndarray:
    """Whether each of ``positions`` (µm) lies at most ``radius`` away from ``centre`` (quantities)."""
    if space is not None:
        arguments.instance(space, Torus, "space", "space=Torus([200, 100] * um)")
    point = _point(centre, "centre", positions)[None]
    distance = units.number(radius, "um", "radius")
    if distance < 0:
        raise RangeError(f"A radius is not negative; got {units.shown(radius)}. Write for instance `50 * um`.")
    apart = distances(positions, point, space)
    return _some(apart <= distance, f"within {distance:g} µm; the nearest is {apart.min():g} µm away")


def between(positions: np.ndarray, low: Any, high: Any) -> np.ndarray:
    """Whether each of ``positions`` (µm) lies in the box between two corners (quantities), borders included."""
    first, last = _point(low, "low", positions), _point(high, "high", positions)
    if np.any(first > last):
        raise RangeError(f"A box goes from its lowest to its highest corner; got {first} to {last} µm. Exchange them.")
    inside = ((positions >= first) & (positions <= last)).all(axis=1)
    reach = f"{positions.min(axis=0)} to {positions.max(axis=0)} µm"
    return _some(np.asarray(inside), f"from {first} to {last} µm; the cells lie from {reach}")


def distances(points: np.ndarray, others: np.ndarray, space: Torus | None) -> np.ndarray:
    """Distance (µm) of each of ``points`` from its own of ``others``, both (n, axes) in µm."""
    if space is not None:
        extent = space.in_um(points.shape[1])
        gap = np.abs(folded(points, extent) - folded(others, extent))
        return np.sqrt((np.minimum(gap, extent - gap) ** 2).sum(axis=1))
    return np.sqrt(((points - others) ** 2).sum(axis=1))


def _point(value: Any, name: str, positions: np.ndarray) -> np.ndarray:
    found, axes = units.row(value, "um", name), positions.shape[1]
    if len(found) != axes:
        raise RangeError(f"`{name}` is a point with {axes} coordinates, as the cells have; got {len(found)}. Give all.")
    return found


def _some(inside: np.ndarray, where: str) -> np.ndarray:
    if not inside.any():
        raise RangeError(f"A region holds at least one of the cells; got none {where}. Correct the region.")
    return inside
