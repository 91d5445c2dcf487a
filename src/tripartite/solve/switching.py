"""Turning the switches of a model: conditions that rates hold until a step has ended where they change.

Modes are the last constants, ``walk.c[m]``, and values of switches the last crossings of held kernels.
"""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import borrowing
from tripartite.interpret.kernels.switches import FAILS, FREE, HOLDS
from tripartite.solve.records import SET
from tripartite.solve.runge_kutta import copy
from tripartite.solve.tape import remember

AT_ONCE = 1e-6  # of a step, in which a switch is taken to turn back at once
PUSHED = 3  # times that one does so in a row when rates push it back; one that just touches turns back once
SLIDES = 100  # steps for which it is then free


@borrowing
def put(m, j, mode, walk, tape):
    """Put a switch into a mode."""
    index = walk.c.shape[1] - walk.turned.shape[1] + j
    if walk.c[m, index] == mode:
        return
    if tape.kind.shape[0] > 0:
        remember(tape, SET, index, walk.c[m, index], 0.0, walk.y[m])
    walk.c[m, index] = mode


@borrowing
def settle(f, m, walk, tape, work):
    """Put every switch to what its condition is now, to the last bit."""
    count = walk.turned.shape[1]
    if count > 0:
        copy(walk.c[m], work.c)
        for i in range(work.c.shape[0] - count, work.c.shape[0]):
            work.c[i] = FREE
        f.crossings(walk.y[m], work.c, work.g)
        take(m, work.g, walk, tape)


@borrowing
def take(m, g, walk, tape):
    """Hold every switch as crossing values ``g`` tell that were found while all were free."""
    count = walk.turned.shape[1]
    for j in range(count):
        put(m, j, HOLDS if g[g.shape[0] - count + j] > 1.5 else FAILS, walk, tape)
        walk.turned[m, j], walk.again[m, j] = -np.inf, 0
    walk.free[m] = 0


@borrowing
def turn(m, j, walk, tape):
    """Turn a switch over; one that rates push back at once is free for some steps.

    A free one is left to error control: no crossing of it ends a step.
    """
    count, t = walk.turned.shape[1], walk.t[m]
    at_once = t - walk.turned[m, j] <= max(AT_ONCE * walk.h[m], 1e-12 * abs(t))
    walk.again[m, j] = walk.again[m, j] + 1 if at_once else 0
    if walk.again[m, j] >= PUSHED:
        put(m, j, FREE, walk, tape)
        walk.before[m, walk.before.shape[1] - count + j] = 1.0
        walk.free[m], walk.slid[m] = SLIDES, j
    else:
        index = walk.c.shape[1] - count + j
        put(m, j, HOLDS + FAILS - walk.c[m, index], walk, tape)
        walk.turned[m, j] = t


@borrowing
def slide(f, m, walk, tape, work):
    """Count a step of switches that are free; returns whether it was the last, after which they are held again."""
    walk.free[m] -= 1
    if walk.free[m] > 0:
        return False
    settle(f, m, walk, tape, work)
    f.crossings(walk.y[m], walk.c[m], walk.before[m])
    return True
