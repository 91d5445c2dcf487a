"""The implicit driver against the explicit one, SciPy's Radau, and finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.language import Add, Emission, Mechanism, Parameter, State
from tripartite.language.model import as_model
from tripartite.language.protocol import Nothing
from tripartite.solve.simulation import Job, simulate
from tripartite.solve.solvers import Kvaerno5, Tsit5
from tripartite.units import Hz, ms, s, uM

EXACT = Tsit5(rtol=1e-10, atol=1e-12)
IMPLICIT = Kvaerno5(rtol=1e-8, atol=1e-11)
TEST_ONLY = "assumed: a test problem"


class VanDerPol(Mechanism):
    """The relaxation oscillator that stiff solvers are tried on."""

    x = State(2.0, "1", "x: position")
    v = State(0.0, "1", "v: velocity")
    mu = Parameter(1000.0, "1", "mu: stiffness", TEST_ONLY)
    rate = Parameter(1.0, "1/ms", "scale of time", TEST_ONLY)

    def rates(q):
        return {"x": q.rate * q.v, "v": q.rate * (q.mu * (1 - q.x**2) * q.v - q.x)}


class Explosion(Mechanism):
    """A state that becomes infinite at 1 / rate."""

    x = State(1.0, "1", "x: size")
    rate = Parameter(1.0, "1/ms", "rate of growth", TEST_ONLY)

    def rates(q):
        return {"x": q.rate * q.x**2}


class Integrator(Mechanism):
    """A ramp that is reset whenever it reaches its threshold; each spike pushes it by a fixed amount."""

    v = State(0.0, "1", "v: ramp")
    fired = Emission("1", "value at the crossing")
    slope = Parameter(0.1, "1/ms", "slope of the ramp", TEST_ONLY)
    push = Parameter(0.7, "1", "push of a spike", TEST_ONLY)
    reset = Parameter(1.0, "1", "what a crossing takes away", TEST_ONLY)

    def rates(q):
        return {"v": q.slope}

    def on_spike(q):
        return {"v": Add(q.push)}

    def crossing(q):
        return q.v - 1

    def on_crossing(q):
        return {"v": q.v - q.reset, "fired": q.v}


def _worst(first, second) -> float:
    """Largest difference of any variable, relative to that variable's largest value."""
    apart = (abs(first[n] - second[n]).max() / max(float(abs(second[n]).max()), 1e-300) for n in second.names)
    return max(map(float, apart))


def test_li_rinzel_agrees_with_the_explicit_solver():
    model, drive = tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.5 * uM)
    implicit = simulate(model, drive, until=100 * s, solver=IMPLICIT)
    assert implicit.ok
    assert _worst(implicit, simulate(model, drive, until=100 * s, solver=EXACT)) < 1e-6


@pytest.fixture(scope="module")
def synapses():
    """A tripartite synapse under spikes whose astrocyte releases gliotransmitter: implicit, explicit."""
    synapse = tp.models.TripartiteSynapse()
    spikes = tp.protocols.PoissonSpikes(10 * Hz, seed=1)
    less = tp.Perturbation("less uptake", {"astrocyte.LiRinzel.uptake": 0.7}, at=3 * s, stop=6 * s)
    return [simulate(synapse, spikes & less, until=10 * s, solver=x, save_every=50 * ms) for x in (IMPLICIT, EXACT)]


def test_the_tripartite_synapse_agrees_with_the_explicit_solver(synapses):
    implicit, explicit = synapses
    assert implicit.ok
    assert _worst(implicit, explicit) < 1e-5


@pytest.mark.parametrize("emission", ["bouton.release", "astrocyte.gliorelease"])
def test_events_are_those_of_the_explicit_solver(synapses, emission):
    implicit, explicit = (result.events(emission) for result in synapses)
    assert len(explicit["time"]) > 0
    np.testing.assert_allclose(implicit["time"], explicit["time"], rtol=1e-7)
    np.testing.assert_allclose(implicit["amount"], explicit["amount"], rtol=1e-5)


def test_van_der_pol_at_stiffness_1000_agrees_with_radau():
    result = simulate(VanDerPol(), until=2 * s, solver=Kvaerno5(rtol=1e-8, atol=1e-10), save_every=20 * ms)
    radau = solve_ivp(
        lambda t, y: [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]],
        (0, 2000),
        [2.0, 0.0],
        method="Radau",
        t_eval=result.data["time"].values * 1000,
        rtol=1e-9,
        atol=1e-11,
        jac=lambda t, y: [[0, 1], [-2000 * y[0] * y[1] - 1, 1000 * (1 - y[0] ** 2)]],
    )
    np.testing.assert_allclose(result["x"].values, radau.y[0], rtol=1e-5)


def test_a_ramp_fires_at_its_threshold_when_pushed_and_when_risen():
    spikes = tp.protocols.SpikeTrain([4, 14] * ms)
    result = simulate(Integrator(), spikes, until=20 * ms, solver=IMPLICIT, save_every=1 * ms)
    # 0.4 + 0.7 fires at 4 ms; 0.1 rises to 1 at 13 ms; 0.1 + 0.7 at 14 ms rises to 1 at 16 ms.
    np.testing.assert_allclose(result.events("fired")["time"], [0.004, 0.013, 0.016], rtol=1e-9)
    np.testing.assert_allclose(result.events("fired")["amount"], [1.1, 1.0, 1.0], rtol=1e-9)
    # At 13 and 16 ms rounding decides whether the crossing comes before the save.
    np.testing.assert_allclose(result["v"].values[[4, 12, 14, 15, 17]], [0.1, 0.9, 0.8, 0.9, 0.1], rtol=1e-9)


def test_a_crossing_fires_once_until_the_value_has_been_below():
    result = simulate(Integrator(reset=0.0), until=20 * ms, solver=IMPLICIT)
    np.testing.assert_allclose(result.events("fired")["time"], [0.010], rtol=1e-9)


def test_an_ensemble_equals_its_members_one_by_one():
    model = as_model(tp.mechanisms.LiRinzel())
    ip3 = np.array([0.2, 0.5, 0.9])
    pulse = tp.Perturbation("less uptake", {"uptake": 0.5}, at=10 * s, stop=12 * s)
    together = simulate(model, pulse, until=30 * s, solver=IMPLICIT, vary={"ip3": ip3 * uM})
    assert together.data.sizes["member"] == 3
    for member, value in enumerate(ip3):
        alone = simulate(model, pulse & tp.protocols.Constant(ip3=value * uM), until=30 * s, solver=IMPLICIT)
        np.testing.assert_allclose(together["ca"][member], alone["ca"], rtol=1e-9)


@pytest.mark.parametrize("solver", [Kvaerno5(), Kvaerno5(max_steps=5)], ids=["singular", "step limit"])
def test_a_failed_solve_keeps_what_it_reached_and_says_why(solver):
    result = simulate(Explosion(), until=2 * ms, solver=solver, save_every=0.0001 * ms)
    time, x = result.data["time"].values * 1000, result["x"].values
    kept = np.isfinite(x)
    assert not result.ok
    assert "`cell.x`" in result.message() and "try `solver=Kvaerno5" not in result.message()
    assert kept[0] and not kept[-1]
    np.testing.assert_allclose(x[kept & (time < 0.9)], 1 / (1 - time[kept & (time < 0.9)]), rtol=1e-5)


def test_a_model_without_states_reaches_its_end():
    result = simulate(tp.mechanisms.FixedUtilization(), until=1 * s, solver=Kvaerno5())
    assert result.ok
    np.testing.assert_allclose(result["utilization"], 0.6)


def test_members_with_events_of_their_own_equal_the_explicit_ones():
    # The slope keeps crossings away from save times, where rounding would decide what is saved.
    ramp, spikes = Integrator(slope=0.0937 / ms), tp.protocols.PoissonSpikes(200 * Hz)
    implicit, explicit = (simulate(ramp, spikes, until=50 * ms, solver=x, seed=[1, 2]) for x in (IMPLICIT, EXACT))
    np.testing.assert_allclose(implicit["v"], explicit["v"], rtol=1e-8, atol=1e-9)
    for field in ("time", "amount"):
        np.testing.assert_allclose(implicit.events("fired")[field], explicit.events("fired")[field], rtol=1e-8)


def test_a_member_that_fails_leaves_the_others_alone():
    result = simulate(Explosion(), until=2 * ms, solver=IMPLICIT, vary={"rate": np.array([0.1, 1.0, 0.2]) / ms})
    assert list(result.ok) == [True, False, True]
    np.testing.assert_allclose(result["x"][[0, 2], -1], [1 / 0.8, 1 / 0.6], rtol=1e-7)
    assert np.isnan(result["x"][1, -1])


@pytest.mark.parametrize("count", [2, 3, 700])
def test_what_is_saved_between_steps_is_as_exact_as_steps_and_does_not_shorten_them(count):
    """Local errors of a stiff oscillator on its slow manifold, against Radau; 256 times go into one call."""
    until, rtol, atol = 300.0, 1e-6, 1e-9
    cell = as_model(VanDerPol())
    times = np.linspace(0, until, count)
    job = Job(cell, Nothing(), until * ms, Kvaerno5(rtol, atol), save_at=times * ms)
    found = job.run(job.save, Silent()).states[:, 0]

    def rates(t, y):
        return [y[1], 1000 * (1 - y[0] ** 2) * y[1] - y[0]]

    exact = solve_ivp(rates, (0, until), [2.0, 0.0], "Radau", t_eval=times, rtol=1e-12, atol=1e-15).y
    assert np.max(np.abs(found - exact) / (atol + rtol * np.abs(exact))) < 1
    assert job.walk.steps[0] < 60


class Silent:
    """Shows no progress."""

    def to(self, t: float) -> None:
        pass
