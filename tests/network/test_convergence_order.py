"""Steps converge as their methods promise; what has a closed form follows it for any step."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

import tripartite as tp
from tests.network.probes import simulate, spikes
from tripartite import parameters
from tripartite.language import Mechanism, Parameter, State
from tripartite.mechanisms import (
    AdaptiveExponential,
    AlphaExcitation,
    CleftGlutamate,
    FixedUtilization,
    GlutamateReceptor,
    Ip3Metabolism,
    LeakyIntegrateFire,
    LiRinzel,
    TsodyksMarkram,
)
from tripartite.network.methods import Euler, Heun, RungeKutta4
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, mean
from tripartite.network.rules.listed import Explicit
from tripartite.network.rules.third import ExplicitAttachment
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms, mV, nS, pA, uM


def test_a_refractory_period_lasts_its_number_of_steps_and_nothing_less():
    # Constant currents: the membrane needs 198 pF / 9.99 nS ln(I / (I - 9.99 * 10)) to threshold, rounded up to steps.
    currents, waits = np.array([150.0, 170.0, 235.0, 410.0, 610.0]), np.array([4.1, 5.0, 0.6, 4.6, 3.0])
    cells = Population(
        LeakyIntegrateFire(refractory=0 * ms), 5, values={"bias_current": currents * pA, "refractory": waits * ms}
    )

    found = np.array(spikes(simulate(Network(cells=cells), 3000), "cells_spikes0"))

    rise = 198 / 9.99 * np.log(currents / (currents - 99.9))
    intervals = np.ceil(rise / 0.1).astype(int) + np.round(waits / 0.1).astype(int)
    assert np.all(np.abs(rise / 0.1 - np.round(rise / 0.1)) > 0.05), "a current for which rounding would decide"
    for cell in range(5):
        times = found[found[:, 1] == cell, 0]
        assert len(times) > 5
        assert set(np.diff(times)) == {intervals[cell]}


CURRENTS = np.array([200.0, 400.0, 480.0])


def _membrane(method, step):
    """Potential and adaptation of driven neurons below threshold, 20 ms after an excitatory start."""
    values = {
        "v": np.full(3, -65.0) * mV,
        "bias_current": CURRENTS * pA,
        "g_e": 3 * nS,
        "opening_e": 10 * nS,
        "tau_e": 4 * ms,
    }
    neuron = tp.Compartment(AdaptiveExponential(), AlphaExcitation())
    cells = Population(tp.Model(neuron=neuron), 3, values=values, method=method)
    found = simulate(Network(cells=cells, step=step * ms), round(20 / step))
    assert not spikes(found, "cells_spikes0")
    return np.array([found[f"cells_neuron_{name}"][:-1] for name in ("v", "w")])


def _reference():
    """The same by an adaptive method of order 8, written out."""

    def rates(t, y, current):
        v, w = y
        g = (3 + 10 * t / 4) * np.exp(-t / 4)
        dv = -30 * (v + 70.6) + 60 * np.exp((v + 50.4) / 2) - w + current + g * (0 - v)
        return [dv / 281, (4 * (v + 70.6) - w) / 144]

    ends = [solve_ivp(rates, (0, 20), [-65, 0], "DOP853", args=(c,), rtol=1e-13, atol=1e-12).y[:, -1] for c in CURRENTS]
    return np.array(ends).T


@pytest.mark.parametrize(
    ("method", "step", "order"), [(Euler(), 0.05, 1), (Heun(), 0.2, 2), (RungeKutta4(), 0.5, 4), (Heun(2), 0.4, 2)]
)
def test_membranes_converge_with_the_order_of_the_method(method, step, order):
    expected = _reference()
    errors = [np.abs(_membrane(method, h) - expected).max() for h in (step, step / 2)]

    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.3)
    assert errors[1] < 0.05


class Chain(Mechanism):
    """Linear states in a row, two of them with one time constant."""

    a = State(3.0, "1", "first")
    b = State(0.5, "1", "second")
    c = State(-1.0, "1", "third")
    tau = Parameter(7.0, "ms", "time constant of the first two", "assumed: for tests")
    fast = Parameter(1.3, "ms", "time constant of the third", "assumed: for tests")

    def rates(q):
        return {"a": -q.a / q.tau, "b": (2 * q.a - q.b) / q.tau, "c": (q.b - q.c + 4) / q.fast}


@pytest.mark.parametrize("step", [0.1, 5.0])
def test_linear_states_are_exact_for_any_step(step):
    cells = Population(tp.Model(cell=Chain()), 2, values={"a": [3.0, -8.0], "fast": 1.7 * ms})
    found = simulate(Network(cells=cells, step=step * ms), round(40 / step))

    matrix = np.array([[-1 / 7, 0, 0, 0], [2 / 7, -1 / 7, 0, 0], [0, 1 / 1.7, -1 / 1.7, 4 / 1.7], [0, 0, 0, 0]])
    for cell, a in enumerate((3.0, -8.0)):
        expected = expm(matrix * 40) @ [a, 0.5, -1, 1]
        actual = [found[f"cells_cell_{name}"][cell] for name in "abc"]
        np.testing.assert_allclose(actual, expected[:3], rtol=1e-12, atol=0)


def _calcium(ratio):
    """Calcium, IP3 and receptors of astrocytes under irregular glutamate, 4 s after the start."""
    times = np.array([0.3, 0.35, 0.42, 0.9, 1.5, 1.6, 1.62, 2.5, 3.3, 3.31]) * 1e3
    source = SpikeTrains(2, np.arange(10) % 2, times * ms)
    e = tp.Compartment(TsodyksMarkram(), FixedUtilization(), CleftGlutamate(dilution=1e-4))
    parts = tp.Compartment(LiRinzel(), Ip3Metabolism(), GlutamateReceptor()).using(parameters.stimberg2019.EXAMPLE_4)
    cells = Population(tp.Model(astrocyte=parts), 2, step=ratio * ms, method=RungeKutta4(), values={"ip3": 0.4 * uM})
    bystander = Population(Chain(), 1)
    network = Network(
        source=source,
        cells=cells,
        bystander=bystander,
        step=1 * ms,
        connections=[
            Projection(
                source,
                bystander,
                cells,
                synapse=e,
                rule=Explicit([0, 1], [0, 0]),
                attach=ExplicitAttachment([0, 1]),
                wiring=[mean(e.glutamate) >> astrocyte.glutamate],
            )
        ],
    )
    found = simulate(network, 4000)
    return np.array([found[f"cells_astrocyte_{name}"][:-1] for name in ("ca", "ip3", "active")])


@pytest.mark.slow
def test_slow_astrocytes_converge_to_fast_ones_as_their_step_halves():
    # A step sees the mean of its glutamate; where in the step a spike falls makes the error irregular.
    expected = _calcium(1)
    errors = [np.abs(_calcium(ratio) - expected).max() for ratio in (40, 20, 10)]

    assert errors[0] < 1e-3
    assert np.all(np.diff(errors) < 0)
    assert errors[2] < errors[0] / 4
