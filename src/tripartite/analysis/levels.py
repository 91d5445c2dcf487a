"""Levels that courses cross, given as numbers in the unit of the recording or as quantities."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import ResultError


def level(value: Any, unit: str, name: str, places: int) -> np.ndarray:
    """One level or one for each place: plain numbers in the unit of the recording, or a quantity."""
    if isinstance(value, str | units.Quantity):
        found = np.asarray(units.to_internal(value, unit, name)) / units.factor(unit)
    else:
        found = arguments.array(value, name, axes=(0, 1))
    if found.shape not in ((), (1,), (places,)):
        raise ResultError(f"`{name}` is one level or one for each of {places} places; got {found.size}. Give as many.")
    return np.broadcast_to(found, places).astype(float)
