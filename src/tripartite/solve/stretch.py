"""Steps of Kvaerno 5(4) by diffrax between two instants, as pure JAX functions that are compiled once a system."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import optimistix as optx

from tripartite.interpret.arrays import crossing_values, vector_field
from tripartite.interpret.kernels import Held, conditions
from tripartite.language.system import System
from tripartite.solve.kvaerno import even_share, inside, odd_share
from tripartite.solve.records import DONE, NOT_FINITE, STEP_TOO_SMALL, TOO_MANY_STEPS
from tripartite.solve.stepping import LEAST_ERROR

_PLACE = 0.25
"""Where in a step, and as far from its end, its polynomial is held against steps that end there."""
_LEFT = 0.2
"""Of its error there, what is left of it elsewhere at most once it is corrected."""


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
    free: jax.Array


class Aim(NamedTuple):
    """How far and how accurately, and the times to save at before; infinite where there are none."""

    stop: jax.Array
    saves: jax.Array
    rtol: float
    atol: float
    max_steps: int


class Attempt(NamedTuple):
    """A step that was tried: its end, its scaled error, the slope at its start, and its stages times its length."""

    y: jax.Array
    error: jax.Array
    slope: jax.Array
    k: jax.Array


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
        held = Held(system) if conditions(system) else None
        self.field = _forgiving(vector_field(system, held))
        self.crossings = crossing_values(system, held)
        self.has_crossings = system.crossing_count > 0 or held is not None

    def go(self, here: Here, c: jax.Array, aim: Aim) -> tuple[Here, jax.Array]:
        """Go to the stop, or to a crossing, a failure or the last step of free switches.

        Also returns the states at the times to save, as far as it got.
        """

        def on_the_way(now: tuple[Here, jax.Array]) -> jax.Array:
            here = now[0]
            return (here.t < aim.stop) & (here.status == DONE) & (here.cross < 0) & (here.free != 1)

        saved = jnp.full((len(aim.saves), len(here.y)), jnp.nan)
        return jax.lax.while_loop(on_the_way, lambda now: self.step(*now, c, aim), (here, saved))

    def step(self, here: Here, saved: jax.Array, c: jax.Array, aim: Aim) -> tuple[Here, jax.Array]:
        """Try one step, and save inside; step control as in the explicit driver."""
        h = jnp.where(here.h > 0, here.h, self.first_step(here.y, c, aim))
        stop = aim.stop
        reaches = here.t + h * (1 + 1e-10) >= stop
        length = jnp.where(reaches, stop - here.t, h)
        tried = self.attempt(here.y, c, length, aim)
        inner = jnp.any((aim.saves > here.t) & (aim.saves <= here.t + length))
        nothing = saved, jnp.zeros_like(length)
        seen, missed = jax.lax.cond(inner, lambda: self.look(here, c, length, tried, aim), lambda: nothing)
        error = jnp.maximum(tried.error, missed)
        steps = here.steps + 1
        keep = (error <= 1) & (steps <= aim.max_steps)
        log_error = jnp.log(jnp.maximum(error, 1e-12))
        growth = jnp.clip(0.9 * jnp.exp(0.08 * here.error - 0.14 * log_error), 0.2, 5.0)
        grown = jnp.where(reaches, jnp.maximum(h, length * growth), length * growth)
        shrunk = length * jnp.maximum(0.2, 0.9 * error**-0.2)
        too_small = ~keep & (shrunk < 1e-13 * jnp.maximum(1.0, jnp.abs(here.t)))
        status = jnp.where(too_small, STEP_TOO_SMALL, here.status)
        status = jnp.where(steps > aim.max_steps, TOO_MANY_STEPS, status)
        status = jnp.where(jnp.all(jnp.isfinite(tried.slope)), status, NOT_FINITE)
        there = Here(
            y=tried.y,
            t=jnp.where(reaches, stop, here.t + length),
            h=grown,
            error=jnp.maximum(log_error, LEAST_ERROR),
            steps=steps,
            status=status,
            cross=here.cross,
            before=here.before,
            free=jnp.maximum(here.free - 1, 0),
        )
        if self.has_crossings:
            there = jax.lax.cond(keep, lambda: self.watch(here, there, c, length, tried, aim), lambda: there)
        stay = here._replace(h=shrunk, steps=steps, status=status)
        there = jax.tree.map(lambda new, old: jnp.where(keep, new, old), there, stay)
        passed = (aim.saves > here.t) & (aim.saves <= there.t)
        return there, jax.lax.cond(inner, lambda: jnp.where(passed[:, None], seen, saved), lambda: saved)

    def look(
        self, here: Here, c: jax.Array, length: jax.Array, tried: Attempt, aim: Aim
    ) -> tuple[jax.Array, jax.Array]:
        """States at the times to save inside a step that was tried, and their scaled error.

        One or two are where steps of that length end. Where there are more, steps to two places inside say how far the
        polynomial is off there, and with it elsewhere.
        """
        fractions = (aim.saves - here.t) / length
        passed = (fractions > 0) & (fractions <= 1)
        fractions = jnp.where(passed, fractions, 0.0)
        count = jnp.sum(passed)
        ends = jnp.stack([jnp.min(jnp.where(passed, fractions, 1.0)), jnp.max(fractions)])
        places = jnp.where(count > 2, jnp.array([_PLACE, 1 - _PLACE]), ends)

        def solve(now: tuple) -> tuple:
            number, found, worst = now
            end = self.attempt(here.y, c, places[number] * length, aim)
            return number + 1, found.at[number].set(end.y), jnp.maximum(worst, end.error)

        # No rounds where nothing is saved, also when no member of an ensemble saves.
        first = jnp.where((count > 0) & (tried.error <= 1), 2 - jnp.minimum(count, 2), 2)
        guess = inside(here.y, tried.k, places)
        start = (first, guess, jnp.zeros_like(length))
        _, found, worst = jax.lax.while_loop(lambda now: now[0] < 2, solve, start)
        off = found - guess
        scaled = off / (aim.atol + aim.rtol * jnp.maximum(jnp.abs(here.y), jnp.abs(tried.y)))
        left = _LEFT * jnp.sqrt(jnp.mean(scaled**2, axis=1).max())
        even, odd = (share(fractions)[:, None] / share(_PLACE) for share in (even_share, odd_share))
        curve = inside(here.y, tried.k, fractions) + 0.5 * (even * (off[0] + off[1]) + odd * (off[0] - off[1]))
        one_or_two = jnp.where((fractions == ends[1])[:, None], found[1], found[0])
        return jnp.where(count > 2, curve, one_or_two), jnp.where(count > 2, jnp.maximum(worst, left), worst)

    def attempt(self, y: jax.Array, c: jax.Array, length: Any, aim: Aim) -> Attempt:
        """One step of the method; infinite error where it did not succeed."""
        method = diffrax.Kvaerno5(root_finder=Chord(aim.rtol, aim.atol))  # type: ignore[arg-type]
        term = diffrax.ODETerm(self.field)  # type: ignore[arg-type]
        start = jnp.zeros_like(length)
        memory = method.init(term, start, length, y, c)
        new, error, within, _, _ = method.step(term, start, length, y, c, memory, False)
        scaled = error / (aim.atol + aim.rtol * jnp.maximum(jnp.abs(y), jnp.abs(new)))
        size = jnp.sqrt(jnp.mean(scaled**2))
        good = jnp.isfinite(size) & jnp.all(jnp.isfinite(new))
        return Attempt(new, jnp.where(good, size, jnp.inf), self.field(0.0, y, c), within["k"])

    def first_step(self, y: jax.Array, c: jax.Array, aim: Aim) -> jax.Array:
        """A cautious first step length from the size of the rates."""
        scale = aim.atol + aim.rtol * jnp.abs(y)
        size, speed = jnp.sum((y / scale) ** 2), jnp.sum((self.field(0.0, y, c) / scale) ** 2)
        known = (speed > 0) & jnp.isfinite(speed)
        return jnp.where(known, 0.01 * jnp.sqrt(jnp.maximum(size, 1.0) / jnp.where(known, speed, 1.0)), 0.01)

    def watch(self, here: Here, ahead: Here, c: jax.Array, length: jax.Array, tried: Attempt, aim: Aim) -> Here:
        """``ahead``, or the earliest crossing inside the step, probed at its quarters."""
        curve = partial(inside, here.y, tried.k)
        quarters = curve(jnp.array([0.25, 0.5, 0.75]))
        probes = jnp.stack([self.crossings(y, c) for y in (*quarters, tried.y)])
        rises = (jnp.concatenate([here.before[None], probes[:-1]]) <= 0) & (probes > 0)

        def cross() -> Here:
            quarter = jnp.argmax(jnp.any(rises, axis=1))
            fractions = jnp.where(rises[quarter], self.bisect(curve, c, quarter, probes.shape[1]), jnp.inf)
            j = jnp.argmin(fractions)
            fraction, y = self.refine(here.y, c, length, j, fractions[j], aim)
            found = self.crossings(y, c)[j] > 0
            there = ahead._replace(
                y=y, t=here.t + fraction * length, h=length, cross=j, before=here.before.at[j].set(1.0)
            )
            return jax.tree.map(lambda a, b: jnp.where(found, a, b), there, passed)

        passed = ahead._replace(before=probes[-1])
        return jax.lax.cond(jnp.any(rises), cross, lambda: passed)

    def bisect(self, curve: Callable, c: jax.Array, quarter: jax.Array, count: int) -> jax.Array:
        """Fraction of the step where each crossing value has just risen through zero on the interpolant."""

        def halve(_: Any, ends: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            low, high = ends
            middle = 0.5 * (low + high)
            above = jnp.stack([self.crossings(curve(middle[j]), c)[j] for j in range(count)]) > 0
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
        start = (guess, y, zero, zero, jnp.clip(1e-14 / length, 1e-16, 1e-14), 0)
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
