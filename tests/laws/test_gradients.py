"""Derivatives of the kernels against finite differences and against JAX, which share no code with them."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tripartite.interpret import arrays
from tripartite.language import Mechanism

from . import index, written

assert jax.config.jax_enable_x64, arrays
every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


def by_differences(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """Central differences of fourth order; ``x`` and what is found ``(quantity, draw)``, all computed at once."""
    h = 3e-4 * np.maximum(np.abs(x), 1e-6)
    shift = np.eye(len(x))[:, None, :, None] * h.T[None, :, :, None] * np.array([-2, -1, 1, 2])
    far_below, below, above, far_above = np.moveaxis(function(x[:, :, None, None] + shift), -1, 0)
    return (8 * (above - below) - (far_above - far_below)).T / (12 * h)


def assert_same_slopes(found: np.ndarray, expected: np.ndarray, x: np.ndarray, rtol: float) -> None:
    """Equal to ``rtol`` of the largest effect that a relative change of one of ``x`` has in its draw."""
    effect = expected * x
    allowed = rtol * np.abs(effect).max(axis=0, initial=0.0) + rtol * np.abs(effect)
    assert np.all(np.abs(found * x - effect) <= allowed), (found * x, effect)


def weights(shape: tuple[int, ...], seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def along(w: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The sum over quantities of weights ``(quantity, draw)`` and values ``(quantity, draw, ...)``."""
    return np.einsum("qd,qd...->d...", w, values)


@every_mechanism
def test_derivatives_of_rates_agree_with_differences_and_jax(kind: type[Mechanism]) -> None:
    system, kernels = index.alone(kind), written.kernels(kind)
    y, c = index.draws(kind)
    w, n = weights(y.shape), len(y)
    x = np.concatenate([y, c])

    found = kernels.pull_back("rates", y, c, w)

    assert_same_slopes(found, by_differences(lambda x: along(w, kernels.rates(x[:n], x[n:])), x), x, 1e-6)

    def weighted(x: list[jax.Array]) -> jax.Array:
        rates = system.rates(system.values(x[:n], x[n:]))
        return jnp.sum(sum((weight * rate for weight, rate in zip(w, rates, strict=True)), 0.0 * x[0]))

    by_jax = jax.grad(weighted)(list(map(jnp.asarray, x))) if len(x) else x
    assert_same_slopes(found, np.asarray(by_jax), x, 1e-11)


@every_mechanism
def test_derivatives_of_jumps_agree_with_differences(kind: type[Mechanism]) -> None:
    kernels = written.kernels(kind)
    y, c = index.draws(kind)
    w, n = weights(y.shape), len(y)
    x = np.concatenate([y, c])
    for event in range(len(index.alone(kind).events)):

        def after(x: np.ndarray, event: int = event) -> np.ndarray:
            return along(w, kernels.fire(event, 0.3, x[:n], x[n:])[0])

        found = kernels.pull_back("fire", y, c, w, event, 0.3)
        assert_same_slopes(found, by_differences(after, x), x, 1e-6)


@every_mechanism
def test_derivatives_of_crossings_agree_with_differences(kind: type[Mechanism]) -> None:
    kernels = written.kernels(kind)
    y, c = index.draws(kind)
    w, n = np.ones((kernels.crossing_count, y.shape[1])), len(y)
    x = np.concatenate([y, c])
    found = kernels.pull_back("crossings", y, c, w)
    expected = by_differences(lambda x: along(w, kernels.crossings(x[:n], x[n:])), x)
    assert_same_slopes(found, expected, x, 1e-6)


@every_mechanism
def test_slopes_of_noise_by_its_own_state_agree_with_differences(kind: type[Mechanism]) -> None:
    system, kernels = index.alone(kind), written.kernels(kind)
    y, c = index.draws(kind)
    for number, (state, _) in enumerate(system.noises(system.values(y, c))):

        def amplitude(value: np.ndarray, number: int = number, state: int = state) -> np.ndarray:
            moved = np.broadcast_to(y[:, :, None, None], (*y.shape, *value.shape[2:])).copy()
            moved[state] = value[0]
            return kernels.noises(moved, c[:, :, None, None])[0][number]

        expected = by_differences(amplitude, y[state : state + 1])[0]
        np.testing.assert_allclose(kernels.noises(y, c)[1][number], expected, rtol=1e-6, atol=0)
