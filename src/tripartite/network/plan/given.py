"""What synapses give to the cells that they belong to: sums that these read, and amounts at events."""

from __future__ import annotations

from dataclasses import dataclass

from tripartite.interpret.kernels.trace import Node
from tripartite.network.plan.bindings import Occasion


@dataclass(frozen=True)
class Gathered:
    """A sum or mean over synapses that a cell reads as one of its inputs."""

    role: str
    key: str
    """The driven input of the cell."""
    value: Node
    mean: bool
    state: str | None
    """The synaptic state, if it is one and nothing else."""
    source: str
    """What sets it apart from others that the same input sums."""


def gathered_name(projection: str, number_: int) -> str:
    """Of a projection the sum or mean with that number."""
    return f"{projection}_gathered{number_}"


@dataclass(frozen=True)
class Sent:
    """What an event of a synapse sends to a partner."""

    role: str
    event: str
    """What the cell listens to."""
    amount: Node
    by: Occasion | str
    """What brings the event of the synapse about, or the threshold that was passed."""
    emission: str
