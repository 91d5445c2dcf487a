"""Whether the numbers of a running network are still finite."""

from __future__ import annotations

import numpy as np

from tripartite.network.build.layout import Layout
from tripartite.network.plan.cells import row


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
            values = memory[joined.writer.state_row(key)]
            if not np.isfinite(values.sum()) and not np.isfinite(values).all():
                bad = np.flatnonzero(~np.isfinite(values))
                where = {"pre": "presynaptic branch", "sum": "postsynaptic cell"}.get(level, level)
                return f"`{key}` of `{joined.plan.name}` ({where} {bad[0]}) is {values[bad[0]]}"
    return None
