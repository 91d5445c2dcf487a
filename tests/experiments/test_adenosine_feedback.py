"""Adenosine feedback: verdicts, and its closed form against independent values."""

import numpy as np
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.experiments.adenosine_feedback import AdenosineFeedback
from tripartite.units import Hz, s

from .verdicts import unmet

EXPERIMENT = AdenosineFeedback()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_steady_state_with_other_values_and_a_cooperative_receptor():
    # A second set of values, computed independently: p0 0.5, tau_p 1 s, two binding sites.
    model = tp.mechanisms.AdenosineA1(
        p0=0.5, p=0.5, tau_p=1 * s, facilitation=0.02, inhibition=1 / s, tau_a=5 * s, build_up=0.1, n=2.0
    )
    rates = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
    run = tp.simulate(model, until=300 * s, save_at=[300] * s, vary={"rate": rates * Hz})
    expected = [0.5000, 0.4262, 0.3506, 0.3058, 0.3238, 0.3766, 0.5003]
    np.testing.assert_allclose(run["p"].values[:, -1], expected, rtol=2e-4)


def test_the_step_agrees_with_scipy(data):
    def rates(t, y):
        a, p = y
        r = 5.0 if t >= 5 else 0.0
        return [-a / 10 + 0.1 * r, -(p - 0.3) / 0.2 + 0.05 * r * (1 - p) - 5 * a / (1 + a) * p]

    times = data["time"].values
    after = times[times > 5]
    solved = solve_ivp(rates, (5, after[-1]), [0, 0.3], method="LSODA", t_eval=after, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(data["p"].values[times > 5], solved.y[1], rtol=1e-7)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
