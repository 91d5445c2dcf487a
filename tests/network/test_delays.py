"""Spikes reach their synapses at exactly the right step, whatever their delay, their order and their company."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import share_cells, simulate
from tripartite.errors import DelayError
from tripartite.language import Add, Input, Mechanism, State
from tripartite.mechanisms import StaticSynapse
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import post
from tripartite.network.rules.listed import Explicit
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms, nS


class Arrivals(Mechanism):
    """Sums what arrives, and the time that has passed since: together they tell when it came."""

    amount = State(0.0, "nS", "all that arrived")
    since = State(0.0, "nS*ms", "amount times the time since its arrival")
    excitation = Input("nS", "conductance that one release opens")

    def rates(q):
        return {"since": q.amount}

    def on_excitation(q):
        return {"amount": Add(q.excitation)}


STEPS = 500
TIMES = np.array([[1, 3, 4, 5, 77, 78, 200, 402], [2, 3, 9, 50, 77, 90, 301, 430], [1, 2, 3, 4, 5, 6, 7, 444]])
EDGES = np.array([(0, 0), (0, 1), (0, 11), (1, 1), (1, 4), (2, 0), (2, 1), (2, 9), (2, 11), (0, 1)])


def network(delay, order):
    """Three trains to twelve cells; ``order`` shuffles the listed edges, with their weights."""
    weights = 2.0 ** np.arange(10)
    trains = SpikeTrains(3, np.repeat([0, 1, 2], 8), TIMES.ravel() * 0.1 * ms)
    cells = Population(tp.Model(cell=Arrivals()), 12)
    e = tp.Compartment(StaticSynapse())
    projection = Projection(
        trains,
        cells,
        synapse=e,
        rule=Explicit(*EDGES[order].T),
        values={"weight": weights[order] * nS},
        delay=delay if np.ndim(delay) == 0 or delay is None else np.asarray(delay)[order] * 0.1 * ms,
        wiring=[e.conductance >> post.excitation],
    )
    return Network(trains=trains, cells=cells, connections=[projection])


def expected(delays):
    amount, since = np.zeros((2, 12))
    for edge, ((i, j), delay) in enumerate(zip(EDGES, np.broadcast_to(delays, 10), strict=True)):
        for spike in TIMES[i]:
            left = STEPS - spike - delay  # counted in the step that begins on arrival
            if left > 0:
                amount[j] += 2.0**edge
                since[j] += 2.0**edge * left * 0.1
    return amount, since


@pytest.mark.parametrize(
    ("delay", "steps"),
    [
        (None, 0),
        (0.1 * ms, 1),
        (4.7 * ms, 47),
        (np.array([1, 40, 7, 7, 64, 1, 2, 3, 33, 39]), np.array([1, 40, 7, 7, 64, 1, 2, 3, 33, 39])),
    ],
    ids=["none", "one step", "many steps", "of its own"],
)
def test_every_spike_arrives_at_its_step(monkeypatch, delay, steps):
    share_cells(monkeypatch)
    amount, since = expected(steps)
    for order in (np.arange(10), np.array([3, 9, 0, 7, 1, 2, 8, 6, 5, 4])):
        found = simulate(network(delay, order), STEPS, threads=2)
        np.testing.assert_array_equal(found["cells_cell_amount"][:-1], amount)
        np.testing.assert_allclose(found["cells_cell_since"][:-1], since, rtol=1e-12, atol=0)


def test_delays_survive_a_stop_in_between():
    delays = np.array([1, 40, 7, 7, 64, 1, 2, 3, 33, 39])
    found = simulate(network(delays, np.arange(10)), 3)
    while found.now < STEPS:
        found.advance(min(7, STEPS - found.now))

    np.testing.assert_array_equal(found["cells_cell_amount"][:-1], expected(delays)[0])


@pytest.mark.parametrize(("delay", "rule"), [(-1.0, "not negative"), (0.04, "at least one step")])
def test_impossible_delays_are_refused(delay, rule):
    with pytest.raises(DelayError, match=rule):
        simulate(network(delay * ms, np.arange(10)), 1)


def test_a_delay_that_is_no_multiple_of_the_step_is_said(recwarn):
    one = network(0.15 * ms, np.arange(10))
    with pytest.warns(UserWarning, match=r"0\.15 ms with steps of 0\.1 ms becomes 0\.1 ms, 0\.05 ms less") as caught:
        one.run(until=1 * ms)
    assert len(caught) == 1 and caught[0].filename == __file__
    recwarn.clear()
    for delay in (0.3 * ms, tp.network.Uniform(0.1 * ms, 0.4 * ms), np.full(10, 1.5)):
        network(delay, np.arange(10)).run(until=1 * ms)
    assert not recwarn.list
