"""How much memory a network will need, from its plans and rules, before anything is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite import memory, units
from tripartite.errors import NetworkError, TripartiteError
from tripartite.network.by_distance import AbstractByDistance
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.rules import Cells
from tripartite.network.values import is_drawn, is_many

if TYPE_CHECKING:
    from tripartite.network.connect.layout import Joined, Layout

_BUILDING = 20
"""Bytes per edge that are needed beside the kept ones while edges are drawn, sorted and attached."""


def needed(layout: Layout) -> int:
    """Bytes for a network whose plans are made and whose connections are not (about; peak while building)."""
    real = np.dtype(layout.network.precision).itemsize
    cells = sum(_cells(layout, name, real) for name in layout.network.groups)
    kept = [_synapses(joined, real) for joined in layout.joined]
    largest = max((_edges(joined) for joined in layout.joined), default=0.0)
    spreading = sum(8 * 5 * item.host.population.size for item in layout.spreading)
    return int(cells + sum(kept) + spreading + _BUILDING * largest)


def check(layout: Layout) -> None:
    """Refuse a network that does not fit into the memory that is free."""
    wanted, free = needed(layout), memory.available()
    if wanted > free:
        sizes = ", ".join(
            f"{_edges(j):.3g} synapses in `{layout.network.names[id(j.plan.projection)]}`" for j in layout.joined
        )
        raise NetworkError(
            f"A network fits into the memory of its machine; this one needs about {wanted / 2**30:.1f} GiB "
            f"({sizes or 'no synapses'}), and {free / 2**30:.1f} GiB are free. Make it smaller, share values between "
            "synapses so that they need not be stored one by one, or use `precision=np.float32`."
        )


def _cells(layout: Layout, name: str, real: int) -> float:
    size = layout.network.groups[name].size
    events = sum(s.group == name for s in layout.spikes.values())
    found = events * (size + 8.0 * max(4 * size, 2**16) * layout.threads)
    found += sum(_ring(layout, s.name, s.size) for s in layout.spikes.values() if s.group == name)
    plan = layout.cells.get(name)
    if plan is None:
        return found
    rows = len(plan.leaves) + len(plan.varying) + len(plan.held) + len(plan.added) + len(plan.averaged)
    rows += sum(len(plan.slots(event)) for event in plan.received)
    rows += sum(len(sources) for sources in plan.summed.values() if len(sources) > 1)
    rows += 2 * len(plan.sampled)
    return found + rows * real * size


def check_rings(layout: Layout) -> None:
    """Refuse delays that are too long for spikes on their way to fit into memory."""
    wanted = sum(s.slots * (4.0 * s.size + 8.0 * layout.threads) for s in layout.spikes.values())
    longest = max((s.slots - 2 for s in layout.spikes.values()), default=0) * layout.network.step
    memory.check(
        wanted,
        f"a network that keeps spikes on their way for {longest:g} ms",
        "Shorten the longest delay, or lengthen the step.",
        NetworkError,
    )


def _ring(layout: Layout, name: str, size: int) -> float:
    """Bytes of spikes on their way, as far as delays are known before they are drawn."""
    slots = 1.0
    for joined in layout.joined:
        own = any(spikes.name == name for spikes in joined.spikes[PRE])
        delay = joined.plan.projection.delay
        if own and not is_drawn(delay) and not isinstance(delay, AbstractByDistance):
            try:
                delays = units.row(delay, "ms", "delay")
            except TripartiteError:  # told when it is built
                continue
            slots = max(slots, float(np.max(delays, initial=0.0)) / layout.network.step + 2)
    return slots * (4.0 * size + 8.0 * layout.threads)


def _edges(joined: Joined) -> float:
    projection = joined.plan.projection
    pre, post = projection.pre, projection.post
    expected = getattr(projection.rule, "expected", None)
    return expected(Cells(pre.size, pre.positions), Cells(post.size, post.positions)) if expected else 0.0


def _synapses(joined: Joined, real: int) -> float:
    plan, projection, edges = joined.plan, joined.plan.projection, _edges(joined)
    branches, size = projection.pre.high - projection.pre.low, projection.post.group.size
    counts: dict[str, float] = {SHARED: 1, PRE: branches, SYNAPSE: edges, POST: size, SUM: size}
    found = 4 * edges + 8.0 * branches
    for name in plan.levels.several:
        cells = projection.places[name].cells.size
        counts |= {name: cells, paired(name): min(edges, float(branches) * cells)}
        listed = name in plan.paired or any(sent.role == name for sent in plan.sent)
        found += 4 * edges + (8 * counts[paired(name)] if listed else 0)
    found += real * edges * (len(plan.fractions) + sum(key not in plan.leaves for key in plan.per_synapse))
    found += sum(real * counts[level] for level in plan.level.values())
    lazy = {plan.level[key] for key in plan.lazy if plan.level[key] != SUM}
    found += sum(4 * counts[level] for level in lazy)
    if is_many(projection.delay):
        found += 8 * edges
    heard = {occasion.role for occasion in plan.occasions} - {PRE} if SYNAPSE in plan.level.values() else set()
    return found + 8 * edges * len(heard)
