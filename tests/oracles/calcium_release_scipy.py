"""Models of calcium release in plain NumPy and SciPy: all eight states of the receptor, three astrocytes, kinase C.

Time in s, concentrations in uM. Fixed points by root finding, Hopf points where the largest real part of the
eigenvalues of a difference Jacobian vanishes, cycles by LSODA.

**Sources** deyoung_keizer1992 (rates as coded for chapter 3 of depitta_berry2019, fluxes of depitta2009), ullah2006,
lavrentovich_hemkin2008 (ModelDB 112547), riera2011 (ModelDB 223273), depitta_benjacob_berry2019.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve, root_scalar

Array = NDArray[np.float64]
Rates = Callable[[Array], Array]

SITES: list[tuple[int, ...]] = list(product((0, 1), repeat=3))
"""States of a subunit: IP3, activating calcium, inhibiting calcium."""


def turnover(C: float, I: float) -> Array:
    """Matrix of rates (1/s) between the eight states of a De Young-Keizer subunit; columns add up to zero."""
    on_off = {
        (0, 0): (400.0 * I, 52.0),  # IP3, without and with inhibiting calcium
        (0, 1): (400.0 * I, 377.36),
        (1, None): (20.0 * C, 1.65),  # activating calcium
        (2, 0): (0.2 * C, 0.029),  # inhibiting calcium, without and with IP3
        (2, 1): (0.2 * C, 0.21),
    }
    found = np.zeros((8, 8))
    for here, state in enumerate(SITES):
        for site in range(3):
            other = {0: state[2], 1: None, 2: state[0]}[site]
            target: list[int] = list(state)
            target[site] = 1 - state[site]
            rate = on_off[site, other][state[site]]
            found[SITES.index(tuple(target)), here] += rate
            found[here, here] -= rate
    return found


def occupancy(C: float, I: float) -> Array:
    """Fractions of the eight states at equilibrium, in the order of `SITES`."""
    matrix = turnover(C, I)
    matrix[-1] = 1
    return np.linalg.solve(matrix, np.eye(8)[-1])


def open_probability(C: float, I: float) -> float:
    """Probability that three subunits have IP3 and activating calcium alone."""
    return float(occupancy(C, I)[SITES.index((1, 1, 0))] ** 3)


CELL = {"release": 6.0, "leak": 0.11, "uptake": 0.9, "k_serca": 0.1, "total": 2.0, "ratio": 0.185}
STORE = {"release": 20.0, "leak": 0.004, "uptake": 1.2, "k_serca": 0.1, "total": 1.0, "ratio": 0.0}


def flux(C: float, opened: float, p: dict[str, float]) -> float:
    """dC/dt from the ER (uM/s)."""
    uptake = p["uptake"] * C**2 / (C**2 + p["k_serca"] ** 2)
    return (p["release"] * opened + p["leak"]) * (p["total"] - (1 + p["ratio"]) * C) - uptake


def de_young_keizer(y: Array, I: float, p: dict[str, float]) -> Array:
    """Rates of calcium and of all eight states."""
    C, x = y[0], y[1:]
    return np.concatenate([[flux(C, x[SITES.index((1, 1, 0))] ** 3, p)], turnover(C, I) @ x])


def de_young_keizer_rest(I: float, p: dict[str, float], low: float, high: float) -> Array:
    """The fixed point whose calcium lies between two values."""
    C = root_scalar(lambda c: flux(c, open_probability(c, I), p), bracket=(low, high), xtol=1e-15).root
    return np.concatenate([[C], occupancy(C, I)])


def lavrentovich_hemkin(y: Array, entry: float = 0.05) -> Array:
    X, Y, Z = y
    n, m = 2.02, 2.2
    serca = 15.0 * X**2 / (X**2 + 0.1**2)
    bell = 0.15**n * X**n / ((X**n + 0.15**n) * (X**n + 0.15**n))
    moved = (4 * 40.0 * bell * Z**m / (Z**m + 0.1**m) + 0.5) * (Y - X) - serca
    return np.array([entry - 0.5 * X + moved, -moved, 0.05 * X**2 / (X**2 + 0.3**2) - 0.08 * Z])


def li_rinzel(C: float, h: float, I: float, total: float, d5: float, a2: float, uptake: float) -> tuple[float, float]:
    m = I / (I + 0.13) * C / (C + d5)
    Q2 = 1.049 * (I + 0.13) / (I + 0.9434)
    change = (6.0 * (m * h) ** 3 + 0.11) * (total - 1.185 * C) - uptake * C**2 / (C**2 + 0.1**2)
    return change, a2 * (Q2 * (1 - h) - C * h)


def riera(y: Array, crosses: float = 1, counted: float = 1) -> Array:
    """Rates of C, F (total), h, I; what crosses the plasma membrane, and how much of it the total counts."""
    C, F, h, I = y
    from_er, gate = li_rinzel(C, h, I, F, 0.082, 0.2, 0.9)
    capacitative = 0.01 * 10.0**2 / (10.0**2 + ((F - C) / 0.185) ** 2)
    crossed = crosses * 0.01 * (0.065 + capacitative - 0.5 * C)
    ip3 = 0.43 + 0.152 * C**2 / (C**2 + 0.55**2) - 1.25 * I
    return np.array([from_er + crossed, counted * crossed, gate, ip3])


def ullah(y: Array, v4: float) -> Array:
    C, h, I = y
    from_er, gate = li_rinzel(C, h, I, 2.0, 0.082, 0.14, 2.2)
    ip3 = 0.14 * (0.16 - I) + v4 * (C + 0.2 * 1.1) / (C + 1.1)
    return np.array([from_er + 0.2 * I**2 / (I**2 + 1) - 0.5 * C, gate, ip3])


def kinase(y: Array, glutamate: float, v_kd: float = 0.28, v_k: float = 1.0) -> Array:
    """Rates of C, h, I, active receptors, diacylglycerol and kinase C with the values of the book's figures."""
    C, h, I, G, D, P = y
    gradient = 5.0 - 1.5 * C
    opened = (I / (I + 0.1) * C / (C + 0.05) * h) ** 3
    J_beta, J_delta = 1.0 * G, 0.025174 / (1 + I / 1.0) * C**2 / (C**2 + 0.5**2)
    J_3K = 1.4 * 0.16334 * C**4 / (C**4 + 0.5**4) * I / (I + 1.0)
    activated = v_kd * D * C / (C + 0.5)
    dag_kinase = 0.45 * C**2 / (C**2 + 0.3**2) * D**2 / (D**2 + 0.1**2)
    return np.array(
        [
            (0.8 * 7.7592 * opened + 0.01) * gradient - 5.4991 * C**2 / (C**2 + 0.1**2),
            0.325 * (4.5 * (1 - h) - C * h),
            J_beta + J_delta - J_3K - 0.86030 * I,
            0.3 * glutamate * (1 - G) - (1.8 + v_k * P) * G,
            J_beta + J_delta - activated - dag_kinase - 0.26 * D,
            activated - 0.33 * P,
        ]
    )


def jacobian(rates: Rates, y: Array) -> Array:
    columns = []
    for position in range(len(y)):
        step = np.zeros_like(y)
        step[position] = 1e-6 * max(abs(y[position]), 1e-3)
        columns.append((rates(y + step) - rates(y - step)) / (2 * step[position]))
    return np.array(columns).T


def growth(rates: Rates, y: Array) -> complex:
    """The eigenvalue with the largest real part among those that turn."""
    values = np.linalg.eigvals(jacobian(rates, y))
    turning = values[np.abs(values.imag) > 1e-9]
    return complex(turning[np.argmax(turning.real)]) if len(turning) else -1 + 0j


def hopf(rates: Callable[[Array, float], Array], rest: Callable[[float], Array], low: float, high: float):
    """Parameter, fixed point and period 2 pi / omega where the growth of the turning mode changes its sign."""
    value = root_scalar(lambda v: growth(lambda y: rates(y, v), rest(v)).real, bracket=(low, high), xtol=1e-12).root
    point = rest(value)
    return value, point, 2 * np.pi / abs(growth(lambda y: rates(y, value), point).imag)


def fixed_point(rates: Rates, start: Array) -> Array:
    found, _, code, message = fsolve(rates, start, xtol=1e-14, full_output=True)
    assert np.abs(rates(found)).max() < 1e-10, (code, message)
    return found


def cycle(rates: Rates, start: Array, transient: float, until: float) -> tuple[float, float, float]:
    """Least and largest first variable, and the mean time between its upward crossings of mid-level, after a while."""
    solved = solve_ivp(
        lambda _, y: rates(y), (0, until), start, method="LSODA", rtol=1e-9, atol=1e-12, dense_output=True
    )
    assert solved.sol is not None
    time = np.arange(transient, until, 0.01)
    course = np.concatenate([solved.sol(part)[0] for part in np.array_split(time, 50)])
    level = (course.min() + course.max()) / 2
    up = np.flatnonzero((course[:-1] < level) & (course[1:] >= level))
    exact = time[up] + 0.01 * (level - course[up]) / (course[up + 1] - course[up])
    period = float(np.diff(exact).mean()) if np.ptp(course) > 1e-3 and len(up) > 2 else np.nan
    return float(course.min()), float(course.max()), period
