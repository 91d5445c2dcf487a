"""A running network on disk: what changes, and how it goes back into a network laid out again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError, ResultError
from tripartite.language import root
from tripartite.language.encoding import readable
from tripartite.language.folder import Folder
from tripartite.language.protocol import Protocol
from tripartite.network.connect.layout import Layout, _bounds
from tripartite.network.plan.cells import constants_row, row
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.run import admission
from tripartite.network.run.identity import check_same
from tripartite.network.run.provenance import described, versions
from tripartite.network.run.serial import protocol_data
from tripartite.network.stimuli import Plan

if TYPE_CHECKING:
    from tripartite.network.network import Network
    from tripartite.network.run.simulation import Simulation

Arrays = dict[str, np.ndarray]


def state(simulation: Simulation) -> tuple[dict[str, Any], Arrays]:
    """What a network is at a time: facts, and the arrays that change (with those a protocol may undo)."""
    memory = simulation.layout.memory
    meta = {
        "now": simulation.now,
        "seed": simulation.seed,
        "threads": simulation.threads,
        "primed": simulation.primed,
        **{kind: {k: sorted(v) for k, v in needs.items()} for kind, needs in simulation.plan.needs.items()},
        "protocol": protocol_data(simulation.network, simulation.protocol),
        "built": simulation.built,
        "versions": versions(),
    }
    arrays = {name: memory[name].copy() for name in sorted(memory.changing)}
    return meta, arrays | {f"base/{name}": values.copy() for name, values in simulation.base.items()}


def restored(
    network: Network, content: Mapping[str, Any], arrays: Arrays, threads: int | None, protocol: Protocol | None
) -> Simulation:
    """The simulation that a file describes; a file is checked, since kernels trust what they are given."""
    from tripartite.network.run.simulation import Simulation

    with readable():
        meta = admission.facts(content["meta"])
        made = Simulation(network, seed=meta["seed"], threads=threads, plan=plan_of(meta))
        check_same(meta["built"], made.built, meta["versions"] == versions())
        admission.check(made, meta, arrays)
        adopt(made, meta, arrays, protocol)
    return made


def adopt(simulation: Simulation, meta: Mapping[str, Any], arrays: Arrays, protocol: Protocol | None) -> None:
    """Put a state into a freshly laid out simulation of the same network, under ``protocol``."""
    layout, memory = simulation.layout, simulation.layout.memory
    arrays = _widened(layout, meta, arrays)
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


def _widened(layout: Layout, meta: Mapping[str, Any], arrays: Arrays) -> Arrays:
    """The arrays, with a place for states that can be clamped and inputs that can be driven now, and not before."""
    found = dict(arrays)
    plans = [(plan, plan.system.constants) for plan in layout.cells.values()]
    plans += [(joined.plan, joined.plan.constants) for joined in layout.joined]
    for plan, entries in plans:
        known = meta["clamped"].get(plan.name, ())
        new = {free for key, free in plan.system.free.items() if key not in known}
        if isinstance(plan, SynapsePlan):
            stored = {entry.key for entry in plan.system.drives if not math.isnan(entry.value)}
            new |= stored & plan.driven - {*meta["driven"].get(plan.name, ())}
        for name in (f"{plan.name}_constants", f"base/{plan.name}_constants"):
            if new and name in arrays:
                old = iter(arrays[name])
                values = [entry.value if entry.key in new else next(old) for entry in entries]
                found[name] = np.array(values, dtype=arrays[name].dtype)
    return found


def _spread_constants(layout: Layout, arrays: Arrays) -> None:
    """Constants that have a value per cell now and had one for all before."""
    for plan in layout.cells.values():
        for key in plan.varying:
            new, place = row(plan, key), plan.system.constant_position[key]
            if new not in arrays:
                layout.memory[new][: plan.population.size] = arrays[constants_row(plan)][place]


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


def plan_of(meta: Mapping[str, Any]) -> Plan:
    """What a network must be laid out for to continue a state."""
    return Plan.needing(meta)


# On disk: one file, which a folder names when it is whole.


def save(simulation: Simulation, path: Path) -> Path:
    """Write a checkpoint into the zarr folder ``path``; a kill leaves the one before or the new one."""
    with Folder(path) as place:
        place.hold(partial(write, simulation, {}))
    return path


def write(simulation: Simulation, more: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write a state into an open file, with what else is needed to go on."""
    meta, arrays = state(simulation)
    facts = {"meta": meta, "network": described(simulation.network), "names": list(arrays), "more": dict(more)}
    content = json.dumps(facts).encode()
    numbered = {str(number): values for number, values in enumerate(arrays.values())}
    np.savez(file, allow_pickle=False, content=np.frombuffer(content, np.uint8), **numbered)  # type: ignore[arg-type]


def read(path: Path) -> tuple[dict[str, Any], Arrays]:
    """What a folder's last complete checkpoint says (``meta``, ``network`` and ``more``), and its arrays."""
    found = root.checkpoint(path)[1] if path.is_dir() else None
    if found is None:
        raise ResultError(
            f"A checkpoint is read from a folder that `Simulation.save` or `stream_to` wrote; `{path}` holds none. "
            "Check the path."
        )
    with readable():
        content = json.loads(found["content"].tobytes())
        return content, {str(name): found[str(number)] for number, name in enumerate(content["names"])}
