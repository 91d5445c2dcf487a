"""Writing on a tape, for the way back: steps, what they save, and what happens at an instant."""

from __future__ import annotations

from tripartite.interpret.kernels.interface import borrowing
from tripartite.solve.records import CROSS, STEP
from tripartite.solve.runge_kutta import copy, interpolate


@borrowing
def remember(tape, kind, number, first, second, y):
    """Write one entry of an instant on the tape."""
    p = tape.count[0]
    tape.kind[p] = kind
    tape.number[p, 0] = number
    tape.real[p, 0] = first
    tape.real[p, 1] = second
    copy(y, tape.y[p])
    tape.count[0] += 1


@borrowing
def remember_saves(tape, first, last):
    """Note on the tape which saves the next entry covers."""
    tape.number[tape.count[0], 1] = first
    tape.number[tape.count[0], 2] = last


@borrowing
def remember_step(tape, t, step, theta, cross, first, last, y, k, probe):
    """Write an accepted step on the tape, and the crossing that cuts it."""
    for stage in range(k.shape[0]):
        copy(k[stage], tape.k[tape.count[0], stage])
    tape.real[tape.count[0], 2] = theta
    remember_saves(tape, first, last)
    remember(tape, STEP, cross, t, step, y)
    if cross >= 0:
        interpolate(theta, step, y, k, probe)
        remember(tape, CROSS, cross, 0.0, 0.0, probe)
