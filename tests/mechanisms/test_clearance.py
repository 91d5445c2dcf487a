"""Clearance of glutamate and gliotransmission in the mean, against SciPy and closed forms."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import tripartite as tp
from tripartite.language import State
from tripartite.mechanisms import (
    ActivitySlowing,
    CleftGlutamate,
    Eaat2,
    ExtrasynapticGlutamate,
    GlutamateSpillover,
    MeanPresynapticReceptor,
    MeanTsodyksMarkram,
    MichaelisMentenUptake,
    PeriodicPresynapticReceptor,
    TransporterCurrent,
    TransporterDensity,
    TransporterVoltage,
)
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import Hz, mM, ms, mV, pF, s, uM

FINE = tp.Tsit5(rtol=1e-10, atol=1e-13)


def cleft(*clearance, **changes):
    return tp.Model(cleft=tp.Compartment(CleftGlutamate(**changes), *clearance))


def integrated(rate, start, moment):
    """Courses of an ODE at given times (ms), by LSODA."""
    span = (0, float(moment[-1]))
    return solve_ivp(rate, span, np.atleast_1d(start), t_eval=moment, method="LSODA", rtol=1e-11, atol=1e-13).y


def test_uptake_saturates_as_michaelis_and_menten_say():
    moment = np.linspace(0, 3000, 31)
    run = tp.simulate(cleft(MichaelisMentenUptake(), glutamate=1 * mM), until=3 * s, save_at=moment * ms, solver=FINE)
    expected = integrated(lambda t, g: -1.77 * g / (20 + g), 1000.0, moment)[0]
    np.testing.assert_allclose(run["glutamate"].values, expected, rtol=1e-7, atol=1e-9)
    # Closed form: K_m ln(G/G_0) + G - G_0 = -V_max t.
    g = run["glutamate"].values[5]
    assert 20 * np.log(g / 1000) + g - 1000 == pytest.approx(-1.77 * moment[5], rel=1e-7)


def test_density_gives_the_largest_uptake_of_the_tissue():
    model = cleft(MichaelisMentenUptake(), TransporterDensity(), glutamate=0 * uM)
    run = tp.simulate(model, until=1 * ms)
    per_tissue = 15200 / 6.02214076e23 * 1e15 * 1e6
    assert per_tissue == pytest.approx(25.2, rel=2e-3)
    assert float(run["transporters"][0]) == pytest.approx(per_tissue / 0.2, rel=1e-12)
    assert float(run["vmax"][0]) == pytest.approx(per_tissue / 0.2 * 14 / 1000, rel=1e-12)
    assert float(run["clearance"][0]) == pytest.approx(88, rel=5e-3)


def test_voltage_and_activity_multiply_the_uptake():
    model = cleft(MichaelisMentenUptake(), TransporterVoltage(), ActivitySlowing(), glutamate=0 * uM)
    train = SpikeTrain(np.arange(10) * 10 * ms, to="cleft.spike")
    run = tp.simulate(model, train & Constant(v=-65 * mV), until=150 * ms, save_at=[0, 90, 140] * ms, solver=FINE)
    trace = np.array([1, np.exp(-0.5 * np.arange(10)).sum(), np.exp(-0.5 * np.arange(10)).sum() * np.exp(-2.5)])
    slowed = 1 / (1 + 2 * trace**6 / (trace**6 + 64))
    np.testing.assert_allclose(run["activity_factor"].values, slowed, rtol=1e-8, atol=0)
    np.testing.assert_allclose(run["clearance"].values, 1770 / 20 * np.exp(-0.0165 * 20) * slowed, rtol=1e-8, atol=0)
    assert np.exp(-0.0165 * 20) == pytest.approx(0.719, rel=1e-3)


def test_uptake_depolarises_the_process_by_two_charges_a_glutamate():
    membrane = type("Membrane", (tp.Mechanism,), {"v": State(-85.0, "mV", "membrane potential")})
    model = tp.Model(process=tp.Compartment(TransporterCurrent(), membrane()))
    held = Constant(glutamate=100 * uM, responsiveness=0.1 / pF)
    moment = np.linspace(0, 100, 11)
    run = tp.simulate(model, held, until=100 * ms, save_at=moment * ms, solver=FINE)
    largest = 150 / 500 * 100 / 300
    v = integrated(lambda t, v: 0.1 * largest * np.exp(-0.0165 * v), -85.0, moment)[0]
    np.testing.assert_allclose(run["v"].values, v, rtol=1e-8, atol=0)
    np.testing.assert_allclose(run["transporter_current"].values, -largest * np.exp(-0.0165 * v), rtol=1e-7, atol=0)
    per_glutamate = run["transporter_current"].values / run["uptake_flux"].values * 1e-12 / 1e-18
    np.testing.assert_allclose(per_glutamate, -2 * 96485.33212, rtol=1e-12, atol=0)


def test_the_six_state_transporter_follows_its_equations():
    moment = np.linspace(0, 200, 21)
    model = cleft(Eaat2(), clearance=0 / s, glutamate=100 * uM)
    run = tp.simulate(model, Constant(v=-70 * mV), until=200 * ms, save_at=moment * ms, solver=FINE)

    def rate(t, z, v=70.0):
        c, g = z[:6], z[6]
        u = [np.exp(theta * v / 53.4) for theta in (-0.1, 0.5, 0.4, 0.6, 0.6)]
        flow = np.array(
            [
                0.02 * u[0] * g * c[0] - 0.1 * c[1],
                0.015 * u[1] * 150 * c[1] - 0.5 * c[2],
                0.2 * u[2] * c[2] - 0.6 * c[3],
                4 * c[3] - 10 * 0.3 * c[4],
                1.0 * u[3] * c[4] - 0.1 * 15 * c[5],
                2e-4 * 120 * c[5] - 0.0016 * u[4] * 3 * c[0],
            ]
        )
        return np.append(np.roll(flow, 1) - flow, -126 * flow[0])

    start = [0.9074, 0.0199, 0.0435, 0.0103, 0.0142, 0.0047, 100.0]
    expected = integrated(rate, start, moment)
    found = np.array([run[entry.key].values for entry in model.system.states if "eaat" in entry.key])
    np.testing.assert_allclose(found, expected[:6], rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(run["glutamate"].values, expected[6], rtol=1e-6, atol=1e-8)


def test_spillover_conserves_glutamate():
    inside = tp.Compartment(CleftGlutamate(clearance=0 / s, glutamate=1 * mM), GlutamateSpillover())
    outside = tp.Compartment(ExtrasynapticGlutamate(clearance=0 / s, coactive=1))
    model = tp.Model(cleft=inside, outside=outside, wiring=[outside.glutamate >> inside.glutamate_outside])
    run = tp.simulate(model, until=20 * ms, save_at=[0, 0.5, 20] * ms, solver=FINE)
    total = 0.015 * run["cleft.glutamate"].values + run["outside.glutamate"].values
    np.testing.assert_allclose(total, 15.0, rtol=1e-9, atol=0)
    even = 15 / 1.015
    assert float(run["cleft.glutamate"][1]) == pytest.approx(
        even + (1000 - even) * np.exp(-1.015 * 0.5 / 1.2), rel=1e-8
    )


def by_period(rate, fraction=0.6, recovery=0.6, unbinding=0.5 / 60, exposure=3.25):
    """Mean bound fraction after many regular releases, one after the other (1/s)."""
    bound, resources, span = 0.0, 1.0, 1 / rate
    for _ in range(2000):
        released = fraction * resources
        bound = 1 - (1 - bound) * np.exp(-exposure * released)
        mean = bound * (1 - np.exp(-unbinding * span)) / (unbinding * span)
        bound *= np.exp(-unbinding * span)
        resources = 1 - (1 - resources + released) * np.exp(-recovery * span)
    return mean


@pytest.mark.parametrize("rate", [0.001, 0.005, 0.02, 0.1, 1.0])
def test_regular_releases_bind_what_release_after_release_gives(rate):
    run = tp.simulate(PeriodicPresynapticReceptor(), Constant(glio_rate=rate * Hz), until=1 * ms)
    assert float(run["mean_bound"][0]) == pytest.approx(by_period(rate), rel=1e-9)


@pytest.mark.parametrize(
    ("u0", "effect", "facilitation", "expected"), [(0.6, 0.0, 3.33, 0.0041139), (0.15, 1.0, 2.0, 0.00470)]
)
def test_regular_releases_turn_the_synapse_at_their_threshold(u0, effect, facilitation, expected):
    receptor = tp.Model(bouton=PeriodicPresynapticReceptor(u0=u0, effect=effect))
    rates = np.linspace(0.003, 0.006, 13)
    run = tp.simulate(
        receptor, Constant(glio_rate=1 * Hz), until=1 * ms, save_at=[0] * ms, vary={"bouton.glio_rate": rates * Hz}
    )
    away = run["utilization"].values[:, 0] - 2 / (2 + facilitation)
    threshold = brentq(lambda rate: np.interp(rate, rates, away), rates[0], rates[-1])
    assert threshold == pytest.approx(expected, rel=1e-3)


def test_irregular_releases_bind_their_mean():
    """Poisson releases far apart, against the mean over a long train in NumPy."""
    rate, random = 0.02, np.random.default_rng(3)
    spans = random.exponential(1 / rate, 200_000)
    bound = total = 0.0
    for span in spans:
        total += bound * (1 - np.exp(-0.5 / 60 * span)) * 120
        bound = 1 - (1 - bound * np.exp(-0.5 / 60 * span)) * np.exp(-3.25 * 0.6)
    run = tp.simulate(MeanPresynapticReceptor(), Constant(glio_rate=rate * Hz), until=2000 * s)
    # Resources are taken at their mean; 200,000 releases leave an error of 0.2 %.
    assert float(run["mean_bound"][-1]) == pytest.approx(total / spans.sum(), rel=0.01)


def test_the_mean_field_under_gliotransmission_changes_its_slope():
    synapse = tp.Model(bouton=tp.Compartment(MeanTsodyksMarkram(), MeanPresynapticReceptor()))
    released = []
    for glio in (0.0, 0.02):
        held = Constant(spike_rate=1 * Hz, glio_rate=glio * Hz)
        vary = {"bouton.spike_rate": np.array([0.01, 1.0]) * Hz}
        run = tp.simulate(synapse, held, until=3000 * s, save_at=[3000] * s, vary=vary, solver=tp.Tsit5(1e-9, 1e-12))
        released.append(run["released"].values[:, -1])
    assert released[0][1] < released[0][0] and released[1][1] > released[1][0]
