"""A constant of a network, and the values that a protocol gives it from step to step."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from tripartite.language import grid
from tripartite.language.declarations import Valued
from tripartite.language.protocol import Drive, Scale, check_factor, combined
from tripartite.network.stimuli import Deed, check_ranges


@dataclass
class Target:
    """A constant, and everything that a protocol does to it.

    Times are in steps of the network. Over a step in which it changes the constant has its mean.
    """

    array: str
    place: int | None
    """Position in the array; none where every cell or synapse has its own value."""
    unchanged: np.ndarray
    factor: float = 1.0
    """Internal unit to what the array holds."""
    declared: Any = None
    name: str = ""
    ratios: frozenset[int] = frozenset()
    """Longer steps (in steps of the network) that a change cuts in two, since it acts on what takes them."""
    drives: list[tuple[float, Deed]] = field(default_factory=list)
    scales: list[tuple[float, float, Deed]] = field(default_factory=list)
    held: tuple[int, np.ndarray] | None = None
    """How many drives have acted, and the values that they left."""

    def add(self, deed: Deed, width: float) -> None:
        """Do one more thing, no earlier than those before."""
        action = deed.action
        if isinstance(action, Scale):
            self.scales.append((grid.position(action.time, width), grid.position(action.stop, width), deed))
        else:
            self.drives.append((grid.position(action.time, width), deed))

    def check(self) -> None:
        """**Raises** `RangeError` for a factor that changes nothing, once all is added."""
        if not any(isinstance(deed.action, Drive) and deed.action.value for _, deed in self.drives):
            for *_, deed in self.scales:
                assert isinstance(deed.action, Scale)
                check_factor(self.unchanged[self._index(deed)], deed.action.factor, self.name)

    @cached_property
    def times(self) -> list[float]:
        """When its values change, in order, once all is added."""
        found = {begin for begin, _ in self.drives} | {time for scale in self.scales for time in scale[:2]}
        return sorted(found - {math.inf})

    def at(self, step: int) -> np.ndarray:
        """Its values over the step that begins at ``step``."""
        return grid.mean(step, self.times, self.value)

    def value(self, time: float) -> np.ndarray:
        """Its values from a time to the next change."""
        count = bisect_right(self.drives, time, key=lambda drive: drive[0])
        done, held = self.held or (0, self.unchanged)
        if done > count:
            done, held = 0, self.unchanged
        values = np.array(held, dtype=float)
        for _, deed in self.drives[done:count]:
            index, action = self._index(deed), deed.action
            values[index] = action.value * self.factor if isinstance(action, Drive) else self.unchanged[index]
        self.held = count, values.copy()
        acting = [
            (self._index(deed), deed.action)
            for begin, end, deed in self.scales
            if begin <= time < end and isinstance(deed.action, Scale)
        ]
        alike = np.zeros(len(values), np.int64 if len(acting) < 63 else object)  # a bit for each that acts
        for bit, (index, _) in enumerate(acting):
            alike[index] |= 1 << bit
        for bits in np.unique(alike) if acting else ():
            values[alike == bits] *= combined(scale for bit, (_, scale) in enumerate(acting) if bits >> bit & 1)
        if isinstance(self.declared, Valued):
            check_ranges(values, self.declared, f"{self.name} (perturbed)")
        return values

    def _index(self, deed: Deed) -> slice | np.ndarray:
        return deed.index if self.place is None else slice(None)

    def put(self, array: np.ndarray, values: np.ndarray) -> None:
        """Write its values to where the network reads them."""
        if self.place is None:
            array[: len(values)] = values
        else:
            array[self.place] = values[0]
