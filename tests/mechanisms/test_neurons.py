"""Membranes, conductances and currents against closed forms, SciPy, and values recorded from NEST 3.10.

The recorded values come from single cells of `aeif_cond_alpha_astro` at a resolution of 1 µs.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.mechanisms import (
    AdaptiveExponential,
    AlphaExcitation,
    ExponentialExcitation,
    LeakyIntegrateFire,
    MembraneNoise,
    SlowInwardCurrent,
    StaticSynapse,
)
from tripartite.parameters import jiang2025
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import ms, mV, nS, pA, s

TIGHT = tp.Tsit5(1e-9, 1e-11)


def spike_times(model, until, **options):
    """Times of the neuron's spikes, in ms."""
    result = tp.simulate(model, until=until, **options)
    assert result.ok
    return np.asarray(result.events("spike")["time"]) * 1000


def cell(*mechanisms):
    return tp.Model(neuron=tp.Compartment(*mechanisms))


@pytest.mark.parametrize("current", [100, 110, 120, 150])
def test_a_leaky_neuron_fires_with_the_period_of_the_closed_form(current):
    times = spike_times(cell(LeakyIntegrateFire(bias_current=current * pA)), 2 * s, solver=TIGHT)
    final, tau = -60 + current / 9.99, 198 / 9.99
    rise = tau * np.log((final + 60) / (final + 50))
    expected = rise + np.arange(len(times)) * (rise + 5)
    assert times[0] == pytest.approx(expected[0], rel=1e-8)
    # A step over the end of refractoriness is 1e-5 ms off, where the rate has a kink.
    assert np.all(np.abs(times - expected) < 2e-5 * (1 + np.arange(len(times))))


@pytest.mark.parametrize(("current", "rate", "rtol"), [(110, 19.110, 1e-4), (120, 24.74, 3e-4), (150, 37.40, 1e-3)])
def test_a_leaky_neuron_fires_at_the_independently_computed_rate(current, rate, rtol):
    """By Euler's method, whose step shifts the higher rates in the fourth digit; the default solver here."""
    times = spike_times(tp.models.CobaNeuron().replace({"bias_current": current * pA}), 10 * s)
    assert 1000 / np.diff(times).mean() == pytest.approx(rate, rel=rtol)


def test_nothing_moves_a_refractory_membrane_and_conductances_go_on():
    neuron = tp.models.CobaNeuron().replace({"bias_current": 150 * pA, "g_e": 3 * nS, "refractory": 20 * ms})
    first = spike_times(neuron, 0.1 * s)[0]
    at = (first + np.array([1e-6, 5, 19.9, 25])) * ms
    result = tp.simulate(neuron, until=0.1 * s, save_at=at, solver=TIGHT)
    np.testing.assert_array_equal(result["v"][:3], -60.0)
    assert result["v"][3] > -59.0
    np.testing.assert_allclose(result["g_e"], 3 * np.exp(-np.asarray(at.to("ms").magnitude) / 5), rtol=1e-6)


@pytest.mark.parametrize(("current", "count"), [(500, 0), (650, 5), (700, 9), (800, 17), (1000, 31)])
def test_an_adaptive_neuron_fires_the_known_number_of_spikes_in_a_second(current, count):
    assert len(spike_times(cell(AdaptiveExponential(bias_current=current * pA)), 1 * s)) == count


def test_an_adaptive_neuron_spikes_when_scipy_says_so():
    """The paper's equations without any limit of the upstroke, by DOP853 with events."""

    def rates(t, y):
        v, w = y
        into = -30 * (v + 70.6) + 60 * np.exp((v + 50.4) / 2) - w + 800
        return [into / 281, (4 * (v + 70.6) - w) / 144]

    def peak(t, y):
        return y[0]

    peak.terminal, peak.direction = True, 1.0  # type: ignore[attr-defined]
    t, y, expected = 0.0, [-70.6, 0.0], []
    while t < 300:
        run = solve_ivp(rates, (t, 300), y, "DOP853", events=peak, rtol=1e-10, atol=1e-10)
        t, y = run.t[-1], [-70.6, run.y[1, -1] + 80.5]
        expected += list(run.t_events[0])

    found = spike_times(cell(AdaptiveExponential(bias_current=800 * pA)), 0.3 * s, solver=TIGHT)
    assert len(expected) == 6
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3)


def test_an_adaptive_neuron_spikes_when_nest_does():
    neuron = AdaptiveExponential(bias_current=800 * pA, v_reset=-60 * mV, refractory=2 * ms)
    found = spike_times(cell(neuron), 0.3 * s, solver=TIGHT)
    # On its grid of 1 µs NEST is late by a part of a step, and by one more after every refractory period.
    expected = np.array([17.720, 37.087, 64.283, 105.814, 164.793, 231.313, 299.052])
    assert np.all(np.abs(found - expected) < 0.002 * (1 + np.arange(7)))


def test_the_limit_of_the_upstroke_delays_a_spike_by_less_than_50_ns():
    limited, nearly_free = (
        spike_times(cell(AdaptiveExponential(bias_current=800 * pA, steepest=limit)), 0.02 * s, solver=TIGHT)[0]
        for limit in (15.0, 17.0)
    )
    assert 0 < limited - nearly_free < 5e-5


def test_beyond_the_peak_a_stage_of_a_fixed_step_reads_the_rates_of_the_peak():
    """A step of 0.1 ms overshoots the peak by 1e4 mV and more; leak and adaptation must not follow it there."""
    system = cell(AdaptiveExponential()).system
    constants = [e.value for e in system.constants]
    at_peak, beyond = (system.rates(system.values([v, 10.0, 3.0], constants)) for v in (0.0, 1e6))
    assert at_peak == beyond
    assert np.all(np.isfinite(beyond))


def test_a_fixed_step_of_a_tenth_millisecond_gives_nearly_the_same_spikes():
    result = tp.simulate(
        cell(AdaptiveExponential(bias_current=800 * pA)), until=1 * s, solver=tp.EulerMaruyama(0.1 * ms)
    )
    assert result.ok
    assert len(result.events("spike")["time"]) == pytest.approx(17, abs=1)


def test_an_alpha_conductance_peaks_with_its_weight_after_its_time_constant():
    synapse = tp.Compartment(StaticSynapse(weight=3 * nS))
    neuron = tp.Compartment(LeakyIntegrateFire(), AlphaExcitation(tau_e=2 * ms))
    model = tp.Model(synapse=synapse, neuron=neuron, wiring=[synapse.conductance >> neuron.excitation])
    t = np.arange(1, 40) * 0.5
    run = tp.simulate(model, SpikeTrain([10] * ms), until=0.05 * s, save_at=(10 + t) * ms, solver=TIGHT)
    np.testing.assert_allclose(run["g_e"], 3 * t / 2 * np.exp(1 - t / 2), rtol=1e-6)
    assert t[int(run["g_e"].values.argmax())] == 2.0


def test_alpha_conductances_move_the_membrane_as_in_nest():
    excitation, inhibition = (
        tp.Compartment(StaticSynapse(weight=20 * nS)),
        tp.Compartment(StaticSynapse(weight=30 * nS)),
    )
    neuron = tp.models.AdexNeuron().using(jiang2025.SPARSE_NEURON).compartments["neuron"]
    model = tp.Model(
        excitation=excitation,
        inhibition=inhibition,
        neuron=neuron,
        wiring=[excitation.conductance >> neuron.excitation, inhibition.conductance >> neuron.inhibition],
    )
    spikes = SpikeTrain([11, 13, 31] * ms, to="excitation.spike") & SpikeTrain([15] * ms, to="inhibition.spike")
    drive = spikes & Constant(sic=0 * pA)
    run = tp.simulate(model, drive, until=0.06 * s, save_at=[13, 15, 20, 35, 50] * ms, solver=TIGHT)
    np.testing.assert_allclose(
        run["v"],
        [-64.27094655811327, -53.32565467012612, -57.01426757576661, -59.44837057116761, -66.33602434649413],
        rtol=1e-6,
    )
    np.testing.assert_allclose(
        run["g_e"], [20.0, 34.71517764685758, 8.463714411681584, 14.729174039595096, 0.038671883414266826], rtol=1e-6
    )
    np.testing.assert_allclose(run["g_i"][2:], [29.205029365177673, 2.7473458333101335, 0.1130699169011181], rtol=1e-6)
    np.testing.assert_allclose(run["w"][-1], 7.88046952921368, rtol=1e-5)


def test_currents_add_to_the_background_current():
    constant = spike_times(cell(LeakyIntegrateFire(bias_current=150 * pA)), 0.5 * s, solver=TIGHT)
    parts = cell(LeakyIntegrateFire(bias_current=80 * pA), SlowInwardCurrent(sic_weight=0.5))
    drive = Constant(current=40 * pA, sic=60 * pA)
    together = spike_times(parts, 0.5 * s, protocol=drive, solver=TIGHT)
    np.testing.assert_allclose(together, constant, rtol=0, atol=1e-3)


def test_a_held_conductance_shifts_the_resting_potential_to_the_weighted_mean():
    neuron = cell(LeakyIntegrateFire(v_threshold=0 * mV), ExponentialExcitation(tau_e=1e12 * ms, g_e=2 * nS))
    run = tp.simulate(neuron, until=1 * s, solver=TIGHT)
    assert float(run["v"][-1]) == pytest.approx(-60 * 9.99 / 11.99, rel=1e-9)


def test_noise_gives_the_membrane_the_variance_of_the_closed_form():
    neuron = cell(LeakyIntegrateFire(v_threshold=1000 * mV), MembraneNoise(intensity=50 * pA * ms**0.5))
    solver = tp.EulerMaruyama(0.2 * ms)
    run = tp.simulate(neuron, until=20 * s, solver=solver, seed=list(range(8)), save_every=1 * ms)
    late = run["v"].values[..., 500:]
    # 8 runs of 19.5 s hold 4000 independent values of correlation time 20 ms: 2.2 % of the variance.
    assert late.var() == pytest.approx(50**2 / (2 * 9.99 * 198), rel=0.09)
    assert late.mean() == pytest.approx(-60, abs=0.05)
