"""Events under way over wires with delays: for each wire those that were sent and have not arrived, in a ring.

A wire has one delay, so that what was sent first arrives first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tripartite import memory
from tripartite.errors import SolveError
from tripartite.interpret.kernels.interface import borrowing
from tripartite.solve.records import Walk

_OFF = 1e-6  # part of a step by which rounding may keep an arrival from the grid, as in `language.grid`


@borrowing
def full(m, walk):
    """Whether a wire has no room for one more."""
    for w in range(walk.waiting.shape[1]):
        if walk.waiting[m, w] >= walk.arrival.shape[2]:
            return True
    return False


@borrowing
def next_arrival(m, walk):
    """When the next event arrives (ms)."""
    due = np.inf
    for w in range(walk.waiting.shape[1]):
        if walk.waiting[m, w] > 0:
            due = min(due, walk.arrival[m, w, walk.oldest[m, w]])
    return due


@borrowing
def due_time(m, walk, plan):
    """When something is due next: a planned action of a member, or an arrival."""
    planned = plan.time[walk.action[m]] if walk.action[m] < plan.last[m] else np.inf
    return min(planned, next_arrival(m, walk))


@borrowing
def send(m, event, emitted, walk, wires, goal):
    """Put what an event emits now onto its wires; what would arrive when the run is over is left out."""
    for w in range(wires.source.shape[0]):
        if not wires.sends[event, wires.source[w]]:
            continue
        exact, end = walk.t[m] + wires.delay[w], goal.until
        due = exact
        if goal.grid > 0.0:
            due, end = math.ceil(exact / goal.grid - _OFF) * goal.grid, goal.until * (1.0 - 1e-12)
        if due < end:
            place = (walk.oldest[m, w] + walk.waiting[m, w]) % walk.arrival.shape[2]
            walk.arrival[m, w, place] = due
            walk.brought[m, w, place] = emitted[wires.source[w]]
            walk.waiting[m, w] += 1
        elif exact < end:
            walk.lost[m] += 1


@borrowing
def arrive(m, walk, wires):
    """Take the next events that arrive at one target at one instant: which event that is, and their sum."""
    due, event, amount = next_arrival(m, walk), -1, 0.0
    for w in range(wires.target.shape[0]):
        first = walk.oldest[m, w]
        same = event < 0 or event == wires.target[w]
        if same and walk.waiting[m, w] > 0 and walk.arrival[m, w, first] == due:
            event = wires.target[w]
            amount += walk.brought[m, w, first]
            walk.oldest[m, w] = (first + 1) % walk.arrival.shape[2]
            walk.waiting[m, w] -= 1
    return event, amount


def widened(walk: Walk) -> Walk:
    """The same with room for twice as many events under way."""
    size = walk.arrival.shape[2]
    memory.check(
        32.0 * walk.arrival.size, "events under way over wires", "Shorten delays, or send less often.", SolveError
    )
    order = (walk.oldest[:, :, None] + np.arange(size)) % size
    walk.oldest[:] = 0
    made = {}
    for name in ("arrival", "brought"):
        now = np.take_along_axis(getattr(walk, name), order, 2)
        made[name] = np.concatenate([now, np.zeros_like(now)], axis=2)
    return walk._replace(**made)


def refilled(walk: Walk, found: Mapping[str, np.ndarray]) -> Walk:
    """The same with as much room as a checkpoint needed; **raises** `ValueError` if its places lie outside."""
    sizes = {found[name].shape[2] for name in ("arrival", "brought")}
    size = max(sizes)
    outside = [(found[name] < 0) | (found[name] > size) for name in ("oldest", "waiting")]
    if len(sizes) > 1 or np.any(outside) or np.any(found["oldest"] > max(0, size - 1)):
        raise ValueError("events under way are not where they should be")
    rows = (*walk.waiting.shape, size)
    return walk._replace(arrival=np.zeros(rows), brought=np.zeros(rows))
