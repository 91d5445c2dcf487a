"""Numbers that an implementation of these mechanisms must reproduce, each at its stated relative tolerance.

Computed independently from the published equations unless a closed form is the source. They are measured
here through the public functions of the package; the experiments claim them with figures.
"""

import numpy as np
import pytest

import tripartite as tp
from tripartite.analysis.oscillations import oscillation
from tripartite.analysis.paired_pulse import paired_pulse_ratio
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import Hz, mV, s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)
AM = tp.mechanisms.LiRinzel()
FM = tp.mechanisms.LiRinzel(k_serca=0.05 * uM)


def special(cell, kind):
    """Special points of a kind on the branch of rest along IP3, in the order of IP3."""
    branch = tp.continuation(cell, "ip3", 0.2 * uM, 1.2 * uM)
    return sorted((p for p in branch.special if p.kind == kind), key=lambda p: p.value)


def period(model, protocol):
    """Period of sustained oscillation, in s."""
    result = tp.simulate(model, protocol, until=400 * s, solver=TIGHT, save_every=0.005 * s)
    late = result["ca"].sel(time=slice(200, None))
    return float(oscillation(late["time"], late).period)


def gchi(parameters):
    return tp.models.GChi().using(parameters)


@pytest.mark.parametrize(
    ("cell", "position", "expected"), [(AM, 0, 0.35453), (AM, 1, 0.63688), (FM, -1, 0.86002)], ids=str
)
def test_hopf_points_of_li_rinzel(cell, position, expected):
    found = special(cell, "Hopf point")[position].value
    assert found.to("uM").magnitude == pytest.approx(expected, rel=1e-4)


def test_period_at_the_lower_hopf_point():
    assert special(AM, "Hopf point")[0].period.to("s").magnitude == pytest.approx(12.554, rel=1e-3)


@pytest.mark.parametrize(("position", "low", "high"), [(0, 0.4819, 0.4844), (1, 0.5418, 0.5443)])
def test_folds_lie_between_the_grid_points_that_a_scan_found(position, low, high):
    """A scan in steps of 0.0025 µM saw the number of fixed points change at 0.4844 and 0.5443 µM."""
    found = special(FM, "fold")[position].value.to("uM").magnitude
    assert low <= found <= high


@pytest.mark.parametrize(("cell", "ip3", "expected"), [(AM, 0.5, 11.492), (FM, 0.7, 22.649)], ids=str)
def test_periods_of_li_rinzel(cell, ip3, expected):
    assert period(cell, Constant(ip3=ip3 * uM)) == pytest.approx(expected, rel=2e-3)


def test_periods_of_gchi():
    sets = tp.parameters.depitta2009
    assert period(gchi(sets.AM), Constant(glutamate=0.1 * uM)) == pytest.approx(10.722, rel=2e-3)
    assert period(gchi(sets.FM), Constant(glutamate=2.5 * uM)) == pytest.approx(11.979, rel=2e-3)


def test_rest_of_gchi_at_4_uM_glutamate():
    result = tp.simulate(gchi(tp.parameters.depitta2009.AM), Constant(glutamate=4 * uM), until=1000 * s)
    assert float(result["ca"][-1]) == pytest.approx(0.3830, rel=1e-3)


def test_rest_of_li_rinzel_at_016_uM_ip3():
    rest = tp.steady_states(AM, Constant(ip3=0.16 * uM))
    assert float(rest["cell.ca"][0]) == pytest.approx(0.0722218, rel=1e-5)


def test_one_release_of_gliotransmitter_and_what_it_binds():
    synapse = tp.models.OpenLoopSynapse()
    pulse = tp.protocols.Pulses("astrocyte.ca", 1 * uM, [1] * s, 1 * s)
    result = tp.simulate(synapse, pulse, until=1.5 * s, solver=TIGHT, save_at=[1.0, 1.5] * s)
    assert float(result["gliotransmitter"][0]) == pytest.approx(78.0, rel=1e-6)
    jump = 1 - np.exp(-1.5 * 78 / 60)
    assert jump == pytest.approx(0.857726, rel=1e-5)
    unbound = tp.simulate(synapse.replace({"unbinding": 0 / s}), pulse, until=1.5 * s, solver=TIGHT, save_at=[1.5] * s)
    assert float(unbound["bound"][0]) == pytest.approx(0.857726, rel=1e-5)


def test_regular_release_at_5_Hz():
    spikes = tp.protocols.RegularSpikes(5 * Hz)
    released = tp.simulate(tp.models.Synapse(), spikes, until=60 * s, solver=TIGHT).events("release")["amount"]
    assert float(released[-1]) == pytest.approx(0.29785, rel=1e-4)


def test_paired_pulse_ratio_of_a_simulated_pair():
    model = tp.models.Synapse(tp.mechanisms.FixedUtilization(u0=0.2))
    released = tp.simulate(model, SpikeTrain([0.1, 0.15] * s), until=0.2 * s).events("release")["amount"]
    assert float(released[1] / released[0]) == pytest.approx(1.3738, rel=1e-4)
    closed = paired_pulse_ratio(0.2, interval=0.05 * s, recovery=2 / s, facilitation=3.33 / s)
    assert float(closed) == pytest.approx(1.3738, rel=1e-4)


def test_magnesium_block():
    inputs = Constant(dserine=1 * uM, v=-70 * mV)
    result = tp.simulate(tp.mechanisms.Nmda(), inputs, until=1 * s)
    assert float(result["unblocked"][0]) == pytest.approx(0.04447, rel=1e-3)


def test_fluorescence_of_gcamp6s_at_half_a_micromolar():
    result = tp.simulate(tp.Model(cell=tp.observe.Gcamp()), Constant(ca=0.5 * uM), until=1 * s)
    assert float(result["dff"][0]) == pytest.approx(15.348, rel=1e-3)


def test_first_calcium_peak_of_an_astrocyte_driven_by_spikes():
    from tripartite.experiments import experiment

    chosen = experiment("stimberg2019-synapse")
    data = chosen.run(chosen.models(), quick=True)
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(data)}
    peaks = [v for statement, v in verdicts.items() if "peak" in statement.lower()]
    assert peaks and set(peaks) == {"pass"}
