"""Itô integration on a fixed grid: Euler-Maruyama and Milstein, with events at the end of their step."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import SolveError, outside
from tripartite.interpret.kernels import noise_dependence
from tripartite.interpret.kernels.interface import borrowing
from tripartite.interpret.kernels.random import normal
from tripartite.language import grid
from tripartite.language.system import System
from tripartite.solve import explicit
from tripartite.solve.instants import begin, instant
from tripartite.solve.records import DONE, NOT_FINITE, OCCUR, PAUSED, Goal
from tripartite.solve.runge_kutta import copy
from tripartite.solve.solvers import Milstein
from tripartite.solve.stepping import all_finite, save_rest, workspace, worst_state

if TYPE_CHECKING:
    from tripartite.solve.simulation import Job

_MOST_STEPS = 2**40


@borrowing
def increment(seed, source, n, ratio, noise_step):
    """Increment of a Brownian path over step ``n``, the sum of ``ratio`` increments of the noise grid."""
    total = 0.0
    for i in range(ratio):
        total += normal(seed, source, n * ratio + i)
    return math.sqrt(noise_step) * total


@borrowing
def step_forward(f, y, c, n, step, ratio, seed, noisy, milstein, slope, b, b_slope, new):
    """One Itô step from ``y`` into ``new``; ``slope`` gets the rates."""
    f.rates(y, c, slope)
    f.noises(y, c, b, b_slope)
    for i in range(y.shape[0]):
        new[i] = y[i] + step * slope[i]
    for source in range(noisy.shape[0]):
        dw = increment(seed, source, n, ratio, step / ratio)
        new[noisy[source]] += b[source] * dw
        if milstein:
            new[noisy[source]] += 0.5 * b[source] * b_slope[source] * (dw * dw - step)


@borrowing
def carry(f, m, walk, plan, log, saved, tape, goal, work, amplitudes, grid, seed, noisy, milstein):
    """Carry one member over the grid (step, ratio) to the end, or to a pause or a failure."""
    y, c, new, slope = walk.y[m], walk.c[m], work.new, work.k[0]
    step, ratio = grid
    b, b_slope = amplitudes[0], amplitudes[1]
    n, position, save_time = walk.steps[m], walk.save[m], plan.save
    pause = n + goal.patience
    status = DONE
    before = walk.before[m]
    if before.shape[0] > 0 and math.isnan(before[0]):
        walk.t[m] = n * step
        begin(f, m, walk, plan, tape, work)
    while True:
        t = n * step
        walk.t[m], walk.steps[m] = t, n
        status = instant(f, m, walk, plan, log, tape, goal, work)
        if status == DONE and n >= pause:
            status = PAUSED
        if status != DONE:
            break
        if t >= goal.t_end * (1.0 - 1e-12):
            save_rest(y, position, save_time.shape[0], saved, m)
            position = save_time.shape[0]
            break
        step_forward(f, y, c, n, step, ratio, seed, noisy, milstein, slope, b, b_slope, new)
        if not all_finite(new, slope):
            status = NOT_FINITE
            walk.blame[m] = worst_state(new, slope, 1e-6, 1e-9)
            break
        while position < save_time.shape[0] and save_time[position] < (t + step) * (1.0 - 1e-12):
            theta = max(0.0, (save_time[position] - t) / step)
            for i in range(y.shape[0]):
                saved[i, m, position] = y[i] + theta * (new[i] - y[i])
            position += 1
        if t + step > goal.t_end * (1.0 + 1e-12):
            # The stretch ends inside this step; the next one takes it again.
            break
        f.crossings(new, c, work.after)
        for j in range(before.shape[0]):
            if before[j] <= 0.0 and work.after[j] > 0.0 and walk.cross[m] < 0:
                walk.cross[m] = j
                before[j] = 1.0
            elif before[j] > 0.0 or work.after[j] <= 0.0:
                before[j] = work.after[j]
        copy(new, y)
        n += 1
    walk.save[m], walk.status[m] = position, status


@borrowing
def integrate(f, members, walk, plan, log, saved, tape, goal, work, amplitudes, grid, seeds, noisy, milstein):
    """Carry the listed members over the grid; arguments as in the explicit driver."""
    for m in members:
        if walk.status[m] <= PAUSED:
            carry(f, m, walk, plan, log, saved, tape, goal, work, amplitudes, grid, seeds[m], noisy, milstein)


def run(
    job: Job,
    save: np.ndarray,
    states: np.ndarray,
    end: float,
    events: explicit.EventRows,
    tick: Callable[[float], None],
) -> None:
    """Carry a job with a fixed-step solver on to ``end`` (ms); fills ``states`` and ``events``."""
    step, ratio = job.solver.in_ms()  # type: ignore[attr-defined]
    if end / step >= _MOST_STEPS:
        raise SolveError(
            f"A run on a grid has less than 2**40 steps; got {end / step:.3g} of {step:g} ms. Shorten the run, or "
            "lengthen the step."
        )
    milstein = isinstance(job.solver, Milstein)
    noisy = _noisy_states(job.system, milstein)
    seeds = np.array(job.seeds, dtype=np.int64)

    def call(members: np.ndarray, goal: Goal, *arrays: Any) -> None:
        f = explicit.kernels(job.system)
        walk, planned, log, saved, tape = arrays
        scratch = workspace(walk, log), np.empty((2, len(noisy)))
        integrate(
            f, members, walk, planned, log, saved, tape, goal, *scratch, (step, ratio), seeds, noisy, milstein
        )  # fmt: skip

    if end == job.until:
        _warn_lost(job, step)
        _warn_delays(job, step)
    made = {id(planned): planned.on_grid(step, job.system.constants) for planned in job.schedules}
    plan = explicit.planned(job, save, [made[id(planned)] for planned in job.schedules])
    explicit.run(
        job,
        plan,
        states,
        (end, 1e-6, 1e-9, 0),
        events,
        tick,
        call=call,
        grid=step,
    )
    if end == job.until and job.walk.lost.any():
        warnings.warn(
            f"Events arrive at the end of a step of {step:g} ms, and so {job.walk.lost.sum()} that were under way come "
            f"too late for a run that ends at {job.until / 1000:g} s. Let the run go on for a step.",
            stacklevel=outside(),
        )


def _warn_lost(job: Job, step: float) -> None:
    """Say which events would act at the end of a step that the end of the run cuts."""
    names = [event.key for event in job.system.events]
    lost = {
        (float(time), names[index])
        for planned in {id(s): s for s in job.schedules}.values()
        for time, kind, index in zip(planned.time, planned.kind, planned.index, strict=True)
        if kind == OCCUR and math.ceil(grid.position(time, step)) * step > job.until * (1 + 1e-12)
    }
    grid.warn_lost(lost, job.until, step, "Events act at the end of their step")


def _warn_delays(job: Job, step: float) -> None:
    """Say which delay is no multiple of the step."""
    for delay in job.system.delays:
        steps = grid.position(delay.time, step)
        if steps != round(steps):
            warnings.warn(
                f"Events arrive at the end of a step, and so a delay of {delay.time:g} ms to `{delay.target}` with "
                f"steps of {step:g} ms becomes {math.ceil(steps) * step:g} ms. Give a multiple, or another step.",
                stacklevel=outside(),
            )
            return


def _noisy_states(system: System, milstein: bool) -> np.ndarray:
    dependence = noise_dependence(system)
    noisy = [state for state, _ in dependence]
    for state, depends in dependence if milstein else ():
        others = [i for i in depends if i != state and i in noisy]
        if others or noisy.count(state) > 1:
            raise SolveError(
                f"Milstein's method needs noise whose amplitude depends on no other noisy state, one source a "
                f"state; `{system.states[state].key}` has another. Use `EulerMaruyama` with a smaller step."
            )
    return np.array(noisy, dtype=np.int64)
