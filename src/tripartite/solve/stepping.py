"""The adaptive explicit driver: Tsitouras 5(4), exact jumps, located crossings and switches, optional tape.

The functions take a model's generated kernels as ``f`` (`Forward`) and are compiled once per machine.
"""

from __future__ import annotations

import math

import numpy as np

from tripartite.interpret.kernels.interface import borrowing
from tripartite.solve.instants import PROBES, begin, find_crossing, instant
from tripartite.solve.records import (
    DONE,
    NOT_FINITE,
    PAUSED,
    SAVE,
    STEP_TOO_SMALL,
    TAPE_FULL,
    TOO_MANY_STEPS,
    Log,
    Walk,
    Work,
)
from tripartite.solve.runge_kutta import attempt, copy, first_step, interpolate
from tripartite.solve.switching import slide
from tripartite.solve.tape import remember, remember_saves, remember_step
from tripartite.solve.underway import due_time

LEAST_ERROR = math.log(1e-4)  # a nearly exact step must not make the next one leap


@borrowing
def shrink(f, y, c, t, h, stop, k, new, rtol, atol, tries):
    """The first step from ``t`` of at most ``h`` and not beyond ``stop`` whose error is small enough.

    Returns (length, whether it reaches ``stop``, scaled error, attempts); length 0 when it got too small.
    """
    smallest = 1e-13 * max(1.0, abs(t))
    for attempts in range(1, tries + 1):
        reaches = t + h * (1.0 + 1e-10) >= stop
        step = stop - t if reaches else h
        error = attempt(f, y, c, step, k, new, rtol, atol)
        if error <= 1.0:
            return step, reaches, error, attempts
        h = step * max(0.2, 0.9 * error**-0.2) if math.isfinite(error) else 0.2 * step
        if h < smallest:
            return 0.0, False, error, attempts
    return 0.0, False, np.inf, tries


@borrowing
def worst_state(y, slope, rtol, atol):
    """The state whose rate is largest for its size, or the first that is not finite."""
    worst, found = -1.0, 0
    for i in range(y.shape[0]):
        size = abs(slope[i]) / (atol + rtol * abs(y[i]))
        if not (math.isfinite(size) and math.isfinite(y[i])):
            return i
        if size > worst:
            worst, found = size, i
    return found


@borrowing
def all_finite(y, slope):
    """Whether all states and rates are finite."""
    for i in range(y.shape[0]):
        if not (math.isfinite(y[i]) and math.isfinite(slope[i])):
            return False
    return True


@borrowing
def save_until(end, t, step, y, k, probe, save_time, position, saved, m):
    """Save the interpolated states at all save times before ``end``; returns the next position."""
    while position < save_time.shape[0] and save_time[position] < end:
        interpolate((save_time[position] - t) / step, step, y, k, probe)
        for i in range(y.shape[0]):
            saved[i, m, position] = probe[i]
        position += 1
    return position


@borrowing
def save_rest(y, position, count, saved, m):
    """Save the states as they are at all positions that are left."""
    for s in range(position, count):
        for i in range(y.shape[0]):
            saved[i, m, s] = y[i]


@borrowing
def land(cross, theta, step, y, k, new, probe, before, after):
    """Put ``y`` at the end of an accepted step, or at the crossing in it."""
    if cross < 0:
        copy(new, y)
        copy(k[6], k[0])
        copy(after, before)
    else:
        interpolate(theta, step, y, k, probe)
        copy(probe, y)
        before[cross] = 1.0


@borrowing
def finish(m, position, saved, plan, tape, y):
    """Save the states at the end at all positions that are left; returns the position after them."""
    if tape.kind.shape[0] > 0:
        remember_saves(tape, position, plan.save.shape[0])
        remember(tape, SAVE, -1, 0.0, 0.0, y)
    save_rest(y, position, plan.save.shape[0], saved, m)
    return plan.save.shape[0]


@borrowing
def carry(f, m, walk, plan, log, saved, tape, goal, work):
    """Carry one member from where it stands to the end, or to a pause, a full tape or a failure."""
    y, c, k, new, probe, before, after = walk.y[m], walk.c[m], work.k, work.new, work.probe, walk.before[m], work.after
    taping, crossings, save_time, free = tape.kind.shape[0] > 0, before.shape[0], plan.save, walk.free
    t, h, old_error, position, steps = walk.t[m], walk.h[m], walk.error[m], walk.save[m], walk.steps[m]
    pause, room = steps + goal.patience, 3 + walk.turned.shape[1]
    if crossings > 0 and math.isnan(before[0]):
        begin(f, m, walk, plan, tape, work)
    status, cross, fresh = DONE, walk.cross[m], True
    due = due_time(m, walk, plan)
    while True:
        if cross >= 0 or due <= t:
            walk.t[m], walk.h[m], walk.cross[m] = t, h, cross
            status = instant(f, m, walk, plan, log, tape, goal, work)
            cross, fresh, due = walk.cross[m], True, due_time(m, walk, plan)
            if status != DONE:
                break
        if fresh:
            f.rates(y, c, k[0])
        if not all_finite(y, k[0]):
            status = NOT_FINITE
            break
        if t >= goal.t_end:
            position = finish(m, position, saved, plan, tape, y)
            break
        if steps >= pause or (taping and tape.count[0] + room > tape.kind.shape[0]):
            status = PAUSED if steps >= pause else TAPE_FULL
            break
        if h <= 0.0:
            h = first_step(f, y, c, k[0], goal.rtol, goal.atol)
        stop, fresh = min(goal.t_end, due), False
        tries = goal.max_steps - steps + 1
        step, reaches, error, tried = shrink(f, y, c, t, h, stop, k, new, goal.rtol, goal.atol, tries)
        steps += tried
        if step == 0.0 or steps > goal.max_steps:
            status = TOO_MANY_STEPS if steps > goal.max_steps else STEP_TOO_SMALL
            break
        log_error = math.log(max(error, 1e-12))
        growth = min(5.0, max(0.2, 0.9 * math.exp(0.08 * old_error - 0.14 * log_error)))
        old_error, theta = max(log_error, LEAST_ERROR), 1.0
        if crossings > 0:
            cross, theta = find_crossing(f, step, y, k, c, before, work)
        end = stop if reaches and cross < 0 else t + theta * step
        first = position
        position = save_until(end, t, step, y, k, probe, save_time, position, saved, m)
        if taping:
            remember_step(tape, t, step, theta, cross, first, position, y, k, probe)
        land(cross, theta, step, y, k, new, probe, before, after)
        if cross >= 0:
            h = step
        else:
            h = max(h, step * growth) if reaches else step * growth
        t = end
        if free[m] > 0 and cross < 0:
            fresh = slide(f, m, walk, tape, work)
    if status > TAPE_FULL:
        walk.blame[m] = worst_state(y, k[0] if status == NOT_FINITE else k[6], goal.rtol, goal.atol)
    walk.t[m], walk.h[m], walk.error[m], walk.save[m], walk.steps[m] = t, h, old_error, position, steps
    walk.status[m], walk.cross[m] = status, cross


def workspace(walk: Walk, log: Log) -> Work:
    """Scratch space for one member at a time."""
    states, crossings = walk.y.shape[1], walk.before.shape[1]
    return Work(
        k=np.empty((7, states)),
        new=np.empty(states),
        probe=np.empty(states),
        after=np.empty(crossings),
        g=np.empty(crossings),
        values=np.empty((len(PROBES), crossings)),
        c=np.empty(walk.c.shape[1]),
        emitted=np.empty(log.emitted.shape[2]),
    )


@borrowing
def integrate(f, members, walk, plan, log, saved, tape, goal, work):
    """Carry the listed members to ``goal.t_end``, saving states ``(state, member, save)``.

    Actions due at an instant are applied before a value saved at that instant. All positions live in
    ``walk``, so that a call resumes where the last one stopped.
    """
    for m in members:
        if walk.status[m] <= TAPE_FULL:
            carry(f, m, walk, plan, log, saved, tape, goal, work)
