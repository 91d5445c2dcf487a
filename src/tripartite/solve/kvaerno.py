"""States inside a step of Kvaerno's 5(4) method: a polynomial of order 4 in its stages that stays calm when stiff."""

from __future__ import annotations

from typing import Any

import diffrax
import jax
import jax.numpy as jnp
import numpy as np


def _weights() -> np.ndarray:
    """Powers of the fraction of a step, from 0 to 4, by stage: what each stage adds is ``powers @ weights[:, stage]``.

    With all stages of order 2, five conditions make the polynomial one of order 4; two remain free. They say what
    becomes of a state with the rate z y / h for z to minus infinity: it is bounded (as the first stage is explicit, it
    grows like z otherwise, as Hermite's polynomial does), and (1 - theta)**4 of it is left.
    """
    tableau = diffrax.Kvaerno5.tableau
    count = len(tableau.c) + 1
    a = np.zeros((count, count))
    for stage, row in enumerate(tableau.a_lower, 1):
        a[stage, :stage] = row
    a[np.arange(count), np.arange(count)] = tableau.a_diagonal
    c = a.sum(axis=1)
    back = np.linalg.inv(a[1:, 1:])
    # Stage values for large z, to the orders 1 and 1 / z.
    first = np.concatenate([[1.0], -back @ a[1:, 0]])
    second = np.concatenate([[0.0], -back.sum(axis=1) - back @ back @ a[1:, 0]])
    conditions = np.array([c**0, c, c**2, c**3, a @ c**2, first, second])
    wanted = np.zeros((count, 5))
    for row, (power, value) in enumerate([(1, 1.0), (2, 1 / 2), (3, 1 / 3), (4, 1 / 4), (4, 1 / 12)]):
        wanted[row, power] = value
    wanted[-1, 1:] = [-4, 6, -4, 1]
    return np.linalg.solve(conditions, wanted).T


WEIGHTS = _weights()


def inside(y: jax.Array, k: jax.Array, fraction: jax.Array) -> jax.Array:
    """States at fractions of a step from ``y``, ``(..., state)``; ``k`` ``(stage, state)``: slopes times its length."""
    powers = fraction[..., None] ** jnp.arange(WEIGHTS.shape[0])
    return y + powers @ WEIGHTS @ k


def even_share(fraction: Any) -> Any:
    """How far off the polynomial is at a fraction of a step where rates are smooth, but for a factor."""
    return (fraction * (1 - fraction)) ** 2


def odd_share(fraction: Any) -> Any:
    """How far off it is in states that follow others at once, whose stages are of order 2 only, but for a factor."""
    return fraction * (1 - fraction) * (1 - 2 * fraction)
