"""Release probability, paired pulses and the block of NMDA receptors."""

import tripartite as tp
from tests.published import check
from tripartite.analysis.paired_pulse import paired_pulse_ratio
from tripartite.protocols import Constant, RegularSpikes, SpikeTrain
from tripartite.units import Hz, mV, s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)


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
