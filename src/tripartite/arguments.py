"""One way in for every kind of argument that is no quantity: what it must be, what came, what to do.

Quantities have theirs in `units`: `units.number`, `units.row`, `units.to_internal`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from tripartite.errors import ArgumentError, said

T = TypeVar("T")

LARGEST_SEED = 2**63 - 1


def count(value: Any, name: str, low: int = 0, high: int | None = None) -> int:
    """``value`` as a whole number from ``low`` on; numpy's whole numbers are, True and 3.0 are not."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        example = f"{name}={max(low, 1)}"
        raise ArgumentError(f"`{name}` is a whole number; got {said(value)}. Write for instance `{example}`.")
    if value < low or (high is not None and value > high):
        reach = f"of {low} or more" if high is None else f"from {low} to {high}"
        raise ArgumentError(f"`{name}` is a whole number {reach}; got {value}. Correct it.")
    return int(value)


def seed(value: Any, name: str = "seed") -> int:
    """``value`` as the seed of random numbers."""
    return count(value, name, 0, LARGEST_SEED)


def seeds(value: Any, name: str = "seed") -> list[int]:
    """One seed or several as a list."""
    if isinstance(value, str | bytes) or not _walked(value):
        return [seed(value, name)]
    found = [seed(item, name) for item in value]
    if not found:
        raise ArgumentError(f"`{name}` is one seed or several; got none. Write for instance `{name}=range(10)`.")
    return found


def flag(value: Any, name: str) -> bool:
    """``value`` as yes or no; text and numbers are neither."""
    if not isinstance(value, bool | np.bool_):
        raise ArgumentError(f"`{name}` is True or False; got {said(value)}. Write `{name}=True` or `{name}=False`.")
    return bool(value)


def text(value: Any, name: str) -> str:
    """``value`` as text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise ArgumentError(f"`{name}` is text; got {said(value)}. Put it in quotes.")
    return value


def identifier(value: Any, name: str) -> str:
    """``value`` as a name that can stand in a path such as ``astrocyte.ca``."""
    if not isinstance(value, str) or not value.isidentifier():
        raise ArgumentError(
            f"`{name}` is a name of letters, digits and underscores that does not begin with a digit; got "
            f"{said(value)}. Write for instance `plateau`."
        )
    return value


def path(value: Any, name: str) -> Path:
    """``value`` as a path of the file system."""
    if not isinstance(value, str | os.PathLike) or not os.fspath(value) or "\0" in str(value):
        raise ArgumentError(f'`{name}` is a path; got {said(value)}. Write for instance `{name}="results/run.zarr"`.')
    return Path(value)


def instance(value: Any, kind: type[T] | tuple[type[T], ...], name: str, example: str) -> T:
    """``value``, an object of a class (or of one of several); ``example`` is code that makes one."""
    if isinstance(value, type) or not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        wanted = " or ".join(f"`{k.__name__}`" for k in kinds)
        raise ArgumentError(f"`{name}` is an object of {wanted}; got {said(value)}. Write for instance `{example}`.")
    return value


def several(value: Any, kind: type[T] | tuple[type[T], ...], name: str, example: str) -> list[T]:
    """One object of a class, or objects in any iterable, a generator too, as a list."""
    alone = isinstance(value, kind)
    if alone or isinstance(value, str | bytes | type) or not _walked(value):
        return [instance(value, kind, name, example)]
    return [instance(item, kind, f"{name}[{place}]", example) for place, item in enumerate(value)]


def _walked(value: Any) -> bool:
    """Whether ``value`` can be walked through; a single quantity says that it can and cannot."""
    try:
        iter(value)
    except Exception:
        return False
    return True


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


def array(value: Any, name: str, *, axes: int | tuple[int, ...] = 1, finite: bool = True) -> np.ndarray:
    """``value`` as numbers without a unit, float64 with as many ``axes`` as asked.

    Whole numbers become floats, so that differences of unsigned ones cannot wrap; what carries a unit is refused
    (see `units.row`), and so are text, objects and complex numbers.
    """
    allowed = (axes,) if isinstance(axes, int) else axes
    carried = None if isinstance(value, np.ndarray) else getattr(value, "units", None)
    found = None
    if carried is None:
        try:
            found = np.asarray(value)
        except Exception:  # ragged lists and foreign objects raise what they like
            found = None
    if found is None or found.dtype.kind not in "biuf":
        raise ArgumentError(
            f"`{name}` is an array of plain numbers; got {said(value)}. Give a list or a NumPy array, converted to the "
            "unit that is asked for."
        )
    found = found.astype(np.float64)
    if found.ndim not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise ArgumentError(f"`{name}` has {wanted} dimension(s); got shape {found.shape}. Reshape it.")
    if finite and not np.all(np.isfinite(found)):
        bad = int(np.sum(~np.isfinite(found)))
        raise ArgumentError(f"`{name}` is finite; got {bad} value(s) that are not. Leave them out.")
    return found
