"""States that a protocol holds and lets go, against SciPy and NumPy without what is held."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.errors import QuantityError, RangeError, SolveError, UnknownNameError
from tripartite.language import Add
from tripartite.protocols import Clamp, SpikeTrain, Steps
from tripartite.units import ms, mV, s, uM


class Pair(tp.Mechanism):
    """Two pools that feed and hinder each other; spikes raise both."""

    x = tp.State(0.2, "uM", "first pool", low=0, high=20)
    y = tp.State(0.1, "uM", "second pool", low=0)
    inflow = tp.Parameter(1.0, "uM/s", "inflow", "assumed: a test")
    k = tp.Parameter(0.7, "1/s", "coupling", "assumed: a test")
    half = tp.Parameter(0.5, "uM", "half concentration", "assumed: a test")
    kick = tp.Parameter(0.3, "uM", "what a spike adds", "assumed: a test")
    spike = tp.Input("1", "a spike")

    def rates(q):
        return {"x": q.inflow / (1 + q.y / q.half) - q.k * q.x, "y": q.k * (q.x - q.y)}

    def on_spike(q):
        return {"x": q.x * 1.5, "y": Add(q.kick)}


PAIR = tp.Model(cell=Pair())
SAVED = np.linspace(0, 10, 101)
HELD = Clamp("x", [2, 0.5] * uM, at=[3, 4.05] * s, stop=6.02 * s)
SPIKES = SpikeTrain([1, 3.5, 7] * s)


def pieces(clamps, spikes=(), inflow=1.0, k=0.7):
    """Both pools at ``SAVED``; ``clamps`` are (begin, end, value) of x."""
    edges = sorted({0.0, 10.0, *spikes, *(edge for begin, end, _ in clamps for edge in (begin, end))})
    state, found = np.array([0.2, 0.1]), np.empty((2, len(SAVED)))
    for begin, end in pairwise(edges):
        held = next((value for low, high, value in clamps if low <= begin < high), None)
        state = state.copy()
        if held is not None:
            state[0] = held
        if begin in spikes:
            state = np.array([state[0] * (1.5 if held is None else 1), state[1] + 0.3])

        def rates(t, z, free=held is None):
            return [free * (inflow / (1 + z[1] / 0.5) - k * z[0]), k * (z[0] - z[1])]

        course = solve_ivp(rates, (begin, end), state, rtol=1e-11, atol=1e-13, dense_output=True)
        inside = (begin <= SAVED) & (end >= SAVED)
        found[:, inside] = course.sol(SAVED[inside])
        state = course.y[:, -1]
    found[:, -1] = state
    return found


WINDOWS = [(3, 4.05, 2.0), (4.05, 6.02, 0.5)]


def run(protocol, model=PAIR, **options):
    return tp.simulate(model, protocol, until=10 * s, save_at=SAVED * s, **options)


def courses(result):
    return np.array([result["x"].values, result["y"].values])


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.Kvaerno5()], ids=["Tsit5", "Kvaerno5"])
def test_a_state_is_held_whatever_comes_and_goes_on_from_there(solver):
    found = courses(run(HELD & SPIKES, solver=solver))
    np.testing.assert_allclose(found, pieces(WINDOWS, (1, 3.5, 7)), rtol=3e-5)
    np.testing.assert_array_equal(found[0, 31:40], 2.0)
    np.testing.assert_array_equal(found[0, 41:60], 0.5)


def test_values_may_stop_one_by_one():
    found = courses(run(Clamp("x", [2, 0.5] * uM, at=[3, 7] * s, stop=[4, 8.5] * s)))
    np.testing.assert_allclose(found, pieces([(3, 4, 2.0), (7, 8.5, 0.5)]), rtol=3e-5)


def test_members_of_an_ensemble_are_held_alike():
    found = run(HELD & SPIKES, vary={"inflow": [1.0, 2.0] * (uM / s)})
    for member, inflow in enumerate((1.0, 2.0)):
        wanted = pieces(WINDOWS, (1, 3.5, 7), inflow=inflow)
        np.testing.assert_allclose(found["x"].values[member], wanted[0], rtol=3e-5)
        np.testing.assert_allclose(found["y"].values[member], wanted[1], rtol=3e-5)


def test_a_clamp_meets_courses_of_parameters():
    protocol = HELD & Steps("k", [2, 5] * s, [0.1, 0.7] * (1 / s))
    found = run(protocol)["y"].values[:51]
    x, y = pieces([])[:, 20]
    wanted = solve_ivp(
        lambda t, z: [1 / (1 + z[1] / 0.5) - 0.1 * z[0], 0.1 * (z[0] - z[1])], (2, 3), [x, y], rtol=1e-10
    )
    y = wanted.y[1, -1]
    y = 2 + (y - 2) * np.exp(-0.1 * 1.05)
    np.testing.assert_allclose(found[50], 0.5 + (y - 0.5) * np.exp(-0.1 * 0.95), rtol=1e-4)


def test_the_gradient_of_a_clamped_run_is_that_of_differences():
    def loss(traces):
        return (traces["y"] ** 2).mean() + traces["x"][-1]

    options = {"until": 10 * s, "save_at": SAVED * s, "solver": tp.Tsit5(rtol=1e-10, atol=1e-12)}
    protocol = HELD & SPIKES
    _, slopes = tp.gradient(loss, PAIR, protocol, by=["inflow", "k", "x", "y"], **options)
    for name in slopes:
        own = PAIR[name]

        def at(value, name=name):
            found = tp.simulate(PAIR.replace({name: value}), protocol, **options)
            return float((found["y"] ** 2).mean() + found["x"][-1])

        wanted = (at(own * (1 + 1e-5)) - at(own * (1 - 1e-5))) / (2e-5 * own.magnitude)
        np.testing.assert_allclose(slopes[name].to(1 / own.units).magnitude, wanted, rtol=1e-6, atol=1e-9)
    after = Clamp("x", 1 * uM, at=0 * s) & Clamp("y", 1 * uM, at=0 * s, stop=1 * s)
    _, slopes = tp.gradient(loss, PAIR, after, by=["x", "y"], **options)
    assert [slope.magnitude for slope in slopes.values()] == [0, 0]


class Noisy(tp.Mechanism):
    """A state with noise, and one that follows it."""

    x = tp.State(1.0, "1", "noisy")
    y = tp.State(0.0, "1", "follows")
    k = tp.Parameter(1.0, "1/s", "rate", "assumed: a test")
    sd = tp.Parameter(0.5, "1/s**0.5", "noise", "assumed: a test")

    def rates(q):
        return {"x": -q.k * q.x, "y": q.k * q.x}

    def noise(q):
        return {"x": q.sd}


def test_noise_does_not_move_what_is_clamped():
    solver = tp.EulerMaruyama(0.25 * s)
    free = tp.simulate(Noisy(), until=5 * s, solver=solver, save_every=0.25 * s)["x"].values
    held = tp.simulate(Noisy(), Clamp("x", 3, at=1 * s, stop=2.6 * s), until=5 * s, solver=solver, save_every=0.25 * s)
    found, y = held["x"].values, held["y"].values
    np.testing.assert_array_equal(found[:4], free[:4])
    np.testing.assert_array_equal(found[4:11], 3.0)
    kicks = free[1:] - free[:-1] * 0.75
    # Free for 0.6 of the step, over which the variance of a Brownian path grows by 0.6 of that of the whole.
    np.testing.assert_allclose(found[11], 3 - 0.6 * 0.25 * 3 + np.sqrt(0.6) * kicks[10], rtol=1e-12)
    for n in range(11, 20):
        np.testing.assert_allclose(found[n + 1], 0.75 * found[n] + kicks[n], rtol=1e-12)
    np.testing.assert_allclose(np.diff(y), 0.25 * found[:-1], rtol=1e-12)


def test_gates_follow_a_voltage_clamp_by_their_exponentials():
    """The textbook experiment: gates relax to their values at the held voltage (hodgkin_huxley's closed form)."""
    cell = tp.mechanisms.HodgkinHuxley()
    run = tp.simulate(cell, Clamp("v", [-65, -20] * mV, at=[0, 5] * ms), until=15 * ms, save_every=0.1 * ms)
    n = run["n"].values[50:]
    end = tp.simulate(cell, Clamp("v", -20 * mV, at=0 * ms), until=500 * ms)["n"].values[-1]
    left = (end - n) / (end - n[0])
    rate = -np.diff(np.log(left[:60]))
    np.testing.assert_allclose(rate, rate[0], rtol=1e-3)
    np.testing.assert_array_equal(run["v"].values[50:], -20)


def test_a_clamped_neuron_crosses_its_threshold_and_is_not_reset():
    cell = tp.mechanisms.LeakyIntegrateFire()
    found = tp.simulate(cell, Clamp("v", 0 * mV, at=20 * ms, stop=40 * ms), until=100 * ms, save_every=1 * ms)
    times = found.events("spike")["time"].values * 1000
    assert times[0] == 20
    np.testing.assert_array_equal(found["v"].values[20:40], 0)


def test_fixed_points_are_those_of_what_is_left_free():
    found = tp.steady_states(PAIR, Clamp("x", 2 * uM, at=0 * s))
    np.testing.assert_allclose(found["cell.y"].values, 2, rtol=1e-9)


def test_a_clamped_run_is_stored_and_run_again(tmp_path):
    first = run(HELD & SPIKES)
    first.save(tmp_path / "run.nc")
    again = tp.rerun(tp.Result.load(tmp_path / "run.nc"), classes=[Pair])
    np.testing.assert_array_equal(again["x"].values, first["x"].values)


REFUSED = [
    (lambda: run(Clamp("x", 21 * uM, at=1 * s)), RangeError, r"`cell\.x` must lie in \[0, 20\] uM; got 21 uM at 1 s"),
    (lambda: run(Clamp("inflow", 1 * uM / s, at=1 * s)), UnknownNameError, "no state `inflow`"),
    (lambda: run(HELD & Clamp("x", 1 * uM, at=8 * s)), SolveError, r"driven by one protocol; `cell\.x"),
    (lambda: Clamp("x", [1, 2] * uM, at=1 * s), QuantityError, "as many values as times"),
    (lambda: Clamp("x", 1 * uM, at=2 * s, stop=1 * s), QuantityError, "stops before the next begins"),
    (lambda: Clamp("x", [1, 2] * uM, at=[1, 3] * s, stop=[4, 5] * s), QuantityError, "stops before the next begins"),
    (lambda: Clamp("x", [1, 2, 3] * uM, at=[1, 3, 4] * s, stop=[4, 5] * s), QuantityError, "stops once"),
]


@pytest.mark.parametrize(("call", "error", "words"), REFUSED)
def test_what_cannot_be_clamped_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
