"""A network while it runs: memory, threads, time; stops and goes on to the bit."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from tripartite import arguments, units
from tripartite.errors import NetworkError, RangeError, said
from tripartite.interpret.kernels import cores
from tripartite.language import grid
from tripartite.language.encoding import readable
from tripartite.language.protocol import Protocol, parts
from tripartite.language.result import Result
from tripartite.network.connect.layout import Layout, busy, lay_out
from tripartite.network.connect.memory import Memory, staggered
from tripartite.network.network import Network
from tripartite.network.recording import Record
from tripartite.network.run import checkpoint
from tripartite.network.run.crew import Crew
from tripartite.network.run.driver import compile_network
from tripartite.network.run.identity import built, check_described, warn_versions
from tripartite.network.run.provenance import described, versions
from tripartite.network.run.recorder import Recorder
from tripartite.network.run.serial import protocol_from
from tripartite.network.run.synaptic import Synaptic
from tripartite.network.run.timeline import Timeline
from tripartite.network.runtime import rows
from tripartite.network.stimuli import On, Plan, planned
from tripartite.progress import Progress

MOST_STEPS = 2**31
"""Steps are counted in 32 bits, and random numbers by step."""

_MOST_THREADS = 1024

_NO_SAMPLES = (0, np.zeros((0, 7), np.int64), np.zeros(0, np.int64), np.zeros(0))


class Simulation:
    """A built network at a time; `run` moves it on and returns what was recorded.

    **Arguments** seed: of everything random in the run; threads: into how many parts cells are dealt out, at most,
    for as many threads, all cores it may use when not given. Results do not depend on it, and no more threads run than
    there are cores, nor where they would wait for each other.
    """

    def __init__(self, network: Network, *, seed: int = 0, threads: int | None = None, plan: Plan | None = None):
        self.network, self.seed = _checked(network), arguments.seed(seed)
        self.threads = busy(network, checked_threads(threads))
        self.plan = plan or Plan()
        self.protocol: Protocol | None = None
        self.base: dict[str, np.ndarray] = {}
        self.now = 0
        self.primed = False
        self._build()

    def _build(self) -> None:
        self.layout: Layout = lay_out(self.network, self.threads, self.plan.needs)
        self.module = compile_network(self.layout)
        self.built = built(self.layout, self.module.__name__)
        self.logged = np.ones(len(self.layout.spikes), np.int64)
        self.crew = Crew(self.threads)

    @property
    def time(self) -> Any:
        """How far the network has come (s)."""
        return units.Quantity(grid.seconds(self.now, self.network.step), "s")

    def run(
        self,
        duration: Any,
        record: Sequence[Record] | Record | None = None,
        *,
        protocol: Protocol | None = None,
        progress: bool | None = None,
    ) -> Result:
        """Go on for ``duration``; returns what was recorded meanwhile.

        **Arguments** record: all spikes and averages of all states when not given; protocol: what is done from now on
        (times count from the network's 0 s), by default what was done before; progress: show a bar.

        A new protocol changes what cells with a longer step see only where such a step begins. A random train such as
        `PoissonSpikes` is one for all stretches, each of which sees its part of it. Samples are taken at multiples of
        their interval after the start of the stretch, and at 0 s.

        **Raises** `DivergedError`, with what was recorded, when a number stops being finite.
        """
        end = self.now + whole_steps(duration, self.network.step, "duration")
        whole_steps(units.Quantity(end * self.network.step, "ms"), self.network.step, "the end of the run")
        timeline = self.follow(self.protocol if protocol is None else protocol, end)
        if protocol is not None:
            self._warn_past(protocol)
        recorder = Recorder(self, record, timeline, end)
        recorder.check_room()
        with Progress(end * self.network.step, progress) as bar:
            recorder.begin()
            while self.now < end:
                recorder.advance()
                bar.to(self.now * self.network.step)
        return recorder.result()

    def _warn_past(self, protocol: Protocol) -> None:
        """Say what of a new protocol has events that all lie before now."""
        now = grid.seconds(self.now, self.network.step)
        for part in (p for on in parts(protocol) for p in parts(on.protocol if isinstance(on, On) else on)):
            if grid.position(part.ends(), self.network.step) < self.now - 0.5:
                warnings.warn(
                    f"Times of a protocol count from the network's 0 s; all events of {said(part)} lie before {now:g} "
                    "s, where the stretch begins, and do not happen. Shift them.",
                    stacklevel=3,
                )

    def follow(self, protocol: Protocol | None, end: int) -> Timeline:
        """Do what a protocol says from now to step ``end``, in place of what was done before."""
        plan = planned(self.network, protocol, end * self.network.step, self.seed)
        if not self.plan.covers(plan):
            self._rebuild(plan)
        self.protocol = protocol
        timeline = Timeline(self.layout, plan, self.base, self.settle)
        timeline.start(self.now)
        return timeline

    def _rebuild(self, plan: Plan) -> None:
        """Lay the network out anew for a protocol that makes more of it differ between cells, or change at all.

        **Raises** `NetworkError` if that would keep a state in another way, such as in each synapse and not as a sum.
        """
        for joined in self.layout.joined:
            if self.now and joined.plan.name in {*plan.clamped, *plan.driven}:
                Synaptic(self.layout, joined, self.seed).settle(self.now)
        meta, arrays = checkpoint.state(self)
        before = dict(vars(self))
        self.plan = self.plan.with_needs(plan)
        self._build()
        if other := _kept_otherwise(before["layout"], self.layout):
            vars(self).update(before)
            raise NetworkError(
                f"A protocol that a running network is given acts on what it keeps; `{other}` would have to be kept in "
                "another way. Give the protocol to `network.run`, which knows it from the start."
            )
        checkpoint.adopt(self, meta, arrays, self.protocol)
        for joined in self.layout.joined:
            reading = joined.work.reading
            for row in (reading.last_row(level) for level in joined.plan.levels if reading.lazy(level)):
                if row not in arrays:
                    self.layout.memory[row][:] = self.now

    def settle(self, array: str) -> None:
        """Bring synapses to the present before ``array`` of them or of their partners changes."""
        for joined in self.layout.joined:
            names = {joined.plan.name, *(host.name for host in joined.plan.hosts.values())}
            if self.now and self.layout.memory.owner.get(array) in names:
                Synaptic(self.layout, joined, self.seed).settle(self.now)

    def advance(self, steps: int, samples: tuple = _NO_SAMPLES) -> int:
        """Run up to ``steps`` steps; returns how many were run before a list of spikes was full."""
        gate = np.zeros(8 * self.threads + 8, np.int64)
        memory = rows.table(self.layout.memory.arrays.values())
        if not self.primed:
            if hasattr(self.module, "prime"):
                self.module.prime(memory)
            self.primed = True

        def go(mine: int, beyond: int, crew: int, count: int) -> int:
            scalars = (mine, beyond, self.threads, crew, gate, origin, self.now, count, self.seed, self.logged)
            return self.module.advance(*scalars, *samples, memory) - self.now

        origin, done = self.now, 0
        while done < steps:
            gate[:] = 0
            count = self.crew.run(steps - done, go)
            self.now += count
            done += count
            if count == 0:  # a list of spikes is full
                break
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

    def branch(self) -> Self:
        """An independent copy at this time, to go on from here in several ways; connections are shared."""
        clone = copy.copy(self)
        clone.base = {name: values.copy() for name, values in self.base.items()}
        clone.plan = self.plan.with_needs(Plan())
        clone.logged = self.logged.copy()
        clone.crew = Crew(self.threads)
        clone.layout = copy.copy(self.layout)
        memory = self.layout.memory
        numbered = enumerate(memory.arrays.items())
        arrays = {n: staggered(a, k) if _written(n, a, memory) else a for k, (n, a) in numbered}
        clone.layout.memory = Memory(memory.real, arrays, set(memory.changing))
        return clone

    def save(self, path: str | Path) -> Path:
        """Write everything that changes to the zarr folder ``path``; connections follow from the network."""
        return checkpoint.save(self, arguments.path(path, "path"))

    @classmethod
    def load(
        cls, path: str | Path, network: Network, *, threads: int | None = None, classes: Iterable[type] = ()
    ) -> Simulation:
        """The network at the time of `save`, or at the last commit of a streamed run.

        ``classes``: protocols of your own that the file may hold; it cannot name others than those of the package.

        **Raises** `NetworkError`, which says what differs, for a network that is not the one that was saved.
        """
        place = arguments.path(path, "path")
        _checked(network)
        content, arrays = checkpoint.read(place)
        with readable():
            check_described(content["network"], described(network))
            warn_versions(place, content["meta"]["versions"], versions())
            protocol = protocol_from(network, content["meta"]["protocol"], classes)
        return checkpoint.restored(network, content, arrays, threads, protocol)

    def __getitem__(self, name: str) -> Any:
        return self.layout.memory[arguments.known(name, self.layout.memory.arrays, "The simulation holds no")]

    def __repr__(self) -> str:
        return f"Simulation of {', '.join(self.network.groups)} at {self.time:~P}"


def _written(name: str, array: np.ndarray, memory: Memory) -> bool:
    """Whether the running loop may write to an array; lists of connections are whole numbers that stay."""
    return name in memory.changing or array.dtype.kind == "f" or array.itemsize == 1 or "_log_" in name


def _kept_otherwise(before: Layout, after: Layout) -> str | None:
    """A state that two layouts of a network keep in different ways, if there is one."""
    found = [key for name, cells in before.cells.items() for key in cells.clocks ^ after.cells[name].clocks]
    for old, new in zip(before.joined, after.joined, strict=True):
        found += [key for key, level in old.plan.level.items() if new.plan.level[key] != level]
        found += {*old.work.reading.summed_up} ^ {*new.work.reading.summed_up}
    return min(found, default=None)


def whole_steps(duration: Any, step: float, name: str) -> int:
    """A duration as whole steps of the network."""
    length = units.number(duration, "s", name)
    if length / step >= MOST_STEPS:
        raise RangeError(
            f"A network lives for less than 2**31 steps, {grid.seconds(MOST_STEPS, step):.6g} s here; got "
            f"{name}={duration}. Give a shorter time, or a longer step."
        )
    steps = round(length / step)
    if steps < 1 or abs(steps * step - length) > 1e-6 * step:
        raise RangeError(
            f"`{name}` is a positive multiple of the network's step of {step:g} ms; got {length:g} ms. Give for "
            f"instance {grid.seconds(max(1, steps), step):g} * s."
        )
    return steps


def checked_threads(threads: Any) -> int:
    """How many threads a network runs on: all cores when not given."""
    return cores.COUNT if threads is None else arguments.count(threads, "threads", 1, _MOST_THREADS)


def _checked(network: Any) -> Network:
    return arguments.instance(network, Network, "network", "Network(neurons=Population(...))")
