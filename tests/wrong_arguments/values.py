"""Values that are wrong almost everywhere, by what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tripartite.units import kg, nM, s


class Unshowable:
    """An object whose text fails."""

    def __repr__(self) -> str:
        raise RuntimeError("cannot be shown")


def never() -> dict[str, Any]:
    """Values that no argument of the package means."""
    return {
        "an object": object(),
        "a class": dict,
        "complex": 1j,
        "not a number": float("nan"),
        "bytes": b"x",
        "unshowable": Unshowable(),
        "numbers by number": {1: 2},
        "ragged": [[1.0], [1.0, 2.0]],
        "a set of text": {"a"},
        "objects": np.array(["a", 1], dtype=object),
        "not a number in seconds": float("nan") * s,
        "kilograms": 3.0 * kg,
        "misread text": "1,5 uM",
        "code": "__import__('os').getcwd()",
    }


def typed() -> dict[str, Any]:
    """Values that some arguments mean and most do not."""
    return {
        "none": None,
        "yes": True,
        "empty text": "",
        "text": "abc",
        "minus one": -1,
        "zero": 0,
        "one and a half": 1.5,
        "a huge whole number": 2**70,
        "a huge number": 1e30,
        "infinite": float("inf"),
        "empty list": [],
        "empty tuple": (),
        "empty mapping": {},
        "two numbers": [1, 2],
        "no numbers": np.array([]),
        "a table": np.zeros((2, 2)),
        "not numbers": np.array([np.nan, 1.0]),
        "negative seconds": -1.0 * s,
        "infinite seconds": float("inf") * s,
        "two seconds": [1.0, 2.0] * s,
        "text in seconds": "2 s",
        "nanomolar": 5.0 * nM,
        "a numpy whole number": np.int64(-3),
        "a numpy number": np.float32(0.5),
        "an empty range": range(0),
        "a path": Path("nowhere"),
        "a generator": (x for x in ()),
    }
