"""Where changes within the steps of slow populations cut these steps in two.

A population whose step is many of the network's takes a step to each change of what it reads and another one from
there, so that nothing that it reads changes while it steps. All with one step share its cuts: they see each other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

import numpy as np

from tripartite.errors import NetworkError
from tripartite.language import grid
from tripartite.network.connect import spreading
from tripartite.network.connect.layout import NEVER, Layout
from tripartite.network.plan.cells import constants_row, cut_row, row


class Cuts:
    """Cuts by the number of steps of the network that a longer step takes, and the one that is under way."""

    def __init__(self, layout: Layout, changes: Iterable[tuple[Iterable[int], Iterable[int]]]):
        """``changes``: for what a protocol acts on, the longer steps that read it, and when it changes."""
        self.layout = layout
        found: dict[int, set[int]] = {ratio: set() for ratio in layout.longer if layout.stepped}
        for ratios, steps in changes:
            for ratio in ratios:
                found[ratio] |= {step for step in steps if step % ratio}
        self.at = {ratio: sorted(steps) for ratio, steps in found.items()}
        self.steps = {edge for ratio, cuts in self.at.items() for cut in cuts for edge in _around(cut, ratio)}
        """Steps of the network at which a step begins that is shorter, or is the first after such."""

    def span(self, ratio: int, step: int) -> tuple[int, int]:
        """Begin and end of the step that is under way at ``step`` in what takes so many steps of the network."""
        cuts = self.at.get(ratio, [])
        place = bisect_right(cuts, step)
        last = cuts[place - 1] if place else 0
        return _span(ratio, step, last, cuts[place] if place < len(cuts) else NEVER)

    def begin(self, step: int) -> None:
        """Tell the running loop which step is under way, and prepare diffusion for its length."""
        for ratio, cuts in self.at.items():
            place = bisect_right(cuts, step)
            row = self.layout.memory[cut_row(ratio)]
            row[:] = cuts[place - 1] if place else 0, cuts[place] if place < len(cuts) else NEVER
            begin, end = self.span(ratio, step)
            for spread in self.layout.spreading:
                if spread.host.ratio == ratio:
                    spreading.prepare(self.layout, spread, end - begin)

    def check(self, step: int, wanted: Mapping[str, np.ndarray]) -> None:
        """Refuse a protocol that begins, at ``step``, within a step that began with other plans.

        **Arguments** wanted: values that it gives to arrays of the memory.
        """
        changed = {}
        for name, values in wanted.items():
            places = np.flatnonzero(~np.isclose(self.layout.memory[name], values, rtol=0, atol=0, equal_nan=True))
            changed |= {name: set(places.tolist())} if len(places) else {}
        touched = _readers(self.layout, changed)
        for ratio in self.at:
            begin, end = _span(ratio, step, *map(int, self.layout.memory[cut_row(ratio)]))
            if begin < step < end and (self.span(ratio, step) != (begin, end) or ratio in touched):
                plans = [*self.layout.cells.values(), *(joined.plan for joined in self.layout.joined)]
                name = next(plan.name for plan in plans if plan.ratio == ratio)
                width = self.layout.network.step
                raise NetworkError(
                    f"A protocol begins where the cells on which it acts begin a step; `{name}` takes one from "
                    f"{grid.seconds(begin, width):g} s to {grid.seconds(end, width):g} s, and the protocol changes at "
                    f"{grid.seconds(step, width):g} s. Let the stretch before end at a multiple of "
                    f"{ratio * width:g} ms, or plan the change from the start."
                )


def ratios_of(layout: Layout, kind: str, name: str, key: str) -> set[int]:
    """Longer steps, in steps of the network, of all that read a constant while they step.

    **Arguments** kind: what ``name`` is of, as of a `Deed`.
    """
    if not layout.stepped or kind in ("group", "input"):
        return set()
    if kind == "contacts":
        found = {coupling.host.ratio for coupling in layout.couplings if coupling.name == name}
    elif kind == "synapses":
        found = next(joined.plan.pace(key) for joined in layout.joined if joined.plan.name == name)
    else:
        found = {layout.cells[name].ratio}.union(*(joined.plan.pace_of(name, key) for joined in layout.joined))
    return found - {1}


def _readers(layout: Layout, changed: Mapping[str, set[int]]) -> set[int]:
    """The same of all constants that stand at some places of arrays."""
    found: set[int] = set()
    for name, plan in layout.cells.items():
        shared = changed.get(constants_row(plan), set())
        for place, entry in enumerate(plan.system.constants):
            if row(plan, entry.key) in changed if entry.key in plan.varying else place in shared:
                found |= ratios_of(layout, "cells", name, entry.key)
    for joined in layout.joined:
        plan, shared = joined.plan, changed.get(joined.work.reading.constants, set())
        for place, entry in enumerate(plan.constants):
            own = joined.work.reading.state_row(entry.key)
            if own in changed if entry.key in plan.per_synapse else place in shared:
                found |= ratios_of(layout, "synapses", plan.name, entry.key)
    for coupling in layout.couplings:
        if any(layout.memory.owner.get(name) == coupling.name for name in changed):
            found |= ratios_of(layout, "contacts", coupling.name, "")
    return found


def _span(ratio: int, step: int, last: int, following: int) -> tuple[int, int]:
    whole = step - step % ratio
    return max(last, whole), min(following, whole + ratio)


def _around(cut: int, ratio: int) -> tuple[int, int, int]:
    return cut - cut % ratio, cut, cut - cut % ratio + ratio
