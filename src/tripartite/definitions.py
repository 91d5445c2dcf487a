"""Pint's unit definitions, read from what an earlier run kept of them: parsing takes longer than all other imports."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pint

from tripartite import cache

# What pint keeps names the files it was read from: every installation has a room of its own.
_ROOM = f"units-{hashlib.sha256(f'{pint.__file__} {pint.__version__}'.encode()).hexdigest()[:12]}"
_SEAL = "seal"


def registry() -> Any:
    """A registry of pint's units, whose quantities represent themselves as they are written: ``1 * Hz``.

    As text they are short: ``1 Hz``.
    """
    made = _registry()
    made.Quantity.__repr__ = _written
    made.Quantity.__format__ = _short(made.Quantity.__format__)
    made.Quantity.__str__ = lambda quantity: f"{quantity}"
    return made


def _short(formatted: Callable[[Any, str], str]) -> Callable[[Any, str], str]:
    """Quantities as text with symbols in place of names of units, unless the format says how."""

    def text(quantity: Any, how: str) -> str:
        said = any(letter in how for letter in "~CDHLP")
        # Pint writes the micro sign or the Greek letter, depending on its version.
        found = formatted(quantity, how if said else f"{how}~P")
        return found if said else found.rstrip().replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}")

    return text


def _written(quantity: Any) -> str:
    """A quantity as code; long arrays are cut in the middle."""
    magnitude = quantity.magnitude
    number = np.array2string(magnitude, separator=", ") if isinstance(magnitude, np.ndarray) else str(magnitude)
    return f"{number} * {f'{quantity.units:~C}' or 'dimensionless'}"


def _registry() -> Any:
    """A registry, from what an earlier one kept: pickles, so they are compared with their digests before."""
    folder = cache.private(_ROOM)
    if folder is None:
        return pint.UnitRegistry()
    sealed = cache.read(_ROOM, _SEAL)
    found = _digests(folder)
    if sealed is not None and found and sealed == found:
        try:
            return pint.UnitRegistry(cache_folder=folder)
        except OSError:  # it names files that are gone: they are kept anew
            pass
    try:
        for path in folder.iterdir():
            path.unlink()
        made = pint.UnitRegistry(cache_folder=folder)
    except OSError:
        return pint.UnitRegistry()
    cache.write(_ROOM, _SEAL, _digests(folder))
    return made


def _digests(folder: Path) -> bytes:
    """Names and digests of all that pint keeps in a folder."""
    try:
        kept = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir() if p.name != _SEAL}
    except OSError:
        return b""
    return json.dumps(sorted(kept.items())).encode() if kept else b""
