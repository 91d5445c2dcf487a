"""Spike counts and rates of single neurons."""

import numpy as np

import tripartite as tp
from tests.published import check
from tripartite.language import Compartment, Model
from tripartite.mechanisms import AdaptiveExponential, HodgkinHuxley, Izhikevich, LeakyIntegrateFire, WangBuzsaki
from tripartite.protocols import Constant
from tripartite.units import cm, ms, pA, s, uA

TIGHT = tp.Tsit5(rtol=1e-9, atol=1e-11)


def spikes(mechanism, current, solver=TIGHT):
    """Spike times (ms) within a second."""
    result = tp.simulate(Model(neuron=Compartment(mechanism)), Constant(current=current), until=1 * s, solver=solver)
    assert result.ok
    return 1000 * np.asarray(result.events("spike")["time"])


def last_rate(times):
    return 1000 / (times[-1] - times[-2])


def test_the_adaptive_neuron_fires_17_spikes():
    check("adex_spikes_1s_800pA", len(spikes(AdaptiveExponential(), 800 * pA)))


def test_the_regular_spiking_neuron_fires_23_spikes():
    check("izh_RS_spikes_1s_I10", len(spikes(Izhikevich(), 1000 * pA)))


def test_the_rate_of_the_squid_axon():
    check("hh_rate_10uA_Hz", last_rate(spikes(HodgkinHuxley(), 10 * uA / cm**2)))


def test_the_rate_of_the_interneuron_by_the_method_of_the_table():
    """The table has the rate that Euler's method gives at 0.01 ms; without its error it is 59.70 Hz."""
    interneuron = WangBuzsaki(), 1 * uA / cm**2
    check("wb_rate_1uA_Hz", last_rate(spikes(*interneuron, tp.EulerMaruyama(0.01 * ms))))
    assert abs(last_rate(spikes(*interneuron)) - 59.7015) < 1e-3


def test_the_rate_of_the_leaky_neuron():
    times = spikes(LeakyIntegrateFire(), 110 * pA)
    check("lif_rate_110pA_Hz", last_rate(times))
