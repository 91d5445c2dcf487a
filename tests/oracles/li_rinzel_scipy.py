"""Li-Rinzel calcium at a fixed IP3 concentration, in plain NumPy and SciPy.

States: C, cytosolic calcium (uM); h, de-inactivation of the IP3 receptor. Time in s.

**Sources** li1994; parameter sets AM and FM of depitta2009 and the rounded
set of stimberg2019.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

Array = NDArray[np.float64]

AM: dict[str, float] = {
    "d1": 0.13,  # uM, IP3 binding
    "d2": 1.049,  # uM, inactivating calcium binding
    "d3": 0.9434,  # uM, IP3 binding of the inactivated receptor
    "d5": 0.08234,  # uM, activating calcium binding
    "a2": 0.2,  # 1/(uM s), inactivating calcium binding rate
    "c1": 0.185,  # ratio of ER to cytosol volume
    "C0": 2.0,  # uM, total free calcium per cytosol volume
    "rC": 6.0,  # 1/s, largest release rate of the IP3 receptors
    "rL": 0.11,  # 1/s, leak rate of the ER
    "vER": 0.9,  # uM/s, largest uptake by SERCA
    "KER": 0.1,  # uM, affinity of SERCA
}
FM: dict[str, float] = AM | {"KER": 0.05}
STIMBERG_EXAMPLE_2: dict[str, float] = AM | {"d2": 1.05, "d5": 0.08, "c1": 0.18, "rL": 0.1}
STIMBERG_EXAMPLE_3: dict[str, float] = STIMBERG_EXAMPLE_2 | {"KER": 0.05}


def rates(C: float, h: float, I: float, p: dict[str, float]) -> tuple[float, float]:
    """dC/dt (uM/s) and dh/dt (1/s) at IP3 concentration `I` (uM)."""
    Q2 = p["d2"] * (I + p["d1"]) / (I + p["d3"])
    m = I / (I + p["d1"])
    n = C / (C + p["d5"])
    gradient = p["C0"] - (1 + p["c1"]) * C
    uptake = p["vER"] * C**2 / (C**2 + p["KER"] ** 2)
    dC = (p["rC"] * (m * n * h) ** 3 + p["rL"]) * gradient - uptake
    dh = p["a2"] * (Q2 * (1 - h) - C * h)
    return dC, dh


def simulate(
    p: dict[str, float],
    I: float,
    times: Array,
    *,
    initial: tuple[float, float] = (0.09, 0.78),
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> tuple[Array, Array]:
    """Times (s) and states `(time, 2)`, ordered C, h, from `times[0]` on."""
    solution = solve_ivp(
        lambda t, y: rates(y[0], y[1], I, p),
        (times[0], times[-1]),
        initial,
        method="LSODA",
        t_eval=times,
        rtol=rtol,
        atol=atol,
    )
    if not solution.success:
        raise RuntimeError(solution.message)
    return solution.t, solution.y.T


def inactivation(C: float, I: float, p: dict[str, float]) -> float:
    """h at which dh/dt is zero."""
    Q2 = p["d2"] * (I + p["d1"]) / (I + p["d3"])
    return Q2 / (Q2 + C)


def fixed_points(I: float, p: dict[str, float], *, points: int = 4000) -> list[tuple[float, float]]:
    """All fixed points (C, h) at IP3 `I`, in order of rising C."""

    def balance(C: float) -> float:
        return rates(C, inactivation(C, I, p), I, p)[0]

    top = p["C0"] / (1 + p["c1"])
    grid = np.geomspace(1e-4, top * (1 - 1e-9), points)
    values = [balance(C) for C in grid]
    roots = [
        brentq(balance, grid[k], grid[k + 1], xtol=1e-15) for k in range(points - 1) if values[k] * values[k + 1] < 0
    ]
    return [(C, inactivation(C, I, p)) for C in roots]


def jacobian(C: float, h: float, I: float, p: dict[str, float]) -> Array:
    """Derivatives of (dC/dt, dh/dt) by (C, h), written out by hand."""
    Q2 = p["d2"] * (I + p["d1"]) / (I + p["d3"])
    m = I / (I + p["d1"])
    n = C / (C + p["d5"])
    gradient = p["C0"] - (1 + p["c1"]) * C
    release = p["rC"] * (m * n * h) ** 3
    d_release_dC = 3 * release * p["d5"] / (C * (C + p["d5"]))
    d_uptake_dC = 2 * p["vER"] * C * p["KER"] ** 2 / (C**2 + p["KER"] ** 2) ** 2
    return np.array(
        [
            [
                d_release_dC * gradient - (release + p["rL"]) * (1 + p["c1"]) - d_uptake_dC,
                3 * release / h * gradient,
            ],
            [-p["a2"] * h, -p["a2"] * (Q2 + C)],
        ]
    )


def ip3_at_fixed_point(C: float, p: dict[str, float]) -> float:
    """The one IP3 concentration (uM) that has a fixed point at C; nan if there is none.

    Release at the fixed point grows with I, so every C belongs to one I; the reverse fails
    between folds. Bifurcations are therefore looked for along C.
    """

    def balance(I: float) -> float:
        return rates(C, inactivation(C, I, p), I, p)[0]

    low, high = 1e-6, 100.0
    if balance(low) >= 0 or balance(high) <= 0:
        return float("nan")
    return brentq(balance, low, high, xtol=1e-15)


def hopf_points(p: dict[str, float]) -> list[tuple[float, float, float, float]]:
    """All (I, C, h, period 2 pi/omega) where the trace of the Jacobian is zero, along C."""
    found = []
    for C in _roots_along_C(np.trace, p):
        I = ip3_at_fixed_point(C, p)
        h = inactivation(C, I, p)
        determinant = np.linalg.det(jacobian(C, h, I, p))
        if determinant > 0:
            found.append((I, C, h, float(2 * np.pi / np.sqrt(determinant))))
    return found


def folds(p: dict[str, float]) -> list[tuple[float, float]]:
    """All (I, C) where two fixed points meet (determinant zero), along C."""
    return [(ip3_at_fixed_point(C, p), C) for C in _roots_along_C(np.linalg.det, p)]


def _roots_along_C(measure: Callable[[Array], float], p: dict[str, float], points: int = 1000) -> list[float]:
    """C at which `measure` of the Jacobian at the fixed point changes sign."""

    def value(C: float) -> float:
        I = ip3_at_fixed_point(C, p)
        return float(measure(jacobian(C, inactivation(C, I, p), I, p)))

    grid = np.geomspace(0.01, p["C0"] / (1 + p["c1"]) * 0.99, points)
    grid = np.array([C for C in grid if np.isfinite(ip3_at_fixed_point(C, p))])
    values = np.array([value(C) for C in grid])
    change = np.flatnonzero(values[:-1] * values[1:] < 0)
    return [brentq(value, grid[k], grid[k + 1], xtol=1e-15) for k in change]
