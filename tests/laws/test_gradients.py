"""Derivatives of the kernels against finite differences and against JAX, which share no code with them."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tripartite.language import Mechanism

from . import index

every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


def by_differences(function: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Central differences of fourth order."""
    found = np.empty(len(x))
    for i, size in enumerate(np.abs(x)):
        h = 1e-3 * max(size, 1e-6)
        shift = np.zeros(len(x))
        shift[i] = h
        near = function(x + shift) - function(x - shift)
        far = function(x + 2 * shift) - function(x - 2 * shift)
        found[i] = (8 * near - far) / (12 * h)
    return found


def assert_same_slopes(found: np.ndarray, expected: np.ndarray, x: np.ndarray, rtol: float) -> None:
    """Equal to ``rtol`` of the largest effect that a relative change of one of ``x`` has."""
    effect, size = expected * x, np.abs(expected * x).max(initial=0.0)
    np.testing.assert_allclose(found * x, effect, rtol=rtol, atol=rtol * size)


@pytest.mark.parametrize("seed", range(3))
@every_mechanism
def test_derivatives_of_rates_agree_with_differences_and_jax(kind: type[Mechanism], seed: int) -> None:
    system = index.alone(kind)
    y, c = index.random_values(system, seed)
    w = np.random.default_rng(seed).normal(size=len(y))
    x, n = np.concatenate([y, c]), len(y)

    found = index.pull_back(index.derivatives(kind).rates, y, c, w)

    differences = by_differences(lambda x: float(w @ index.rates(kind, x[:n].copy(), x[n:].copy())), x)
    assert_same_slopes(found, differences, x, 1e-6)

    def weighted(x: jax.Array) -> jax.Array:
        rates = system.rates(system.values(x[:n], x[n:]))
        return jnp.asarray(sum((weight * rate for weight, rate in zip(w, rates, strict=True)), 0.0 * x.sum()))

    assert_same_slopes(found, np.asarray(jax.grad(weighted)(jnp.asarray(x))), x, 1e-11)


@every_mechanism
def test_derivatives_of_jumps_agree_with_differences(kind: type[Mechanism]) -> None:
    y, c = index.random_values(index.alone(kind), 0)
    w = np.random.default_rng(1).normal(size=len(y))
    x, n = np.concatenate([y, c]), len(y)
    for event in range(len(index.alone(kind).events)):

        def after(x: np.ndarray, event: int = event) -> float:
            return float(w @ index.fire(kind, event, 0.3, x[:n].copy(), x[n:].copy())[0])

        found = index.pull_back(index.derivatives(kind).fire, y, c, w, event, 0.3)
        assert_same_slopes(found, by_differences(after, x), x, 1e-6)


@every_mechanism
def test_derivatives_of_crossings_agree_with_differences(kind: type[Mechanism]) -> None:
    y, c = index.random_values(index.alone(kind), 0)
    x, n = np.concatenate([y, c]), len(y)
    w = np.ones(len(index.crossings(kind, y, c)))
    found = index.pull_back(index.derivatives(kind).crossings, y, c, w)
    expected = by_differences(lambda x: float(w @ index.crossings(kind, x[:n].copy(), x[n:].copy())), x)
    assert_same_slopes(found, expected, x, 1e-6)


@every_mechanism
def test_slopes_of_noise_by_its_own_state_agree_with_differences(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    y, c = index.random_values(system, 0)
    for number, (state, _) in enumerate(system.noises(system.values(y, c))):

        def amplitude(value: np.ndarray, number: int = number, state: int = state) -> float:
            moved = y.copy()
            moved[state] = value[0]
            return float(index.noises(kind, moved, c)[0][number])

        expected = by_differences(amplitude, y[state : state + 1])
        np.testing.assert_allclose(index.noises(kind, y, c)[1][number], expected[0], rtol=1e-6, atol=0)
