"""Itô solvers: strong orders on problems with closed solutions, and the random numbers below them."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import SolveError
from tripartite.interpret.kernels.random import normal, philox
from tripartite.language import Add, Input, Mechanism, Parameter, State, sqrt
from tripartite.units import ms, s, uM


class GeometricBrownian(Mechanism):
    """dx = mu x dt + sigma x dW."""

    x = State(1.0, "1", "value")
    mu = Parameter(0.5, "1/s", "drift", "assumed: test")
    sigma = Parameter(1.0, "1/s**0.5", "volatility", "assumed: test")

    def rates(q):
        return {"x": q.mu * q.x}

    def noise(q):
        return {"x": q.sigma * q.x}


class OrnsteinUhlenbeck(Mechanism):
    """dx = -x/tau dt + sigma sqrt(2/tau) dW, with an event when x rises through 1."""

    x = State(0.0, "1", "value")
    count = State(0.0, "1", "number of crossings")
    tau = Parameter(10.0, "ms", "correlation time", "assumed: test")
    sigma = Parameter(0.5, "1", "standard deviation", "assumed: test")

    def rates(q):
        return {"x": -q.x / q.tau}

    def noise(q):
        return {"x": q.sigma * sqrt(2 / q.tau)}

    def crossing(q):
        return q.x - 1

    def on_crossing(q):
        return {"count": Add(1)}


class Coupled(Mechanism):
    """Two noisy states, one in the amplitude of the other."""

    x = State(1.0, "1", "value")
    y = State(1.0, "1", "value")
    sigma = Parameter(1.0, "1/s**0.5", "volatility", "assumed: test")

    def noise(q):
        return {"x": q.sigma * q.y, "y": q.sigma * q.x}


def test_philox_gives_the_published_words():
    """Known answers of Philox 4x32-10 from the authors' test vectors (salmon2011)."""
    zero = [np.uint64(0)] * 6
    assert [f"{int(word):08x}" for word in philox(*zero)] == ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
    ones = [np.uint64(0xFFFFFFFF)] * 6
    assert [f"{int(word):08x}" for word in philox(*ones)] == ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]


def test_normal_numbers_are_normal():
    from scipy import stats

    drawn = np.array([normal(7, 0, n) for n in range(20_000)])
    assert stats.kstest(drawn, "norm").pvalue > 1e-3
    other = np.array([normal(7, 1, n) for n in range(20_000)])
    assert abs(np.corrcoef(drawn, other)[0, 1]) < 0.03


def strong_error(solver, step, seeds):
    """Mean absolute error at 1 s against the exact solution on the same Brownian path."""
    fine = 1 / 1024 * s
    solved = solver(step, noise_step=fine)
    result = tp.simulate(GeometricBrownian(), until=1 * s, solver=solved, seed=seeds, save_at=[1.0] * s)
    path = np.array([sum(normal(seed, 0, n) for n in range(1024)) for seed in seeds]) * np.sqrt(1 / 1024)
    exact = np.exp((0.5 - 0.5) * 1.0 + path)
    return np.abs(result["x"].values[:, 0] - exact).mean()


@pytest.mark.parametrize(("solver", "order"), [(tp.EulerMaruyama, 0.5), (tp.Milstein, 1.0)])
def test_strong_order_is_as_stated(solver, order):
    seeds = list(range(200))
    steps = np.array([4, 8, 16, 32]) / 1024
    errors = [strong_error(solver, step * s, seeds) for step in steps]
    measured = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert measured == pytest.approx(order, abs=0.15)


def test_order_without_noise_is_one():
    errors = []
    for step in (0.02, 0.01, 0.005):
        silent = GeometricBrownian(sigma=0 / s**0.5)
        result = tp.simulate(silent, until=1 * s, solver=tp.EulerMaruyama(step * s), save_at=[1.0] * s)
        errors.append(abs(float(result["x"][0]) - np.exp(0.5)))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1, abs=0.05)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(1, abs=0.05)


def test_stationary_variance_and_correlation_time_of_an_ornstein_uhlenbeck_process():
    result = tp.simulate(OrnsteinUhlenbeck(), until=100 * s, solver=tp.Milstein(0.1 * ms), save_every=1 * ms)
    x = result["x"].values[100:]
    assert x.std() == pytest.approx(0.5, rel=0.05)
    lagged = np.corrcoef(x[:-10], x[10:])[0, 1]
    assert lagged == pytest.approx(np.exp(-1), abs=0.05)


def test_crossings_of_a_noisy_state_are_counted():
    result = tp.simulate(OrnsteinUhlenbeck(), until=2 * s, solver=tp.Milstein(0.1 * ms), save_every=0.1 * ms)
    above = result["x"].values > 1
    assert result["count"].values[-1] == np.sum(~above[:-1] & above[1:])


def test_a_run_depends_on_its_seed_only():
    cell = tp.Compartment(tp.mechanisms.LiRinzel(), tp.mechanisms.ReceptorNoise(channels=50))
    given = {"until": 5 * s, "solver": tp.Milstein(1 * ms)}
    drive = tp.protocols.Constant(ip3=0.3 * uM)
    together = tp.simulate(cell, drive, seed=[3, 4, 5], **given)["ca"].values
    for member, seed in enumerate((3, 4, 5)):
        alone = tp.simulate(cell, drive, seed=seed, **given)["ca"].values
        np.testing.assert_array_equal(together[member], alone)
    assert np.abs(together[0] - together[1]).max() > 1e-3


def test_fluctuation_of_receptors_at_clamped_calcium_is_binomial():
    """Var(h) = h_inf (1 - h_inf) / N (shuai_jung2002); calcium is held by removing all its fluxes."""
    held = tp.mechanisms.LiRinzel(release=0 / s, leak=0 / s, uptake=0 * uM / s, ca=0.3 * uM, h=0.77)
    cell = tp.Compartment(held, tp.mechanisms.ReceptorNoise(channels=100))
    result = tp.simulate(
        cell, tp.protocols.Constant(ip3=0.5 * uM), until=20_000 * s, solver=tp.Milstein(20 * ms), save_every=1 * s
    )
    h = result["h"].values[100:]
    q2 = 1.049 * (0.5 + 0.13) / (0.5 + 0.9434)
    rest = q2 / (q2 + 0.3)
    assert h.mean() == pytest.approx(rest, abs=0.005)
    assert h.var() == pytest.approx(rest * (1 - rest) / 100, rel=0.1)


def test_noise_that_does_not_commute_is_refused_by_milstein():
    with pytest.raises(SolveError, match="EulerMaruyama"):
        tp.simulate(Coupled(), until=1 * s, solver=tp.Milstein(1 * ms))


def test_a_noisy_model_asks_for_a_step():
    with pytest.raises(SolveError, match="Milstein"):
        tp.simulate(GeometricBrownian(), until=1 * s)


def test_a_step_that_is_no_multiple_of_the_noise_grid_is_refused():
    with pytest.raises(SolveError, match="multiple"):
        tp.simulate(GeometricBrownian(), until=1 * s, solver=tp.Milstein(3 * ms, noise_step=2 * ms))


class Tank(Mechanism):
    """Fills as it is driven and as its tap is open; counts events.

    **Sources** assumed: a test. **Holds for** tests.
    """

    filled = State(0.0, "1", "what came in")
    counted = State(0.0, "1", "events, with what had come in")
    inflow = Input("1/ms", "what is driven")
    tick = Input("1", "event")
    tap = Parameter(1.0, "1", "how far the tap is open", "assumed: a test")

    def rates(q):
        return {"filled": q.inflow * q.tap}

    def on_tick(q):
        return {"counted": Add(q.filled)}


@pytest.mark.parametrize(("begin", "duration"), [(12.2, 0.3), (12, 0.5), (12.7, 3.1), (12.4, 1), (13, 2)])
def test_what_changes_within_a_fixed_step_counts_as_long_as_it_lasts(begin, duration, recwarn):
    pulse = tp.protocols.Pulses("inflow", 5 / ms, [begin] * ms, duration * ms, low=1 / ms)
    change = tp.Perturbation("open", {"tap": 3}, at=30.25 * ms, stop=31.5 * ms)
    event = tp.protocols.SpikeTrain([25.5] * ms, event="tick")
    found = tp.simulate(Tank(), pulse & change & event, until=40 * ms, solver=tp.solve.EulerMaruyama(1 * ms))
    came = 26 + 4 * duration
    assert found["filled"].values[-1] == pytest.approx(40 + 4 * duration + 2 * 1.25, rel=1e-9)
    assert found["counted"].values[-1] == pytest.approx(came, rel=1e-9)  # at the end of the step of the event
    said = [str(w.message) for w in recwarn if "do not see what is shorter" in str(w.message)]
    assert len(said) == (duration < 1)
    assert all(f"pulse of `cell.inflow` at {begin / 1000:.6g} s lasts {duration:g} ms" in text for text in said)
