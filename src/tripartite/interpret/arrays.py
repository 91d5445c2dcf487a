"""Third reading: JAX arrays, packed and batched, for differentiation, implicit solvers and accelerators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.core import Tracer

from tripartite import cache
from tripartite.interpret.kernels.held import Held
from tripartite.language import functions
from tripartite.language.system import System

jax.config.update("jax_enable_x64", True)
if jax.config.jax_compilation_cache_dir is None and (folder := cache.private("jax")):  # type: ignore[attr-defined]
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.1)

functions.teach(
    lambda kind: issubclass(kind, jax.Array | Tracer),
    {
        "exp": jnp.exp,
        "log": jnp.log,
        "sqrt": jnp.sqrt,
        "tanh": jnp.tanh,
        "absolute": jnp.abs,
        "where": jnp.where,
    },
)


def vector_field(system: System, held: Held | None = None) -> Callable[[Any, Any, Any], jax.Array]:
    """Rates as ``f(t, y, c)``; y of shape ``(state, ...)`` and c ``(constant, ...)``, rates shaped like y.

    ``held``: the same system with its switches held, if it has any; here as in `crossing_values`.
    """

    def rates(t: Any, y: Any, c: Any) -> jax.Array:
        del t
        found = held.rates(y, c) if held else system.rates(system.values(y, c))
        return jnp.stack([jnp.broadcast_to(rate, jnp.shape(y[0])) for rate in found])

    return rates


def crossing_values(system: System, held: Held | None = None) -> Callable[[Any, Any], jax.Array]:
    """Crossing values as ``g(y, c)`` of shape ``(crossing, ...)``."""

    def crossings(y: Any, c: Any) -> jax.Array:
        found = held.crossings(y, c) if held else system.crossings(system.values(y, c))
        return jnp.stack([jnp.asarray(g) for g in found])

    return crossings
