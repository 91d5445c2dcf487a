"""Whether the numbers of a running network are still finite."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tripartite.network.connect.layout import Layout
from tripartite.network.plan.cells import row
from tripartite.network.run.tracks import Tracks


def undefined(tracks: Tracks, found: Mapping[str, np.ndarray]) -> str | None:
    """Which of the samples of a stretch is the first that is not finite, in words; none if all are."""
    first: tuple[float, str] | None = None
    times = tracks.times.values()
    for name, values in found.items():
        dims = tracks.growing[name].dims
        if name in times or dims[0] not in times or not values.size:
            continue
        bad = ~np.isfinite(values.reshape(len(values), -1))
        if bad.any():
            line = int(bad.any(axis=1).argmax())
            place = int(bad[line].argmax())
            time = float(found[dims[0]][line])
            if first is None or time < first[0]:
                value = values.reshape(bad.shape)[line, place]
                first = time, f"`{name}`{_of(tracks, dims, place)} is {value:g} at {time:.6g} s"
    return first and (
        f"{first[1]}, the first number that is not finite. Check what its equation divides by, or takes a root, a "
        "power or a logarithm of."
    )


def _of(tracks: Tracks, dims: tuple[str, ...], place: int) -> str:
    """Which cell or synapse a column of samples belongs to."""
    if len(dims) == 1:
        return ""
    known = tracks.coordinates.get(dims[1])
    return f" of {dims[1].rpartition('_')[2]} {place if known is None else known[1][place]}"


def failure(layout: Layout) -> str | None:
    """Which state of which cell or synapse is not finite, in words; none if all are."""
    memory = layout.memory
    for name, plan in layout.cells.items():
        for key in plan.leaves:
            values = memory[row(plan, key)]
            if not np.isfinite(values.sum()) and not np.isfinite(values).all():
                bad = np.flatnonzero(~np.isfinite(values))
                more = f" (and of {len(bad) - 1} more cells)" if len(bad) > 1 else ""
                return f"`{key}` of cell {bad[0]} of `{name}`{more} is {values[bad[0]]}"
    for joined in layout.joined:
        for key, level in joined.plan.level.items():
            values = memory[joined.work.reading.state_row(key)]
            if not np.isfinite(values.sum()) and not np.isfinite(values).all():
                bad = np.flatnonzero(~np.isfinite(values))
                where = {"pre": "presynaptic branch", "sum": "postsynaptic cell"}.get(level, level)
                name = layout.network.names[id(joined.plan.projection)]
                return f"`{key}` of `{name}` ({where} {bad[0]}) is {values[bad[0]]}"
    return None
