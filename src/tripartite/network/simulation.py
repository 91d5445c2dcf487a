"""A network while it runs: memory, threads, time; stops and goes on to the bit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import NetworkError, RangeError
from tripartite.language.result import Result
from tripartite.network.driver import compile_network
from tripartite.network.layout import Layout, lay_out
from tripartite.network.network import Network
from tripartite.network.recorder import Recorder
from tripartite.network.recording import Record

_NO_SAMPLES = (0, np.zeros((0, 7), np.int64), np.zeros(0, np.int64), np.zeros(0))


class Simulation:
    """A built network at a time; `run` moves it on and returns what was recorded."""

    def __init__(self, network: Network, *, seed: int = 0, threads: int | None = None):
        self.network, self.seed = network, checked_seed(seed)
        self.threads = checked_threads(threads)
        self.layout: Layout = lay_out(network, self.threads)
        self.module = compile_network(self.layout)
        self.now = 0
        self.pool = ThreadPoolExecutor(self.threads)
        self.logged = np.ones(len(self.layout.spikes), np.int64)
        self.module.prime(*self.layout.memory.arrays.values())

    @property
    def time(self) -> Any:
        """How far the network has come (s)."""
        return units.Quantity(self.now * self.network.step / 1000, "s")

    def run(self, duration: Any, record: Sequence[Record] | None = None) -> Result:
        """Go on for ``duration``; returns what was recorded meanwhile.

        Samples are taken at multiples of their interval after the start of the stretch, and at 0 s.
        """
        end = self.now + whole_steps(duration, self.network.step, "duration")
        recorder = Recorder(self, record)
        recorder.begin()
        while self.now < end:
            recorder.advance(end)
        return recorder.result()

    def advance(self, steps: int, samples: tuple = _NO_SAMPLES) -> int:
        """Run up to ``steps`` steps; returns how many were run before a list of spikes was full."""
        gate = np.zeros(1, np.int64)
        arrays = list(self.layout.memory.arrays.values())

        def run(thread: int) -> int:
            return self.module.advance(
                thread, self.threads, gate, self.now, steps, self.seed, self.logged, *samples, *arrays
            )

        if self.threads == 1:
            end = run(0)
        else:
            end, *_ = self.pool.map(run, range(self.threads))
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


def whole_steps(duration: Any, step: float, name: str) -> int:
    """A duration as whole steps of the network."""
    length = units.number(duration, "s", name)
    steps = round(length / step)
    if steps < 1 or abs(steps * step - length) > 1e-6 * step:
        raise RangeError(
            f"`{name}` is a positive multiple of the network's step of {step:g} ms; got {length:g} ms. Give for "
            f"instance {max(1, steps) * step / 1000:g} * s."
        )
    return steps


def checked_seed(seed: Any) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise RangeError(f"A seed is a whole number from 0 to 2**63 - 1; got {seed!r}. Write `seed=1`.")
    return int(seed)


def checked_threads(threads: Any) -> int:
    if threads is None:
        return os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer) or threads < 1:
        raise NetworkError(f"A network runs on one thread or more; got {threads!r}. Write `threads=2`.")
    return int(threads)
