"""Where the numbers of a network's run come from: models, rules, values, seeds, steps and versions."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import TripartiteError
from tripartite.language import grid
from tripartite.language.encoding import encode, encode_model
from tripartite.network.population import Population
from tripartite.network.recording import Record
from tripartite.network.run.serial import protocol_data, record_data
from tripartite.network.stimuli import marked

if TYPE_CHECKING:
    from tripartite.network.network import Network
    from tripartite.network.run.simulation import Simulation

_MOST = 100
"""Numbers of a list that are written out; of longer ones the shape is told."""


def provenance(simulation: Simulation, records: Sequence[Record], end: int) -> dict[str, Any]:
    """Everything that determines a run up to step ``end``."""
    network, protocol = simulation.network, simulation.protocol
    until = grid.seconds(end, network.step)
    bars = marked(network, protocol, until)
    return {
        "network": described(network),
        "protocol": protocol_data(network, protocol),
        "records": [record_data(network, record) for record in records],
        "until": {"quantity": until, "unit": "s"},
        "begun": {"quantity": grid.seconds(simulation.now, network.step), "unit": "s"},
        "seeds": [simulation.seed],
        "bars": [[b.label, b.start, b.stop] for b in bars],
        "versions": versions(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def versions() -> dict[str, str]:
    """Versions of what computes."""
    return {name: _version(name) for name in ("tripartite", "numpy", "numba")}


def described(network: Network) -> dict[str, Any]:
    """A network as plain data."""
    return {
        "populations": {name: _group(group) for name, group in network.groups.items()},
        "projections": [_projection(network, p) for p in network.projections],
        "couplings": [
            {
                "name": network.names[id(c)],
                "cells": _cells(network, c.cells),
                "mechanism": _plain(c.mechanism),
                "neighbours": _plain(c.neighbours),
                "values": {key: _plain(value) for key, value in c.values.items()},
            }
            for c in network.couplings
        ],
        "diffusion": [
            {"cells": _cells(network, d.cells), **{k: _plain(v) for k, v in d.coefficients.items()}}
            for d in network.diffusions
        ],
        "inputs": [
            {"cells": _cells(network, i.cells), "event": i.event, "rate (1/ms)": i.rate, "amount": _plain(i.amount)}
            for i in network.inputs
        ],
        "step (ms)": network.step,
        "placement": _plain(network.placing),
        "precision": str(np.dtype(network.precision)),
        "seed": network.seed,
    }


def _group(group: Any) -> dict[str, Any]:
    if not isinstance(group, Population):
        kept = {k: _plain(v) for k, v in vars(group).items() if k != "positions" and not k.startswith("_")}
        return {"source": type(group).__name__, **kept, "positions (um)": _plain(group.positions)}
    given = {} if group.spikes is None else {"spikes": _group(group.spikes)}
    return {
        **given,
        "size": group.size,
        "model": encode_model(group.model),
        "values": {key: _plain(value) for key, value in group.values.items()},
        "step (ms)": group.step,
        "method": _plain(group.method),
        "positions (um)": _plain(group.positions),
        "morphology": None if group.morphology is None else [repr(group.morphology), group.count],
    }


def _projection(network: Network, projection: Any) -> dict[str, Any]:
    return {
        "name": network.names[id(projection)],
        **{role: _cells(network, cells) for role, cells in projection.roles.items()},
        "synapse": encode_model(projection.model),
        "rule": _plain(projection.rule),
        "partners": {
            name: {"attach": _plain(partner.attach), "delay": _plain(partner.delay)}
            for name, partner in projection.partners.items()
        },
        "delay": _plain(projection.delay),
        "wiring": [_wire(wire) for wire in projection.wires],
        "values": {key: _plain(value) for key, value in projection.values.items()},
    }


def _cells(network: Network, cells: Any) -> list[Any]:
    name = network.names[id(cells.group)]
    return [name, cells.low, cells.high] if cells.listed is None else [name, _plain(cells.listed)]


def _wire(wire: Any) -> str:
    ends = []
    for end in (wire.source, wire.target):
        name = repr(end.compartment) if hasattr(end.compartment, "name") else "synapse"
        reduced = getattr(end, "mean", None)
        text = f"{name}.{end.name}"
        ends.append(text if reduced is None else f"{'mean' if reduced else 'total'}({text})")
    return " >> ".join(ends)


def _plain(value: Any) -> Any:
    """A value as plain data; long lists by their shape, what cannot be written by its name."""
    magnitude = getattr(value, "magnitude", value)
    if np.ndim(magnitude) and np.size(magnitude) > _MOST:
        return f"{np.shape(magnitude)} numbers, mean {np.mean(magnitude):g} {getattr(value, 'units', '')}".strip()
    if hasattr(value, "__dataclass_fields__"):
        fields = {name: _plain(getattr(value, name, None)) for name in value.__dataclass_fields__}
        return {"kind": type(value).__name__, **fields}
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"
    try:
        return encode(value)
    except TripartiteError:
        return repr(value)


@cache
def _version(name: str) -> str:
    return importlib.metadata.version(name)
