"""Where kernels find what equations of synapses name: numbers in arrays, times since then, random numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tripartite.network.plan.cells import CellPlan
from tripartite.network.plan.levels import SYNAPSE

CELL = "cell"
"""The presynaptic cell itself, whatever the delays of its branches: where its own quantities stand."""
OWNER = "owner"
"""The cell that gathers what its synapses give, whichever role it is in."""


@dataclass(frozen=True)
class Stored:
    """A number in an array."""

    row: str
    at: str | int
    """The index set of whose elements the array has one number each, or the one place in it."""


@dataclass(frozen=True)
class Elapsed(Stored):
    """The time since the step that an array holds (ms)."""


@dataclass(frozen=True)
class Clock(Stored):
    """What a clock of a cell shows, of which an array holds the step at which it stood at zero."""

    host: CellPlan
    key: str


@dataclass(frozen=True)
class Drawn:
    """A random number for each synapse and step."""

    law: str
    """``uniform`` or ``normal``."""
    stream: int
    at: str = SYNAPSE


@dataclass(frozen=True)
class Told:
    """A number that a kernel is called with."""

    at: int = 0


Leaf = Stored | Drawn | Told
Leaves = Mapping[str, Leaf]
"""What names stand for, in the order in which kernels load it."""
