"""Records and protocols of a network as plain data, and back: what checkpoints and provenance store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tripartite import arguments, units
from tripartite.errors import ResultError, said
from tripartite.language.encoding import decode, encode, readable
from tripartite.language.protocol import Protocol, Together
from tripartite.network.coupling import Coupling
from tripartite.network.population import Members, members
from tripartite.network.projection import Projection
from tripartite.network.recording import Average, Record, Spikes, States, Synapses
from tripartite.network.sources import PoissonInput, given_to, source_of
from tripartite.network.stimuli import On

if TYPE_CHECKING:
    from tripartite.network.network import Network

_KINDS = {kind.__name__: kind for kind in (Spikes, States, Average, Synapses)}


def protocol_data(network: Network, protocol: Protocol | None) -> Any:
    """A protocol as plain data."""
    if protocol is None:
        return None
    parts = protocol.members if isinstance(protocol, Together) else (protocol,)
    return [
        {"on": _place(network, p.where), "protocol": encode(p.protocol)} if isinstance(p, On) else encode(p)
        for p in parts
    ]


def protocol_from(network: Network, data: Any, classes: Iterable[type] = ()) -> Protocol | None:
    """The protocol that `protocol_data` wrote, made of classes of the package and of ``classes``."""
    if data is None:
        return None
    with readable():
        parts = [
            On(_found(network, d["on"]), decode(d["protocol"], Protocol, classes))
            if "on" in d
            else decode(d, Protocol, classes)
            for d in arguments.several(data, dict, "protocol", "[...]")
        ]
        return parts[0] if len(parts) == 1 else Together(tuple(parts))


def kinds(protocol: Protocol | None) -> list[type]:
    """The classes of a protocol's parts."""
    parts = protocol.members if isinstance(protocol, Together) else () if protocol is None else (protocol,)
    return [kind for p in parts for kind in ([type(p)] if not isinstance(p, On) else kinds(p.protocol))]


def record_data(network: Network, record: Record) -> dict[str, Any]:
    """A record as plain data."""
    found: dict[str, Any] = {"kind": type(record).__name__, "name": record.name}  # type: ignore[attr-defined]
    found["of"] = _place(network, record.projection if isinstance(record, Synapses) else record.cells)  # type: ignore
    found["names"] = list(record.events if isinstance(record, Spikes) else record.quantities)  # type: ignore
    if not isinstance(record, Spikes):
        every = record.every  # type: ignore[attr-defined]
        found["every"] = None if every is None else units.number(every, "ms", "every")
    return found


def record_from(network: Network, data: Any) -> Record:
    """The record that `record_data` wrote."""
    with readable():
        options: dict[str, Any] = {"name": None if data["name"] is None else arguments.text(data["name"], "name")}
        if "every" in data:
            options["every"] = None if data["every"] is None else units.Quantity(float(data["every"]), "ms")
        names = [arguments.text(name, "a recorded name") for name in data["names"]]
        return _KINDS[data["kind"]](_found(network, data["of"]), *names, **options)


def _place(network: Network, where: Any) -> list[Any]:
    if isinstance(where, Projection):
        return ["synapses", next(i for i, p in enumerate(network.projections) if p is where)]
    if isinstance(where, Coupling):
        return ["contacts", next(i for i, c in enumerate(network.couplings) if c is where)]
    if isinstance(where, PoissonInput):
        return ["input", next(i for i, p in enumerate(network.inputs) if p is where)]
    if given := given_to(network.groups, where):
        return ["given", given]
    cells = members(where)
    numbers = [cells.low, cells.high] if cells.listed is None else [cells.listed.tolist()]
    return ["cells", network.name_of(cells.group, "a protocol or record"), *numbers]


def _found(network: Network, data: Any) -> Any:
    kind, name, *bounds = data
    listed = {"synapses": network.projections, "contacts": network.couplings, "input": network.inputs}
    try:
        if kind in listed:
            return listed[kind][arguments.count(name, kind)]
        group = network.groups[name]
        if kind == "given":
            return source_of(group)
        if len(bounds) == 1:
            return group[bounds[0]]
        low = arguments.count(bounds[0], "first cell", 0, group.size - 1)
        return Members(group, low, arguments.count(bounds[1], "end of cells", low + 1, group.size))
    except (KeyError, IndexError):
        raise ResultError(
            "Stored data belong to the network they were made with; this one has no "
            f"`{said(name)}`. Build the same network."
        ) from None
