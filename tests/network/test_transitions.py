"""Random transitions and random numbers in populations, against closed forms and against exact timing."""

import numpy as np
import pytest

import tripartite as tp
from tests.solve.test_transitions import Births, Channels
from tripartite import network
from tripartite.interpret.kernels.random import binomial, poisson
from tripartite.language import Add, Chance, Emission, Mechanism, Parameter, State, where
from tripartite.units import ms, s


class Dice(Mechanism):
    """A cell that wins with a probability whenever its clock comes round."""

    since = State(0.0, "ms", "time since the last throw", low=0)
    won = State(0.0, "1", "wins", low=0)
    luck = Chance("what is thrown")
    spike = Emission("1", "a throw")
    period = Parameter(0.95, "ms", "time between throws", "assumed: a test")

    def rates(q):
        return {"since": 1}

    def crossing(q):
        return q.since - q.period

    def on_crossing(q):
        return {"since": 0 * q.since, "won": Add(where(q.luck < 0.25, 1.0, 0.0)), "spike": 1}


def run(model, size, until, step, threads=1, seed=1, names=("open",)):
    cells = network.Population(model, size)
    net = tp.Network(cells=cells, step=step)
    record = [network.States(cells, name, every=until) for name in names]
    return net.run(until=until, record=record, seed=seed, threads=threads)


def test_leaps_keep_the_binomial_mean_and_variance() -> None:
    x = run(Channels(), 20_000, 5 * s, 1 * ms).data["cells.open"].values[-1]
    assert x.mean() == pytest.approx(4.0, abs=4 * np.sqrt(2.4 / 20_000) + 0.01)  # the step biases by 1e-3 of it
    assert x.var() == pytest.approx(2.4, rel=4 * np.sqrt(2 / 20_000) + 0.01)
    assert set(np.unique(x)) <= set(range(11))


def test_leaps_and_exact_times_give_the_same_distribution() -> None:
    leaps = run(Births(), 20_000, 1 * s, 1 * ms, names=("born",)).data["cells.born"].values[-1]
    exact = tp.simulate(Births(), until=1 * s, save_at=[1] * s, seed=range(4000))["born"].values[:, 0]
    for births in range(5):
        a, b = (leaps == births).mean(), (exact == births).mean()
        assert abs(a - b) < 4 * np.sqrt(0.25 / 4000 + 0.25 / 20_000)


def test_threads_change_no_bit_and_seeds_change_them() -> None:
    one, two, other = (
        run(Channels(), 501, 0.2 * s, 1 * ms, threads, seed).data["cells.open"].values
        for threads, seed in ((1, 1), (2, 1), (1, 2))
    )
    assert np.array_equal(one, two) and not np.array_equal(one, other)


def test_every_cell_and_every_event_draws_its_own_number() -> None:
    won = run(Dice(), 5000, 100 * ms, 0.1 * ms, names=("won",)).data["cells.won"].values[-1]
    # 100 throws each, the last one at the end.
    assert won.mean() == pytest.approx(25, abs=4 * np.sqrt(18.75 / 5000) + 0.3)
    assert won.var() == pytest.approx(18.75, rel=4 * np.sqrt(2 / 5000))


@pytest.mark.parametrize(("count", "hazard"), [(4, 0.3), (30, 0.01), (12, 3.0), (5000, 0.2), (1, 50.0)])
def test_binomial_numbers_have_their_distribution(count: int, hazard: float) -> None:
    from scipy.stats import binom

    luck = (np.arange(20_000) + 0.5) / 20_000
    found = np.array([binomial(float(count), hazard, u) for u in luck])
    expected = binom(count, -np.expm1(-hazard)).ppf(luck)
    # Only where a cumulated probability falls on a drawn number may the two differ, or by the normal approximation.
    assert np.abs(found - expected).max() <= 1
    assert (found != expected).mean() < (0.002 if count < 1000 else 0.01)


@pytest.mark.parametrize("mean", [1e-3, 2.0, 40.0, 2000.0])
def test_poisson_numbers_have_their_distribution(mean: float) -> None:
    from scipy.stats import poisson as law

    luck = (np.arange(20_000) + 0.5) / 20_000
    found = np.array([poisson(mean, u) for u in luck])
    assert (found != law(mean).ppf(luck)).mean() < (0.002 if mean < 500 else 0.01)
