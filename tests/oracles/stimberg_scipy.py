"""Examples 2 and 3 of Stimberg et al. 2019, in plain NumPy and SciPy.

Example 2: G-ChI astrocyte with a dynamic receptor, driven by regular spikes, without noise.
Example 3: an astrocyte driven by exogenous IP3 that releases gliotransmitter when calcium
crosses a threshold, and a synapse whose release probability the gliotransmitter changes.
Time in s, every concentration in uM (the paper prints Y_T and G_T in mM).

Every solve ends at a spike or a threshold crossing and restarts after the jump. A state
saved at the time of a jump is the one after it.

**Sources** stimberg2019, examples 2 and 3 as published with Brian 2.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Array = NDArray[np.float64]

_SHARED: dict[str, float] = {
    "d1": 0.13,  # uM
    "d2": 1.05,  # uM
    "d3": 0.9434,  # uM
    "d5": 0.08,  # uM
    "O_2": 0.2,  # 1/(uM s); the table prints uM/s
    "Omega_C": 6.0,  # 1/s
    "Omega_L": 0.1,  # 1/s
    "O_P": 0.9,  # uM/s
    "C_T": 2.0,  # uM
    "rho_A": 0.18,
    "kappa_delta": 1.5,  # uM
    "K_3K": 1.0,  # uM
    "O_3K": 4.5,  # uM/s
    "I_theta": 0.3,  # uM
    "omega_I": 0.05,  # uM
    "Omega_c": 40.0,  # 1/s, clearance of glutamate
    "Y_T": 500e3,  # uM, vesicular glutamate
}
EXAMPLE_2: dict[str, float] = _SHARED | {
    "K_P": 0.1,  # uM
    "O_delta": 0.2,  # uM/s
    "K_delta": 0.3,  # uM
    "K_D": 0.5,  # uM
    "Omega_5P": 0.1,  # 1/s
    "F_ex": 0.09,  # uM/s
    "I_bias": 0.0,  # uM
    "O_beta": 5.0,  # uM/s
    "O_N": 0.3,  # 1/(uM s)
    "Omega_N": 0.5,  # 1/s
    "K_KC": 0.5,  # uM
    "zeta": 10.0,
    "rho_c": 0.001,
}
EXAMPLE_3: dict[str, float] = _SHARED | {
    "K_P": 0.05,  # uM
    "O_delta": 0.6,  # uM/s
    "K_delta": 0.1,  # uM
    "K_D": 0.7,  # uM
    "Omega_5P": 0.05,  # 1/s
    "F_ex": 2.0,  # uM/s
    "I_bias": 0.8,  # uM; 1.25 for the second astrocyte
    "rho_c": 0.005,
    "C_theta": 0.5,  # uM, threshold of exocytosis
    "Omega_A": 0.6,  # 1/s, recovery of gliotransmitter
    "U_A": 0.6,  # released share of the available gliotransmitter
    "G_T": 200e3,  # uM, vesicular gliotransmitter
    "rho_e": 6.5e-4,
    "Omega_e": 60.0,  # 1/s, clearance of gliotransmitter
    "O_G": 1.5,  # 1/(uM s), activation of presynaptic receptors
    "Omega_G": 0.5 / 60,  # 1/s, their deactivation
    "U0": 0.6,  # release probability without gliotransmitter
    "alpha": 0.0,  # effect of gliotransmission
    "Omega_d": 2.0,  # 1/s
    "Omega_f": 3.33,  # 1/s
}
EXAMPLE_3_SPIKES: Array = 16.5 + 1e-3 * np.array(
    [0, 50, 100, 150, 200, 300, 310, 320, 330, 340, 350, 360, 370, 380, 390, 400.0]
)


class Example3(NamedTuple):
    """Saved states and the list of events of example 3.

    `states` is `(time, 9)`, ordered C, h, I, x_A, G_A, Gamma_S, u_S, x_S, Y_S. `released` is
    the jump of G_A (uM) at each of `releases` (s), `r_S` the fraction released per spike.
    """

    times: Array
    states: Array
    releases: Array
    released: Array
    spikes: Array
    r_S: Array


def chi_rates(C: float, h: float, I: float, J: float, p: dict[str, float]) -> tuple[float, float, float]:
    """dC/dt, dh/dt and dI/dt with an additional production of IP3 `J` (uM/s)."""
    Q_2 = p["d2"] * (I + p["d1"]) / (I + p["d3"])
    m = I / (I + p["d1"]) * C / (C + p["d5"])
    gradient = p["C_T"] - (1 + p["rho_A"]) * C
    J_P = p["O_P"] * C**2 / (C**2 + p["K_P"] ** 2)
    J_delta = p["O_delta"] / (1 + I / p["kappa_delta"]) * C**2 / (C**2 + p["K_delta"] ** 2)
    J_3K = p["O_3K"] * C**4 / (C**4 + p["K_D"] ** 4) * I / (I + p["K_3K"])
    difference = I - p["I_bias"]
    steepness = (abs(difference) - p["I_theta"]) / p["omega_I"]
    J_ex = -p["F_ex"] / 2 * (1 + np.tanh(steepness)) * np.sign(difference)
    return (
        (p["Omega_C"] * (m * h) ** 3 + p["Omega_L"]) * gradient - J_P,
        p["O_2"] * (Q_2 * (1 - h) - C * h),
        J + J_delta - J_3K - p["Omega_5P"] * I + J_ex,
    )


def example_2_rates(y: Array, p: dict[str, float]) -> list[float]:
    """Derivatives in the order Gamma_A, C, h, I, Y_S."""
    Gamma_A, C, h, I, Y_S = y
    dC, dh, dI = chi_rates(C, h, I, p["O_beta"] * Gamma_A, p)
    unbinding = p["Omega_N"] * (1 + p["zeta"] * C / (C + p["K_KC"]))
    dGamma_A = p["O_N"] * Y_S * (1 - Gamma_A) - unbinding * Gamma_A
    return [dGamma_A, dC, dh, dI, -p["Omega_c"] * Y_S]


def example_3_rates(y: Array, p: dict[str, float]) -> list[float]:
    """Derivatives in the order of `Example3.states`."""
    C, h, I, x_A, G_A, Gamma_S, u_S, x_S, Y_S = y
    dC, dh, dI = chi_rates(C, h, I, 0.0, p)
    return [
        dC,
        dh,
        dI,
        p["Omega_A"] * (1 - x_A),
        -p["Omega_e"] * G_A,
        p["O_G"] * G_A * (1 - Gamma_S) - p["Omega_G"] * Gamma_S,
        -p["Omega_f"] * u_S,
        p["Omega_d"] * (1 - x_S),
        -p["Omega_c"] * Y_S,
    ]


def simulate_example_2(
    p: dict[str, float],
    spikes: Array,
    times: Array,
    *,
    initial: tuple[float, ...] = (0.0, 0.0, 0.9, 0.0, 0.0),
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> tuple[Array, Array]:
    """Times (s) and states `(time, 5)`, ordered Gamma_A, C, h, I, Y_S."""
    inner = [s for s in spikes if times[0] <= s < times[-1]]
    edges = [float(times[0]), *inner, float(times[-1])]
    states = np.empty((len(times), 5))
    state = np.array(initial, dtype=float)
    for k, (start, stop) in enumerate(pairwise(edges)):
        if k > 0:
            state[4] += p["rho_c"] * p["Y_T"]
        if stop > start:
            solution = _solve(lambda t, y: example_2_rates(y, p), start, stop, state, rtol, atol)
            _save(solution.sol, start, stop, times, states)
            state = solution.y[:, -1].copy()
    states[-1] = state
    return times, states


def simulate_example_3(
    p: dict[str, float],
    times: Array,
    *,
    spikes: Array = EXAMPLE_3_SPIKES,
    initial: tuple[float, ...] = (0.0, 0.9, 0.4, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    rtol: float = 1e-10,
    atol: float = 1e-12,
) -> Example3:
    """Both events of example 3: spikes at given times, releases where C crosses C_theta.

    A release needs C below the threshold before it, so that the search alternates between
    upward and downward crossings.
    """

    def distance(t: float, y: Array) -> float:
        return y[0] - p["C_theta"]

    distance.terminal = True
    states = np.empty((len(times), 9))
    state = np.array(initial, dtype=float)
    armed = state[0] < p["C_theta"]
    releases, released, fractions = [], [], []
    pending = [s for s in spikes if times[0] <= s < times[-1]]
    arrived = list(pending)
    now, end = float(times[0]), float(times[-1])
    while now < end:
        if pending and now == pending[0]:
            fractions.append(_presynaptic_spike(state, p))
            pending.pop(0)
        stop = pending[0] if pending else end
        distance.direction = 1.0 if armed else -1.0
        solution = _solve(lambda t, y: example_3_rates(y, p), now, stop, state, rtol, atol, distance)
        _save(solution.sol, now, solution.t[-1], times, states)
        now, state = float(solution.t[-1]), solution.y[:, -1].copy()
        if solution.status == 1:
            if armed:
                releases.append(now)
                released.append(_gliotransmitter_release(state, p))
            armed = not armed
    states[-1] = state
    return Example3(
        times,
        states,
        np.array(releases),
        np.array(released),
        np.array(arrived),
        np.array(fractions),
    )


def _gliotransmitter_release(state: Array, p: dict[str, float]) -> float:
    """Apply a release to `state` and return the jump of G_A (uM)."""
    r_A = p["U_A"] * state[3]
    jump = p["rho_e"] * p["G_T"] * r_A
    state[4] += jump
    state[3] -= r_A
    return float(jump)


def _presynaptic_spike(state: Array, p: dict[str, float]) -> float:
    """Apply a spike to `state` and return the released fraction r_S."""
    U_0 = (1 - state[5]) * p["U0"] + p["alpha"] * state[5]
    state[6] += U_0 * (1 - state[6])
    r_S = state[6] * state[7]
    state[7] -= r_S
    state[8] += p["rho_c"] * p["Y_T"] * r_S
    return float(r_S)


def _solve(rates, start, stop, state, rtol, atol, event=None):
    """One stretch without jumps, with dense output; the only place that calls SciPy."""
    solution = solve_ivp(
        rates,
        (start, stop),
        state,
        method="LSODA",
        dense_output=True,
        events=event,
        rtol=rtol,
        atol=atol,
    )
    if not solution.success:
        raise RuntimeError(solution.message)
    return solution


def _save(dense, start: float, stop: float, times: Array, states: Array) -> None:
    """Write the states at those `times` that lie in [start, stop)."""
    inside = (times >= start) & (times < stop)
    if inside.any():
        states[inside] = dense(times[inside]).T
