"""Release probability, paired pulses and the block of NMDA receptors."""

import numpy as np

import tripartite as tp
from tests.published import check
from tripartite.analysis.paired_pulse import paired_pulse_ratio
from tripartite.experiments.kinetic_schemes import steady
from tripartite.experiments.release_measures import mean_release, sign_change
from tripartite.protocols import Constant, RegularSpikes, SpikeTrain
from tripartite.units import Hz, mV, nM, s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)
MEAN = tp.Model(bouton=tp.Compartment(tp.mechanisms.MeanTsodyksMarkram(), tp.mechanisms.FixedUtilization()))


def test_release_probability_at_which_depression_turns_into_facilitation():
    u0, small = np.linspace(0.3, 0.45, 31), 1e-3
    rest, once, twice = mean_release(MEAN, np.repeat([0, small, 2 * small], len(u0)), np.tile(u0, 3)).reshape(3, -1)
    check("tm_Utheta", sign_change(u0, (4 * once - twice - 3 * rest) / (2 * small)))


def test_rate_at_which_a_facilitating_synapse_releases_most():
    rates = np.linspace(2.7, 2.9, 9)
    slope = np.gradient(mean_release(MEAN, rates, np.full(len(rates), 0.15)), rates, edge_order=2)
    check("tm_mf_flim_U0.15_Hz", sign_change(rates, slope))


def test_regular_release_at_5_Hz():
    result = tp.simulate(tp.models.Synapse(), RegularSpikes(5 * Hz), until=60 * s, solver=TIGHT)
    check("tm_periodic_r_U0.6_f5", result.events("release")["amount"][-1])


def test_paired_pulse_ratio_of_a_simulated_pair_and_in_closed_form():
    model = tp.models.Synapse(tp.mechanisms.FixedUtilization(u0=0.2))
    released = tp.simulate(model, SpikeTrain([0.1, 0.15] * s), until=0.2 * s).events("release")["amount"]
    check("ppr_U0.2_50ms", released[1] / released[0])
    check("ppr_U0.2_50ms", paired_pulse_ratio(0.2, interval=0.05 * s, recovery=2 / s, facilitation=3.33 / s))


def test_magnesium_block():
    inputs = Constant(dserine=1 * uM, v=-70 * mV)
    check("js_B_m70", tp.simulate(tp.mechanisms.Nmda(), inputs, until=1 * s)["unblocked"][0])


def test_potential_of_half_block():
    voltage = np.linspace(-60, 20, 81)
    run = tp.simulate(
        tp.Model(spine=tp.mechanisms.Nmda()),
        Constant(dserine=1 * uM, v=0 * mV),
        until=1 * s,
        save_at=[0] * s,
        vary={"spine.v": voltage * mV},
    )
    unblocked = run["unblocked"].values[:, 0]
    check("js_Vhalf_mV", np.interp(0, np.log(unblocked / (1 - unblocked)), voltage))


def test_start_stored_with_the_six_state_transporter():
    filed = tp.Model(process=tp.mechanisms.Eaat2(polarity=1))
    check("eaat6_C1_m85", steady(filed, -85, 20 * nM)["eaat_empty_out"])


def test_frequency_of_releases_that_turns_a_depressing_synapse():
    rates = np.linspace(0.0038, 0.0044, 13)
    run = tp.simulate(
        tp.Model(bouton=tp.mechanisms.PeriodicPresynapticReceptor()),
        Constant(glio_rate=1 * Hz),
        until=1 * s,
        save_at=[0] * s,
        vary={"bouton.glio_rate": rates * Hz},
    )
    check("glio_fC_threshold_depr_Hz", sign_change(rates, run["utilization"].values[:, 0] - 2 / 5.33))


def test_slow_inward_current_at_03_uM_calcium():
    check("sic_lny_C0.3", tp.simulate(tp.mechanisms.SlowInward(), Constant(ca=0.3 * uM), until=1 * s)["sic"][0])
