"""What synapses do that no closed form says: thresholds that they cross, and transitions that come by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.language.transitions import Transition


@dataclass
class Crossing:
    """A threshold of a synapse: what rises through zero, and what it then changes and sends."""

    key: str
    condition: Node
    jumps: dict[str, Node]
    emitted: dict[str, Node]
    needs: frozenset[str] = frozenset()
    level: str = ""

    @property
    def nodes(self) -> list[Node]:
        """All that it reads."""
        return [self.condition, *self.jumps.values(), *self.emitted.values()]


@dataclass(frozen=True)
class Leap:
    """A random transition of counts; ``count`` is none for one that nothing runs out of."""

    count: Node | None
    rate: Node
    change: dict[str, Node]

    @classmethod
    def of(cls, transition: Transition) -> Self:
        count = None if transition.count is None else trace.as_node(transition.count)
        return cls(count, trace.as_node(transition.rate), {k: trace.as_node(v) for k, v in transition.change.items()})

    @property
    def nodes(self) -> list[Node]:
        """All that it reads."""
        return [*([] if self.count is None else [self.count]), self.rate, *self.change.values()]
