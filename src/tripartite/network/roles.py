"""The partners of a projection, as wiring names them: ``synapse.release >> post.excitation``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripartite import arguments
from tripartite.errors import WiringError, said
from tripartite.language.compartment import Port, Wire


class Role:
    """The presynaptic cell, the postsynaptic cell or another partner of each synapse, whichever population it is in.

    ``post.v`` is a port; ``post["dendrite.v"]`` names it where the model has several compartments.
    """

    def __init__(self, name: str):
        self.name = name

    def __getattr__(self, name: str) -> Port:
        if name.startswith("_"):
            raise AttributeError(name)
        return Port(self, name)  # type: ignore[arg-type]

    def __getitem__(self, path: str) -> Port:
        return Port(self, path)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return self.name


pre, post, astrocyte = Role("pre"), Role("post"), Role("astrocyte")


def partner(name: str) -> Role:
    """The partner of that name of each synapse: ``partner("dopamine").release >> synapse.dopamine``."""
    return Role(arguments.identifier(name, "name of a partner"))


def role_of(end: Any) -> str | None:
    """The role that one end of a wire belongs to, none for the synapse."""
    place: Any = end.compartment
    return place.name if isinstance(place, Role) else None


@dataclass(frozen=True)
class Reduced:
    """What a cell sees of the same quantity in all of its synapses: their ``total`` or their ``mean``."""

    compartment: Any
    name: str
    mean: bool

    def __rshift__(self, target: Any) -> Wire:
        if not isinstance(target, Port) or not isinstance(target.compartment, Role):
            raise WiringError(
                f"A {'mean' if self.mean else 'total'} over synapses leads to a cell; got {said(target)}. Write "
                f"`mean(synapse.{self.name}) >> astrocyte.{self.name}`."
            )
        return Wire(self, target)  # type: ignore[arg-type]


def mean(port: Port) -> Reduced:
    """The mean of a synaptic quantity over all synapses of the target cell (zero for a cell without any)."""
    return _reduced(port, True)


def total(port: Port) -> Reduced:
    """The sum of a synaptic quantity over all synapses of the target cell."""
    return _reduced(port, False)


def _reduced(port: Any, as_mean: bool) -> Reduced:
    if not isinstance(port, Port):
        raise WiringError(
            f"A mean or total is taken over a quantity of the synapse, or of a partner as each synapse sees it; got "
            f"{said(port)}. Write `mean(synapse.glutamate)`."
        )
    return Reduced(port.compartment, port.name, as_mean)
