"""What happens at an instant: planned actions, jumps, and crossings of thresholds and switches, located in a step."""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import borrowing
from tripartite.interpret.kernels.random import uniform
from tripartite.solve.records import (
    DONE,
    FIRE,
    MOST_AT_ONCE,
    OCCUR,
    PAUSED,
    PLACED,
    PUT,
    SET,
    TAPE_FULL,
    TOO_MANY_EVENTS,
)
from tripartite.solve.runge_kutta import copy, interpolate
from tripartite.solve.switching import settle, turn
from tripartite.solve.tape import remember
from tripartite.solve.underway import arrive, due_time, full, next_arrival, send

PROBES = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])  # fractions of a step where crossings are looked for


@borrowing
def locate(f, j, low, high, h, y, k, c, probe, g):
    """Fraction of the step where crossing ``j`` has just risen through zero, by bisection."""
    for _ in range(60):
        middle = 0.5 * (low + high)
        interpolate(middle, h, y, k, probe)
        f.crossings(probe, c, g)
        if g[j] > 0.0:
            high = middle
        else:
            low = middle
        if high - low < 1e-15:
            break
    return high


@borrowing
def climb(f, j, low, high, h, y, k, c, probe, g):
    """Where crossing ``j`` is largest between two fractions of a step, by golden section; stops above zero."""
    ratio = 0.6180339887498949
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    for _ in range(40):
        interpolate(left, h, y, k, probe)
        f.crossings(probe, c, g)
        at_left = g[j]
        interpolate(right, h, y, k, probe)
        f.crossings(probe, c, g)
        if at_left > 0.0:
            return left
        if g[j] > 0.0:
            return right
        if at_left > g[j]:
            high, right = right, left
            left = high - ratio * (high - low)
        else:
            low, left = left, right
            right = low + ratio * (high - low)
    return -1.0


@borrowing
def find_crossing(f, h, y, k, c, before, work):
    """The earliest crossing inside a step as (number, fraction); number -1 when there is none.

    The step is probed at `PROBES`; where a value peaks between them below zero, its maximum is sought, so that
    one that just touches its threshold is seen too. ``work.after`` gets the values at the end.
    """
    count, last = before.shape[0], PROBES.shape[0] - 1
    values = work.values
    copy(before, values[0])
    for p in range(1, last + 1):
        if p == last:
            f.crossings(work.new, c, work.after)
        else:
            interpolate(PROBES[p], h, y, k, work.probe)
            f.crossings(work.probe, c, work.after)
        copy(work.after, values[p])
    best, where = -1, 1.0
    for j in range(count):
        for p in range(1, last + 1):
            low, high = PROBES[p - 1], -1.0
            if values[p - 1, j] <= 0.0 and values[p, j] > 0.0:
                high = PROBES[p]
            elif (
                p < last
                and values[p, j] <= 0.0
                and values[p, j] > values[p - 1, j]
                and values[p, j] >= values[p + 1, j]
            ):
                high = climb(f, j, low, PROBES[p + 1], h, y, k, c, work.probe, work.g)
            if high >= 0.0:
                found = locate(f, j, low, high, h, y, k, c, work.probe, work.g)
                if best < 0 or found < where:
                    best, where = j, found
                break
    return best, where


@borrowing
def draw(m, walk):
    """Random numbers for the next event."""
    for i in range(walk.chances.shape[0]):
        walk.c[m, walk.chances[i]] = uniform(walk.seed[m], i, walk.drawn[m])
    walk.drawn[m] += 1


@borrowing
def jump(f, m, event, amount, walk, plan, log, tape, goal, work):
    """Let an event happen now and write it into the log."""
    if walk.chances.shape[0] > 0:
        draw(m, walk)
    if tape.kind.shape[0] > 0:
        remember(tape, FIRE, event, amount, 0.0, walk.y[m])
    f.fire(event, amount, walk.y[m], walk.c[m], work.emitted)
    q = log.count[m]
    log.time[m, q] = walk.t[m]
    log.event[m, q] = event
    copy(work.emitted, log.emitted[m, q])
    log.count[m] += 1
    send(m, event, work.emitted, walk, plan.wires, goal)


@borrowing
def act(f, m, walk, plan, log, tape, goal, work):
    """Do the next planned action."""
    a = walk.action[m]
    index, value, share = plan.index[a], plan.value[a], plan.share[a]
    walk.action[m] += 1
    if plan.kind[a] == OCCUR:
        jump(f, m, index, value, walk, plan, log, tape, goal, work)
        return
    if plan.kind[a] == PUT:
        if tape.kind.shape[0] > 0:
            remember(tape, PLACED, index, 0.0, 0.0, walk.y[m])
        walk.y[m, index] = value
        return
    if tape.kind.shape[0] > 0:
        remember(tape, SET, index, walk.c[m, index], share, walk.y[m])
    walk.c[m, index] = value if share == 0.0 else walk.base[m, index] * share + value


@borrowing
def look(f, m, walk, work):
    """Note which crossings are above zero now; the first that was not before happens next."""
    before = walk.before[m]
    f.crossings(walk.y[m], walk.c[m], work.after)
    for i in range(before.shape[0]):
        if before[i] <= 0.0 and work.after[i] > 0.0 and walk.cross[m] < 0:
            walk.cross[m] = i
            before[i] = 1.0
        elif walk.cross[m] < 0 or work.after[i] <= 0.0:
            before[i] = work.after[i]


@borrowing
def constant_due(m, walk, plan):
    """Whether the next planned action is due now and changes a constant, or places a state."""
    a = walk.action[m]
    return a < plan.last[m] and plan.time[a] <= walk.t[m] and plan.kind[a] != OCCUR


@borrowing
def begin(f, m, walk, plan, tape, work):
    """Before anything has happened nothing is above zero, so that what starts there has just risen."""
    before = walk.before[m]
    for i in range(before.shape[0]):
        before[i] = 0.0
    if not constant_due(m, walk, plan):  # else `instant` looks once constants are what they are to be
        settle(f, m, walk, tape, work)
        look(f, m, walk, work)


@borrowing
def cross(f, m, j, walk, plan, log, tape, goal, work):
    """Let what crossing ``j`` triggers happen now; returns DONE, or TOO_MANY_EVENTS."""
    walk.fired[m] = walk.fired[m] + 1 if walk.last[m] == walk.t[m] else 1
    walk.last[m] = walk.t[m]
    if walk.fired[m] > MOST_AT_ONCE:
        return TOO_MANY_EVENTS
    jump(f, m, goal.outside + j, 1.0, walk, plan, log, tape, goal, work)
    settle(f, m, walk, tape, work)
    return DONE


@borrowing
def instant(f, m, walk, plan, log, tape, goal, work):
    """Everything that happens at this time: a located crossing, arrivals, due actions, and what they push over zero.

    Constants that change together do so before crossings are looked at, and before events arrive. Returns DONE,
    PAUSED or TAPE_FULL when log, wires or tape have no room left, or TOO_MANY_EVENTS.
    """
    switches = walk.turned.shape[1]
    while walk.cross[m] >= 0 or due_time(m, walk, plan) <= walk.t[m]:
        if log.count[m] + 1 > log.time.shape[1] or full(m, walk):
            return PAUSED
        if tape.kind.shape[0] > 0 and tape.count[0] + 2 + switches > tape.kind.shape[0]:
            return TAPE_FULL
        j, thresholds = walk.cross[m], walk.before.shape[1] - switches
        walk.cross[m] = -1
        if j >= thresholds:
            turn(m, j - thresholds, walk, tape)
        elif j >= 0:
            if cross(f, m, j, walk, plan, log, tape, goal, work) != DONE:
                return TOO_MANY_EVENTS
        else:
            changes = constant_due(m, walk, plan)
            if not changes and next_arrival(m, walk) <= walk.t[m]:
                event, amount = arrive(m, walk, plan.wires)
                jump(f, m, event, amount, walk, plan, log, tape, goal, work)
            else:
                act(f, m, walk, plan, log, tape, goal, work)
            if changes and constant_due(m, walk, plan):
                continue
            settle(f, m, walk, tape, work)
        look(f, m, walk, work)
    return DONE
