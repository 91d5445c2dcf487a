"""What a run keeps: spikes, states of chosen cells, averages over cells, states of synapses."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tripartite import arguments, units
from tripartite.errors import ArgumentError, NetworkError, RangeError, said
from tripartite.language.built import Owned
from tripartite.network.population import Members, Population, members
from tripartite.network.projection import Projection

if TYPE_CHECKING:
    from tripartite.network.network import Network


@dataclass(frozen=True)
class Record(metaclass=Owned):
    """Something to keep during a run."""

    @abc.abstractmethod
    def label(self, network: Network) -> str:
        """The first word of the names of its variables."""


@dataclass(frozen=True, init=False)
class Spikes(Record):
    """Every spike of ``cells`` and every other crossing of a threshold, as calcium events and gliorelease.

    ``Spikes(neurons)`` gives ``neurons.spike.times`` (s) and ``neurons.spike.cells``; ``events`` chooses emissions.
    """

    cells: Members
    events: tuple[str, ...]
    name: str | None

    def __init__(self, cells: Any, *events: str, name: str | None = None):
        _set(self, cells=members(cells), events=_names(events, "events"), name=_called(name))

    def label(self, network: Network) -> str:
        return self.name or label(network, self.cells)


@dataclass(frozen=True, init=False)
class States(Record):
    """Quantities of every one of ``cells``, in the order in which they are chosen, ``every`` so often.

    ``States(neurons[:100], "v", "g_e", every=1 * ms)`` gives ``neurons_0_100.v`` of shape (time, cell), and cells that
    do not follow each other ``neurons_3_of_400.v``, with their numbers as ``neurons_3_of_400_cell``. Quantities are
    states, inputs, and outputs; all states when none is named. A sample at the instant of a change that a protocol
    makes is the value after it; one at the end of a run, where what begins there is not done, the value before.
    """

    cells: Members
    quantities: tuple[str, ...]
    every: Any
    name: str | None

    def __init__(self, cells: Any, *quantities: str, every: Any = None, name: str | None = None):
        found = members(cells)
        _modelled(found)
        _set(
            self, cells=found, quantities=_names(quantities, "quantities"), every=_often(every), name=_called(name)
        )  # fmt: skip

    def label(self, network: Network) -> str:
        return self.name or label(network, self.cells)


@dataclass(frozen=True, init=False)
class Average(Record):
    """Mean and standard deviation over ``cells`` of quantities, ``every`` so often.

    ``Average(astrocytes, "ca", every=10 * ms)`` gives ``astrocytes.ca.mean`` and ``astrocytes.ca.sd``.
    """

    cells: Members
    quantities: tuple[str, ...]
    every: Any
    name: str | None

    def __init__(self, cells: Any, *quantities: str, every: Any = None, name: str | None = None):
        found = members(cells)
        _modelled(found)
        _set(
            self, cells=found, quantities=_names(quantities, "quantities"), every=_often(every), name=_called(name)
        )  # fmt: skip

    def label(self, network: Network) -> str:
        return self.name or label(network, self.cells)


@dataclass(frozen=True, init=False)
class Synapses(Record):
    """States and outputs of all synapses of a projection, brought to the time of the sample, ``every`` so often.

    ``Synapses(network["recurrent"], "weight", every=1 * s)`` gives ``recurrent.weight`` of shape (time, synapse), and
    the coordinates ``recurrent.pre``, ``recurrent.post`` and ``recurrent.astrocyte`` (-1: none) of each synapse, in
    the order of `Network.edges`. A sample
    at the very step of an arrival may be the value before or after it, by where the network keeps the state
    (`network.placement()`); a step later it is the value after, whatever the placement.
    """

    projection: Projection
    quantities: tuple[str, ...]
    every: Any
    name: str | None

    def __init__(self, projection: Any, *quantities: str, every: Any, name: str | None = None):
        if not isinstance(projection, Projection):
            raise NetworkError(
                f"Synapses belong to a projection; got {said(projection)}. Keep the `Projection` that you connect with."
            )
        _set(
            self, projection=projection, quantities=_names(quantities, "quantities"), every=_often(every),
            name=_called(name),
        )  # fmt: skip

    def label(self, network: Network) -> str:
        if not any(self.projection is p for p in network.projections):
            raise NetworkError(
                f"A network records its own projections; {said(self.projection)} is not among its connections. "
                "Give the "
                "one that it was built with."
            )
        return self.name or network.names[id(self.projection)]


def default_records(network: Network) -> list[Record]:
    """All spikes, and averages of all states every 10 ms, or at every step of a population with longer ones."""
    found: list[Record] = [Spikes(group) for group in network.groups.values()]
    for group in network.groups.values():
        if isinstance(group, Population):
            found.append(Average(group, every=units.Quantity(_rounded(10.0, network, group), "ms")))
    return found


def interval(record: Any, network: Network) -> int:
    """Steps of the network between two samples of a record."""
    own = network.step
    if not isinstance(record, Synapses) and record.cells.group.step is not None:
        own = record.cells.group.step
    default = _rounded(1.0 if isinstance(record, States) else 10.0, network, getattr(record, "cells", None))
    every = default if record.every is None else units.number(record.every, "ms", "every")
    steps = round(every / network.step)
    if steps < 1 or abs(steps * network.step - every) > 1e-6 * network.step:
        raise RangeError(
            f"Samples are taken at steps of the network, {network.step:g} ms apart; got every={every:g} ms. Choose a "
            f"multiple, such as {max(1, steps) * network.step:g} ms (the cells step every {own:g} ms)."
        )
    return steps


def label(network: Network, cells: Members) -> str:
    """How cells are called in results: ``neurons``, ``neurons_0_100`` and, scattered, ``neurons_3_of_400``."""
    name = network.name_of(cells.group, "a record")
    if cells.listed is not None:
        return f"{name}_{cells.size}_of_{cells.group.size}"
    return name if cells.whole else f"{name}_{cells.low}_{cells.high}"


def _rounded(about: float, network: Network, cells: Any) -> float:
    """``about`` ms as the nearest whole number of steps of the cells, at least one."""
    group = cells.group if isinstance(cells, Members) else cells
    step = getattr(group, "step", None) or network.step
    return max(1, round(about / step)) * step


def _modelled(cells: Members) -> None:
    if not isinstance(cells.group, Population):
        raise NetworkError(f"Cells of a model have states; {said(cells.group)} has none. Record its `Spikes`.")


def _names(given: tuple[Any, ...], name: str) -> tuple[str, ...]:
    return tuple(arguments.text(each, name) for each in given)


def _called(name: Any) -> str | None:
    """The first word of the names of variables, which stand as paths in stored results."""
    if name is None:
        return None
    plain = isinstance(name, str) and name.strip() and arguments.writable(name)
    if not plain or set(name) & set("/\\") or name.startswith("."):
        raise ArgumentError(
            f"`name` begins the names of variables and of what they are stored in: text without slashes that does not "
            f'begin with a dot; got {said(name)}. Write for instance `name="leaflets"`.'
        )
    return name


def _often(every: Any) -> Any:
    if every is not None and units.number(every, "ms", "every") <= 0:
        raise RangeError(f"Samples are some time apart; got every={every}. Write for instance `every=1 * ms`.")
    return every


def _set(item: Any, **fields: Any) -> None:
    for name, value in fields.items():
        object.__setattr__(item, name, value)
