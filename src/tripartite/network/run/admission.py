"""Whether a checkpoint can be one of a network: kernels trust what they are given, so a file is checked before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ResultError
from tripartite.network.connect.layout import _bounds
from tripartite.network.plan.cells import rate_row
from tripartite.network.stimuli import NEEDS

if TYPE_CHECKING:
    from tripartite.network.run.simulation import Simulation

_MOST_EVENTS = 1e4
"""Mean events per cell and step, far above any input; drawing takes time in proportion."""


def facts(meta: Any) -> dict[str, Any]:
    """The facts of a checkpoint, each of its kind."""
    kept = dict(meta)
    for name in ("now", "seed"):
        kept[name] = arguments.count(meta[name], name)
    kept["threads"] = arguments.count(meta["threads"], "threads", 1)
    kept["primed"] = arguments.flag(meta["primed"], "primed")
    for name in NEEDS:
        needs = meta.get(name, {}).items()
        kept[name] = {arguments.text(k, name): [arguments.text(x, name) for x in v] for k, v in needs}
    return kept


def check(simulation: Simulation, meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """**Raises** `ResultError` for arrays that no run of this network writes."""
    memory, now = simulation.layout.memory, meta["now"]
    names = {name for name in arrays if not name.startswith("base/")}
    if names != memory.changing:
        other = ", ".join(sorted(names ^ memory.changing)[:5])
        _refuse(f"it lacks or adds {other}")
    for name, values in arrays.items():
        if name.startswith("base/"):
            mine = memory.arrays.get(name.removeprefix("base/"))
            if mine is None or mine.shape != values.shape or mine.dtype != values.dtype:
                _refuse(f"`{name}` has another shape")
    looked = {row for joined in simulation.layout.joined for row in joined.work.last_rows()}
    for name in sorted(looked & names):
        if not _within(arrays[name], 0, now):
            _refuse(f"`{name}` lies after the present")
    sources = {rate_row(name) for name in simulation.network.groups} | {"inputs_mean"}
    for name in sources & names:
        if not _within(arrays[name], 0, _MOST_EVENTS):
            _refuse(f"`{name}` is no rate")
    for spikes in simulation.layout.spikes.values():
        _check_ring(spikes, arrays[f"{spikes.name}_ring"], arrays[f"{spikes.name}_counts"], meta["threads"])


def _check_ring(spikes: Any, ring: np.ndarray, counts: np.ndarray, threads: int) -> None:
    """Cells on their way stand ascending in the part of their thread."""
    slots = len(ring) // spikes.size
    if (
        ring.dtype.kind != "i"
        or counts.dtype.kind != "i"
        or (len(ring), len(counts))
        != (
            slots * spikes.size,
            slots * threads,
        )
    ):
        _refuse(f"`{spikes.name}_ring` has another shape")
    bounds = np.asarray(_bounds(spikes.size, threads))
    found = counts.reshape(slots, threads)
    if np.any(found < 0) or np.any(found > np.diff(bounds)):
        _refuse(f"`{spikes.name}_counts` are no counts of spikes")
    for slot, thread in np.argwhere(found):
        begin = slot * spikes.size + bounds[thread]
        cells = ring[begin : begin + found[slot, thread]]
        if cells[0] < bounds[thread] or cells[-1] >= bounds[thread + 1] or np.any(np.diff(cells) <= 0):
            _refuse(f"`{spikes.name}_ring` holds no cells in order")


def _within(values: np.ndarray, low: float, high: float) -> bool:
    return bool(np.all((values >= low) & (values <= high)))


def _refuse(why: str) -> None:
    raise ResultError(
        f"A checkpoint holds what a run of this network wrote; {why}. The file was changed or is damaged: use an "
        "unchanged copy, or run anew."
    )
