"""Everything a running network holds: named one-dimensional arrays, those that change apart from those that do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tripartite.errors import NetworkError

_PAGE, _STRIDE, _LARGE = 4096, 5 * 64, 2**26


@dataclass
class Memory:
    """Arrays by name, in the order in which the compiled driver takes them."""

    real: Any = np.float64
    """The type of cells' and synapses' numbers."""
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    changing: set[str] = field(default_factory=set)
    """Names of what a checkpoint keeps; the rest follows from the network or is scratch."""

    wired: set[str] = field(default_factory=set)
    """Names of what says who is connected to whom."""
    of_threads: set[str] = field(default_factory=set)
    """Names of what depends on the number of threads, or is scratch; all of it follows from the rest."""
    owner: dict[str, str] = field(default_factory=dict)
    """Of what a protocol may change, the population, projection or coupling that it belongs to."""

    def add(
        self,
        name: str,
        array: np.ndarray,
        *,
        changing: bool = False,
        exact: bool = False,
        wired: bool = False,
        of_threads: bool = False,
        owner: str = "",
    ) -> str:
        """Keep an array, float64 ones in the memory's own precision unless ``exact``; returns its name."""
        if name in self.arrays:
            raise NetworkError(
                f"What a network keeps has names that are made of those of its populations, their parts and states; "
                f"two things would be called `{name}`. Give the population with which it begins another name."
            )
        if array.dtype == np.float64 and not exact:
            array = array.astype(self.real)
        self.arrays[name] = staggered(array, len(self.arrays)) if array.nbytes < _LARGE else np.ascontiguousarray(array)
        for names, belongs in ((self.changing, changing), (self.wired, wired), (self.of_threads, of_threads)):
            if belongs:
                names.add(name)
        if owner:
            self.owner[name] = owner
        return name

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def bytes(self) -> int:
        return sum(array.nbytes for array in self.arrays.values())


def staggered(array: np.ndarray, number: int) -> np.ndarray:
    """A copy of an array that begins at its own place within a page of memory.

    A kernel walks many rows of one length at once; where they begin at the same place of a page, processors take
    the store to one row for a store to the next and wait.
    """
    room = np.empty(array.nbytes + 2 * _PAGE, np.uint8)
    begin = -room.ctypes.data % _PAGE + number * _STRIDE % _PAGE
    found = room[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    found[...] = array
    return found
