"""Carries a simulation through a stretch of time and gathers what its records ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError
from tripartite.language.result import Result
from tripartite.network.events import Events
from tripartite.network.outcome import dataset
from tripartite.network.recording import Average, Record, Spikes, States, default_records
from tripartite.network.samples import Samples
from tripartite.network.tracks import Tracks

if TYPE_CHECKING:
    from tripartite.network.simulation import Simulation


class Recorder:
    """What a stretch of a run keeps, in pieces."""

    def __init__(self, simulation: Simulation, records: Sequence[Record] | None):
        self.simulation = simulation
        records = default_records(simulation.network) if records is None else checked(records)
        self.tracks = Tracks()
        layout = simulation.layout
        self.samples = Samples(layout, [r for r in records if isinstance(r, States | Average)], self.tracks)
        self.events = Events(layout, [r for r in records if isinstance(r, Spikes)], self.tracks)
        self.pieces: dict[str, list[np.ndarray]] = {name: [] for name in self.tracks.growing}

    def begin(self) -> None:
        """Sample the start of a network's life; later stretches begin after their first step."""
        self.simulation.logged[:] = self.events.logged()
        if self.simulation.now == 0:
            self._keep(self.samples.now(0))

    def advance(self, end: int) -> None:
        """Go on towards step ``end``, as far as buffers reach."""
        begin = self.simulation.now
        end = min(end, begin + self.samples.longest(begin))
        tables = self.samples.tables(begin, end)
        self.simulation.advance(end - begin, tables)
        self._keep(self.samples.read(begin, self.simulation.now, tables[1], tables[3]))
        self._keep(self.events.read(self.simulation.take_spikes))

    def _keep(self, found: dict[str, np.ndarray]) -> None:
        for name, values in found.items():
            if len(values):
                self.pieces[name].append(values)

    def result(self, status: tuple[int, str] = (0, "")) -> Result:
        """Everything kept so far."""
        growing = self.tracks.growing
        values = {n: np.concatenate([growing[n].empty, *pieces]) for n, pieces in self.pieces.items()}
        return Result(lambda: dataset(self.tracks, values, {}, status))


def checked(records: Any) -> list[Record]:
    """Records as a list."""
    found = [records] if isinstance(records, Record) else list(records)
    for record in found:
        if not isinstance(record, Record):
            raise NetworkError(
                f'What is kept are records; got {record!r}. Write `record=[Spikes(neurons), States(neurons, "v")]`.'
            )
    return found
