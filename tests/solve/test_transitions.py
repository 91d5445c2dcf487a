"""Random transitions, timed exactly, against closed forms; and random numbers at events."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import DefinitionError, DimensionError, SolveError, UnknownNameError
from tripartite.language import Add, Chance, Emission, Mechanism, Parameter, State, Transition, where
from tripartite.units import ms, s


class Channels(Mechanism):
    """Channels that open and close independently, from all closed."""

    open = State(0.0, "1", "number of open channels", low=0)
    channels = Parameter(10.0, "1", "N: number of channels", "assumed: a test", low=1)
    opening = Parameter(2.0, "1/s", "rate of opening", "assumed: a test", low=0)
    closing = Parameter(3.0, "1/s", "rate of closing", "assumed: a test", low=0)

    def transitions(q):
        return {
            "opens": Transition(q.channels - q.open, q.opening, {"open": 1}),
            "closes": Transition(q.open, q.closing, {"open": -1}),
        }


class Births(Mechanism):
    """Births at a rate that rises in time, so that the hazard changes between them."""

    born = State(0.0, "1", "births", low=0)
    rate = State(0.0, "1/s", "rate of births", low=0)
    rise = Parameter(4.0, "1/s**2", "how fast the rate rises", "assumed: a test", low=0)

    def rates(q):
        return {"rate": q.rise}

    def transitions(q):
        return {"birth": Transition(None, q.rate, {"born": 1})}


class Coin(Mechanism):
    """A coin thrown at every spike."""

    heads = State(0.0, "1", "heads", low=0)
    luck = Chance("which side comes up")
    thrown = Emission("1", "the number drawn")
    bias = Parameter(0.3, "1", "probability of heads", "assumed: a test", low=0, high=1)

    def on_spike(q):
        return {"heads": Add(where(q.luck < q.bias, 1.0, 0.0)), "thrown": q.luck}


def test_independent_channels_have_the_binomial_mean_variance_and_memory() -> None:
    x = tp.simulate(Channels(), until=4000 * s, save_every=0.05 * s, seed=3)["open"].values[200:]
    # 4000 s hold 20,000 correlation times; the errors below are four standard errors.
    assert x.mean() == pytest.approx(4.0, abs=4 * np.sqrt(2.4 * 2 * 0.2 / 4000))
    assert x.var() == pytest.approx(2.4, rel=4 * np.sqrt(2 * 0.2 / 4000))
    d = x - x.mean()
    assert np.mean(d[:-4] * d[4:]) / d.var() == pytest.approx(np.exp(-1), abs=0.03)
    assert set(np.unique(x)) <= set(range(11))


def test_a_hazard_that_changes_between_transitions_is_integrated() -> None:
    x = tp.simulate(Births(), until=1 * s, save_at=[0.5, 1.0] * s, seed=range(4000))["born"].values
    # Births are Poisson with mean 4 t^2 / 2.
    for column, mean in enumerate((0.5, 2.0)):
        assert x[:, column].mean() == pytest.approx(mean, abs=4 * np.sqrt(mean / 4000))
        assert x[:, column].var() == pytest.approx(mean, abs=4 * np.sqrt((mean + 2 * mean**2) / 4000))
    assert (x[:, 0] == 0).mean() == pytest.approx(np.exp(-0.5), abs=4 * 0.0078)


def test_every_event_draws_anew_and_a_seed_repeats_the_draws() -> None:
    spikes = tp.protocols.RegularSpikes(100 * tp.units.Hz)

    def run(seed: int) -> tp.Result:
        return tp.simulate(Coin(), spikes, until=100 * s, seed=seed)

    drawn = run(1).events("thrown")["amount"].values
    assert len(np.unique(drawn)) == len(drawn) == 10_000
    assert drawn.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * 10_000))
    assert float(run(1)["heads"][-1]) == pytest.approx(3000, abs=4 * np.sqrt(2100))
    assert np.array_equal(run(1).events("thrown")["amount"], drawn)
    assert not np.array_equal(run(2).events("thrown")["amount"], drawn)


def test_the_implicit_solver_draws_too() -> None:
    spikes = tp.protocols.RegularSpikes(10 * tp.units.Hz)
    found = tp.simulate(Coin(), spikes, until=2 * s, seed=1, solver=tp.Kvaerno5()).events("thrown")["amount"].values
    assert len(np.unique(found)) == 20


def test_mistakes_are_answered() -> None:
    with pytest.raises(SolveError, match="timed exactly between events, not on a grid"):
        tp.simulate(Channels(), until=1 * s, solver=tp.EulerMaruyama(1 * ms))
    with pytest.raises(SolveError, match="events draw random numbers"):
        tp.gradient(lambda x: x["heads"][-1], Coin(), until=1 * s, by=["bias"])
    with pytest.raises(UnknownNameError, match=r"use `q.luck`"):

        class Constant(Mechanism):
            """Chance outside an event."""

            luck = Chance("luck")
            x = State(0.0, "1", "x")

            def rates(q):
                return {"x": q.luck}

    with pytest.raises(DefinitionError, match="returns a `Transition` by name"):

        class Bare(Mechanism):
            """A bare number as transition."""

            x = State(0.0, "1", "x")

            def transitions(q):
                return {"up": 3}

    with pytest.raises(DimensionError, match=r"`Slow.transitions: up` must give `rate` in"):

        class Slow(Mechanism):
            """A rate without unit."""

            x = State(1.0, "1", "x")

            def transitions(q):
                return {"up": Transition(None, q.x, {"x": 1})}


def test_a_member_is_the_single_run_with_its_seed() -> None:
    """Its transitions and the luck of its events too, wherever it stands; members of one seed share them."""
    spikes = tp.protocols.RegularSpikes(100 * tp.units.Hz)
    for model, protocol, name in ((Channels(), None, "open"), (Coin(), spikes, "heads")):
        given = {"until": 2 * s, "save_every": 0.1 * s}
        alone = {seed: tp.simulate(model, protocol, seed=seed, **given)[name].values for seed in (2, 3)}
        together = tp.simulate(model, protocol, seed=[2, 3, 2], **given)[name].values
        assert not np.array_equal(alone[2], alone[3])
        for member, seed in enumerate((2, 3, 2)):
            np.testing.assert_array_equal(together[member], alone[seed])
