"""What a kernel does, as data: the numbers that it changes, what these become, and how it finds its synapses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.network.plan.leaves import Leaves


@dataclass(frozen=True, eq=False)
class Change:
    """A number that a kernel sets, or adds to."""

    row: str
    level: str
    """The index set of whose elements the array has one number each."""
    value: Node
    adds: bool = False
    each: bool = False
    """Whether every synapse gives it, so that one which stands for several gives it as often."""
    kept_for: str = ""
    """The role of the cells for which it waits there until they step, if it does."""
    goal: str = ""
    """The row of these cells that takes it then."""


@dataclass(frozen=True)
class Everywhere:
    """A kernel that walks over all elements of a level."""

    level: str
    told: tuple[str, ...] = ()
    """What it is called with, besides ends, times and threads."""


@dataclass(frozen=True)
class Branches:
    """A kernel that walks over the branches of spiking presynaptic cells, and their pairs with each partner."""


@dataclass(frozen=True)
class Along:
    """A kernel that walks over the synapses of such branches, or over their pairs with one partner."""

    partner: str = ""


@dataclass(frozen=True)
class Into:
    """A kernel that walks over the elements of a level that belong to spiking cells in a role."""

    role: str
    level: str


@dataclass(frozen=True)
class Cells:
    """A kernel that walks over the cells of which a level has one element each."""

    level: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class Summed:
    """A kernel that sums what all synapses give to the postsynaptic cells that own them."""

    stem: str


@dataclass(frozen=True)
class Pulled:
    """A kernel that sums what the synapses in the list of each cell in a role give."""

    role: str
    stem: str


@dataclass(frozen=True)
class Mates:
    """A kernel that sums for postsynaptic cells what their partners have left, each as often as it is a partner."""

    stem: str
    goal: str


Way = Everywhere | Branches | Along | Into | Cells | Summed | Pulled | Mates


@dataclass(frozen=True, eq=False)
class Job:
    """One kernel."""

    name: str
    summary: str
    way: Way
    changes: tuple[Change, ...]
    leaves: Leaves = field(default_factory=dict)
    """What it knows by names of its own."""

    @property
    def texts(self) -> set[str]:
        """Names of all that it reads."""
        return texts(change.value for change in self.changes)


def texts(nodes: Iterable[Node]) -> set[str]:
    """Names of all leaves below some nodes."""
    return {node.args[0] for node in trace.order(nodes) if node.op == "name"}
