"""A running network on disk: what changes, and how it goes back into a network laid out again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError, ResultError
from tripartite.language.encoding import readable
from tripartite.language.protocol import Protocol
from tripartite.network.build.layout import Layout, _bounds
from tripartite.network.plan.cells import row
from tripartite.network.run import admission
from tripartite.network.run.serial import protocol_data, protocol_from
from tripartite.network.stimuli import Plan

if TYPE_CHECKING:
    from tripartite.network.network import Network
    from tripartite.network.run.simulation import Simulation

Arrays = dict[str, np.ndarray]
_LARGE = 2**20
"""Bytes from which an array is a file of its own."""


def state(simulation: Simulation) -> tuple[dict[str, Any], Arrays]:
    """What a network is at a time: facts, and the arrays that change (with those a protocol may undo)."""
    memory = simulation.layout.memory
    meta = {
        "now": simulation.now,
        "seed": simulation.seed,
        "threads": simulation.threads,
        "primed": simulation.primed,
        "varying": {k: sorted(v) for k, v in simulation.plan.varying.items()},
        "heard": {k: sorted(v) for k, v in simulation.plan.heard.items()},
        "protocol": protocol_data(simulation.network, simulation.protocol),
        "connections": connections(simulation.layout),
    }
    arrays = {name: memory[name].copy() for name in sorted(memory.changing)}
    return meta, arrays | {f"base/{name}": values.copy() for name, values in simulation.base.items()}


def adopt(simulation: Simulation, meta: Mapping[str, Any], arrays: Arrays, protocol: Protocol | None) -> None:
    """Put a state into a freshly laid out simulation of the same network, under ``protocol``."""
    layout, memory = simulation.layout, simulation.layout.memory
    base = {name.removeprefix("base/"): values for name, values in arrays.items() if name.startswith("base/")}
    for name, keys in simulation.plan.varying.items():
        for key in keys:
            new = row(layout.cells[name], key) if name in layout.cells else f"{name}_{key}"
            if new not in arrays and new not in base:
                base[new] = memory[new].copy()
    rings = {f"{s.name}_{part}": s for s in layout.spikes.values() for part in ("ring", "counts")}
    for name in sorted(memory.changing & arrays.keys()):
        if name in rings:
            continue
        if memory[name].shape != arrays[name].shape or memory[name].dtype != arrays[name].dtype:
            raise NetworkError(
                f"A checkpoint continues the network it was made of; `{name}` has {memory[name].shape} numbers "
                f"({memory[name].dtype}) now and had {arrays[name].shape} ({arrays[name].dtype}). Build "
                "the same network."
            )
        memory[name][:] = arrays[name]
    _spread_constants(layout, arrays)
    for spikes in layout.spikes.values():
        ring, counts = arrays[f"{spikes.name}_ring"], arrays[f"{spikes.name}_counts"]
        _refill(layout, spikes, ring, counts, int(meta["threads"]))
    simulation.base, simulation.now = base, int(meta["now"])
    simulation.primed = bool(meta["primed"])
    simulation.protocol = protocol


def restored(
    network: Network, meta: Any, arrays: Arrays, threads: int | None, classes: Iterable[type] = ()
) -> Simulation:
    """The simulation that a file describes; a file is checked, since kernels trust what they are given."""
    from tripartite.network.run.simulation import Simulation

    with readable():
        meta = admission.facts(meta)
        protocol = protocol_from(network, meta["protocol"], classes)
        made = Simulation(network, seed=meta["seed"], threads=threads, plan=plan_of(meta))
        _check_same(made.layout, meta)
        admission.check(made, meta, arrays)
        adopt(made, meta, arrays, protocol)
    return made


def _spread_constants(layout: Layout, arrays: Arrays) -> None:
    """Constants that have a value per cell now and had one for all before."""
    for name, plan in layout.cells.items():
        for key in plan.varying:
            new, place = row(plan, key), plan.system.constant_position[key]
            if new not in arrays:
                layout.memory[new][: plan.population.size] = arrays[f"{name}_constants"][place]


def _refill(layout: Layout, spikes: Any, ring: np.ndarray, counts: np.ndarray, threads: int) -> None:
    """Spikes on their way, kept by thread, into the parts of another number of threads."""
    size, memory = spikes.size, layout.memory
    before, after = _bounds(size, threads), layout.bounds[spikes.group]
    slots = len(ring) // size
    if slots != spikes.slots:
        raise NetworkError(
            f"A checkpoint continues the network it was made of; its longest delay was {slots - 2} steps and is "
            f"{spikes.slots - 2}. Build the same network."
        )
    for slot in range(slots):
        begin = slot * size
        parts = [ring[begin + before[t] :][: counts[slot * threads + t]] for t in range(threads)]
        cells = np.concatenate(parts)
        for t in range(layout.threads):
            mine = cells[(cells >= after[t]) & (cells < after[t + 1])]
            memory[f"{spikes.name}_ring"][begin + after[t] :][: len(mine)] = mine
            memory[f"{spikes.name}_counts"][slot * layout.threads + t] = len(mine)


def connections(layout: Layout) -> int:
    """A digest of who is connected to whom and when."""
    found = 0
    for name, array in layout.memory.arrays.items():
        if name.endswith(
            ("_target", "_mate", "_delays", "_neighbour", "_astrocyte_of", "_train_steps", "_train_cells")
        ):
            found = zlib.crc32(array, found)  # type: ignore[arg-type]
    return found


def _check_same(layout: Layout, meta: Mapping[str, Any]) -> None:
    if meta["connections"] != connections(layout):
        raise NetworkError(
            "A checkpoint continues the network it was made of; this one is connected differently. Build it with the "
            "same populations, rules and seed."
        )


def plan_of(meta: Mapping[str, Any]) -> Plan:
    """What a network must be laid out for to continue a state."""
    return Plan([], *({name: set(keys) for name, keys in meta[kind].items()} for kind in ("varying", "heard")))


# On disk: two places in turn, and an attribute that names the one that is complete.


def save(simulation: Simulation, path: Path) -> Path:
    """Write a checkpoint into the zarr folder ``path``."""
    import zarr

    if path.suffix != ".zarr":
        raise ResultError(f"A checkpoint is a folder ending in .zarr; got `{path}`. Choose a name such as `run.zarr`.")
    write(zarr.open_group(path, mode="a"), simulation, {})
    return path


def write(root: Any, simulation: Simulation, more: Mapping[str, Any]) -> None:
    """Write the state into a zarr group; whoever is interrupted leaves the one before it whole."""
    group = root.require_group("checkpoint")
    slot = "b" if group.attrs.get("slot") == "a" else "a"
    meta, arrays = state(simulation)
    place = group.create_group(slot, overwrite=True)
    small = [values for values in arrays.values() if values.nbytes < _LARGE]
    _put(place, "small", np.frombuffer(b"".join(values.tobytes() for values in small), np.uint8))
    for number, values in enumerate(arrays.values()):
        if values.nbytes >= _LARGE:
            _put(place, str(number), values)
    listed = [[name, str(values.dtype), len(values)] for name, values in arrays.items()]
    place.attrs["content"] = json.dumps({"meta": meta, "arrays": listed, "more": dict(more)})
    group.attrs["slot"] = slot


def load(path: Path) -> tuple[dict[str, Any], Arrays]:
    """Facts and arrays of the last complete checkpoint in a zarr folder."""
    meta, arrays, _ = read(path)
    return meta, arrays


def read(path: Path) -> tuple[dict[str, Any], Arrays, dict[str, Any]]:
    """As `load`, with what else was kept beside."""
    import zarr

    try:
        group = zarr.open_group(path, mode="r")["checkpoint"]
        slot = group.attrs["slot"]
    except (KeyError, FileNotFoundError):
        raise ResultError(
            f"A checkpoint is read from a folder that `Simulation.save` or `stream_to` wrote; `{path}` holds none. "
            "Check the path."
        ) from None
    place: Any = group[str(slot)]  # type: ignore[index]
    content = json.loads(place.attrs["content"])
    small, offset, arrays = place["small"][:].tobytes(), 0, {}
    for number, (name, dtype, length) in enumerate(content["arrays"]):
        if length * np.dtype(dtype).itemsize >= _LARGE:
            arrays[name] = place[str(number)][:]
        else:
            arrays[name] = np.frombuffer(small, dtype, length, offset).copy()
            offset += arrays[name].nbytes
    return content["meta"], arrays, content["more"]


def _put(place: Any, name: str, values: np.ndarray) -> None:
    if len(values):
        made = place.create_array(
            name, shape=values.shape, dtype=values.dtype, compressors=None, chunks=(min(len(values), 2**24),)
        )
        made[:] = values
