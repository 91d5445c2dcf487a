"""What the variables of a network's result are called, and along which dimensions they grow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tripartite.errors import NetworkError
from tripartite.network.plan.cells import CellPlan


@dataclass(frozen=True)
class Track:
    """A variable that grows along its first dimension while the network runs."""

    name: str
    dims: tuple[str, ...]
    attrs: dict[str, Any]
    rest: tuple[int, ...] = ()
    """Lengths of the other dimensions."""
    dtype: str = "float64"

    @property
    def empty(self) -> np.ndarray:
        return np.zeros((0, *self.rest), self.dtype)


@dataclass
class Tracks:
    """All variables of a result, their times, and the coordinates that stay."""

    growing: dict[str, Track] = field(default_factory=dict)
    coordinates: dict[str, tuple[str, np.ndarray, dict]] = field(default_factory=dict)
    """Fixed coordinates by name: dimension, values, attributes."""
    times: dict[int, str] = field(default_factory=dict)
    """Names of the time dimensions, by interval in steps; the first is ``time``."""

    def add(self, track: Track) -> None:
        """Take up a variable; two of one name are an error."""
        if track.name in self.growing:
            raise NetworkError(
                f"Every recorded variable has its own name; `{track.name}` would be recorded twice. Drop one, or tell "
                'them apart: `States(..., name="stimulated")`.'
            )
        self.growing[track.name] = track

    def time(self, every: float, steps: int) -> str:
        """The time dimension of samples ``steps`` steps (``every`` ms) apart."""
        if steps not in self.times:
            name = f"time_{every:g}_ms".replace(".", "_") if self.times else "time"
            self.times[steps] = name
            self.add(Track(name, (name,), {"units": "s", "long_name": "time"}))
        return self.times[steps]

    def bytes(self, steps: int) -> float:
        """Memory of all samples of ``steps`` steps; events, whose number nobody knows, are left out."""
        every = {name: interval for interval, name in self.times.items()}
        found = 0.0
        for track in self.growing.values():
            if track.dims[0] in every:
                lines = steps // every[track.dims[0]] + 1
                found += float(lines) * np.prod(track.rest, dtype=float) * np.dtype(track.dtype).itemsize
        return found

    def fixed(self, dim: str, values: np.ndarray, meaning: str) -> str:
        """A dimension that does not grow, with its coordinate."""
        known = self.coordinates.get(dim)
        if known is not None and not np.array_equal(known[1], values):
            raise NetworkError(
                f"Records of one name are of the same cells; two of `{dim.removesuffix('_cell')}` differ. Tell them "
                'apart: `States(..., name="stimulated")`.'
            )
        self.coordinates[dim] = (dim, values, {"long_name": meaning})
        return dim


def short(plan: CellPlan, key: str) -> str:
    """A key within its population: without the compartment where the model has only one."""
    if len(plan.population.model.compartments) > 1:
        return key
    return key.split(".", 1)[1]


__all__ = ["Track", "Tracks", "short"]
