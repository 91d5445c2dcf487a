"""COBA of Brette et al. (2007), benchmark 1, with brainevent's event-driven matrices in JAX; prints one JSON line.

Exponential Euler for v with the conductances held over the step, exact decay of the conductances, float32 unless
``--float64``. One scan on one CPU device; spikes come back as a raster of bits, ``(step, cell)``.
"""

import json
import os
import sys
import time

import coba
import numpy as np

DOUBLE = "--float64" in sys.argv
if DOUBLE:
    sys.argv.remove("--float64")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_ENABLE_X64"] = str(DOUBLE)

import brainevent  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

NUMBER = coba.EXCITATORY + coba.INHIBITORY
REAL = jnp.float64 if DOUBLE else jnp.float32


def matrix(pre: np.ndarray, post: np.ndarray, cells: int, weight: float) -> brainevent.CSR:
    """Connections as compressed rows with one weight."""
    pointer = np.concatenate([[0], np.cumsum(np.bincount(pre, minlength=cells))])
    parts = (jnp.asarray([weight], REAL), jnp.asarray(post, jnp.int32), jnp.asarray(pointer, jnp.int32))
    return brainevent.CSR(parts, shape=(cells, NUMBER))


def main() -> None:
    """Build, compile, run, measure."""
    args = coba.options(__doc__)
    begun = time.perf_counter()
    pre, post = coba.connections(args.seed)
    is_e = pre < coba.EXCITATORY
    exc = matrix(pre[is_e], post[is_e], coba.EXCITATORY, coba.W_E)
    inh = matrix(pre[~is_e] - coba.EXCITATORY, post[~is_e], coba.INHIBITORY, coba.W_I)
    decay_e, decay_i = np.exp(-coba.STEP / coba.TAU_E), np.exp(-coba.STEP / coba.TAU_I)
    rest = round(coba.REFRACTORY / coba.STEP)

    def step(state, _):
        v, g_e, g_i, wait, spiked = state
        total = coba.G_L + g_e + g_i
        at_rest = (coba.G_L * coba.E_L + g_i * coba.E_I + args.drive) / total
        moved = at_rest + (v - at_rest) * jnp.exp(-total * (coba.STEP / coba.C_M))
        active = wait <= 0
        fired = active & (moved > coba.V_TH)
        v = jnp.where(fired, coba.V_RESET, jnp.where(active, moved, v))
        wait = jnp.where(fired, rest - 1, wait - 1)
        g_e = g_e * decay_e + brainevent.BinaryArray(spiked[: coba.EXCITATORY]) @ exc
        g_i = g_i * decay_i + brainevent.BinaryArray(spiked[coba.EXCITATORY :]) @ inh
        return (v.astype(REAL), g_e.astype(REAL), g_i.astype(REAL), wait, fired), jnp.packbits(fired)

    start = coba.initial(args.seed)
    state = (
        *(jnp.asarray(start[k], REAL) for k in ("v", "g_e", "g_i")),
        jnp.zeros(NUMBER, jnp.int32),
        jnp.zeros(NUMBER, bool),
    )
    steps = round(args.seconds * 1e3 / coba.STEP)
    run = jax.jit(lambda s: jax.lax.scan(step, s, length=steps)).lower(state).compile()
    built = time.perf_counter()
    _, raster = jax.block_until_ready(run(state))
    done = time.perf_counter()
    when, who = np.nonzero(np.unpackbits(np.asarray(raster), axis=1)[:, :NUMBER])
    name = f"brainevent {brainevent.__version__}, JAX {jax.__version__}, {np.dtype(REAL).name}"
    print(json.dumps(coba.report(name, args, built - begun, done - built, who, (when + 1) * coba.STEP)))


if __name__ == "__main__":
    main()
