"""Membranes that make their own spikes against SciPy, closed forms, and what composes with them."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.language import Compartment, Mechanism, Model, Output, Parameter
from tripartite.mechanisms import (
    ExponentialExcitation,
    HodgkinHuxley,
    InjectedCurrent,
    Izhikevich,
    WangBuzsaki,
)
from tripartite.models import HodgkinHuxleyNeuron, IzhikevichNeuron, WangBuzsakiNeuron
from tripartite.parameters import izhikevich2003
from tripartite.protocols import Constant
from tripartite.units import cm, ms, mV, nS, pA, s, uA, um

TIGHT = tp.Tsit5(1e-10, 1e-12)
DENSITY = uA / cm**2


def spike_times(model, until, protocol=None, solver=TIGHT):
    result = tp.simulate(model, protocol, until=until, solver=solver)
    assert result.ok
    return np.asarray(result.events("spike")["time"]) * 1000


def cell(*mechanisms):
    return Model(neuron=Compartment(*mechanisms))


def quotient(x, width):
    return x / (1 - np.exp(-x / width))


def squid(t, y, current):
    v, m, h, n = y
    opening = 0.1 * quotient(v + 40, 10), 0.07 * np.exp(-(v + 65) / 20), 0.01 * quotient(v + 55, 10)
    closing = 4 * np.exp(-(v + 65) / 18), 1 / (1 + np.exp(-(v + 35) / 10)), 0.125 * np.exp(-(v + 65) / 80)
    flow = current - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 54.4)
    return [flow, *(a * (1 - x) - b * x for a, b, x in zip(opening, closing, (m, h, n), strict=True))]


def interneuron(t, y, current):
    v, h, n = y
    alpha, beta = 0.1 * quotient(v + 35, 10), 4 * np.exp(-(v + 60) / 18)
    m = alpha / (alpha + beta)
    flow = current - 35 * m**3 * h * (v - 55) - 9 * n**4 * (v + 90) - 0.1 * (v + 65)
    dh = 0.07 * np.exp(-(v + 58) / 20) * (1 - h) - h / (1 + np.exp(-(v + 28) / 10))
    dn = 0.01 * quotient(v + 34, 10) * (1 - n) - 0.125 * np.exp(-(v + 44) / 80) * n
    return [flow, 5 * dh, 5 * dn]


@pytest.mark.parametrize(
    ("mechanism", "rates", "start", "current"),
    [
        (HodgkinHuxley(), squid, [-65, 0.0529, 0.5961, 0.3177], 10),
        (WangBuzsaki(), interneuron, [-64, 0.78, 0.09], 1),
    ],
    ids=["squid", "interneuron"],
)
def test_spikes_come_when_scipy_says_so(mechanism, rates, start, current):
    def rise(t, y, current):
        return y[0]

    rise.direction = 1  # type: ignore[attr-defined]
    run = solve_ivp(rates, (0, 200), start, "DOP853", events=rise, args=(current,), rtol=1e-11, atol=1e-12)
    found = spike_times(cell(mechanism), 200 * ms, Constant(current=current * DENSITY))
    assert len(found) > 10
    np.testing.assert_allclose(found, run.t_events[0], rtol=1e-6, atol=0)


@pytest.mark.parametrize("v", [-40.0, -40 + 1e-9, -55.0])
def test_rates_are_smooth_where_their_quotients_are_not(v):
    system = cell(HodgkinHuxley()).system
    constants = [entry.value for entry in system.constants]
    here, beside = (system.rates(system.values([v + shift, 0.1, 0.5, 0.4], constants)) for shift in (0, 1e-4))
    np.testing.assert_allclose(here, beside, rtol=1e-3)


def test_a_current_in_pa_acts_as_the_same_density():
    """1 uA/cm**2 is 0.01 pA/um**2: 2000 pA on 20000 um**2 are 10 uA/cm**2."""
    dense = spike_times(cell(HodgkinHuxley()), 100 * ms, Constant(current=10 * DENSITY))
    injected = spike_times(cell(HodgkinHuxley(), InjectedCurrent()), 100 * ms, Constant(injected=2000 * pA))
    np.testing.assert_allclose(injected, dense, rtol=1e-8)


def test_a_larger_cell_asks_for_more_current():
    small = cell(WangBuzsaki(), InjectedCurrent())
    large = cell(WangBuzsaki(area=20000 * um**2), InjectedCurrent())
    np.testing.assert_allclose(
        spike_times(large, 100 * ms, Constant(injected=200 * pA)),
        spike_times(small, 100 * ms, Constant(injected=100 * pA)),
        rtol=1e-8,
    )


def test_another_mechanism_may_give_the_reversal_potential_of_potassium():
    class Shifted(Mechanism):
        """Potassium outside has risen.

        **Sources** assumed: for this test.
        """

        e_k = Output("mV", "E_K: reversal potential of potassium", supersedes=True)
        risen = Parameter(-80.0, "mV", "reversal potential", "assumed: for this test")

        def outputs(q):
            return {"e_k": q.risen}

    drive = Constant(current=0.5 * DENSITY)
    dynamic = spike_times(cell(WangBuzsaki(), Shifted()), 200 * ms, drive)
    fixed = spike_times(cell(WangBuzsaki(e_k=-80 * mV)), 200 * ms, drive)
    np.testing.assert_allclose(dynamic, fixed, rtol=1e-9)
    assert len(fixed) != len(spike_times(cell(WangBuzsaki()), 200 * ms, drive))


@pytest.mark.parametrize("model", [HodgkinHuxleyNeuron, WangBuzsakiNeuron, IzhikevichNeuron])
def test_a_synaptic_conductance_makes_a_neuron_spike(model):
    assert len(spike_times(model(), 100 * ms)) == 0
    assert len(spike_times(model().replace({"g_e": 400 * nS}), 100 * ms)) > 0


def test_the_quadratic_neuron_rests_where_its_parabola_crosses_recovery():
    run = tp.simulate(cell(Izhikevich()), until=2 * s, solver=TIGHT)
    rest = min(np.roots([0.04, 5 - 0.2, 140]))
    assert float(run["v"][-1]) == pytest.approx(rest, rel=1e-6)
    assert float(run["u"][-1]) == pytest.approx(0.2 * rest, rel=1e-6)


def test_the_paper_input_is_a_current_through_the_capacitance():
    def rate(t, y):
        return [0.04 * y[0] ** 2 + 5 * y[0] + 140 - y[1] + 10, 0.02 * (0.2 * y[0] - y[1])]

    def peak(t, y):
        return y[0] - 30

    peak.terminal, peak.direction = True, 1  # type: ignore[attr-defined]
    t, y, expected = 0.0, [-65.0, -13.0], []
    while t < 300:
        run = solve_ivp(rate, (t, 300), y, "DOP853", events=peak, rtol=1e-11, atol=1e-12)
        t, y = run.t[-1], [-65.0, run.y[1, -1] + 8]
        expected += list(run.t_events[0])
    found = spike_times(cell(Izhikevich()), 300 * ms, Constant(current=1000 * pA))
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_set_replaces_the_four_numbers_of_a_neuron():
    fast = Izhikevich().using(izhikevich2003.FAST_SPIKING)
    assert (fast.a, fast.d) == (0.1 / ms, 2 * mV / ms)
    assert fast.sources["a"].startswith("izhikevich2003")


def test_the_conductance_stays_open_no_longer_than_it_should():
    squid_cell = cell(HodgkinHuxley(), ExponentialExcitation(g_e=5 * nS))
    run = tp.simulate(squid_cell, until=20 * ms, save_at=[5, 10] * ms, solver=TIGHT)
    np.testing.assert_allclose(run["g_e"], 5 * np.exp([-1, -2]), rtol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("precision", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("model", "current", "count"),
    [
        (HodgkinHuxleyNeuron, 10 * DENSITY, 35),
        (WangBuzsakiNeuron, 1 * DENSITY, 30),
        (IzhikevichNeuron, 1000 * pA, 12),
    ],
    ids=["squid", "interneuron", "quadratic"],
)
def test_a_population_fires_as_often_as_one_neuron(model, current, count, precision):
    from tripartite.network import Network, On, Population, RungeKutta4

    cells = Population(model(), 4, step=0.02 * ms, method=RungeKutta4())
    network = Network(cells=cells, connections=[], step=0.02 * ms, precision=precision)
    result = network.run(until=0.5 * s, protocol=On(cells, Constant(current=current)))
    assert len(result.data["cells.spike.times"]) == 4 * count
