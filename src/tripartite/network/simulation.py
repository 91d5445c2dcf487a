"""A network while it runs: memory, threads, time; stops and goes on to the bit."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from tripartite.network.driver import compile_network
from tripartite.network.layout import Layout, lay_out
from tripartite.network.network import Network

_NO_SAMPLES = (
    np.zeros(0, np.int64),
    np.zeros(1, np.int64),
    np.zeros(0, np.int64),
    np.zeros(0, np.uint8),
    np.zeros((0, 0)),
)


class Simulation:
    """A built network at a time; `advance` moves it on."""

    def __init__(self, network: Network, *, seed: int = 0, threads: int | None = None):
        self.network, self.seed = network, seed
        self.threads = threads or os.cpu_count() or 1
        self.layout: Layout = lay_out(network, self.threads)
        self.module = compile_network(self.layout)
        self.now = 0
        self.pool = ThreadPoolExecutor(self.threads)
        self.logged = np.ones(len(self.layout.spikes), np.int64)
        self.module.prime(*self.layout.memory.arrays.values())

    def advance(self, steps: int, every: int = 0, samples: tuple = _NO_SAMPLES) -> int:
        """Run up to ``steps`` steps; returns how many were run before a log was full."""
        gate = np.zeros(1, np.int64)
        arrays = list(self.layout.memory.arrays.values())

        def run(thread: int) -> int:
            return self.module.advance(
                thread, self.threads, gate, self.now, steps, self.seed, self.logged, every, 0, *samples, *arrays
            )

        if self.threads == 1:
            end = run(0)
        else:
            end = list(self.pool.map(run, range(self.threads)))[0]
        done, self.now = end - self.now, end
        return done

    def take_spikes(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Steps and cells of the spikes since the last call, in order."""
        memory = self.layout.memory
        counts = memory[f"{name}_log_counts"]
        room = len(memory[f"{name}_log_steps"]) // self.threads
        parts = [slice(t * room, t * room + counts[t]) for t in range(self.threads)]
        steps = np.concatenate([memory[f"{name}_log_steps"][p] for p in parts])
        cells = np.concatenate([memory[f"{name}_log_cells"][p] for p in parts])
        counts[:] = 0
        order = np.argsort(steps, kind="stable")
        return steps[order], cells[order]

    def __getitem__(self, name: str) -> Any:
        return self.layout.memory[name]
