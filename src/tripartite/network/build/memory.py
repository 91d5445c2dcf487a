"""Everything a running network holds: named one-dimensional arrays, those that change apart from those that do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Memory:
    """Arrays by name, in the order in which the compiled driver takes them."""

    real: Any = np.float64
    """The type of cells' and synapses' numbers."""
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)
    """Names of what a checkpoint keeps; the rest follows from the network or is scratch."""

    def add(self, name: str, array: np.ndarray, changing: bool = False, exact: bool = False) -> str:
        """Keep an array, float64 ones in the memory's own precision unless ``exact``; returns its name."""
        assert name not in self.arrays, name
        if array.dtype == np.float64 and not exact:
            array = array.astype(self.real)
        self.arrays[name] = np.ascontiguousarray(array)
        if changing:
            self.changing.add(name)
        return name

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())
