"""Which states jump at events, and how fast each falls back: what has to be saved closely enough to be seen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tripartite.language.system import System

_NUDGE = 1e-6


def decays(system: System, c: np.ndarray, sent: Iterable[int]) -> dict[str, float]:
    """The time (ms) in which each state that jumps falls back by 1/e, by key; a state that stays is left out.

    It is the slope of a state's rate in itself at its start: exact for a linear decay, that of small deviations else.

    **Arguments** c: values of the constants ``(constant,)``; sent: numbers of the outside events that a protocol sends.
    What a threshold sets in its own mechanism, as the reset of a neuron, is no jump that a course is sampled for.
    """
    with np.errstate(all="ignore"):
        y = np.array([entry.value for entry in system.states], dtype=float)
        values = system.values(list(y), list(c))
        jumping = set[str]()
        for event in {*sent, *(k for k, e in enumerate(system.events) if not e.outside)}:
            part = system.events[event].crossing_of
            own = set() if part is None else set(system.parts[part].keys.values())
            jumping |= system.fire(event, 1.0, values)[0].keys() - own
        before, found = system.rates(values), {}
        for key in jumping & system.state_position.keys():
            place, nudged = system.state_position[key], y.copy()
            nudged[place] += _NUDGE * max(abs(y[place]), 1.0)
            after = system.rates(system.values(list(nudged), list(c)))
            slope = (after[place] - before[place]) / (nudged[place] - y[place])
            if slope < 0:  # nor undefined
                found[key] = float(-1 / slope)
    return found
