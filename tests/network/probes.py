"""What tests read of a running network: states per cell, and per synapse in the order of the rule's edges."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np

from tripartite.network.connect import layout
from tripartite.network.connect.layout import Layout
from tripartite.network.network import Network
from tripartite.network.run import simulation
from tripartite.network.run.driver import source
from tripartite.network.run.simulation import Simulation
from tripartite.network.runtime import rows

Spikes = list[tuple[int, int]]


def simulate(network: Network, steps: int, *, threads: int = 1, seed: int = 0) -> Simulation:
    """The network after ``steps`` steps."""
    found = Simulation(network, threads=threads, seed=seed)
    while found.now < steps:
        found.advance(steps - found.now)
    return found


def spikes(found: Simulation, name: str = "neurons_spikes0") -> Spikes:
    """(step, cell) of every spike since the last call."""
    return [(int(n), int(cell)) for n, cell in zip(*found.take_spikes(name), strict=True)]


def per_synapse(running: Simulation, number: int, key: str) -> tuple[np.ndarray, np.ndarray]:
    """A stored state for every synapse of a projection, in the order of its rule, and the steps since it was moved."""
    joined: Any = running.layout.joined[number]
    level = joined.plan.level[key]
    branch = np.repeat(np.arange(len(joined.start) - 1), np.diff(joined.start))
    index = {"shared": np.zeros(joined.edges, int), "pre": branch, "synapse": np.arange(joined.edges)}
    index |= {"post": joined.targets, **joined.mates}
    index |= {f"pre_{name}": _pairs(branch, mates) for name, mates in joined.mates.items()}
    found = running[joined.work.reading.state_row(key)][index[level]]
    last = np.full(joined.edges, running.now)
    if key in joined.work.reading.lazy(level):
        last = running[joined.work.reading.last_row(level)][index[level]]
    rule_order = np.arange(joined.edges) if joined.order is None else joined.order
    values, steps = np.empty(joined.edges), np.empty(joined.edges)
    values[rule_order], steps[rule_order] = found, running.now - last
    return values, steps


def _pairs(branch: np.ndarray, mates: np.ndarray) -> np.ndarray:
    """Number of the (branch, partner) pair of each synapse: pairs count by branch, then by partner."""
    return np.unique(branch.astype(np.int64) * 10**6 + mates, return_inverse=True)[1]


def share_cells(monkeypatch: Any, block: int = 8) -> None:
    """Let threads share populations smaller than a block; only for networks without Poisson sources."""
    monkeypatch.setattr(layout, "BLOCK", block)


def uncompiled(layout: Layout) -> SimpleNamespace:
    """The text that is generated for a network as plain Python: for laws about what it says, without a compiler."""
    text = re.sub(r"(?m)^@.*\n", "", source(layout))
    names: dict[str, Any] = {}
    exec(compile(text, "network", "exec"), names)
    assert not layout.network.real
    # NumPy takes a number times a float32 in single precision, Numba in double.
    names["float32s"] = lambda *given: rows.float32s(*given).astype(float)
    made = {name: names[name] for name in ("advance", "prime") if name in names}
    return SimpleNamespace(__name__="uncompiled", **made)


def interpret(monkeypatch: Any) -> None:
    """Let networks run as plain Python; only for some hundred steps of some cells."""
    monkeypatch.setattr(simulation, "compile_network", uncompiled)
