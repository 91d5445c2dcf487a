"""Wires between the compartments of a model, and what a model takes in under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tripartite import units
from tripartite.errors import DimensionError, UnknownNameError, WiringError, nearest
from tripartite.language.compartment import Compartment
from tripartite.language.declarations import Emission

Place = tuple[str, str]
"""A compartment and the name of a quantity there."""


@dataclass(frozen=True)
class Joined:
    """Compartments by the names that they have in the model that takes them in."""

    compartments: Mapping[str, Compartment]
    wiring: list[tuple[Place, Place]] = field(default_factory=list)
    held: frozenset[str] = frozenset()
    """Keys of parameters and starts that are held."""


def joined(
    name: str,
    compartments: Mapping[str, Compartment],
    wiring: Iterable[tuple[Place, Place]],
    held: Iterable[str],
) -> Joined:
    """A model under a name: its one compartment has that name, each of several both, ``left_bouton``."""
    names = {own: name if len(compartments) == 1 else f"{name}_{own}" for own in compartments}
    return Joined(
        {names[own]: compartment for own, compartment in compartments.items()},
        [((names[begin], source), (names[end], target)) for (begin, source), (end, target) in wiring],
        frozenset(".".join([names[own], *rest]) for own, *rest in (key.split(".") for key in held)),
    )


def beginnings(wiring: Iterable[tuple[Place, Place]], place: Place) -> list[Place]:
    """Where the wires to an input begin."""
    return [source for source, target in wiring if target == place]


def check_wire(
    compartments: Mapping[str, Compartment], wiring: list[tuple[Place, Place]], source: Place, target: Place
) -> None:
    """Refuse a wire that may not join those that are there."""
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
    if (source, target) in wiring:
        raise WiringError(
            f"A wire is given once; `{'.'.join(source)} >> {shown}` comes twice. Leave one out, or put a mechanism "
            "between that doubles it."
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
    places = [source]
    for place in places:
        places += [begin for begin in beginnings(wiring, place) if begin not in places]
    if target in places:
        raise WiringError(
            f"A chain of wires starts at a state, an output or an emission; the wire to `{shown}` closes a circle "
            "of inputs. Remove one of its wires."
        )
