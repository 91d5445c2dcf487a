"""Carries a simulation through a stretch of time and gathers what its records ask for."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, memory
from tripartite.errors import DivergedError, NetworkError
from tripartite.language import grid
from tripartite.language.folder import UNDEFINED
from tripartite.language.result import Result
from tripartite.network.recording import Average, Record, Spikes, States, Synapses, default_records
from tripartite.network.run.events import Events
from tripartite.network.run.health import failure, undefined
from tripartite.network.run.outcome import dataset
from tripartite.network.run.provenance import provenance
from tripartite.network.run.ranges import strayed, strayed_samples
from tripartite.network.run.samples import Samples
from tripartite.network.run.synapse_samples import SynapseSamples
from tripartite.network.run.timeline import Timeline
from tripartite.network.run.tracks import Tracks

if TYPE_CHECKING:
    from tripartite.network.run.simulation import Simulation

_LOOK_EVERY = 500.0
"""Time (ms) after which numbers are looked at for what is not finite."""


class Recorder:
    """What a stretch of a run keeps, in pieces."""

    def __init__(self, simulation: Simulation, records: Sequence[Record] | Record | None, timeline: Timeline, end: int):
        self.simulation, self.timeline, self.end = simulation, timeline, end
        self.records = default_records(simulation.network) if records is None else checked(records)
        heard = {id(r.projection) for r in self.records if isinstance(r, Synapses)}
        for projection in simulation.network.projections:
            if id(projection) not in heard and (said_of := projection.unheard()):
                warnings.warn(said_of, stacklevel=4)
        self.tracks = Tracks()
        layout, tracks = simulation.layout, self.tracks
        self.samples = Samples(layout, [r for r in self.records if isinstance(r, States | Average)], tracks)
        self.synapses = SynapseSamples(
            layout, [r for r in self.records if isinstance(r, Synapses)], tracks, simulation.seed
        )
        self.events = Events(layout, [r for r in self.records if isinstance(r, Spikes)], tracks)
        self.pieces: dict[str, list[np.ndarray]] = {name: [] for name in tracks.growing}
        self.latest = dict.fromkeys(tracks.times.values(), -1.0)
        self.healthy = simulation.now
        self.failed: dict[str, np.ndarray] = {}
        self.undefined = ""
        """In words, the first sample that is not finite."""
        self.strayed = ""
        """In words, the first number that was found out of its range, and why."""
        self.provenance = provenance(simulation, self.records, end)
        simulation.logged[:] = self.events.logged()

    def check_room(self) -> None:
        """Refuse samples that memory cannot hold until the end, as pieces and once more as a result."""
        memory.check(
            2 * self.tracks.bytes(self.end - self.simulation.now),
            "what is recorded",
            'Record less often or fewer cells, or write while running: `stream_to="run.zarr"`.',
            NetworkError,
        )

    def begin(self) -> None:
        """Sample the start of a network's life; later stretches begin after their first step."""
        if self.simulation.now == 0:
            self._keep(self.samples.now(0))
            self._keep(self.synapses.now(0))

    def advance(self, limit: int | None = None) -> None:
        """Go on towards step ``limit``, as far as buffers and the protocol reach."""
        simulation, begin = self.simulation, self.simulation.now
        self.timeline.apply(begin)
        look = max(1, round(_LOOK_EVERY / simulation.network.step))
        end = min(
            self.end if limit is None else limit,
            begin + self.samples.longest(),
            self.timeline.after(begin),
            self.synapses.after(begin),
            (begin // look + 1) * look,
        )
        tables = self.samples.tables(begin, end)
        simulation.advance(end - begin, tables)
        now = simulation.now
        found = self.samples.read(begin, now, tables[1], tables[3])
        if now < self.end and self.timeline.change(now):  # what is sampled at an instant is the value after it
            for name, values in self.samples.now(now).items():
                found[name][len(found[name]) - len(values) :] = values
        self._look_at_samples(found)
        self._keep(found)
        self._keep(self.synapses.now(now))
        self._keep(self.events.read(simulation.take_spikes))
        if now == self.end or now % look == 0:
            self._look()

    def _look(self) -> None:
        """Stop if a number is not finite any more; say once if one is out of its range."""
        found = failure(self.simulation.layout)
        self._look_at_ranges()  # what is out of range may be why others are not finite
        if found is None:
            self.healthy = self.simulation.now
            return
        before, now = (grid.seconds(step, self.simulation.network.step) for step in (self.healthy, self.simulation.now))
        sentence = f"{found} since some time between {before:g} s and {now:g} s."
        sentence += f" Besides, {self.strayed}" if self.strayed else ""
        self.failed = self.take()
        raise DivergedError(
            f"The numbers of a network stay finite; {sentence} Shorten the step, choose another method, or check the "
            "values of what it depends on. What was recorded is in `error.result`.",
            self.labelled(self.failed, (1, sentence)),
        )

    def _look_at_ranges(self) -> None:
        now = self.simulation.now
        found = None if self.strayed else strayed(self.simulation.layout, now)
        if found is not None:
            self.strayed = f"{found[0]}, at {grid.seconds(now, self.simulation.network.step):g} s: {found[1]}"
            warnings.warn(self.strayed, stacklevel=5)

    def _look_at_samples(self, samples: dict[str, np.ndarray]) -> None:
        found = None if self.strayed else strayed_samples(self.samples, samples)
        if found is not None:
            self.strayed = ": ".join(found)
            warnings.warn(self.strayed, stacklevel=4)

    def _keep(self, found: dict[str, np.ndarray]) -> None:
        self.undefined = self.undefined or undefined(self.tracks, found) or ""
        for name, values in found.items():
            if name in self.latest:  # a time that another record has noted already
                values = values[values > self.latest[name]]
                self.latest[name] = max([self.latest[name], *values[-1:]])
            if len(values):
                self.pieces[name].append(values)

    @property
    def bytes(self) -> int:
        """Memory of what was kept."""
        return sum(piece.nbytes for pieces in self.pieces.values() for piece in pieces)

    def take(self) -> dict[str, np.ndarray]:
        """What was kept since the last call, by track."""
        growing = self.tracks.growing
        found = {n: np.concatenate([growing[n].empty, *pieces]) for n, pieces in self.pieces.items()}
        self.pieces = {name: [] for name in growing}
        return found

    def result(self) -> Result:
        """Everything kept, labelled."""
        return self.labelled(self.take(), self.status)

    @property
    def status(self) -> tuple[int, str]:
        """How a run stands that has reached its end."""
        if self.undefined:
            return UNDEFINED, self.undefined
        return 0, f"Reached the end, but {self.strayed}" if self.strayed else ""

    def labelled(self, values: dict[str, np.ndarray], status: tuple[int, str]) -> Result:
        """Kept values as a result."""
        return Result(lambda: dataset(self.tracks, values, self.provenance, status))


def checked(records: Any) -> list[Record]:
    """Records as a list."""
    return arguments.several(records, Record, "record", 'record=[Spikes(neurons), States(neurons, "v")]')
