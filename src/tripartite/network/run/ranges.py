"""Which numbers of a running network are far out of the range that was declared for them, and what put them there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tripartite import units
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.language.declarations import State, astray
from tripartite.language.system import Entry, System
from tripartite.network.connect.layout import Joined, Layout
from tripartite.network.plan.cells import CellPlan, row
from tripartite.network.plan.given import Sent
from tripartite.network.plan.levels import POST, PRE, SYNAPSE
from tripartite.network.run.samples import Samples
from tripartite.network.run.synaptic import Synaptic

_STEPS = (
    "steps are too long for what happens there, or the equations do not keep it in. Shorten the step of the "
    "population, or choose another method."
)


def strayed(layout: Layout, step: int) -> tuple[str, str] | None:
    """What is far out of its range, and why with what to do, in words; none if all are within.

    Synapses come first: what they send puts states of cells out.
    """
    for joined in layout.joined:
        found = _in_synapses(layout, joined) or _shown(layout, joined, step)
        if found is not None:
            return found
    for name, plan in layout.cells.items():
        # A clock is stored as a step, not as the time that it shows; noise may well push a state out.
        entries = [e for e in plan.system.states if e.key not in plan.clocks | plan.noisy]
        for entry in entries:
            values = layout.memory[row(plan, entry.key)]
            found = astray(entry.declaration, values)
            if found is not None:
                said = f"`{entry.key}` of cell {found[0]} of `{name}` is {found[1]}"
                return said, _sent(layout, plan, found[0], step) or _STEPS
            if (taken := _taken(plan.system, entry, values)) is not None:
                return f"`{entry.key}` of cell {taken[0]} of `{name}` is {taken[1]}", taken[2]
        if (read := _summed(layout, plan)) is not None:
            return read
    return None


def strayed_samples(samples: Samples, found: Mapping[str, np.ndarray]) -> tuple[str, str] | None:
    """The same of recorded states, between two looks at all of them: with its time, and why."""
    for quantity in samples.quantities:
        plan, entry = quantity.plan, quantity.entry
        if quantity.averaged or not isinstance(entry.declaration, State) or entry.key in plan.clocks | plan.noisy:
            continue
        values = found[quantity.name] * units.factor(entry.unit)
        out = astray(entry.declaration, values) if np.isfinite(values).all() else None
        if out is not None:
            line, place = np.unravel_index(out[0], values.shape)
            time = found[samples.tracks.times[quantity.interval]][line]
            return (
                f"`{entry.key}` of cell {quantity.numbers[place]} of `{plan.name}` is {out[1]}, at {time:g} s",
                _STEPS,
            )
    return None


def _summed(layout: Layout, plan: CellPlan) -> tuple[str, str] | None:
    """The same of sums and means over synapses that cells take as an input, but of what is random."""
    noisy = {
        gathered.key
        for joined in layout.joined
        for gathered in joined.plan.gathered
        if joined.plan.hosts[gathered.role] is plan and _random(joined, gathered.value)
    }
    for key in (key for key in plan.summed if key not in noisy):
        values = layout.memory[row(plan, key)][: plan.population.size]
        for label, declared in plan.system.takers.get(key, ()):
            if (found := astray(declared, values)) is not None:
                return (
                    f"the sum over synapses that cell {found[0]} of `{plan.name}` reads as `{key}` is {found[1]}",
                    f"`{label}` takes it in that range only. Wire what stays in range, or put a mechanism between "
                    "that keeps it there.",
                )
    return None


def _shown(layout: Layout, joined: Joined, step: int) -> tuple[str, str] | None:
    """The same of what cells show to synapses, which take it as an input."""
    plan, name = joined.plan, layout.network.names[id(joined.plan.projection)]
    for key, wires in plan.drives.items():
        takers, value = plan.system.takers.get(key, []), trace.as_node(plan.values[key])
        if not takers or _random(joined, value):
            continue
        there = np.zeros(len(joined.targets), bool)
        for role, _ in wires:
            there |= joined.cells_of(role) < plan.projection.stations[role].group.size
        places = np.flatnonzero(there)
        values = Synaptic(layout, joined, 0).amounts(value, step)[places]
        for label, declared in takers:
            if (found := astray(declared, values)) is not None:
                givers = " and ".join(f"{role}.{own}" for role, own in wires)
                return (
                    f"what {_synapse(joined, places[found[0]])} of `{name}` reads as `{key}` is {found[1]}",
                    f"`{label}` takes it in that range only, and `{givers}` leaves it. Wire what stays in range, or "
                    "put a mechanism between that keeps it there.",
                )
    return None


def _random(joined: Joined, node: Node) -> bool:
    """Whether a value reads states with noise, which may well push them out."""
    plan = joined.plan
    random = {plan.leaves[key].args[0] for key in plan.random}
    for text in plan.leaves_of(node):
        quantity = plan.foreign.get(text)
        if text in random or (quantity is not None and quantity.key in plan.hosts[quantity.role].noisy):
            return True
    return False


def _in_synapses(layout: Layout, joined: Joined) -> tuple[str, str] | None:
    plan, name = joined.plan, layout.network.names[id(joined.plan.projection)]
    for entry in plan.system.states:
        if entry.key not in plan.level or entry.key in plan.random:
            continue
        values = layout.memory[joined.work.reading.state_row(entry.key)]
        found = astray(entry.declaration, values)
        if found is not None:
            return f"`{entry.key}` of `{name}` is {found[1]}", _STEPS
        if (taken := _taken(plan.system, entry, values)) is not None:
            which = f"{_synapse(joined, taken[0])} of " if plan.level[entry.key] == SYNAPSE else ""
            return f"`{entry.key}` of {which}`{name}` is {taken[1]}", taken[2]
    return None


def _taken(system: System, entry: Entry, values: np.ndarray) -> tuple[int, str, str] | None:
    """Of a state that a mechanism takes as an input: the place where it is out of the range of that, it, and why."""
    for label, declared in system.takers.get(entry.key, ()):
        found = astray(declared, values)
        if found is not None:
            giver = next(p.label for p in system.parts if entry.key in {p.keys[n] for n in p.mechanism.declared(State)})
            return *found, (
                f"`{label}` takes it in that range only, and `{giver}`, which owns it, does not keep it there. Take a "
                "mechanism that does, or change what drives it."
            )
    return None


def _sent(layout: Layout, plan: CellPlan, cell: int, step: int) -> str:
    """Which synapse sends a cell amounts that are out of the range of their event, in words; empty if none does."""
    for joined in layout.joined:
        name = layout.network.names[id(joined.plan.projection)]
        for sent in _arriving(joined, plan):
            reaching = np.flatnonzero(joined.cells_of(sent.role) == cell)
            for label, declared in plan.system.takers.get(sent.event, ()):
                found = astray(declared, Synaptic(layout, joined, 0).amounts(sent.amount, step)[reaching])
                if found is not None:
                    return (
                        f"{_synapse(joined, reaching[found[0]])} of `{name}` sends an amount of `{sent.emission}` that "
                        f"is {found[1]} as `{label}` takes it. Keep in range what the synapse makes it of."
                    )
    return ""


def _arriving(joined: Joined, plan: CellPlan) -> Iterable[Sent]:
    """What a projection sends to cells of a population, but what is drawn at each event."""
    luck = joined.plan.luck
    for sent in joined.plan.sent:
        if joined.plan.hosts.get(sent.role) is plan and not joined.plan.leaves_of(sent.amount) & luck:
            yield sent


def _synapse(joined: Joined, place: int) -> str:
    ends: Any = (joined.cells_of(role)[place] for role in (PRE, POST))
    return f"the synapse from cell {next(ends)} to cell {next(ends)}"
