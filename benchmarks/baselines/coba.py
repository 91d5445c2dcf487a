"""COBA of Brette et al. (2007), benchmark 1: the numbers, the initial state and the report all baselines share.

Two choices of ours make one network for all simulators: a delay of one step, as NEST cannot do less, and initial
conductances below zero set to zero, as NEST refuses them. Units: mV, ms, nS, pF, pA.
"""

import argparse

import measures
import numpy as np

EXCITATORY, INHIBITORY, CONNECTED = 3200, 800, 0.02
C_M, G_L, E_L, V_TH, V_RESET, REFRACTORY = 200.0, 10.0, -60.0, -50.0, -60.0, 5.0
TAU_E, TAU_I, E_E, E_I, W_E, W_I = 5.0, 10.0, 0.0, -80.0, 6.0, 67.0
STEP, DELAY = 0.1, 0.1


def options(what: str | None) -> argparse.Namespace:
    """Command line of all three baselines."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--drive", type=float, default=0.0, help="constant current in pA; 200 keeps it active for ever")
    return parser.parse_args()


def initial(seed: int) -> dict[str, np.ndarray]:
    """Random ``v`` (mV), ``g_e`` and ``g_i`` (nS) of all cells."""
    rng, number = np.random.default_rng(seed), EXCITATORY + INHIBITORY
    v = E_L + 5 * rng.standard_normal(number) - 5
    g_e = 10 * (1.5 * rng.standard_normal(number) + 4)
    g_i = 10 * (12 * rng.standard_normal(number) + 20)
    return {"v": v, "g_e": np.maximum(g_e, 0), "g_i": np.maximum(g_i, 0)}


def connections(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Presynaptic and postsynaptic cell of each connection, sorted by the first."""
    rng, number = np.random.default_rng(seed + 1_000_000), EXCITATORY + INHIBITORY
    return np.nonzero(rng.random((number, number)) < CONNECTED)


def report(simulator: str, args: argparse.Namespace, build: float, simulate: float, who, when) -> dict[str, object]:
    """What is printed; the first 100 ms (the transient) count for the time and not for the rates."""
    who, when, end = np.asarray(who), np.asarray(when), args.seconds * 1e3
    return {
        "simulator": simulator,
        "network": "coba" if args.drive == 0 else f"coba-driven-{args.drive:g}pA",
        **{"seed": args.seed, "threads": args.threads, "biological_s": args.seconds},
        "build_s": build,
        "simulate_s": simulate,
        "s_per_biological_s": simulate / args.seconds,
        "last_spike_ms": float(when.max()) if len(when) else None,
        **measures.spikes(who, when, EXCITATORY, EXCITATORY + INHIBITORY, min(100.0, end / 2), end),
    }
