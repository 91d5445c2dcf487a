"""Writing on a tape, for the way back: steps, what they save, and what happens at an instant."""

from __future__ import annotations

from tripartite.interpret.kernels.interface import compiled
from tripartite.solve.records import CROSS, STEP
from tripartite.solve.runge_kutta import interpolate


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
def remember_saves(tape, first, last):
    """Note on the tape which saves the next entry covers."""
    tape.number[tape.count[0], 1] = first
    tape.number[tape.count[0], 2] = last


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
