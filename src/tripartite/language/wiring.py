"""Wires between the compartments of a model, and what a model takes in under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tripartite import units
from tripartite.errors import DimensionError, UnknownNameError, WiringError, nearest
from tripartite.language.compartment import Compartment
from tripartite.language.declarations import Emission, Input, Output, State

_WHAT = {State: "a state", Output: "an output", Input: "an input"}

Place = tuple[str, str]
"""A compartment and the name of a quantity there."""


class Laid(NamedTuple):
    """A wire of a model, by the names of its compartments."""

    source: Place
    target: Place
    delay: float = 0.0
    """ms"""

    def __str__(self) -> str:
        source, target = ".".join(self.source), ".".join(self.target)
        return f"Wire({source}, {target}, delay={self.delay:g} * ms)" if self.delay else f"{source} >> {target}"


@dataclass(frozen=True)
class Joined:
    """Compartments by the names that they have in the model that takes them in."""

    compartments: Mapping[str, Compartment]
    wiring: list[Laid] = field(default_factory=list)
    held: frozenset[str] = frozenset()
    """Keys of parameters and starts that are held."""


def joined(
    name: str,
    compartments: Mapping[str, Compartment],
    wiring: Iterable[Laid],
    held: Iterable[str],
) -> Joined:
    """A model under a name: its one compartment has that name, each of several both, ``left_bouton``."""
    names = {own: name if len(compartments) == 1 else f"{name}_{own}" for own in compartments}
    return Joined(
        {names[own]: compartment for own, compartment in compartments.items()},
        [Laid((names[begin], source), (names[end], target), delay) for (begin, source), (end, target), delay in wiring],
        frozenset(".".join([names[own], *rest]) for own, *rest in (key.split(".") for key in held)),
    )


def check_immediate(wiring: Iterable[Laid], where: str) -> None:
    """Refuse a model with delays that is to be ``where``, in a network."""
    for wire in wiring:
        if wire.delay:
            raise WiringError(
                f"Wires within {where} take no time; got `{wire}`. Delays of a network are those of its projections "
                "and partners, `Projection(..., delay=2 * ms)`; `simulate` runs the model as it is."
            )


def beginnings(wiring: Iterable[Laid], place: Place) -> list[Place]:
    """Where the wires without delay to an input begin."""
    return [wire.source for wire in wiring if wire.target == place and not wire.delay]


def check_wire(compartments: Mapping[str, Compartment], wiring: list[Laid], wire: Laid) -> None:
    """Refuse a wire that may not join those that are there."""
    source, target = wire.source, wire.target
    compartment = compartments[target[0]]
    shown = ".".join(target)
    free = {name: item for name, item in compartment.parameters.items() if name not in compartment.sources}
    sent = {n: item for n, (_, item) in compartment.sources.items() if isinstance(item, Emission)}
    open_to = {**free, **compartment.inputs, **sent}
    if target[1] not in open_to and target[1] not in compartment.sources:
        raise UnknownNameError(f"`{shown}` is no input and no parameter. {nearest(target[1], open_to)}")
    if target[1] not in open_to:
        raise WiringError(
            f"A wire leads to an emission, or to what its compartment does not provide itself; `{shown}` is "
            f"already given by `{type(compartment.mechanisms[compartment.sources[target[1]][0]]).__name__}`. "
            "Remove the wire or that mechanism."
        )
    if wire in wiring:
        raise WiringError(
            f"A wire is given once; `{wire}` comes twice. Leave one out, or put a mechanism between that doubles it."
        )
    origin = compartments[source[0]]
    if source[1] not in origin.inputs and source[1] not in origin.sources:
        raise WiringError(
            f"A wire starts at what changes or follows; `{'.'.join(source)}` is a parameter. "
            f"Set `{shown}` to its value."
        )
    declared = origin.inputs.get(source[1]) or origin.sources[source[1]][1]
    if not units.same_dimension(declared.unit, open_to[target[1]].unit):
        raise DimensionError(
            f"A wire joins equal dimensions; `{'.'.join(source)}` is in {declared.unit}, `{shown}` in "
            f"{open_to[target[1]].unit}. Put a mechanism that converts between them."
        )
    if target[1] in compartment.events and not (isinstance(declared, Emission) or source[1] in origin.events):
        sending = sorted(n for n, (_, item) in origin.sources.items() if isinstance(item, Emission))
        listed = " or ".join(f"`{source[0]}.{name}`" for name in sending)
        raise WiringError(
            f"A wire to an event begins at an emission or at an event; `{shown}` is an event, `{'.'.join(source)}` is "
            f"{_WHAT.get(type(declared), 'none')}. "
            + (
                f"Wire what `{source[0]}` sends: {listed}."
                if sending
                else f"`{source[0]}` sends nothing; leave it out."
            )
        )
    places = [source]
    for place in places:
        places += [begin for begin in beginnings(wiring, place) if begin not in places]
    if target in places and not wire.delay:
        raise WiringError(
            f"A chain of wires starts at a state, an output or an emission; the wire to `{shown}` closes a circle "
            "of inputs. Remove one of its wires."
        )
