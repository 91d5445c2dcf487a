"""Samples of synapses, taken between stretches of the running loop."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tripartite import units
from tripartite.language import grid
from tripartite.network.connect.layout import Layout
from tripartite.network.recording import Synapses, interval
from tripartite.network.run.synaptic import Synaptic
from tripartite.network.run.tracks import Track, Tracks


class SynapseSamples:
    """What a run records of synapses."""

    def __init__(self, layout: Layout, records: Sequence[Synapses], tracks: Tracks, seed: int):
        self.layout, self.tracks, self.seed = layout, tracks, seed
        self.items: list[tuple[str, str, Synaptic, int, float]] = []
        """Name, key, synapses, interval and unit factor of every variable."""
        for record in records:
            self._add(record)

    def _add(self, record: Synapses) -> None:
        network = self.layout.network
        label, steps = record.label(network), interval(record, network)
        joined = next(j for j in self.layout.joined if j.plan.projection is record.projection)
        view, system = Synaptic(self.layout, joined, self.seed), joined.plan.system
        dim = self.tracks.time(steps * network.step, steps)
        entries = {e.key: e for e in (*system.states, *system.outputs, *system.parameters)}
        model = joined.plan.projection.model
        chosen = [model.resolve(path, entries, "state, output or parameter") for path in record.quantities]
        chosen = chosen or [k for k in joined.plan.leaves if joined.plan.level[k] != "sum"]
        ends = view.ends()
        synapse = f"{label}_synapse"
        for role, cells in ends.items():
            self.tracks.coordinates[f"{label}.{role}"] = (synapse, cells, {"long_name": f"{role} of each synapse"})
        for key in chosen:
            short = key if len(model.compartments) > 1 else key.split(".", 1)[1]
            attrs = {"units": entries[key].unit, "long_name": entries[key].declaration.label}
            view.values(key, 0)  # refuses what cannot be recorded before the run begins
            self.tracks.add(Track(f"{label}.{short}", (dim, synapse), attrs, (len(ends["pre"]),)))
            self.items.append((f"{label}.{short}", key, view, steps, units.factor(entries[key].unit)))

    def after(self, step: int) -> int:
        """The next step at which a sample is due."""
        return min(((step // steps + 1) * steps for *_, steps, _ in self.items), default=2**62)

    def now(self, step: int) -> dict[str, np.ndarray]:
        """What is due at a step."""
        found: dict[str, np.ndarray] = {}
        for name, key, view, steps, scale in self.items:
            if step % steps == 0:
                found[name] = view.values(key, step)[None] / scale
                found[self.tracks.times[steps]] = np.array([grid.seconds(step, self.layout.network.step)])
        return found
