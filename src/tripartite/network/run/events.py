"""Spikes, calcium events and releases of a run: which lists are kept, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tripartite.errors import UnknownNameError
from tripartite.interpret.kernels.trace import number
from tripartite.language import grid
from tripartite.language.paths import resolve
from tripartite.network.connect.layout import Layout
from tripartite.network.plan.cells import CellPlan
from tripartite.network.population import Members
from tripartite.network.recording import Spikes
from tripartite.network.run.tracks import Track, Tracks, short


@dataclass(frozen=True)
class Kept:
    """A kept list: its name in the result, the list of the running network, and the cells that count."""

    name: str
    source: str
    cells: Members

    def among(self, cells: np.ndarray) -> np.ndarray:
        """Which of some numbers are of cells that count."""
        if self.cells.listed is None:
            return (cells >= self.cells.low) & (cells < self.cells.high)
        return np.isin(cells, self.cells.listed)


class Events:
    """The spike lists that the records of a run ask for."""

    def __init__(self, layout: Layout, records: Sequence[Spikes], tracks: Tracks):
        self.layout = layout
        self.kept: list[Kept] = []
        for record in records:
            self._add(record, tracks)

    def _add(self, record: Spikes, tracks: Tracks) -> None:
        network = self.layout.network
        group = network.name_of(record.cells.group, "a record")
        label = record.label(network)
        plan = self.layout.cells.get(group)
        known = {"spike": 0} if plan is None else crossings(plan)
        if record.events and not known:
            raise UnknownNameError(f"Cells that cross no threshold have no events; `{group}` has none.")
        chosen = [resolve(e, known, f"`{group}` has no event") for e in record.events] or list(known)
        for event in chosen:
            name = f"{label}.{event}"
            dim = f"{name}.event"
            meaning = f"when a cell of `{group}` sent `{event}`"
            tracks.add(Track(f"{name}.times", (dim,), {"units": "s", "long_name": meaning}))
            tracks.add(Track(f"{name}.cells", (dim,), {"units": "1", "long_name": "which cell"}, dtype="int32"))
            self.kept.append(Kept(name, f"{group}_spikes{known[event]}", record.cells))

    def logged(self) -> np.ndarray:
        """Which lists the loop keeps, in the order of the layout."""
        wanted = {kept.source for kept in self.kept}
        return np.array([name in wanted for name in self.layout.spikes], np.int64)

    def read(self, take: Callable[[str], tuple[np.ndarray, np.ndarray]]) -> dict[str, np.ndarray]:
        """Events since the last call by track; ``take`` gives steps and cells of a list and empties it."""
        found: dict[str, np.ndarray] = {}
        taken = {source: take(source) for source in dict.fromkeys(kept.source for kept in self.kept)}
        for kept in self.kept:
            steps, cells = taken[kept.source]
            mine = kept.among(cells)
            found[f"{kept.name}.times"] = grid.seconds(steps[mine] + 1, self.layout.network.step)
            found[f"{kept.name}.cells"] = cells[mine]
        return found


def crossings(plan: CellPlan) -> dict[str, int]:
    """The thresholds of a population by what is sent at them (or the mechanism that has them)."""
    found: dict[str, int] = {}
    for place, event in enumerate(plan.crossings):
        _, emitted = plan.system.fire(event, number(1.0), plan.values)
        key = next(iter(emitted), plan.system.events[event].key)
        name = short(plan, key)
        found[name if name not in found else short(plan, plan.system.events[event].key)] = place
    if plan.given is not None:
        found["spike"] = len(plan.crossings)
    return found
