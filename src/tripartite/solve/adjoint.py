"""The way back over a tape: exact derivatives of saved states through steps, jumps and crossings."""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import compiled
from tripartite.solve.records import CROSS, FIRE, PLACED, SAVE, STEP
from tripartite.solve.runge_kutta import A, D, copy


@compiled
def dense_weights(theta, out):
    """Weights of the seven stages in the state at the fraction ``theta`` of a step."""
    for s in range(7):
        out[s] = theta * (D[s, 0] + theta * (D[s, 1] + theta * (D[s, 2] + theta * D[s, 3])))


@compiled
def step_back(back, p, tape, save_time, weights, c, slope, cbar, kbar, stage):
    """Carry the slope with respect to the state over one step of the tape, saves inside it included."""
    n = slope.shape[0]
    t, h, theta = tape.real[p, 0], tape.real[p, 1], tape.real[p, 2]
    share = np.empty(7)
    if theta == 1.0:
        copy(A[6], share)
        share[6] = 0.0
    else:
        dense_weights(theta, share)
    for s in range(7):
        for i in range(n):
            kbar[s, i] = h * share[s] * slope[i]
    for save in range(tape.number[p, 1], tape.number[p, 2]):
        dense_weights((save_time[save] - t) / h, share)
        for i in range(n):
            slope[i] += weights[i, save]
            for s in range(7):
                kbar[s, i] += h * share[s] * weights[i, save]
    before = np.empty(n)
    for s in range(6, -1, -1):
        for i in range(n):
            total = 0.0
            for j in range(s):
                total += A[s, j] * tape.k[p, j, i]
            stage[i] = tape.y[p, i] + h * total
            before[i] = 0.0
        back.rates(stage, c, kbar[s], before, cbar)
        for i in range(n):
            slope[i] += before[i]
            for j in range(s):
                kbar[j, i] += h * A[s, j] * before[i]


@compiled
def cross_back(f, back, p, tape, c, slope, cbar, flow_after, n_crossings):
    """Account for the shift of a crossing's time with the state and constants before it."""
    n = slope.shape[0]
    dy = np.empty(n)
    f.rates(tape.y[p], c, dy)
    one = np.zeros(n_crossings)
    one[tape.number[p, 0]] = 1.0
    by_state = np.zeros(n)
    by_constant = np.zeros(cbar.shape[0])
    back.crossings(tape.y[p], c, one, by_state, by_constant)
    rise, flow = 0.0, 0.0
    for i in range(n):
        rise += by_state[i] * dy[i]
        flow += slope[i] * dy[i]
    shift = (flow - flow_after) / rise
    for i in range(n):
        slope[i] -= shift * by_state[i]
    for i in range(cbar.shape[0]):
        cbar[i] -= shift * by_constant[i]


@compiled
def walk_back(f, back, tape, save_time, weights, y_end, c, slope, cbar, base_bar, n_crossings):
    """Derivatives of the sum of ``weights * saved`` over a whole tape.

    ``c``: constants at the end, restored to the start on the way; fills ``slope`` with the derivative by
    the starting states and ``cbar + base_bar`` with that by the base constants.
    """
    n = slope.shape[0]
    kbar = np.empty((7, n))
    stage = np.empty(n)
    dy = np.empty(n)
    flow_after = 0.0
    after = y_end
    inside = False
    for p in range(tape.count[0] - 1, -1, -1):
        kind = tape.kind[p]
        if kind == SAVE:
            for save in range(tape.number[p, 1], tape.number[p, 2]):
                for i in range(n):
                    slope[i] += weights[i, save]
            continue
        if kind == STEP:
            step_back(back, p, tape, save_time, weights, c, slope, cbar, kbar, stage)
            after = tape.y[p]
            inside = False
            continue
        if not inside:
            inside = True
            f.rates(after, c, dy)
            flow_after = 0.0
            for i in range(n):
                flow_after += slope[i] * dy[i]
        if kind == FIRE:
            before = np.zeros(n)
            back.fire(tape.number[p, 0], tape.real[p, 0], tape.y[p], c, slope, before, cbar)
            copy(before, slope)
        elif kind == PLACED:
            slope[tape.number[p, 0]] = 0.0
        elif kind == CROSS:
            cross_back(f, back, p, tape, c, slope, cbar, flow_after, n_crossings)
        else:
            index = tape.number[p, 0]
            if index < base_bar.shape[0]:  # switches come after the constants
                base_bar[index] += tape.real[p, 1] * cbar[index]
            cbar[index] = 0.0
            c[index] = tape.real[p, 0]
