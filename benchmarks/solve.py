"""Time simulation, ensembles and gradients of G-ChI against SciPy and libRoadRunner, in one run.

Writes its part of RESULTS.md; ratios are medians over interleaved pairs. libRoadRunner runs in the environment whose
Python is given as ``--roadrunner`` (see README.md).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from _page import machine, table, write_part

import tripartite as tp
from tripartite.units import s, uM

sys.path.insert(0, str(Path(__file__).parent / "baselines"))
import scipy_lsoda
from parameter_sets import parameter_sets

MODEL = tp.models.GChi()
PROTOCOL = tp.protocols.Constant(glutamate=1 * uM)
SETS = 10_000


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def paired(first: Callable[[], object], second: Callable[[], object], repeats: int) -> dict[str, float]:
    """Median seconds of two calls made in turn, and the median of their ratios second / first."""
    first(), second()
    pairs = [(seconds(first), seconds(second)) for _ in range(repeats)]
    return {
        "ours_s": statistics.median(a for a, _ in pairs),
        "theirs_s": statistics.median(b for _, b in pairs),
        "ratio": statistics.median(b / a for a, b in pairs),
    }


def simulate() -> tp.Result:
    """100 s of G-ChI (AM, glutamate 1 µM), 1001 saved points, rtol 1e-6, atol 1e-9."""
    return tp.simulate(MODEL, PROTOCOL, until=100 * s)


def single() -> dict[str, object]:
    """One run against SciPy's two ways to LSODA, right-hand side compiled by Numba."""
    rates, out = scipy_lsoda.compiled_rates(), np.empty(3)
    arguments = (scipy_lsoda.UPTAKE, scipy_lsoda.GLUTAMATE, scipy_lsoda.TIMES)
    exact = scipy_lsoda.reference(scipy_lsoda.UPTAKE, scipy_lsoda.GLUTAMATE)[:, 0]
    return {
        "against solve_ivp": paired(simulate, lambda: scipy_lsoda._solve_ivp(rates, *arguments, 1e-6, 1e-9), 51),
        "against odeint": paired(simulate, lambda: scipy_lsoda._odeint(rates, *arguments, out), 201),
        "with the labelled dataset": statistics.median(seconds(lambda: simulate().data) for _ in range(51)),
        "largest error of calcium (uM)": float(np.abs(simulate()["ca"].values - exact).max()),
    }


def ensemble(roadrunner: str | None) -> dict[str, object]:
    """10,000 parameter sets x 100 s, 1001 points each, on all cores; libRoadRunner over the same sets."""
    uptake, glutamate = parameter_sets(SETS)
    vary = {"uptake": uptake * uM / s, "glutamate": glutamate * uM}

    def run() -> tp.Result:
        return tp.simulate(MODEL, until=100 * s, vary=vary)

    run()
    found: dict[str, object] = {"ours_s": statistics.median(seconds(run) for _ in range(5))}
    run().data.load()
    found["peak memory (GiB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    if roadrunner:
        script = Path(__file__).parent / "baselines" / "roadrunner_gchi.py"
        command = [roadrunner, str(script), "--sets", str(SETS)]
        found["libroadrunner"] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def mean_square(traces):
    """A scalar of the result."""
    return jnp.mean(traces["ca"] ** 2)


def gradients() -> dict[str, object]:
    """All derivatives of a scalar by one way back, in forward solves."""
    every = [entry.key for entry in MODEL.system.constants]

    def run() -> object:
        return tp.gradient(mean_square, MODEL, PROTOCOL, until=100 * s, by=every)

    found = paired(simulate, run, 101)
    return {
        "parameters": len(every),
        "forward_s": found["ours_s"],
        "gradient_s": found["theirs_s"],
        "forward solves": found["ratio"],
    }


def cold() -> dict[str, float]:
    """Starting anew: import, list, and the second run of an experiment."""

    def of(*command: str) -> float:
        return statistics.median(
            seconds(lambda: subprocess.run(command, check=False, capture_output=True)) for _ in range(5)
        )

    tripartite = str(Path(sys.executable).parent / "tripartite")
    out = ["--out", "results/benchmark"]
    subprocess.run([tripartite, "run", "stimberg2019-synapse", *out], check=False, capture_output=True)
    return {
        "python -c pass": of(sys.executable, "-c", "pass"),
        "import tripartite": of(sys.executable, "-c", "import tripartite"),
        "tripartite list": of(tripartite, "list"),
        "second tripartite run stimberg2019-synapse": of(tripartite, "run", "stimberg2019-synapse", *out),
    }


def results(one: dict, slope: dict, start: dict, many: dict) -> str:
    """The part of RESULTS.md."""
    ivp, odeint = one["against solve_ivp"], one["against odeint"]
    rows = [
        ("one run, SciPy `solve_ivp` LSODA", f"{1e3 * ivp['theirs_s']:.2f} ms", f"{ivp['ratio']:.1f} x"),
        ("one run, SciPy `odeint` (LSODA)", f"{1e3 * odeint['theirs_s']:.2f} ms", f"{odeint['ratio']:.1f} x"),
        ("**one run, tripartite**", f"{1e3 * odeint['ours_s']:.2f} ms", "1"),
        ("the same with its labelled dataset", f"{1e3 * one['with the labelled dataset']:.2f} ms", ""),
    ]
    if "libroadrunner" in many:
        theirs = many["libroadrunner"]["total_s"]
        rows.append(
            (
                f"{SETS:,} runs, libRoadRunner (CVODE), one process",
                f"{theirs:.1f} s",
                f"{theirs / many['ours_s']:.1f} x",
            )
        )
    rows += [
        (f"**{SETS:,} runs, tripartite, {len(os.sched_getaffinity(0))} cores**", f"{many['ours_s']:.2f} s", "1"),
        (
            f"one run and its derivatives by {slope['parameters']} constants",
            f"{1e3 * slope['gradient_s']:.2f} ms",
            f"{slope['forward solves']:.1f} forward solves",
        ),
    ]
    rows += [(name, f"{seconds_:.2f} s", "") for name, seconds_ in start.items()]
    return (
        "G-ChI astrocyte (set AM, 1 µM glutamate), 100 s, 1,001 saved points, rtol 1e-6, atol 1e-9, compiled "
        "beforehand. SciPy gets a right-hand side compiled by Numba. Medians; ratios are medians over runs made in "
        "turn.\n\n"
        "```sh\n.venv/bin/python benchmarks/solve.py --roadrunner ../baseline-roadrunner/bin/python\n```\n\n"
        f"{table(('', 'time', 'ratio'), rows)}\n\n"
        "Largest error of calcium in the single run against LSODA at 1e-10: "
        f"{one['largest error of calcium (uM)']:.1e} µM. Peak memory of the process, {SETS:,} members x 1,001 points "
        f"x 3 states: {many['peak memory (GiB)']:.2f} GiB.\n\n"
        f"{machine('numpy', 'scipy', 'numba', 'jax')}\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roadrunner", help="Python of an environment with libroadrunner and antimony")
    chosen = parser.parse_args()
    page = results(single(), gradients(), cold(), ensemble(chosen.roadrunner))
    write_part("One cell and many of them", page)
    print(page)
