"""Chance inputs have the statistics they promise, whatever else the network does and however it is run."""

from typing import Any

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import simulate, spikes
from tripartite.errors import RangeError
from tripartite.language import Add, Input, Mechanism, Parameter, State
from tripartite.mechanisms import MembraneNoise, StaticSynapse
from tripartite.models import CobaNeuron
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import post
from tripartite.network.rules.listed import AllToAll
from tripartite.network.sources import PoissonGroup, PoissonInput, SpikeTrains
from tripartite.network.values import Uniform
from tripartite.units import Hz, ms, mV, nS, pA


class Counter(Mechanism):
    """Counts events; a second state moves with noise alone."""

    count = State(0.0, "1", "events so far")
    event = Input("1", "amount of an event")

    def on_event(q):
        return {"count": Add(q.event)}


class Walk(Mechanism):
    """White noise, summed."""

    place = State(0.0, "mV", "where the walk has come to")
    strength = Parameter(2.0, "mV/ms**0.5", "strength of the noise", "assumed: for tests")

    def noise(q):
        return {"place": q.strength}


def within(found: float, expected: float, sd: float) -> bool:
    """Five standard errors: by chance once in two million tests."""
    return abs(found - expected) < 5 * sd


def assert_poisson(counts: np.ndarray, expected: float) -> None:
    n = counts.size
    assert within(counts.mean(), expected, np.sqrt(expected / n))
    assert within(counts.var(ddof=1), expected, np.sqrt((2 * expected**2 * n / (n - 1) + expected) / n))


@pytest.mark.parametrize("rate", [150.0, 9000.0])
def test_poisson_inputs_have_the_mean_and_variance_of_poisson_numbers(rate):
    # 300 cells are a whole block and a part of one; the slice begins and ends within blocks.
    cells = Population(tp.Model(cell=tp.Compartment(Counter())), 300)
    inputs = [PoissonInput(cells, "event", rate * Hz, 1.0), PoissonInput(cells[20:290], "event", 2 * rate * Hz, 1e6)]
    found = simulate(Network(cells=cells, inputs=inputs), 2000)

    second, first = np.divmod(found["cells_cell_count"][:-1], 1e6)
    assert_poisson(first, rate * 0.2)
    assert_poisson(second[20:290], 2 * rate * 0.2)
    assert not second[:20].any() and not second[290:].any()
    assert within(np.corrcoef(first[20:290], second[20:290])[0, 1], 0, 1 / np.sqrt(270))


def test_poisson_groups_fire_at_their_rate_even_where_steps_are_long():
    # 400 Hz and steps of 0.5 ms: 0.2 spikes in a step.
    group = PoissonGroup(700, 400 * Hz)
    counts = np.zeros(700)
    for n, cell in spikes(simulate(Network(group=group, step=0.5 * ms), 400), "group_spikes0"):
        assert n < 400
        counts[cell] += 1

    assert within(counts.mean(), 80, np.sqrt(80 * 0.8 / 700))
    assert within(counts.var(ddof=1), 80 * 0.8, 80 * 0.8 * np.sqrt(2 / 700) * 1.05)


def test_a_poisson_group_refuses_a_spike_in_every_step():
    with pytest.raises(RangeError, match="less than one spike in a step"):
        simulate(Network(group=PoissonGroup(3, 11_000 * Hz)), 1)


@pytest.mark.parametrize(("times", "rule"), [([0.0, 1.0], "end of a step"), ([1.0, 1.04], "once in a step")])
def test_given_trains_refuse_spikes_that_would_be_lost(times, rule):
    with pytest.raises(RangeError, match=rule):
        simulate(Network(group=SpikeTrains(2, [1, 1], times * ms)), 1)


def noisy(order: str, *, threads: int = 1, seed: int = 0, built: int = 0) -> dict[str, Any]:
    """Two groups, two walking populations and neurons, in some order; spikes and states after 60 ms."""
    e = tp.Compartment(StaticSynapse(weight=0.3 * nS))
    group = PoissonGroup(600, 20 * Hz)
    neurons = Population(
        CobaNeuron(MembraneNoise()), 600, values={"v": Uniform(-60 * mV, -50 * mV), "bias_current": 120 * pA}
    )
    populations = {
        "a": group,
        "b": neurons,
        "firsts": Population(tp.Model(cell=Walk()), 530),
        "seconds": Population(tp.Model(cell=Walk()), 530),
        "other": PoissonGroup(600, 20 * Hz),
    }
    projection = Projection(group, neurons, synapse=e, rule=AllToAll(), wiring=[e.conductance >> post.excitation])
    network = Network(
        **{name: populations[name] for name in order.split()},
        connections=[projection],
        inputs=[PoissonInput(neurons, "excitation", 300 * Hz, 0.5 * nS)],
        seed=built,
    )
    found = simulate(network, 600, threads=threads, seed=seed)
    return {
        "a": spikes(found, "a_spikes0"),
        "other": spikes(found, "other_spikes0"),
        "b": spikes(found, "b_spikes0"),
        "v": found["b_neuron_v"][:-1].copy(),
        "firsts": found["firsts_cell_place"][:-1].copy(),
        "seconds": found["seconds_cell_place"][:-1].copy(),
    }


@pytest.fixture(scope="module")
def reference():
    return noisy("a b firsts seconds other")


def assert_same(found, expected):
    for name, value in expected.items():
        assert np.array_equal(found[name], value), name


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_chance(reference, threads):
    assert_same(noisy("a b firsts seconds other", threads=threads), reference)


def test_the_order_of_populations_changes_no_chance(reference):
    assert_same(noisy("other seconds firsts b a"), reference)


def test_seeds_of_a_run_and_of_a_network_change_what_they_are_for(reference):
    again = noisy("a b firsts seconds other", seed=1)
    assert again["a"] != reference["a"]
    assert not np.array_equal(again["firsts"], reference["firsts"])

    rebuilt = noisy("a b firsts seconds other", built=1)
    assert rebuilt["a"] == reference["a"]
    assert np.array_equal(rebuilt["firsts"], reference["firsts"])
    assert not np.array_equal(rebuilt["v"], reference["v"])


def test_populations_have_chances_of_their_own(reference):
    first, second = reference["firsts"], reference["seconds"]
    assert within(np.corrcoef(first, second)[0, 1], 0, 1 / np.sqrt(530))
    assert len(set(reference["a"]) & set(reference["other"])) < len(reference["a"]) / 20
    variance = 2.0**2 * 60  # strength squared times 60 ms
    for places in (first, second):
        assert within(places.mean(), 0, np.sqrt(variance / 530))
        assert within(places.var(ddof=1), variance, variance * np.sqrt(2 / 529))
