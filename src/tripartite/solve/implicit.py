"""The implicit driver: Kvaerno 5(4) steps by diffrax for stiff models, exact jumps, located crossings.

Steps land on every save time, so that a saved value has the accuracy of a step, and not that of the
method's interpolant. Stretches without events are compiled; what happens at an instant is plain Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
import optimistix as optx

from tripartite.interpret.arrays import crossing_values, vector_field
from tripartite.language.system import System
from tripartite.solve.instants import draw
from tripartite.solve.records import (
    ASSIGN,
    DONE,
    MOST_AT_ONCE,
    NOT_FINITE,
    OCCUR,
    STEP_TOO_SMALL,
    TOO_MANY_EVENTS,
    TOO_MANY_STEPS,
    Walk,
)
from tripartite.solve.schedule import Schedule
from tripartite.solve.stepping import LEAST_ERROR

if TYPE_CHECKING:
    from tripartite.solve.explicit import EventRows
    from tripartite.solve.simulation import Job

STOPS = 16
"""Times at which one compiled call stops to save."""


def run(
    job: Job,
    save: np.ndarray,
    states: np.ndarray,
    end: float,
    events: EventRows,
    tick: Callable[[float], None] = lambda t: None,
) -> None:
    """Carry all members to ``end`` (ms); fills ``states`` ``(state, member, save)``, appends to ``events``.

    Members of an ensemble that share their schedule and have no crossings advance side by side.
    """
    crossings = job.system.crossing_count > 0
    shared = len({id(schedule) for schedule in job.schedules}) == 1
    everyone = np.arange(len(job.walk.y))
    for members in [everyone] if shared and not crossings else everyone[:, None]:
        with np.errstate(all="ignore"):
            _Group(job, members, events).carry(save, states, end, tick)


def solve_smooth(
    system: System, y0: Any, c: Any, save: Any, t_end: float, rtol: float, atol: float, max_steps: int
) -> jax.Array:
    """States ``(save, state)`` at the rising times ``save`` (ms) of a model without events, in pure JAX.

    Differentiable in reverse by ``y0`` and ``c``. States are infinite from where ``max_steps`` ended the run.
    """
    save = jnp.asarray(save, dtype=float)
    steps = diffrax.PIDController(rtol=rtol, atol=atol)
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(vector_field(system)),  # type: ignore[arg-type]
        diffrax.Kvaerno5(root_finder=Chord(rtol, atol)),  # type: ignore[arg-type]
        t0=0.0,
        t1=t_end,
        dt0=None,
        y0=jnp.asarray(y0, dtype=float),
        args=jnp.asarray(c, dtype=float),
        saveat=diffrax.SaveAt(ts=save),
        stepsize_controller=diffrax.ClipStepSizeController(steps, step_ts=save),
        adjoint=diffrax.RecursiveCheckpointAdjoint(),
        max_steps=max_steps,
        throw=False,
    )
    assert solution.ys is not None
    return solution.ys


class Here(NamedTuple):
    """Where one member stands in a compiled stretch; the fields are those of `Walk`."""

    y: jax.Array
    t: jax.Array
    h: jax.Array
    error: jax.Array
    steps: jax.Array
    status: jax.Array
    cross: jax.Array
    before: jax.Array


class Aim(NamedTuple):
    """How far and how accurately; ``stops`` are times to save at, the last one ends the stretch."""

    stops: jax.Array
    rtol: float
    atol: float
    max_steps: int


class Attempt(NamedTuple):
    """A step that was tried: its end, its scaled error, and the states inside by the fraction of the step."""

    y: jax.Array
    error: jax.Array
    slope: jax.Array
    inside: Callable[[Any], jax.Array]


def compiled(system: System) -> tuple[Callable, Callable]:
    """The compiled stretch of a system, for one member and for many side by side; made once, kept on disk."""

    def make() -> tuple[Callable, Callable]:
        one = Stretch(system).go
        return jax.jit(one), jax.jit(jax.vmap(one, in_axes=(0, 0, None)))

    return system.once("implicit stretch", make)


class Chord(diffrax.VeryChord):
    """Simplified Newton iteration that goes on while it converges; diffrax's stops after two rounds."""

    def terminate(
        self, fn: Any, y: Any, args: Any, options: Any, state: Any, tags: Any
    ) -> tuple[jax.Array, optx.RESULTS]:
        rate = state.diffsize / state.diffsize_prev
        close = (state.diffsize < 1e-6) | ((rate < 1) & (state.diffsize * rate / (1 - rate) < self.kappa))
        fails = ~close & ~(rate <= 2)
        result = optx.RESULTS.where(
            (state.step >= 2) & fails, optx.RESULTS.nonlinear_divergence, optx.RESULTS.successful
        )
        solved = state.result == optx.RESULTS.successful
        return ((state.step >= 2) & (close | fails)) | ~solved, optx.RESULTS.where(solved, result, state.result)


class Stretch:
    """Steps of one system between two instants, as pure JAX functions."""

    def __init__(self, system: System):
        self.field = _forgiving(vector_field(system))
        self.crossings = crossing_values(system)
        self.has_crossings = system.crossing_count > 0

    def go(self, here: Here, c: jax.Array, aim: Aim) -> tuple[Here, jax.Array]:
        """Go from stop to stop until a crossing or a failure; also returns the states at the stops."""

        def to(here: Here, stop: jax.Array) -> tuple[Here, jax.Array]:
            def on_the_way(here: Here) -> jax.Array:
                return (here.t < stop) & (here.status == DONE) & (here.cross < 0)

            here = jax.lax.while_loop(on_the_way, lambda now: self.step(now, c, stop, aim), here)
            return here, here.y

        return jax.lax.scan(to, here, aim.stops)

    def step(self, here: Here, c: jax.Array, stop: jax.Array, aim: Aim) -> Here:
        """Try one step; step control as in the explicit driver."""
        h = jnp.where(here.h > 0, here.h, self.first_step(here.y, c, aim))
        reaches = here.t + h * (1 + 1e-10) >= stop
        length = jnp.where(reaches, stop - here.t, h)
        tried = self.attempt(here.y, c, length, aim)
        steps = here.steps + 1
        keep = (tried.error <= 1) & (steps <= aim.max_steps)
        log_error = jnp.log(jnp.maximum(tried.error, 1e-12))
        growth = jnp.clip(0.9 * jnp.exp(0.08 * here.error - 0.14 * log_error), 0.2, 5.0)
        grown = jnp.where(reaches, jnp.maximum(h, length * growth), length * growth)
        shrunk = length * jnp.maximum(0.2, 0.9 * tried.error**-0.2)
        too_small = ~keep & (shrunk < 1e-13 * jnp.maximum(1.0, jnp.abs(here.t)))
        status = jnp.where(too_small, STEP_TOO_SMALL, here.status)
        status = jnp.where(steps > aim.max_steps, TOO_MANY_STEPS, status)
        status = jnp.where(jnp.all(jnp.isfinite(tried.slope)), status, NOT_FINITE)
        ahead = Here(
            y=tried.y,
            t=jnp.where(reaches, stop, here.t + length),
            h=grown,
            error=jnp.maximum(log_error, LEAST_ERROR),
            steps=steps,
            status=status,
            cross=here.cross,
            before=here.before,
        )
        if self.has_crossings:
            ahead = jax.lax.cond(keep, lambda: self.watch(here, ahead, c, length, tried, aim), lambda: ahead)
        stay = here._replace(h=shrunk, steps=steps, status=status)
        return jax.tree.map(lambda new, old: jnp.where(keep, new, old), ahead, stay)

    def attempt(self, y: jax.Array, c: jax.Array, length: Any, aim: Aim) -> Attempt:
        """One step of the method; infinite error where it did not succeed."""
        method = diffrax.Kvaerno5(root_finder=Chord(aim.rtol, aim.atol))  # type: ignore[arg-type]
        term = diffrax.ODETerm(self.field)  # type: ignore[arg-type]
        start = jnp.zeros_like(length)
        memory = method.init(term, start, length, y, c)
        new, error, dense, _, _ = method.step(term, start, length, y, c, memory, False)
        scaled = error / (aim.atol + aim.rtol * jnp.maximum(jnp.abs(y), jnp.abs(new)))
        size = jnp.sqrt(jnp.mean(scaled**2))
        good = jnp.isfinite(size) & jnp.all(jnp.isfinite(new))
        curve = method.interpolation_cls(t0=0.0, t1=1.0, **dense)
        return Attempt(new, jnp.where(good, size, jnp.inf), self.field(0.0, y, c), curve.evaluate)

    def first_step(self, y: jax.Array, c: jax.Array, aim: Aim) -> jax.Array:
        """A cautious first step length from the size of the rates."""
        scale = aim.atol + aim.rtol * jnp.abs(y)
        size, speed = jnp.sum((y / scale) ** 2), jnp.sum((self.field(0.0, y, c) / scale) ** 2)
        known = (speed > 0) & jnp.isfinite(speed)
        return jnp.where(known, 0.01 * jnp.sqrt(jnp.maximum(size, 1.0) / jnp.where(known, speed, 1.0)), 0.01)

    def watch(self, here: Here, ahead: Here, c: jax.Array, length: jax.Array, tried: Attempt, aim: Aim) -> Here:
        """``ahead``, or the earliest crossing inside the step, probed at its quarters."""
        probes = jnp.stack(
            [*(self.crossings(tried.inside(0.25 * q), c) for q in (1, 2, 3)), self.crossings(tried.y, c)]
        )
        rises = (jnp.concatenate([here.before[None], probes[:-1]]) <= 0) & (probes > 0)

        def cross() -> Here:
            quarter = jnp.argmax(jnp.any(rises, axis=1))
            fractions = jnp.where(rises[quarter], self.bisect(tried.inside, c, quarter, probes.shape[1]), jnp.inf)
            j = jnp.argmin(fractions)
            fraction, y = self.refine(here.y, c, length, j, fractions[j], aim)
            found = self.crossings(y, c)[j] > 0
            there = ahead._replace(
                y=y, t=here.t + fraction * length, h=length, cross=j, before=here.before.at[j].set(1.0)
            )
            return jax.tree.map(lambda a, b: jnp.where(found, a, b), there, passed)

        passed = ahead._replace(before=probes[-1])
        return jax.lax.cond(jnp.any(rises), cross, lambda: passed)

    def bisect(self, inside: Callable, c: jax.Array, quarter: jax.Array, count: int) -> jax.Array:
        """Fraction of the step where each crossing value has just risen through zero on the interpolant."""

        def halve(_: Any, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            low, high = ends
            middle = 0.5 * (low + high)
            above = jnp.stack([self.crossings(inside(middle[j]), c)[j] for j in range(count)]) > 0
            return jnp.where(above, low, middle), jnp.where(above, middle, high)

        low = jnp.full(count, 0.25 * quarter)
        return jax.lax.fori_loop(0, 40, halve, (low, low + 0.25))[1]

    def refine(
        self, y: jax.Array, c: jax.Array, length: jax.Array, j: jax.Array, guess: jax.Array, aim: Aim
    ) -> tuple[jax.Array, jax.Array]:
        """Fraction and state where crossing ``j`` has just risen, by Newton's method on steps of that length.

        The margin by which the root is overshot grows until the value is positive in floating point.
        """

        def look(fraction: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
            end = self.attempt(y, c, fraction * length, aim).y
            flow = self.field(0.0, end, c) * length
            value, rise = jax.jvp(lambda at: self.crossings(at, c)[j], (end,), (flow,))
            return end, value, jnp.where(rise > 0, value / rise, 0.0)

        def missed(now: tuple) -> jax.Array:
            _, _, value, correction, margin, tries = now
            return (tries < 30) & ((value <= 0) | (jnp.abs(correction) > 4 * margin))

        def again(now: tuple) -> tuple:
            fraction, _, _, correction, margin, tries = now
            fraction = jnp.clip(fraction - correction + margin, 0.0, 1.0)
            return fraction, *look(fraction), 4 * margin, tries + 1

        zero = jnp.zeros_like(length)
        start = (guess, y, zero, zero, zero + 1e-14, 0)
        fraction, end, *_ = jax.lax.while_loop(missed, again, start)
        return fraction, end


def _forgiving(field: Callable[[Any, Any, Any], jax.Array]) -> Callable[[Any, Any, Any], jax.Array]:
    """The same rates with finite slopes: x**0.7 has none at 0, and Newton's method can do without."""

    @jax.custom_jvp
    def rates(y: Any, c: Any) -> jax.Array:
        return field(0.0, y, c)

    @rates.defjvp
    def _(values: tuple, directions: tuple) -> tuple[jax.Array, jax.Array]:
        out, slope = jax.jvp(lambda y, c: field(0.0, y, c), values, directions)
        return out, jnp.where(jnp.isfinite(slope), slope, 0.0)

    return lambda t, y, c: rates(y, c)


class _Group:
    """Members that go through the same stretches of time together."""

    def __init__(self, job: Job, members: np.ndarray, events: EventRows):
        self.system: System = job.system
        self.solver: Any = job.solver
        self.walk: Walk = job.walk
        self.members = members
        self.plan: Schedule = job.schedules[members[0]]
        self.events = events
        self.outside = sum(event.crossing_of is None for event in self.system.events)
        self.before = self.walk.before[members]
        if np.isnan(self.before).any():  # before anything has happened nothing is above zero
            self.before[:] = 0.0
            action = int(self.walk.action[members[0]])
            if not self.constant_due(action, float(self.walk.t[members[0]])):
                self.walk.cross[members] = self.look(-1)

    @property
    def alive(self) -> np.ndarray:
        return self.members[self.walk.status[self.members] == DONE]

    def values(self, members: np.ndarray) -> dict[str, Any]:
        """All quantities by key, of shape ``(member,)``."""
        return self.system.values(self.walk.y[members].T, self.walk.c[members].T)

    def crossings(self) -> np.ndarray:
        """Crossing values, of shape ``(member, crossing)``."""
        found = np.empty((len(self.members), len(self.system.events) - self.outside))
        if found.shape[1]:
            for j, value in enumerate(self.system.crossings(self.values(self.members))):
                found[:, j] = value
        return found

    def due(self, action: int) -> float:
        """Time of a planned action (ms)."""
        return float(self.plan.time[action]) if action < len(self.plan.time) else math.inf

    def carry(self, save: np.ndarray, states: np.ndarray, end: float, tick: Callable[[float], None]) -> None:
        """Alternate between instants and stretches until ``end``, or until every member has failed."""
        while len(alive := self.alive):
            t = float(self.walk.t[alive[0]])
            action = self.instant(alive, t)
            self.judge(alive)
            alive = self.alive
            first, rest = np.searchsorted(save, t, side="left"), np.searchsorted(save, t, side="right")
            if t >= end:
                rest = len(save)
            states[:, alive, first:rest] = self.walk.y[alive].T[:, :, None]
            self.walk.save[alive] = rest
            tick(float(self.walk.t.min()))
            if t >= end:
                return
            if len(alive):
                limit = min(end, self.due(action))
                inside = save[rest : rest + STOPS]
                limit = min(limit, float(inside[-1])) if len(inside) == STOPS else limit
                self.advance(inside[inside < limit], limit, states[:, :, rest:])

    def instant(self, alive: np.ndarray, t: float) -> int:
        """Everything that happens at this time: a located crossing, due actions, what they push over zero.

        Returns the number of the next planned action.
        """
        walk = self.walk
        action, cross = int(walk.action[alive[0]]), int(walk.cross[alive[0]])
        fired = 0
        while cross >= 0 or self.due(action) <= t:
            if cross >= 0:
                fired += 1
                if fired > MOST_AT_ONCE:
                    walk.status[alive] = TOO_MANY_EVENTS
                    break
                self.fire(self.outside + cross, 1.0, alive, t)
                cross = -1
            else:
                changes = self.constant_due(action, t)
                self.act(action, alive, t)
                action += 1
                if changes and self.constant_due(action, t):
                    continue
            cross = self.look(cross)
        walk.action[alive], walk.cross[alive] = action, -1
        return action

    def constant_due(self, action: int, t: float) -> bool:
        """Whether a planned action is due and changes a constant."""
        return self.due(action) <= t and self.plan.kind[action] != OCCUR

    def look(self, cross: int) -> int:
        """Note which crossings are above zero; returns the one that happens next, the first that was not before.

        Crossings are followed for a group of one only.
        """
        before, after = self.before, self.crossings()
        for j in range(before.shape[1]):
            if before[0, j] <= 0.0 < after[0, j] and cross < 0:
                cross, before[0, j] = j, 1.0
            elif cross < 0 or after[0, j] <= 0.0:
                before[0, j] = after[0, j]
        self.walk.before[self.members] = before
        return cross

    def act(self, action: int, alive: np.ndarray, t: float) -> None:
        """Do one planned action."""
        kind, index, value = (table[action] for table in (self.plan.kind, self.plan.index, self.plan.value))
        if kind == OCCUR:
            self.fire(int(index), value, alive, t)
        else:
            scaled = self.walk.base[alive, index] * value
            self.walk.c[alive, index] = value if kind == ASSIGN else scaled

    def fire(self, event: int, amount: float, alive: np.ndarray, t: float) -> None:
        """Let an event happen now, and note what it emits."""
        for member in alive if len(self.walk.chances) else ():
            draw(member, self.walk)
        changed, emitted = self.system.fire(event, amount, self.values(alive))
        for i, entry in enumerate(self.system.states):
            if entry.key in changed:
                self.walk.y[alive, i] = changed[entry.key]
        sent = np.full((len(alive), len(self.system.emissions)), np.nan)
        for i, entry in enumerate(self.system.emissions):
            if entry.key in emitted:
                sent[:, i] = emitted[entry.key]
        for member, row in zip(alive, sent, strict=True):
            self.events[member].append(np.concatenate([[t], row])[None])

    def judge(self, alive: np.ndarray) -> None:
        """Stop members whose states or rates are not finite."""
        for member, slope in zip(alive, self.slopes(alive), strict=True):
            if not np.all(np.isfinite([*self.walk.y[member], *slope])):
                self.walk.status[member] = NOT_FINITE
                self.blame(member, slope)

    def slopes(self, members: np.ndarray) -> np.ndarray:
        """Rates of the members, of shape ``(member, state)``."""
        found = np.empty((len(members), len(self.system.states)))
        for i, rate in enumerate(self.system.rates(self.values(members))):
            found[:, i] = rate
        return found

    def blame(self, member: int, slope: np.ndarray) -> None:
        """Note the state that is not finite, or whose rate is largest for its size."""
        y = self.walk.y[member]
        size = np.abs(slope) / (self.solver.atol + self.solver.rtol * np.abs(y))
        self.walk.blame[member] = np.argmax(np.where(np.isfinite(size) & np.isfinite(y), size, np.inf))

    def advance(self, inside: np.ndarray, limit: float, states: np.ndarray) -> None:
        """Go on to ``limit``, or to the first crossing or failure; save at the times ``inside``."""
        walk, m, solver = self.walk, self.members, self.solver
        if not self.system.states:
            walk.t[m] = limit
            return
        stops = np.full(STOPS, limit)
        stops[: len(inside)] = inside
        aim = Aim(jnp.asarray(stops), solver.rtol, solver.atol, solver.max_steps)
        rows = (walk.y, walk.t, walk.h, walk.error, walk.steps, walk.status, walk.cross)
        one, many = compiled(self.system)
        if len(m) == 1:
            found = one(Here._make([*(row[m[0]] for row in rows), self.before[0]]), walk.c[m[0]], aim)
        else:
            found = many(Here._make([*(row[m] for row in rows), self.before]), walk.c[m], aim)
        here, saved = jax.tree.map(np.asarray, found)
        went = walk.status[m] == DONE
        for row, new in zip(rows, here, strict=False):
            row[m] = new
        self.before = np.array(here.before).reshape(len(m), -1)
        walk.before[m] = self.before
        for member, row in zip(m[went], saved.reshape(len(m), STOPS, -1).swapaxes(1, 2)[went], strict=True):
            # A value at the very instant of a crossing is overwritten by the one after it.
            count = np.searchsorted(inside, walk.t[member], side="right")
            states[:, member, :count] = row[:, :count]
        failed = m[went & (walk.status[m] != DONE)]
        for member, slope in zip(failed, self.slopes(failed), strict=True):
            self.blame(member, slope)
