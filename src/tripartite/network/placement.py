"""Where synaptic variables live: on the smallest index set they depend on, or all on the synapse."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tripartite.network.plan.levels import Levels


class Placement(abc.ABC):
    """Decides the level of a state from the index set it depends on."""

    merges = False
    """Whether equal synapses between the same two cells are stored once, with their number."""

    @abc.abstractmethod
    def level(self, needs: frozenset[str], levels: Levels, summable: bool) -> str:
        """One of the projection's ``levels``, or "sum"."""


@dataclass(frozen=True)
class Exact(Placement):
    """Every variable once for all synapses that share it: the same numbers with less memory and work."""

    merges = True

    def level(self, needs: frozenset[str], levels: Levels, summable: bool) -> str:
        return "sum" if summable else levels.smallest(needs)


@dataclass(frozen=True)
class Naive(Placement):
    """Every variable once per synapse: what `Exact` is compared with.

    A trace that its cell only reads as a sum is summed where the cell takes its step, from what each synapse kept.
    """

    def level(self, needs: frozenset[str], levels: Levels, summable: bool) -> str:
        return "sum" if summable else "synapse"
