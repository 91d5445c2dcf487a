"""Steps of Kvaerno 5(4) by diffrax between two instants, as pure JAX functions that are compiled once a system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
import optimistix as optx

from tripartite.interpret.arrays import crossing_values, vector_field
from tripartite.interpret.kernels import Held, conditions
from tripartite.language.system import System
from tripartite.solve.records import DONE, NOT_FINITE, STEP_TOO_SMALL, TOO_MANY_STEPS
from tripartite.solve.stepping import LEAST_ERROR


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
        held = Held(system) if conditions(system) else None
        self.field = _forgiving(vector_field(system, held))
        self.crossings = crossing_values(system, held)
        self.has_crossings = system.crossing_count > 0 or held is not None

    def go(self, here: Here, c: jax.Array, aim: Aim) -> tuple[Here, jax.Array]:
        """Go from stop to stop until a crossing, a failure or the last step of free switches.

        Also returns the states at the stops.
        """

        def to(here: Here, stop: jax.Array) -> tuple[Here, jax.Array]:
            def on_the_way(here: Here) -> jax.Array:
                return (here.t < stop) & (here.status == DONE) & (here.cross < 0) & (here.free != 1)

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
            free=jnp.maximum(here.free - 1, 0),
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
