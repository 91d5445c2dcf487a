"""G-ChI with the static glutamate receptor (De Pitta 2009), in plain NumPy and SciPy.

States: C, cytosolic calcium (uM); h, de-inactivation of the IP3 receptor; I, IP3 (uM).
Time in s, glutamate in uM.

**Sources** depitta2009 with its erratum of 2010; values as in ModelDB 223269.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

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
    "v_delta": 0.02,  # uM/s, largest production by PLC delta
    "kappa_delta": 1.5,  # uM, inhibition of PLC delta by IP3
    "K_delta": 0.1,  # uM, calcium affinity of PLC delta
    "v_3K": 2.0,  # uM/s, largest degradation by IP3 3-kinase
    "K_D": 0.7,  # uM, calcium affinity of IP3 3-kinase
    "K_3": 1.0,  # uM, IP3 affinity of IP3 3-kinase
    "r_5P": 0.04,  # 1/s, degradation by IP 5-phosphatase
    "v_beta": 0.2,  # uM/s, largest production by PLC beta
    "K_R": 1.3,  # uM, glutamate affinity of the receptor
    "K_p": 10.0,  # uM, strength of termination by PKC
    "K_pi": 0.6,  # uM, calcium affinity of PKC
}
FM: dict[str, float] = AM | {"KER": 0.05, "v_delta": 0.05, "r_5P": 0.05, "v_beta": 0.5}
INITIAL = (0.09, 0.78, 0.22)


def rates(y: Array, glutamate: float, p: dict[str, float]) -> list[float]:
    """dC/dt, dI/dt in uM/s and dh/dt in 1/s, in the order C, h, I."""
    C, h, I = y
    Q2 = p["d2"] * (I + p["d1"]) / (I + p["d3"])
    m = I / (I + p["d1"])
    n = C / (C + p["d5"])
    gradient = p["C0"] - (1 + p["c1"]) * C
    uptake = p["vER"] * C**2 / (C**2 + p["KER"] ** 2)
    K_gamma = p["K_R"] * (1 + p["K_p"] / p["K_R"] * C / (C + p["K_pi"]))
    J_beta = p["v_beta"] * glutamate**0.7 / (glutamate**0.7 + K_gamma**0.7)
    J_delta = p["v_delta"] / (1 + I / p["kappa_delta"]) * C**2 / (C**2 + p["K_delta"] ** 2)
    J_3K = p["v_3K"] * C**4 / (C**4 + p["K_D"] ** 4) * I / (I + p["K_3"])
    J_5P = p["r_5P"] * I
    return [
        (p["rC"] * (m * n * h) ** 3 + p["rL"]) * gradient - uptake,
        p["a2"] * (Q2 * (1 - h) - C * h),
        J_beta + J_delta - J_3K - J_5P,
    ]


def simulate(
    p: dict[str, float],
    glutamate: float,
    times: Array,
    *,
    initial: tuple[float, float, float] = INITIAL,
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> tuple[Array, Array]:
    """Times (s) and states `(time, 3)`, ordered C, h, I, at constant glutamate (uM)."""
    solution = solve_ivp(
        lambda t, y: rates(y, glutamate, p),
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


def simulate_steps(
    p: dict[str, float],
    steps: list[tuple[float, float]],
    times: Array,
    *,
    initial: tuple[float, float, float] = INITIAL,
) -> tuple[Array, Array]:
    """As `simulate`, with glutamate stepping to `steps[k][1]` (uM) at `steps[k][0]` (s).

    The integration restarts at every step. `steps[0][0]` must equal `times[0]`.
    """
    edges = [start for start, _ in steps] + [float(times[-1])]
    state = np.asarray(initial, dtype=float)
    states = np.empty((len(times), 3))
    for (start, glutamate), stop in zip(steps, edges[1:], strict=True):
        inside = (times >= start) & (times <= stop)
        grid = np.unique(np.concatenate([[start], times[inside], [stop]]))
        _, y = simulate(p, glutamate, grid, initial=tuple(state))
        states[inside] = y[np.searchsorted(grid, times[inside])]
        state = y[-1]
    return times, states


def oscillation(times: Array, C: Array) -> tuple[float, float, float]:
    """Least and largest C (uM) and mean period (s); the period is nan at a steady state.

    The period is measured between upward crossings of the mid-level, interpolated linearly.
    """
    low, high = float(C.min()), float(C.max())
    level = 0.5 * (low + high)
    up = np.flatnonzero((C[:-1] < level) & (C[1:] >= level))
    if high - low < 1e-3 or len(up) < 3:
        return low, high, float("nan")
    crossings = times[up] + (level - C[up]) / (C[up + 1] - C[up]) * np.diff(times)[up]
    return low, high, float(np.diff(crossings).mean())
