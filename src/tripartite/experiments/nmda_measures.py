"""What `kampa_nmda` measures: relaxations, transients and responses to brief depolarisation."""

from __future__ import annotations

import numpy as np

from tripartite.experiments.kinetic_schemes import scheme
from tripartite.language import Model
from tripartite.protocols import Constant, Pulses, Steps
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, ms, mV

FINE = Tsit5(rtol=1e-8, atol=1e-12)
WAITS = (10.0, 3500.0)
"""Times (ms) from glutamate to the step."""


def _before(model: Model) -> np.ndarray:
    """States at the end of each wait at -60 mV in glutamate, shape ``(wait, state)``."""
    run = simulate(
        model, Constant(glutamate=1 * mM, v=-60 * mV), until=WAITS[1] * ms, save_at=list(WAITS) * ms, solver=FINE
    )
    return np.array([run[entry.key].values for entry in model.system.states]).T


def transients(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Times (ms) after the step to +40 mV, and the open fraction ``(wait, time)``."""
    moment = np.geomspace(0.01, 1000, 251)
    courses = []
    for state in _before(model):
        start = {entry.key: float(value) for entry, value in zip(model.system.states, state, strict=True)}
        held = Constant(glutamate=1 * mM, v=40 * mV)
        run = simulate(model.replace(start), held, until=1000 * ms, save_at=moment * ms, solver=FINE)
        courses.append(run["nmda_open"].values)
    return moment, np.array(courses)


def relaxation(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Two time constants (ms) after a step from -67 to +40 mV in 0.1 mM magnesium, glutamate held, and their shares."""
    moment = np.geomspace(0.01, 100, 201)
    steps = Constant(glutamate=1 * mM) & Steps("v", [0, 10000] * ms, [-67, 40] * mV)
    little = model.replace({"magnesium": 0.1 * mM})
    run = simulate(little, steps, until=10100 * ms, save_at=(10000 + moment) * ms, solver=FINE)
    tau, amplitude = fitted(moment, run["nmda_open"].values[None], (0.4, 8.5))
    return tau, amplitude[0] / amplitude[0].sum()


def fitted(
    moment: np.ndarray, course: np.ndarray, guess: tuple[float, ...] = (0.1, 5.0, 200.0)
) -> tuple[np.ndarray, np.ndarray]:
    """Time constants (ms) common to all rows of ``course``, and their amplitudes ``(row, component)``."""
    from scipy.optimize import least_squares

    def basis(logs: np.ndarray) -> np.ndarray:
        return np.column_stack([np.ones_like(moment), *(-np.exp(-moment / tau) for tau in np.exp(logs))])

    def residuals(logs: np.ndarray) -> np.ndarray:
        matrix = basis(logs)
        return (matrix @ np.linalg.lstsq(matrix, course.T, rcond=None)[0] - course.T).ravel() / course.max()

    logs = np.sort(least_squares(residuals, np.log(guess), xtol=1e-12, ftol=1e-12).x)
    return np.exp(logs), np.linalg.lstsq(basis(logs), course.T, rcond=None)[0][1:].T


def components(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Relaxation times (ms) of the scheme at +40 mV, and the share of each in the opening ``(wait, mode)``."""
    names, matrix = scheme(model, 40.0)
    # Detailed balance fails by little, so that all relaxations are real.
    values, vectors = (np.real(found) for found in np.linalg.eig(matrix))
    order = np.argsort(values)[:-1]  # the last is the steady state
    weights = np.linalg.solve(vectors, _before(model).T)
    amplitude = -(vectors[names.index("nmda_open"), :, None] * weights)[order].T
    return -1 / values[order], amplitude / amplitude.sum(axis=1, keepdims=True)


def responses(model: Model, delay: np.ndarray) -> np.ndarray:
    """Time integral (ms) of the open fraction over a brief depolarisation and 1 ms after it, by delay (ms)."""
    found = []
    for wait in delay:
        start = 1.0 + wait
        spike = Steps("v", [0, start, start + 2] * ms, [-70, 20, -70] * mV)
        moment = np.linspace(start, start + 3, 301)
        glutamate = Pulses("glutamate", 1 * mM, [1] * ms, 1 * ms)
        run = simulate(model, glutamate & spike, until=(start + 3) * ms, save_at=moment * ms, solver=FINE)
        found.append(np.trapezoid(run["nmda_open"].values, moment))
    return np.array(found)


def half_width(delay: np.ndarray, opened: np.ndarray) -> float:
    """Delay (ms) at which the response has fallen to half of its first value; the last delay if it has not."""
    relative = opened / opened[0]
    if relative.min() > 0.5:
        return float(delay[-1])
    return float(np.exp(np.interp(0.5, relative[::-1], np.log(delay)[::-1])))
