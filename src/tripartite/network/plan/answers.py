"""What is done when other cells than presynaptic ones spike: `answer` for postsynaptic cells, `hear` for partners."""

from __future__ import annotations

from collections.abc import Sequence

from tripartite.interpret.kernels.trace import Node
from tripartite.network.plan.arrivals import suffix_of
from tripartite.network.plan.bindings import Occasion
from tripartite.network.plan.happenings import happening, sending
from tripartite.network.plan.jobs import Change, Everywhere, Into, Job
from tripartite.network.plan.levels import POST, SYNAPSE
from tripartite.network.plan.reading import Reading


def answer(reading: Reading, place: int) -> Job | None:
    """For one list of postsynaptic spikes: all synapses of the cell, then what they share."""
    events = reading.lists[POST][place]
    changed, sent = happening(reading, events)
    changes = [change for level in (POST, SYNAPSE) for change in _changes(reading, events, changed, level)]
    changes += sending(reading, sent)
    if not changes:
        return None
    summary = "What a postsynaptic spike does to synapses."
    return Job(f"answer_{reading.name}{suffix_of(place)}", summary, Into(POST, SYNAPSE), tuple(changes))


def hear(reading: Reading, partner: str, place: int) -> dict[str, Job]:
    """For one list of events of a partner, by level, from the synapses to what they share.

    Each level reads the others as they were before the event, and only levels within itself: in this order, each
    complete before the next begins.
    """
    events = reading.lists[partner][place]
    changed, sent = happening(reading, events)
    order = sorted(reading.levels, key=lambda level: -len(reading.levels.roles[level]))
    found = {}
    for level in [SYNAPSE, *(level for level in order if level != SYNAPSE)]:
        changes = _changes(reading, events, changed, level)
        changes += sending(reading, sent) if level == SYNAPSE else []
        if changes:
            name = f"hear_{partner}_{reading.name}_{level}{suffix_of(place)}"
            lone = partner in reading.levels.lone
            told = (*reading.remaining.values(), "remaining")
            way = Everywhere(level, told) if lone else Into(partner, level)
            found[level] = Job(name, f"What an event of the partner `{partner}` does.", way, tuple(changes))
    return found


def _changes(reading: Reading, events: Sequence[Occasion], changed: dict[str, Node], level: str) -> list[Change]:
    """New values of the states of a level, and of those that move along with them."""
    plan = reading.plan
    mine = [key for key in changed if plan.level[key] == level]
    if not mine and not (level == SYNAPSE and _draws(reading, events)):
        return []
    changes = [change for key in mine for change in reading.jump(key, changed[key])]
    changes += [reading.set(key, reading.moved[key]) for key in reading.lazy(level) if key not in changed]
    return changes + reading.looked(level)


def _draws(reading: Reading, events: Sequence[Occasion]) -> bool:
    """Whether what is sent reads a random state, which stays where it was seen."""
    plan = reading.plan
    seen = {plan.leaves[key].args[0] for key in plan.random & plan.lazy}
    return any(wire.by in events and plan.leaves_of(wire.amount) & seen for wire in reading.plan.sent)
