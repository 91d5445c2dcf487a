"""Values by which arguments are replaced: what none of the package means, and what some mean and most do not."""

from __future__ import annotations

import decimal
import enum
import fractions
import itertools
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import MagicMock

import numpy as np
import pandas as pd
import pint
import xarray as xr

from tripartite import units
from tripartite.units import kg, mV, nM, s

_MOST = 3_000_000
_OTHER = pint.UnitRegistry()


class Unshowable:
    """An object whose text fails."""

    def __repr__(self) -> str:
        raise RuntimeError("cannot be shown")


def _fails(self: Any, *_: Any, **__: Any) -> Any:
    raise RuntimeError("cannot be asked")


_ASKED = (
    "repr str eq ne lt le gt ge hash len iter next bool float int index complex array call contains getitem fspath "
    "add radd sub mul rmul truediv neg abs format getattr dir round"
)
Hostile = type("Hostile", (), {f"__{name}__": _fails for name in _ASKED.split()})
"""Fails whatever it is asked."""


class Endless:
    """Goes on giving one thing; who walks through millions of them is stopped, as walking without end."""

    def __init__(self, item: Any):
        self.item, self.count = item, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        self.count += 1
        if self.count > _MOST:
            raise TimeoutError("walked without end")
        return self.item


class Whole(int):
    """A whole number of a class of its own."""


class Word(str):
    """Text of a class of its own."""


class Level(enum.IntEnum):
    """Whole numbers with names."""

    HIGH = 3


def _recursive() -> list[Any]:
    found: list[Any] = [1.0]
    found.append(found)
    return found


def _deep() -> list[Any]:
    found: list[Any] = []
    for _ in range(5_000):
        found = [found]
    return found


def never() -> dict[str, Any]:
    """Values that no argument of the package means, made anew."""
    q = units.Quantity
    return {
        "an object": object(),
        "a class": dict,
        "complex": 1j,
        "complex without imaginary part": np.complex128(1.0),
        "not a number": float("nan"),
        "bytes": b"x",
        "unshowable": Unshowable(),
        "hostile": Hostile(),
        "numbers by number": {1: 2},
        "ragged": [[1.0], [1.0, 2.0]],
        "a set of text": {"a"},
        "objects": np.array(["a", 1], dtype=object),
        "none in a list": [None],
        "text in an array": np.array(["a", "b"]),
        "records": np.zeros(2, dtype=[("a", float)]),
        "a date": np.datetime64("2020-01-01"),
        "a span of days": np.timedelta64(1, "D"),
        "a moment of pandas": pd.Timestamp("2020-01-01"),
        "nothing of pandas": pd.NA,
        "a table of pandas": pd.DataFrame({"a": ["b"]}),
        "endless": itertools.count(),
        "endless numbers": Endless(1),
        "endless text": Endless("x"),
        "endless seconds": Endless(1.0 * s),
        "recursive": _recursive(),
        "deep": _deep(),
        "not a number in seconds": float("nan") * s,
        "complex seconds": q(1j, "s"),
        "objects in seconds": q(np.array([1.0, "a"], dtype=object), "s"),
        "seconds in seconds": q(np.array([1.0 * s, 2.0 * s], dtype=object), "s"),
        "masked seconds": q(np.ma.array([1.0, 2.0], mask=[False, True]), "s"),
        "masked": np.ma.array([1.0, 2.0], mask=[False, True]),
        "decibel": q(3.0, "dB"),
        "degrees": q(20.0, "degC"),
        "difference of degrees": q(3.0, "delta_degC"),
        "kilograms": 3.0 * kg,
        "a table in kilograms": xr.DataArray([1.0, 2.0], dims="time", attrs={"units": "kg"}),
        "unknown unit": xr.DataArray(1.0, attrs={"units": "abc"}),
        "misread text": "1,5 uM",
        "code": "__import__('os').getcwd()",
        "half a character": "\ud800",
        "text with a null": "a\0b",
    }


class Sometimes(NamedTuple):
    """A value, and the kinds of arguments that may mean it; a quantity may be meant where its dimension is."""

    value: Any
    kinds: str = ""


def sometimes() -> dict[str, Sometimes]:
    """Values that some arguments mean and most do not, made anew."""
    q = units.Quantity
    return {
        "none": Sometimes(None),
        "yes": Sometimes(True, "flag"),
        "numpy's yes": Sometimes(np.bool_(True), "flag"),
        "empty text": Sometimes(""),
        "blank text": Sometimes("  "),
        "text": Sometimes("abc", "text path"),
        "text of its own class": Sometimes(Word("abc"), "text path"),
        "long text": Sometimes("x" * 100_000, "text"),
        "text with a line": Sometimes("a\nb", "text path"),
        "a number as text": Sometimes("2", "text path number"),
        "minus one": Sometimes(-1, "number count level"),
        "zero": Sometimes(0, "number count level"),
        "three of its own class": Sometimes(Whole(3), "number count level"),
        "three with a name": Sometimes(Level.HIGH, "number count level"),
        "one and a half": Sometimes(1.5, "number level"),
        "a huge whole number": Sometimes(2**70, "number level"),
        "a whole number without end": Sometimes(10**400),
        "a huge number": Sometimes(1e30, "number level"),
        "infinite": Sometimes(float("inf")),
        "a decimal": Sometimes(decimal.Decimal("1.5"), "number level"),
        "a fraction": Sometimes(fractions.Fraction(1, 3), "number level"),
        "a list in an array": Sometimes(np.array(0.5), "number array level"),
        "a numpy whole number": Sometimes(np.int64(-3), "number count level"),
        "small unsigned": Sometimes(np.uint8(3), "number count level"),
        "a numpy number": Sometimes(np.float32(0.5), "number level"),
        "half precision": Sometimes(np.float16(0.5), "number level"),
        "long double": Sometimes(np.longdouble(0.5), "number level"),
        "empty list": Sometimes([], "list array counts"),
        "empty tuple": Sometimes((), "list array counts"),
        "empty mapping": Sometimes({}, "mapping"),
        "two numbers": Sometimes([1, 2], "array counts"),
        "no numbers": Sometimes(np.array([]), "array list counts"),
        "a table": Sometimes(np.zeros((2, 2)), "array"),
        "a table of pandas numbers": Sometimes(pd.Series([1.0, 2.0]), "array"),
        "not numbers": Sometimes(np.array([np.nan, 1.0]), "gappy"),
        "a long list": Sometimes(list(range(20_000)), "array counts"),
        "an empty range": Sometimes(range(0), "list array counts"),
        "a generator": Sometimes((x for x in ()), "list counts"),
        "a path": Sometimes(Path("nowhere"), "path"),
        "a mock": Sometimes(MagicMock(), "list counts path function"),
        "a function": Sometimes(math.sqrt, "function"),
        "a slice": Sometimes(slice(0, 2), "slice"),
        "negative seconds": Sometimes(-1.0 * s),
        "infinite seconds": Sometimes(float("inf") * s),
        "two seconds": Sometimes([1.0, 2.0] * s),
        "a list of seconds": Sometimes([1.0 * s, 2.0 * s]),
        "seconds of another registry": Sometimes(_OTHER.Quantity(1.0, "s")),
        "text in seconds": Sometimes("2 s", "text path"),
        "a unit": Sometimes(units.unit("s")),
        "nanomolar": Sometimes(5.0 * nM),
        "millivolt": Sometimes(5.0 * mV),
        "percent": Sometimes(q(50.0, "percent")),
        "a number without a unit": Sometimes(q(0.5, "dimensionless")),
    }


def scaled(good: Any) -> dict[str, Any]:
    """Values of the right kind that are far from the right one, where that is a number: they may be meant."""
    if isinstance(good, bool):
        return {}
    if isinstance(good, int):
        return {"a billion times": good * 10**9, "one more than 2**31": 2**31 + 1, "one more than 2**63": 2**63 + 1}
    if not isinstance(good, float | units.Quantity):
        return {}
    one = good.magnitude if isinstance(good, units.Quantity) else good
    one = one if np.any(one) else one + 1.0
    unit = good.units if isinstance(good, units.Quantity) else 1
    found = {
        "the other sign": -one * unit,
        "nothing": 0 * one * unit,
        "much less": 1e-30 * one * unit,
        "much more": 1e30 * one * unit,
        "hardly a number": 1e300 * one * unit,
        "a whole number of it": 1 * unit,
        "three of it": np.array([1.0, 2.0, 3.0]) * unit,
        "a table of it": np.ones((3, 3)) * unit,
        "none of it": np.array([]) * unit,
        "a lot of it": np.linspace(0.0, 1.0, 100_000) * unit,
    }
    return found


def kind_of(good: Any) -> str:
    """The kind of argument for which a value is right."""
    if isinstance(good, bool):
        return "flag"
    if isinstance(good, int):
        return "count"
    if isinstance(good, float):
        return "number"
    if isinstance(good, str):
        return "text"
    if isinstance(good, Path):
        return "path"
    if isinstance(good, slice):
        return "slice"
    if isinstance(good, units.Quantity):
        return f"quantity {'number' if good.dimensionless else ''}"
    if isinstance(good, Mapping):
        return "mapping"
    if isinstance(good, np.ndarray) or (isinstance(good, list) and good and isinstance(good[0], int | float)):
        return "array"
    if isinstance(good, list | tuple):
        return "list"
    return "function" if callable(good) and not isinstance(good, type) else "object"


def may_mean(good: Any, wrong: Sometimes, kinds: str = "") -> bool:
    """Whether an argument that takes ``good`` may take the other value, too."""
    meant = set((kinds or kind_of(good)).split())
    if meant & set(wrong.kinds.split()):
        return True
    value = wrong.value
    quantity = good.dimensionality if isinstance(good, units.Quantity) else {} if "number" in meant else None
    if isinstance(value, list) and isinstance(good, units.Quantity) and np.ndim(good.magnitude) and value:
        value = value[0]
    if quantity is None or not isinstance(value, str | pint.Quantity | pint.Unit):
        return False
    came = {"2": 2.0 * units.unit("1"), "2 s": 2.0 * s}.get(value) if isinstance(value, str) else value
    return (
        came is not None
        and dict(came.dimensionality) == dict(quantity)
        and np.all(np.isfinite(getattr(came, "magnitude", 1.0)))
    )
