"""Trains and releases whose events bring amounts, in models and in cells of networks."""

import numpy as np
import pytest
from tests.network.probes import interpret

import tripartite as tp
from tripartite.errors import DimensionError, QuantityError, RangeError
from tripartite.language import Add, Input, Mechanism, Parameter, State
from tripartite.network import Network, On, Population, States
from tripartite.protocols import PoissonSpikes, RegularSpikes, Releases, SpikeTrain
from tripartite.units import Hz, mM, ms, nM, s, uM


class Pool(Mechanism):
    """A pool into which events bring amounts, and a count of events that bring none.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.0, "uM", "level")
    count = State(0.0, "1", "how many came")
    dose = Input("nM", "what comes", low=0, high=1e6, default=0)
    spike = Input("1", "a spike", default=0)
    k = Parameter(0.1, "1/ms", "decay", "assumed: a test")

    def rates(q):
        return {"level": -q.k * q.level}

    def on_dose(q):
        return {"level": Add(q.dose)}

    def on_spike(q):
        return {"count": Add(q.spike)}


class Counter(Mechanism):
    """What counts events, whatever they bring. **Sources** assumed: a test. **Holds for** tests."""

    count = State(0.0, "1", "how many came")

    def on_spike(q):
        return {"count": Add(1.0)}


@pytest.mark.parametrize(
    "protocol",
    [SpikeTrain([1, 2] * ms, amounts=2), RegularSpikes(100 * Hz, amount=2), Releases("spike", [1] * ms, 2)],
)
def test_an_amount_that_nobody_reads_is_refused(protocol):
    with pytest.raises(QuantityError, match=r"`cell\.spike` is heard as an instant alone"):
        tp.simulate(Counter(), protocol, until=5 * ms)
    tp.simulate(Counter(), SpikeTrain([1, 2] * ms), until=5 * ms)


TIMES, DOSES = np.array([7.0, 2.0, 11.5]), np.array([0.5, 2.0, 1.25])
PROTOCOLS = {
    "one for each": (SpikeTrain(TIMES * ms, "dose", amounts=DOSES * uM), TIMES, DOSES),
    "one for all": (SpikeTrain(TIMES * ms, "dose", amounts=300 * nM), TIMES, np.full(3, 0.3)),
    "none said": (SpikeTrain(TIMES * ms, "dose"), TIMES, np.full(3, 1e-3)),
    "releases": (Releases("dose", TIMES * ms, DOSES * uM), TIMES, DOSES),
    "regular": (
        RegularSpikes(250 * Hz, start=1 * ms, stop=12 * ms, event="dose", amount=0.001 * mM),
        np.array([1.0, 5.0, 9.0]),
        np.ones(3),
    ),
}


def left(times, amounts, now):
    """What is left of what came."""
    since = now - times[:, None]
    return (np.where(since >= 0, np.exp(-0.1 * np.maximum(since, 0)), 0) * amounts[:, None]).sum(axis=0)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_event_of_a_model_brings_its_amount(name):
    protocol, times, amounts = PROTOCOLS[name]
    found = tp.simulate(Pool(), protocol, until=15 * ms, save_every=1 * ms, solver=tp.Tsit5(rtol=1e-9))
    np.testing.assert_allclose(found["level"].values, left(times, amounts, np.arange(16.0)), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("step", [0.5, 4.0])
@pytest.mark.parametrize("name", PROTOCOLS)
def test_each_event_of_a_cell_brings_its_amount(monkeypatch, name, step):
    interpret(monkeypatch)
    protocol, times, amounts = PROTOCOLS[name]
    cells = Population(Pool(), 3, step=step * ms)
    network = Network(cells=cells, step=0.5 * ms)
    found = network.run(until=16 * ms, protocol=On(cells[1:], protocol), record=States(cells, every=16 * ms), threads=1)
    wanted = left(times, amounts, np.array([16.0]))[0]
    np.testing.assert_allclose(found["cells.level"].values[-1], [0, wanted, wanted], rtol=1e-12)


def test_amounts_go_with_their_times_and_not_with_their_order():
    sent = list(PROTOCOLS["one for each"][0].actions(tp.Model(cell=Pool()), 10.0, 0))
    assert [(action.time, action.amount) for action in sent] == [(2.0, 2.0), (7.0, 0.5)]


def test_a_random_train_brings_one_amount():
    train = PoissonSpikes(200 * Hz, seed=1, amount=0.25)
    found = tp.simulate(Pool(), train, until=1 * s, save_at=[1] * s)
    plain = tp.simulate(Pool(), PoissonSpikes(200 * Hz, seed=1), until=1 * s, save_at=[1] * s)
    assert plain["count"].values[0] > 100
    assert found["count"].values[0] == plain["count"].values[0] / 4


REFUSED = [
    (lambda: SpikeTrain(TIMES * ms, "dose", amounts=[1, 2] * uM), QuantityError, "got 2 for 3 events"),
    (lambda: Releases("dose", TIMES * ms, [1, 2] * uM), QuantityError, "got 2 for 3 events"),
    (lambda: tp.simulate(Pool(), SpikeTrain(TIMES * ms, "dose", amounts=1), until=1 * s), QuantityError, "unit"),
    (lambda: tp.simulate(Pool(), SpikeTrain(TIMES * ms, amounts=1 * uM), until=1 * s), DimensionError, "measured in"),
    (
        lambda: tp.simulate(Pool(), SpikeTrain(TIMES * ms, "dose", amounts=[1, 2, 1001] * uM), until=1 * s),
        RangeError,
        r"dose` must lie in .* at 0\.0115 s",
    ),
    (
        lambda: tp.simulate(Pool(), Releases("dose", TIMES * ms, [1, 2, -1] * uM), until=1 * s),
        QuantityError,
        "0 or more",
    ),
]


@pytest.mark.parametrize(("call", "error", "words"), REFUSED)
def test_amounts_that_cannot_be_are_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
