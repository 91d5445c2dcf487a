"""The adaptive explicit driver: Tsitouras 5(4), exact jumps, located crossings, optional tape.

The functions take a model's generated kernels as ``f`` (`Forward`) and are compiled once per machine.
"""

from __future__ import annotations

import math

import numpy as np

from tripartite.interpret.kernels.interface import compiled
from tripartite.solve.records import (
    ASSIGN,
    CROSS,
    DONE,
    FIRE,
    MOST_AT_ONCE,
    NOT_FINITE,
    OCCUR,
    PAUSED,
    SAVE,
    SCALE,
    SET,
    STEP,
    STEP_TOO_SMALL,
    TAPE_FULL,
    TOO_MANY_EVENTS,
    TOO_MANY_STEPS,
    Work,
)

# Tsitouras (2011): stage matrix, error weights (fifth minus fourth order); the last stage starts the next step.
A = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-0.008480655492356989, 0.335480655492357, 0.0, 0.0, 0.0, 0.0],
        [2.8971530571054935, -6.359448489975075, 4.3622954328695815, 0.0, 0.0, 0.0],
        [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525, 0.0, 0.0],
        [
            5.86145544294642,
            -12.92096931784711,
            8.159367898576159,
            -0.071584973281401,
            -0.028269050394068383,
            0.0,
        ],
        [
            0.09646076681806523,
            0.01,
            0.4798896504144996,
            1.379008574103742,
            -3.2900695154360807,
            2.324710524099774,
        ],
    ]
)
ERROR = np.array(
    [
        0.0017800110522257773,
        0.0008164344596567463,
        -0.007880878010261994,
        0.1447110071732629,
        -0.5823571654525552,
        0.45808210592918686,
        -1 / 66,
    ]
)
# Dense output of fourth order: weight of stage i is the polynomial sum of D[i, p] theta^(p+1).
_ROOTS = {
    0: (-1.0530884977290216, (1.0, -1.3299890189751412), (1.0, -1.4364028541716351, 0.7139816917074209)),
    1: (0.1017, (1.0, 0.0), (1.0, -2.1966568338249754, 1.2949852507374631)),
    2: (2.490627285651253, (1.0, 0.0), (1.0, -2.3853564547206166, 1.5780346820809249)),
    3: (-16.54810288924490, (1.0, -1.21712927295533244), (1.0, 0.0), (1.0, -0.61620406037800089)),
    4: (47.37952196281928, (1.0, -1.203071208372362603), (1.0, 0.0), (1.0, -0.658047292653547382)),
    5: (-34.87065786149661, (1.0, -1.2), (1.0, 0.0), (1.0, -0.666666666666666667)),
    6: (2.5, (1.0, -1.0), (1.0, 0.0), (1.0, -0.6)),
}


PROBES = np.array([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0])  # fractions of a step where crossings are looked for
LEAST_ERROR = math.log(1e-4)  # a nearly exact step must not make the next one leap


def _dense() -> np.ndarray:
    table = np.zeros((7, 4))
    for stage, (scale, *factors) in _ROOTS.items():
        product = np.array([1.0])
        for factor in factors:
            product = np.convolve(product, factor)
        table[stage] = scale * product[::-1]
    return table


D = _dense()


@compiled
def interpolate(theta, h, y, k, out):
    """State at the fraction ``theta`` of a step of length ``h`` from ``y`` with stages ``k``."""
    n = y.shape[0]
    for i in range(n):
        out[i] = y[i]
    for s in range(7):
        weight = h * theta * (D[s, 0] + theta * (D[s, 1] + theta * (D[s, 2] + theta * D[s, 3])))
        for i in range(n):
            out[i] += weight * k[s, i]


@compiled
def copy(source, target):
    """Copy one vector into another, faster than slice assignment."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@compiled
def attempt(f, y, c, h, k, new, rtol, atol):
    """One step from ``y`` with first stage ``k[0]``; fills ``k`` and ``new``, returns the scaled error."""
    n = y.shape[0]
    for s in range(1, 7):
        for i in range(n):
            total = 0.0
            for j in range(s):
                total += A[s, j] * k[j, i]
            new[i] = y[i] + h * total
        f.rates(new, c, k[s])
    square = 0.0
    for i in range(n):
        error = 0.0
        for s in range(7):
            error += ERROR[s] * k[s, i]
        scaled = h * error / (atol + rtol * max(abs(y[i]), abs(new[i])))
        square += scaled * scaled
    return math.sqrt(square / max(n, 1))


@compiled
def first_step(f, y, c, dy, rtol, atol):
    """A cautious first step length from the size of the rates."""
    f.rates(y, c, dy)
    size, speed = 0.0, 0.0
    for i in range(y.shape[0]):
        scale = atol + rtol * abs(y[i])
        size += (y[i] / scale) ** 2
        speed += (dy[i] / scale) ** 2
    if speed == 0.0 or not math.isfinite(speed):
        return 1e-2
    return 0.01 * math.sqrt(max(size, 1.0) / speed)


@compiled
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


@compiled
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


@compiled
def find_crossing(f, h, y, k, c, before, work):
    """The earliest crossing inside a step as (number, fraction); number -1 when there is none.

    The step is probed at `PROBES`; where a value peaks between them below zero, its maximum is sought, so that
    one that just touches its threshold is seen too. ``work.after`` gets the values at the end.
    """
    count, last = before.shape[0], PROBES.shape[0] - 1
    values = np.empty((last + 1, count))
    values[0] = before
    for p in range(1, last + 1):
        if p == last:
            f.crossings(work.new, c, work.after)
        else:
            interpolate(PROBES[p], h, y, k, work.probe)
            f.crossings(work.probe, c, work.after)
        values[p] = work.after
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


@compiled
def remember(tape, kind, number, first, second, y):
    """Write one entry of an instant on the tape."""
    p = tape.count[0]
    tape.kind[p] = kind
    tape.number[p, 0] = number
    tape.real[p, 0] = first
    tape.real[p, 1] = second
    tape.y[p] = y
    tape.count[0] += 1


@compiled
def jump(f, m, event, amount, walk, log, tape, work):
    """Let an event happen now and write it into the log."""
    if tape.kind.shape[0] > 0:
        remember(tape, FIRE, event, amount, 0.0, walk.y[m])
    f.fire(event, amount, walk.y[m], walk.c[m], work.emitted)
    q = log.count[m]
    log.time[m, q] = walk.t[m]
    log.event[m, q] = event
    log.emitted[m, q] = work.emitted
    log.count[m] += 1


@compiled
def act(f, m, walk, plan, log, tape, work):
    """Do the next planned action."""
    a = walk.action[m]
    index, value = plan.index[a], plan.value[a]
    walk.action[m] += 1
    if plan.kind[a] == OCCUR:
        jump(f, m, index, value, walk, log, tape, work)
        return
    scales = plan.kind[a] != ASSIGN
    if tape.kind.shape[0] > 0:
        remember(tape, SCALE if scales else SET, index, walk.c[m, index], value, walk.y[m])
    walk.c[m, index] = walk.base[m, index] * value if scales else value


@compiled
def instant(f, m, walk, plan, log, tape, goal, work):
    """Everything that happens at this time: a located crossing, due actions, and what they push over zero.

    Returns DONE, PAUSED or TAPE_FULL when log or tape have no room left, or TOO_MANY_EVENTS.
    """
    count = walk.before.shape[1]
    while walk.cross[m] >= 0 or (walk.action[m] < plan.last[m] and plan.time[walk.action[m]] <= walk.t[m]):
        if log.count[m] + 1 > log.time.shape[1]:
            return PAUSED
        if tape.kind.shape[0] > 0 and tape.count[0] + 2 > tape.kind.shape[0]:
            return TAPE_FULL
        j = walk.cross[m]
        if j >= 0:
            walk.cross[m] = -1
            walk.fired[m] = walk.fired[m] + 1 if walk.last[m] == walk.t[m] else 1
            walk.last[m] = walk.t[m]
            if walk.fired[m] > MOST_AT_ONCE:
                return TOO_MANY_EVENTS
            jump(f, m, goal.outside + j, 1.0, walk, log, tape, work)
        else:
            act(f, m, walk, plan, log, tape, work)
        f.crossings(walk.y[m], walk.c[m], work.after)
        for i in range(count):
            if walk.before[m, i] <= 0.0 and work.after[i] > 0.0 and walk.cross[m] < 0:
                walk.cross[m] = i
                walk.before[m, i] = 1.0
            elif walk.cross[m] < 0 or work.after[i] <= 0.0:
                walk.before[m, i] = work.after[i]
    return DONE


@compiled
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


@compiled
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


@compiled
def all_finite(y, slope):
    """Whether all states and rates are finite."""
    for i in range(y.shape[0]):
        if not (math.isfinite(y[i]) and math.isfinite(slope[i])):
            return False
    return True


@compiled
def save_until(end, t, step, y, k, probe, save_time, position, saved, m):
    """Save the interpolated states at all save times before ``end``; returns the next position."""
    while position < save_time.shape[0] and save_time[position] < end:
        interpolate((save_time[position] - t) / step, step, y, k, probe)
        for i in range(y.shape[0]):
            saved[i, m, position] = probe[i]
        position += 1
    return position


@compiled
def save_rest(y, position, count, saved, m):
    """Save the states as they are at all positions that are left."""
    for s in range(position, count):
        for i in range(y.shape[0]):
            saved[i, m, s] = y[i]


@compiled
def remember_saves(tape, first, last):
    """Note on the tape which saves the next entry covers."""
    tape.number[tape.count[0], 1] = first
    tape.number[tape.count[0], 2] = last


@compiled
def due_time(m, walk, plan):
    """When the next planned action of a member is due."""
    return plan.time[walk.action[m]] if walk.action[m] < plan.last[m] else np.inf


@compiled
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


@compiled
def remember_step(tape, t, step, theta, cross, first, last, y, k, probe):
    """Write an accepted step on the tape, and the crossing that cuts it."""
    tape.k[tape.count[0]] = k
    tape.real[tape.count[0], 2] = theta
    remember_saves(tape, first, last)
    remember(tape, STEP, cross, t, step, y)
    if cross >= 0:
        interpolate(theta, step, y, k, probe)
        remember(tape, CROSS, cross, 0.0, 0.0, probe)


@compiled
def finish(m, position, saved, plan, tape, y):
    """Save the states at the end at all positions that are left; returns the position after them."""
    if tape.kind.shape[0] > 0:
        remember_saves(tape, position, plan.save.shape[0])
        remember(tape, SAVE, -1, 0.0, 0.0, y)
    save_rest(y, position, plan.save.shape[0], saved, m)
    return plan.save.shape[0]


@compiled
def carry(f, m, walk, plan, log, saved, tape, goal, work):
    """Carry one member from where it stands to the end, or to a pause, a full tape or a failure."""
    # Plain arrays in the loop: taking one out of a record counts its owners, which costs more than a step.
    y, c, k, new, probe, before, after = walk.y[m], walk.c[m], work.k, work.new, work.probe, walk.before[m], work.after
    taping, crossings, save_time = tape.kind.shape[0] > 0, before.shape[0], plan.save
    t, h, old_error, position, steps = walk.t[m], walk.h[m], walk.error[m], walk.save[m], walk.steps[m]
    pause = steps + goal.patience
    status, cross, fresh = DONE, walk.cross[m], True
    if crossings > 0 and math.isnan(before[0]):
        f.crossings(y, c, before)
    due = due_time(m, walk, plan)
    while True:
        if cross >= 0 or due <= t:
            walk.t[m], walk.cross[m] = t, cross
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
        if steps >= pause or (taping and tape.count[0] + 3 > tape.kind.shape[0]):
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
    if status > TAPE_FULL:
        walk.blame[m] = worst_state(y, k[0] if status == NOT_FINITE else k[6], goal.rtol, goal.atol)
    walk.t[m], walk.h[m], walk.error[m], walk.save[m], walk.steps[m] = t, h, old_error, position, steps
    walk.status[m], walk.cross[m] = status, cross


@compiled
def integrate(f, members, walk, plan, log, saved, tape, goal, n_crossings):
    """Carry the listed members to ``goal.t_end``, saving states ``(state, member, save)``.

    Actions due at an instant are applied before a value saved at that instant. All positions live in
    ``walk``, so that a call resumes where the last one stopped.
    """
    n = walk.y.shape[1]
    for m in members:
        if walk.status[m] <= TAPE_FULL:
            work = Work(
                np.empty((7, n)),
                np.empty(n),
                np.empty(n),
                np.empty(n_crossings),
                np.empty(n_crossings),
                np.empty(log.emitted.shape[2]),
            )
            carry(f, m, walk, plan, log, saved, tape, goal, work)
