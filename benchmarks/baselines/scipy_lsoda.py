"""Time a 100 s run of G-ChI with SciPy's LSODA and a right-hand side compiled by Numba.

Set AM of De Pitta 2009, static receptor, glutamate 1 uM, 1001 saved points. Run as a script
it prints JSON.
"""

import json
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from parameter_sets import parameter_sets
from scipy.integrate import odeint, solve_ivp

Array = NDArray[np.float64]

INITIAL = np.array([0.09, 0.78, 0.22])  # C (uM), h, I (uM)
TIMES = np.linspace(0.0, 100.0, 1001)  # s
UPTAKE, GLUTAMATE = 0.9, 1.0  # uM/s, uM
RTOL, ATOL = 1e-6, 1e-9


class Timing(NamedTuple):
    """Median seconds per run, least seconds, and the trajectory `(time, 3)`: C, h, I."""

    median: float
    least: float
    trajectory: Array


def rates(t: float, y: Array, uptake: float, glutamate: float, out: Array) -> Array:
    """Derivatives of C, h, I, written into `out`; concentrations in uM, time in s."""
    C, h, I = y[0], y[1], y[2]
    d1, d2, d3, d5, a2 = 0.13, 1.049, 0.9434, 0.08234, 0.2
    gradient = 2.0 - 1.185 * C
    C2 = C * C
    gate = I / (I + d1) * (C / (C + d5)) * h
    Q2 = d2 * (I + d1) / (I + d3)
    K_gamma = 1.3 + 10.0 * C / (C + 0.6)
    # One power instead of two: g^0.7/(g^0.7 + K^0.7) = 1/(1 + (K/g)^0.7).
    J_beta = 0.2 / (1.0 + (K_gamma / glutamate) ** 0.7)
    J_delta = 0.02 / (1.0 + I / 1.5) * C2 / (C2 + 0.1 * 0.1)
    J_3K = 2.0 * C2 * C2 / (C2 * C2 + 0.7 * 0.7 * 0.7 * 0.7) * I / (I + 1.0)
    out[0] = (6.0 * gate * gate * gate + 0.11) * gradient - uptake * C2 / (C2 + 0.1 * 0.1)
    out[1] = a2 * (Q2 * (1.0 - h) - C * h)
    out[2] = J_beta + J_delta - J_3K - 0.04 * I
    return out


def compiled_rates() -> Any:
    """`rates` compiled for double precision, before anything is timed."""
    import numba

    vector = numba.float64[::1]
    scalar = numba.float64
    return numba.njit(vector(scalar, vector, scalar, scalar, vector))(rates)


def reference(uptake: float, glutamate: float, times: Array = TIMES) -> Array:
    """Trajectory `(time, 3)` at rtol 1e-10 and atol 1e-12, to measure errors against."""
    return _solve_ivp(rates, uptake, glutamate, times, 1e-10, 1e-12)


def time_solve_ivp(repeats: int = 21) -> Timing:
    """`solve_ivp(method="LSODA")` with `t_eval`."""
    function = compiled_rates()
    return _measure(lambda: _solve_ivp(function, UPTAKE, GLUTAMATE, TIMES, RTOL, ATOL), repeats)


def time_odeint(repeats: int = 21) -> Timing:
    """`odeint`, whose loop over the steps is in compiled code."""
    function = compiled_rates()
    out = np.empty(3)

    def run() -> Array:
        return _odeint(function, UPTAKE, GLUTAMATE, TIMES, out)

    return _measure(run, repeats)


def time_odeint_sets(count: int, times: Array = TIMES) -> float:
    """Seconds per set of `odeint` over the first `count` parameter sets, one after another."""
    function = compiled_rates()
    out = np.empty(3)
    sets = list(zip(*parameter_sets(count), strict=True))
    start = time.perf_counter()
    for uptake, glutamate in sets:
        _odeint(function, uptake, glutamate, times, out)
    return (time.perf_counter() - start) / count


def _odeint(function: Callable, uptake: float, glutamate: float, times: Array, out: Array) -> Array:
    """States `(time, 3)`; every call of `function` writes into the same `out`."""
    states, info = odeint(
        function,
        INITIAL,
        times,
        (uptake, glutamate, out),
        rtol=RTOL,
        atol=ATOL,
        mxstep=100_000,
        tfirst=True,
        full_output=True,
    )
    if info["message"] != "Integration successful.":
        raise RuntimeError(info["message"])
    return states


def _solve_ivp(function: Callable, uptake: float, glutamate: float, times: Array, rtol: float, atol: float) -> Array:
    """States `(time, 3)`; each call of `function` gets its own output array."""
    solution = solve_ivp(
        lambda t, y: function(t, y, uptake, glutamate, np.empty(3)),
        (times[0], times[-1]),
        INITIAL,
        method="LSODA",
        t_eval=times,
        rtol=rtol,
        atol=atol,
    )
    if not solution.success:
        raise RuntimeError(solution.message)
    return solution.y.T


def _measure(run: Callable[[], Array], repeats: int) -> Timing:
    """Call `run` once to warm up, then time it `repeats` times."""
    trajectory = run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return Timing(statistics.median(seconds), min(seconds), trajectory)


def main() -> None:
    """Print seconds per run and the largest difference from the reference, as JSON."""
    exact = reference(UPTAKE, GLUTAMATE)
    report = {}
    for name, timing in (("solve_ivp LSODA", time_solve_ivp()), ("odeint", time_odeint())):
        report[name] = {
            "median_s": timing.median,
            "least_s": timing.least,
            "max_difference": np.abs(timing.trajectory - exact).max(axis=0).tolist(),
        }
    report["faster"] = min(report, key=lambda name: report[name]["median_s"])
    report["odeint_per_set_s_of_500"] = time_odeint_sets(500)
    report["odeint_per_set_s_of_500_saving_2_points"] = time_odeint_sets(500, TIMES[[0, -1]])
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
