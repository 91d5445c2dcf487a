"""One way in for every kind of argument that is no quantity: what it must be, what came, what to do.

Quantities have theirs in `units`: `units.number`, `units.row`, `units.to_internal`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from enum import Enum
from numbers import Number
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import numpy as np
import pint

from tripartite.errors import ArgumentError, UnknownNameError, named, nearest, said

T = TypeVar("T")

LARGEST_SEED = 2**63 - 1

MOST = 1_000_000
"""Things that are given one by one; who gives more gives without end."""

_TECHNICAL = 2**31 - 1
"""From here on a largest number is one of the machine, which says nothing to who gave one that is too small."""

_DEEPEST = 8
"""Lists in lists that are looked into: what is deeper is no argument."""

_LONGEST_PART, _LONGEST_PATH = 255, 4096  # bytes: what file systems can hold


def count(value: Any, name: str, low: int = 0, high: int | None = None) -> int:
    """``value`` as a whole number from ``low`` on; numpy's whole numbers are, True and 3.0 are not."""
    if not whole(value):
        example = f"{name}={max(low, 1)}"
        raise ArgumentError(f"`{name}` is a whole number; got {said(value)}. Write for instance `{example}`.")
    if value < low or (high is not None and value > high):
        open_above = high is None or (value < low and high >= _TECHNICAL)
        reach = f"of {low} or more" if open_above else f"from {low} to {high}"
        raise ArgumentError(f"`{name}` is a whole number {reach}; got {said(value)}. Correct it.")
    return int(value)


def whole(value: Any) -> TypeGuard[int]:
    """Whether ``value`` is a whole number ; neither True is one, nor a span of days of NumPy."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool | np.timedelta64)


def seed(value: Any, name: str = "seed") -> int:
    """``value`` as the seed of random numbers."""
    return count(value, name, 0, LARGEST_SEED)


def seeds(value: Any, name: str = "seed") -> list[int]:
    """One seed or several as a list."""
    if isinstance(value, str | bytes | Mapping | set | frozenset) or not _walked(value):
        return [seed(value, name)]
    found = [seed(item, name) for item in each(value, name)]
    if not found:
        raise ArgumentError(f"`{name}` is one seed or several; got none. Write for instance `{name}=range(10)`.")
    return found


def flag(value: Any, name: str) -> bool:
    """``value`` as yes or no; text and numbers are neither."""
    if not isinstance(value, bool | np.bool_):
        raise ArgumentError(f"`{name}` is True or False; got {said(value)}. Write `{name}=True` or `{name}=False`.")
    return bool(value)


def text(value: Any, name: str) -> str:
    """``value`` as text that says something and can be written down."""
    if not isinstance(value, str) or not value.strip() or not writable(value):
        raise ArgumentError(f"`{name}` is text; got {said(value)}. Put it in quotes.")
    return value


def texts(value: Any, name: str, example: str) -> list[str]:
    """One text or several as a list."""
    return [text(item, name) for item in several(value, str, name, example)]


def identifier(value: Any, name: str) -> str:
    """``value`` as a name that can stand in a path such as ``astrocyte.ca``."""
    if not isinstance(value, str) or not value.isidentifier():
        raise ArgumentError(
            f"`{name}` is a name of letters, digits and underscores that does not begin with a digit; got "
            f"{said(value)}. Write for instance `plateau`."
        )
    return value


def known(value: Any, names: Collection[str], owner: str) -> str:
    """``value``, one of ``names``; the error begins with ``owner`` ("The table has no row") and gives the nearest."""
    if not isinstance(value, str) or value not in names:
        raise UnknownNameError(f"{owner} {named(value)}. {nearest(value, names)}")
    return value


def path(value: Any, name: str) -> Path:
    """``value`` as a path of the file system."""
    found = None
    if isinstance(value, str | os.PathLike):
        try:
            found = os.fspath(value)
            parts = os.fsencode(found).split(b"/")
            long = max(map(len, parts)) > _LONGEST_PART or sum(map(len, parts)) > _LONGEST_PATH
            found = found if isinstance(found, str) and found.strip() and "\0" not in found and not long else None
        except Exception:  # half a character, or an object that only seems to be a path
            found = None
    if found is None:
        raise ArgumentError(f'`{name}` is a path; got {said(value)}. Write for instance `{name}="results/run.zarr"`.')
    return Path(found)


def instance(value: Any, kind: type[T] | tuple[type[T], ...], name: str, example: str) -> T:
    """``value``, an object of a class (or of one of several); ``example`` is code that makes one."""
    if (isinstance(value, type) and kind is not type) or not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(f"`{k.__name__}`" for k in kinds)
        raise ArgumentError(f"`{name}` is an object of {wanted}; got {said(value)}. Write for instance `{example}`.")
    return value  # type: ignore[return-value]


def several(value: Any, kind: type[T] | tuple[type[T], ...], name: str, example: str) -> list[T]:
    """One object of a class, or objects in any iterable that has an order, a generator too, as a list."""
    alone = isinstance(value, kind)
    if alone or isinstance(value, str | bytes | type | Mapping | set | frozenset) or not _walked(value):
        return [instance(value, kind, name, example)]
    return [instance(item, kind, f"{name}[{place}]", example) for place, item in enumerate(each(value, name))]


def each(value: Iterable[Any], name: str) -> Iterator[Any]:
    """One after the other what ``value`` gives; **raises** for what gives without end, or only seems to give."""
    if not _walked(value):
        raise ArgumentError(f"`{name}` is one thing or several; got {said(value)}. Give a list.")
    found = iter(value)
    for place in range(MOST):
        try:
            item = next(found)
        except StopIteration:
            return
        except TypeError as reason:
            if place:
                raise
            raise ArgumentError(f"`{name}` is one thing or several; got {said(value)}. Give a list.") from reason
        yield item
    raise ArgumentError(f"`{name}` comes to an end; got more than {MOST:,} from {said(value)}. Give a list.")


def options(given: Mapping[str, Any], allowed: Collection[str], owner: str) -> dict[str, Any]:
    """Arguments by name that are handed on, each one of ``allowed``; ``owner`` takes them."""
    for name in given:
        known(name, allowed, f"`{owner}` takes no argument")
    return dict(given)


def mapping(value: Any, name: str, example: str) -> dict[str, Any]:
    """``value``, things by name, as a dictionary."""
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise ArgumentError(f"`{name}` is a dictionary by name; got {said(value)}. Write for instance `{example}`.")
    return dict(value)


def own(value: Any, depth: int = _DEEPEST) -> Any:
    """``value`` apart from who gave it: arrays, lists and mappings, bare or in quantities, as copies.

    Copies of arrays are read-only; an array that is so already is kept. What is none of these stays as it is.
    """
    if isinstance(value, np.ndarray):
        return value if _fixed(value) else sealed(value.copy())
    if isinstance(value, pint.Quantity):
        magnitude = value.magnitude
        return type(value)(own(magnitude), value.units) if isinstance(magnitude, np.ndarray) else value
    if isinstance(value, np.generic | str | bytes | type) or depth == 0:
        return value
    if type(value) in (list, set, tuple):
        return type(value)(own(item, depth - 1) for item in value)
    try:
        if isinstance(value, Mapping):
            return {name: own(item, depth - 1) for name, item in value.items()}
        if hasattr(type(value), "__array__") and hasattr(type(value), "copy"):  # of pandas, xarray and the like
            return value.copy()
    except Exception:  # an object that cannot be asked is refused where it is used
        pass
    return value


def sealed(value: T) -> T:
    """``value``, of which the arrays, bare, in quantities, lists and mappings, cannot be written to from here on."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, pint.Quantity):
        sealed(value.magnitude)
    elif type(value) in (dict, list, tuple):
        for item in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]
            if isinstance(item, np.ndarray | pint.Quantity):
                sealed(item)
    return value


def _fixed(array: np.ndarray) -> bool:
    """Whether nobody can write to an array, nor to one whose numbers it shows."""
    shown: Any = array
    while isinstance(shown, np.ndarray):
        if shown.flags.writeable:
            return False
        shown = shown.base
    return shown is None


def _walked(value: Any) -> bool:
    """Whether ``value`` can be walked through; a single quantity says that it can and cannot."""
    try:
        iter(value)
    except Exception:
        return False
    return True


def writable(value: str) -> bool:
    """Whether text can be written down: it has no half characters and does not end before its end."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def choice(value: Any, kind: type[Enum], name: str) -> Any:
    """``value``, a member of an `Enum`."""
    if not isinstance(value, kind):
        shown = ", ".join(f"`{kind.__name__}.{member.name}`" for member in kind)
        raise ArgumentError(f"`{name}` is one of {shown}; got {said(value)}. Choose one.")
    return value


def function(value: Any, name: str, example: str) -> Callable[..., Any]:
    """``value``, something that can be called."""
    if not callable(value):
        raise ArgumentError(f"`{name}` is a function; got {said(value)}. Write for instance `{example}`.")
    return value


def plain(value: Any) -> np.ndarray | None:
    """``value`` as float64 numbers, or None where it is no number and no array of numbers.

    Text, truth values, complex numbers, times, objects and masked values are none: they would change into numbers that
    nobody wrote. Infinite and missing ones are.
    """
    try:
        if isinstance(value, int | float):
            return None if isinstance(value, bool) else np.array(float(value))
        if isinstance(value, str | bytes | Mapping | Set) or np.ma.is_masked(value):
            return None
        found = np.asarray(value)
        return found.astype(np.float64) if found.dtype.kind in "iuf" else None
    except Exception:  # ragged and endless lists and foreign objects raise what they like
        return None


def array(value: Any, name: str, *, axes: int | tuple[int, ...] = 1, finite: bool = True) -> np.ndarray:
    """``value`` as numbers without a unit, float64 with as many ``axes`` as asked.

    Whole numbers become floats, so that differences of unsigned ones cannot wrap; what carries a unit is refused
    (see `units.row`), and so is what is not `plain`.
    """
    allowed = (axes,) if isinstance(axes, int) else axes
    found = None if unit_of(value) is not None else plain(value)
    if found is None:
        raise ArgumentError(
            f"`{name}` is an array of plain numbers; got {said(value)}. Give a list or a NumPy array, converted to the "
            "unit that is asked for."
        )
    if found.ndim not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise ArgumentError(f"`{name}` has {wanted} dimension(s); got shape {found.shape}. Reshape it.")
    if finite and not np.all(np.isfinite(found)):
        bad = int(np.sum(~np.isfinite(found)))
        raise ArgumentError(f"`{name}` is finite; got {bad} value(s) that are not. Leave them out.")
    return found


def wholes(value: Any, name: str, low: int, high: int) -> np.ndarray:
    """``value`` as whole numbers from ``low`` to ``high``, int64 (n,): a list, an array or a generator."""
    listed = list(each(value, name)) if isinstance(value, Iterator) else value
    first = listed[:1] if isinstance(listed, list | tuple) else ()
    carried = any(unit_of(item) is not None for item in (value, *first))
    try:
        found = np.empty(1, object) if carried else np.asarray(listed)
    except (ValueError, TypeError, RuntimeError):  # lists of unequal length, objects that cannot be asked
        found = np.empty(1, object)
    if found.shape == (0,) and found.dtype.kind in "iuf":
        found = found.astype(np.int64)
    if found.ndim != 1 or found.dtype.kind not in "iu" or carried or np.ma.is_masked(value):
        raise ArgumentError(
            f"`{name}` is a list of whole numbers{', without a unit' if carried else ''}; got {said(value)}. Write for "
            f"instance `[{max(low, 0)}, {max(low, 0) + 1}]`."
        )
    if found.size and not (low <= found.min() and found.max() <= high):
        raise ArgumentError(
            f"`{name}` lists whole numbers from {low} to {high}; got {found.min()} to {found.max()}. Correct them."
        )
    return found.astype(np.int64)


def lacking(value: Any, names: Iterable[str]) -> list[str]:
    """Which of ``names`` an object does not have; a class has none, nor has what fails when it is asked."""
    missing = []
    for name in names:
        try:
            found = not isinstance(value, type) and hasattr(value, name)
        except Exception:
            found = False
        missing += [] if found else [name]
    return missing


def labelled(value: Any) -> bool:
    """Whether ``value`` is an array or a dataset of xarray, which need not be loaded to tell."""
    return all(hasattr(type(value), name) for name in ("attrs", "coords", "dims"))


def unit_of(value: Any) -> Any:
    """What a quantity or a labelled array says of its unit; None for everything else."""
    if isinstance(value, np.ndarray | Number | str | list | tuple):
        return None
    try:
        return value.attrs.get("units") if labelled(value) else getattr(value, "units", None)
    except Exception:  # an object that cannot be asked
        return None
