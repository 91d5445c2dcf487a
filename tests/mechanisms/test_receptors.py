"""Receptors of the synapse against kinetic schemes and closed forms in NumPy and SciPy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm, null_space

import tripartite as tp
from tripartite.parameters import tsodyks1998
from tripartite.protocols import Constant, RegularSpikes, SpikeTrain, Steps
from tripartite.units import Hz, mM, ms, mV, uM

FINE = tp.Tsit5(rtol=1e-9, atol=1e-13)


def matrix(order, exchanges):
    """The matrix of a scheme from (one state, another, rate there, rate back), in 1/ms."""
    place = {name: i for i, name in enumerate(order)}
    found = np.zeros((len(order), len(order)))
    for one, other, there, back in exchanges:
        i, j = place[one], place[other]
        found[j, i] += there
        found[i, i] -= there
        found[i, j] += back
        found[j, j] -= back
    return found


def kampa(v, glutamate, magnesium=1.0):
    """The ten states at held mV, mM and mM; rates in 1/ms."""
    enter = magnesium * np.exp(-1.6 * (v - 40) / 25)
    leave = np.exp(0.4 * (v - 40) / 25)
    slow = 5e-5 * enter
    return matrix(
        ["U", "Cl", "D1", "D2", "O", "UM", "ClM", "D1M", "D2M", "OM"],
        [
            ("U", "Cl", 10 * glutamate, 0.0056),
            ("Cl", "O", 0.010, 0.273),
            ("Cl", "D1", 0.0022, 0.0016),
            ("D1", "D2", 0.00043, 0.0005),
            ("UM", "ClM", 10 * glutamate, 0.0171),
            ("ClM", "OM", 0.010, 0.548),
            ("ClM", "D1M", 0.0021, 0.00087),
            ("D1M", "D2M", 0.00026, 0.00042),
            ("O", "OM", 0.05 * enter, 12.8 * leave),
            ("U", "UM", slow, 0.002438312 * leave),
            ("Cl", "ClM", slow, 0.005041915 * leave),
            ("D1", "D1M", slow, 0.00298874 * leave),
            ("D2", "D2M", slow, 0.002953408 * leave),
        ],
    )


def trapping(v, glutamate, magnesium=1.0):
    half = [
        ("C0", "C1", 2 * 5 * glutamate, 0.0055),
        ("C1", "C2", 5 * glutamate, 0.011),
        ("C2", "D", 0.0084, 0.0018),
        ("C2", "O", 0.0465, 0.0916),
    ]
    blocked = [(a + "B", b + "B", there, back * (3 if b == "O" else 1)) for a, b, there, back in half]
    block = [("O", "OB", 0.61 * magnesium * np.exp(-v / 17), 5.4 * np.exp(v / 47))]
    names = ["C0", "C1", "C2", "D", "O"]
    return matrix([*names, *(name + "B" for name in names)], [*half, *blocked, *block])


@pytest.mark.parametrize(("kind", "scheme"), [(tp.mechanisms.KampaNmda, kampa), (tp.mechanisms.TrappingNmda, trapping)])
def test_ten_states_follow_the_matrix_exponential_through_a_step_of_potential(kind, scheme):
    model = tp.Model(spine=kind())
    protocol = Steps("v", [0, 20] * ms, [-60, 40] * mV) & Steps("glutamate", [0, 1, 40] * ms, [0, 1, 0] * mM)
    run = tp.simulate(model, protocol, until=60 * ms, save_at=[10, 20, 21, 40, 60] * ms, solver=FINE)
    found = np.array([run[entry.key].values for entry in model.system.states])

    state, expected = np.eye(10)[0], []
    for v, glutamate, span in ((-60, 0, 1), (-60, 1, 9), (-60, 1, 10), (40, 1, 1), (40, 1, 19), (40, 0, 20)):
        state = expm(scheme(v, glutamate) * span) @ state
        expected.append(state)

    np.testing.assert_allclose(found.T, np.array(expected)[1:], rtol=1e-6, atol=1e-11)
    np.testing.assert_allclose(found.sum(axis=0), 1, rtol=1e-12, atol=0)


def test_the_current_counts_open_receptors_with_co_agonist():
    receptor = tp.mechanisms.KampaNmda(nmda_open=0.02, nmda_unbound=0.98)
    model = tp.Model(spine=tp.Compartment(receptor, tp.mechanisms.CoagonistSites(glycine=2 * uM)))
    held = Constant(glutamate=0 * mM, v=-40 * mV, dserine=3 * uM)
    bound = 3 / 7.02 + 2 / 26.4
    expected = 0.5 * 0.02 * (-40 - 5) * (bound / (1 + bound)) ** 2
    assert float(tp.simulate(model, held, until=1 * ms)["nmda_current"][0]) == pytest.approx(expected, rel=1e-12)


def test_trapped_magnesium_outlasts_glutamate():
    """With the gate closed over it, magnesium stays: so says the scheme, whose only way out is the open pore."""
    start = null_space(trapping(-60, 1.0))[:, 0]
    later = expm(trapping(40, 0.0) * 200) @ (start / start.sum())
    assert later[5:].sum() > 0.01


@pytest.mark.parametrize(
    ("kind", "jump", "state", "binding", "unbinding"),
    [
        (tp.mechanisms.AmpaKinetics, tp.mechanisms.Ampa, "ampa", 1.1, 0.19),
        (tp.mechanisms.NmdaKinetics, tp.mechanisms.Nmda, "nmda", 0.072, 0.0066),
        (tp.mechanisms.GabaAKinetics, None, "gaba_a", 5.0, 0.18),
    ],
)
def test_a_driven_receptor_binds_during_the_pulse_as_its_closed_form_says(kind, jump, state, binding, unbinding):
    model = tp.Model(spine=tp.Compartment(tp.mechanisms.TransmitterPulse(), kind()))
    spikes, held = SpikeTrain([2, 3.4, 20] * ms, event="release"), Constant(v=-60 * mV)
    run = tp.simulate(model, spikes & held, until=30 * ms, save_at=[1, 2.5, 3.2, 10, 30] * ms, solver=FINE)

    def after(s, transmitter, span):
        rate = binding * transmitter + unbinding
        aim = binding * transmitter / rate
        return aim + (s - aim) * np.exp(-rate * span)

    one = after(0, 1, 1)
    two = after(after(one, 0, 0.4), 1, 1)
    three = after(after(two, 0, 20 - 4.4), 1, 1)
    expected = [0, after(0, 1, 0.5), after(one, 0, 0.2), after(two, 0, 5.6), after(three, 0, 9)]
    np.testing.assert_allclose(run[state].values, expected, rtol=1e-7, atol=1e-12)
    if jump is not None:
        inputs = held & (Constant(dserine=1 * uM) if state == "nmda" else Constant())
        once = tp.simulate(jump(), inputs & SpikeTrain([2] * ms, event="release"), until=3 * ms, save_at=[2] * ms)
        assert float(once[state][0]) == pytest.approx(one, rel=1e-12)


def test_a_release_during_a_pulse_begins_a_new_one():
    pulse = tp.mechanisms.TransmitterPulse()
    releases = SpikeTrain([1, 1.6] * ms, event="release")
    run = tp.simulate(pulse, releases, until=4 * ms, save_at=[0.9, 1.5, 2.2, 2.7] * ms)
    np.testing.assert_allclose(run["transmitter"].values, [0, 1, 1, 0], rtol=0, atol=0)


def test_presynaptic_nmda_receptors_raise_release_by_their_occupancy():
    receptor = tp.mechanisms.PresynapticNmda()
    held = Constant(gliotransmitter=0.5 * uM)
    run = tp.simulate(receptor, held, until=3000 * ms, save_at=[100, 3000] * ms, solver=FINE)
    rate = 0.01 * 0.5 + 0.0056
    expected = 0.005 / rate * (1 - np.exp(-rate * np.array([100, 3000])))
    np.testing.assert_allclose(run["prenmda_bound"].values, expected, rtol=1e-8, atol=0)
    np.testing.assert_allclose(run["utilization"].values, 0.15 + 0.15 * expected, rtol=1e-8, atol=0)


def test_the_slow_inward_course_peaks_at_its_peak_and_adds():
    course = tp.mechanisms.SlowInwardCourse()
    moment = np.linspace(0, 3000, 30001)
    run = tp.simulate(course, SpikeTrain([0] * ms, event="gliorelease"), until=3 * tp.units.s, save_at=moment * ms)
    shape = np.exp(-moment / 600) - np.exp(-moment / 30)
    np.testing.assert_allclose(run["sic"].values, 45 * shape / shape.max(), rtol=1e-4, atol=1e-4)


def test_the_slow_inward_density_is_the_current_in_other_units():
    held = Constant(ca=0.3 * uM)
    density = tp.simulate(tp.mechanisms.SlowInwardDensity(), held, until=1 * ms)["sic_density"][0]
    current = tp.simulate(tp.mechanisms.SlowInward(), held, until=1 * ms)["sic"][0]
    assert float(density) == pytest.approx(2.11 * float(current), rel=1e-12)
    assert float(current) == pytest.approx(4.63773, rel=1e-5)


def facilitating_train(rate, spikes, u0, recovery, inactivation, facilitation):
    """Active resources after each spike, from the three-state equations, spike by spike in ms."""
    x, y, u, found = 1.0, 0.0, 0.0, []
    for number in range(spikes):
        if number:
            span = 1000 / rate

            def slope(t, z):
                return [(1 - z[0] - z[1]) / recovery, -z[1] / inactivation]

            x, y = solve_ivp(slope, (0, span), [x, y], rtol=1e-10, atol=1e-13, method="LSODA").y[:, -1]
            u *= np.exp(-span / facilitation)
        u += u0 * (1 - u)
        x, y = x - u * x, y + u * x
        found.append(y)
    return np.array(found)


def test_facilitating_synapse_of_tsodyks_pawelzik_and_markram():
    parts = tp.Compartment(
        tp.mechanisms.TsodyksDepression(), tp.mechanisms.FacilitatingUtilization(), tp.mechanisms.ActiveResources()
    )
    synapse = tp.Model(synapse=parts.using(tsodyks1998.FACILITATING))
    run = tp.simulate(synapse, RegularSpikes(20 * Hz), until=1000 * ms, save_at=np.arange(20) * 50 * ms, solver=FINE)
    expected = facilitating_train(20, 20, 0.03, 130, 1.5, 530)
    np.testing.assert_allclose(run["synaptic_current"].values, 1540 * expected, rtol=1e-6, atol=0)
    assert expected[1] > expected[0]


def test_depressing_synapse_of_tsodyks_pawelzik_and_markram():
    parts = tp.Compartment(
        tp.mechanisms.TsodyksDepression(), tp.mechanisms.FixedUtilization(), tp.mechanisms.ActiveResources()
    )
    synapse = tp.Model(synapse=parts.using(tsodyks1998.DEPRESSING))
    run = tp.simulate(synapse, RegularSpikes(20 * Hz), until=200 * ms, save_at=[0, 50, 100, 150] * ms, solver=FINE)
    assert float(run["synaptic_current"][0]) == pytest.approx(150, rel=1e-12)
    assert np.all(np.diff(run["synaptic_current"].values) < 0)
