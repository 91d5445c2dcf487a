"""Delays and values of synapses that follow from the distance between their two cells."""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pint

from tripartite import arguments, units
from tripartite.errors import DimensionError, NetworkError, RangeError
from tripartite.language.built import Owned
from tripartite.network.choosing import distances
from tripartite.network.rules.checks import space
from tripartite.network.space import Torus

if TYPE_CHECKING:
    from tripartite.network.population import Members

_PART = 2**20
"""Synapses whose cells' positions are held at a time."""


class AbstractByDistance(metaclass=Owned):
    """Values by distance; subclasses are frozen dataclasses."""

    space: Torus | None

    @abc.abstractmethod
    def at(self, distance: np.ndarray, unit: str, name: str) -> np.ndarray:
        """Internal values for distances (n,) in µm, of what is measured in ``unit`` and called ``name``."""


@dataclass(frozen=True)
class ByDistance(AbstractByDistance):
    """What a function gives for the distance between the two cells of each synapse.

    ``ByDistance(lambda d: 2 * nS * np.exp(-d / (100 * um)))``: the function takes the distances of all synapses as one
    quantity and returns a quantity with a value for each. ``space``: `Torus` for periodic borders, where no rule of
    the projection has one.
    """

    function: Callable[[Any], Any]
    space: Torus | None = None

    def __post_init__(self) -> None:
        arguments.function(self.function, "ByDistance.function", "ByDistance(lambda d: 1 * ms + d / (0.5 * m / s))")
        space(self.space, "ByDistance.space")

    def at(self, distance: np.ndarray, unit: str, name: str) -> np.ndarray:
        try:
            made = self.function(units.Quantity(distance.copy(), "um"))
        except pint.errors.PintTypeError as reason:
            raise DimensionError(
                f"A function of distance takes a quantity in µm; that of `{name}` ends in: {reason}. Compare lengths "
                "with lengths, as in `np.exp(-d / (100 * um))`."
            ) from None
        found = np.asarray(units.to_internal(made, unit, name))
        if found.shape not in ((), distance.shape):
            raise RangeError(
                f"A function of distance gives one value for each; that of `{name}` gave shape {found.shape} for "
                f"{len(distance)} distances. Calculate with the whole array."
            )
        return np.broadcast_to(found, distance.shape)


@dataclass(frozen=True)
class Conduction(AbstractByDistance):
    """Delays of spikes that travel at one ``velocity``: ``offset`` + distance / velocity.

    ``Conduction(0.5 * m / s, offset=1 * ms)``; ``space`` as in `ByDistance`. **Raises** `RangeError` unless the
    velocity is positive and the offset is not negative.
    """

    velocity: Any
    offset: Any = "0 ms"
    space: Torus | None = None

    def __post_init__(self) -> None:
        space(self.space, "Conduction.space")
        self._numbers()

    def _numbers(self) -> tuple[float, float]:
        velocity = units.number(self.velocity, "um/ms", "Conduction.velocity")
        offset = units.number(self.offset, "ms", "Conduction.offset")
        if velocity <= 0 or offset < 0:
            raise RangeError(
                f"A velocity is positive and an offset not negative; got {velocity:g} µm/ms and {offset:g} ms. Write "
                "for instance `Conduction(0.5 * m / s, offset=1 * ms)`."
            )
        return velocity, offset

    def at(self, distance: np.ndarray, unit: str, name: str) -> np.ndarray:
        if not units.same_dimension(unit, "ms"):
            raise DimensionError(
                f"Conduction takes time; `{name}` is measured in {unit}. Give `ByDistance(function)` for it."
            )
        velocity, offset = self._numbers()
        return offset + distance / velocity


def common_space(*parts: Any) -> Torus | None:
    """The periodic space of which rules and values of one projection speak, if any does.

    **Raises** `NetworkError` for two that differ.
    """
    found = [part.space for part in parts if getattr(part, "space", None) is not None]
    extents = [np.ravel(units.row(torus.extent, "um", "Torus.extent")) for torus in found]
    for torus, extent in zip(found, extents, strict=True):
        if len({len(extent), len(extents[0])} - {1}) > 1 or np.any(extent != extents[0]):
            raise NetworkError(
                f"The cells of a projection lie in one space; its rules and values name {found[0]} and {torus}. Give "
                "all the same."
            )
    return found[0] if found else None


def check_places(pre: Members, post: Members, wanted: str) -> None:
    """**Raises** `NetworkError` unless both sides have positions in one space; ``wanted`` needs them."""
    axes = []
    for cells, side in ((pre, "presynaptic"), (post, "postsynaptic")):
        if cells.group.positions is not None:
            axes.append(cells.group.positions.shape[1])
        else:
            raise NetworkError(
                f"{wanted} by distance needs positions; the {side} cells have none. Give `positions` to their "
                "population, for instance `lattice(10, 10, 50 * um)`."
            )
    if axes[0] != axes[1]:
        raise NetworkError(
            f"Distances need as many axes on both sides; got {axes[0]} before and {axes[1]} behind the synapse. Place "
            "both in the same space."
        )


def between_cells(pre: Members, sources: np.ndarray, post: Members, targets: np.ndarray, within: Any) -> np.ndarray:
    """Distance (µm) between cells ``sources`` and ``targets`` of two groups, (n,), in the space ``within``."""
    assert pre.group.positions is not None and post.group.positions is not None
    found = np.empty(len(sources))
    for begin in range(0, len(sources), _PART):
        part = slice(begin, begin + _PART)
        found[part] = distances(pre.group.positions[sources[part]], post.group.positions[targets[part]], within)
    return found
