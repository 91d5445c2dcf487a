"""Everything a running network holds: named one-dimensional arrays, those that change apart from those that do not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Memory:
    """Arrays by name, in the order in which the compiled driver takes them."""

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)
    """Names of what a checkpoint keeps; the rest follows from the network or is scratch."""

    def add(self, name: str, array: np.ndarray, changing: bool = False) -> str:
        """Keep an array; returns its name."""
        assert name not in self.arrays, name
        self.arrays[name] = np.ascontiguousarray(array)
        if changing:
            self.changing.add(name)
        return name

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())
