"""Where a variable lives changes nothing but memory: the exact placement agrees with one value for every synapse."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import tripartite as tp
from tests.network.probes import per_synapse, share_cells, simulate, spikes
from tripartite import parameters
from tripartite.language import Add, Input, Mechanism, Parameter, State
from tripartite.mechanisms import (
    CleftGlutamate,
    Efficacy,
    FixedUtilization,
    Gliotransmitter,
    GlutamateReceptor,
    Ip3Metabolism,
    LiRinzel,
    PresynapticReceptor,
    SlowInward,
    ThresholdExocytosis,
    TsodyksDepression,
    TsodyksMarkram,
)
from tripartite.models import AdexNeuron, CobaNeuron
from tripartite.network.network import Network
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, mean, post, total
from tripartite.network.rules.bernoulli import PairwiseBernoulli
from tripartite.network.rules.degree import FixedInDegree
from tripartite.network.rules.listed import Explicit
from tripartite.network.rules.third import BernoulliWithPool
from tripartite.network.rules.total import FixedTotalNumber
from tripartite.network.values import Uniform
from tripartite.units import ms, mV, nS, pA, uM

ROUNDING = 1e-9  # sums of many terms in another order, amplified by a few hundred steps


class SlowCurrent(Mechanism):
    """A current that each release lifts and that decays on its own."""

    flow = State(0.0, "pA", "current of one synapse")
    release = Input("1", "fraction of resources released")
    decay = Parameter(80.0, "ms", "time constant", "assumed: for tests", low=1e-6)
    size = Parameter(2.0, "pA", "current when everything is released", "assumed: for tests")

    def rates(q):
        return {"flow": -q.flow / q.decay}

    def on_release(q):
        return {"flow": Add(q.size * q.release)}


@dataclass(frozen=True)
class Drawn:
    """What hypothesis chooses of a network."""

    rule: Any
    release: Any
    delay: Any
    attached: float
    receptors: bool
    weights: bool
    bound: bool
    seed: int


RULES = [PairwiseBernoulli(0.3), FixedInDegree(4), FixedTotalNumber(70)]
DELAYS = [None, 0.1 * ms, 2.3 * ms, Uniform(0.1 * ms, 1.2 * ms)]
networks = st.builds(
    Drawn,
    rule=st.sampled_from(RULES),
    release=st.sampled_from([TsodyksMarkram(), TsodyksDepression()]),
    delay=st.sampled_from(DELAYS),
    attached=st.sampled_from([0.0, 0.6, 1.0]),
    receptors=st.booleans(),
    weights=st.booleans(),
    bound=st.booleans(),
    seed=st.integers(0, 100),
)


def built(drawn: Drawn, placement: Any) -> Network:
    """Ten neurons and three astrocytes; all that a projection can carry at once."""
    utilization = PresynapticReceptor(effect=0.9) if drawn.receptors else FixedUtilization()
    e = tp.Compartment(drawn.release, utilization, CleftGlutamate(), Efficacy(weight=30 * nS), SlowCurrent())
    neurons = Population(
        AdexNeuron().using(parameters.jiang2025.SPARSE_NEURON),
        10,
        values={"v": Uniform(-70 * mV, -51 * mV), "bias_current": 750 * pA},
    )
    parts = (LiRinzel(), Ip3Metabolism(), GlutamateReceptor(), ThresholdExocytosis(), Gliotransmitter(), SlowInward())
    cells = Population(
        tp.Model(astrocyte=tp.Compartment(*parts).using(parameters.stimberg2019.EXAMPLE_6)),
        3,
        step=0.4 * ms,
        values={"ca": Uniform(0.1 * uM, 0.49 * uM), "ip3": Uniform(0.5 * uM, 2 * uM), "gliotransmitter": 1 * uM},
    )
    values: dict[str, Any] = {"glutamate": 20 * uM}
    if drawn.weights:
        values["weight"] = Uniform(10 * nS, 60 * nS)
    if drawn.bound and drawn.receptors:
        values["bound"] = 0.4
    wiring = [
        e.conductance >> post.excitation,
        total(e.flow) >> post.current,
        total(astrocyte.sic) >> post.sic,
        mean(e.glutamate) >> astrocyte.glutamate,
    ]
    if drawn.receptors:
        wiring.append(astrocyte.gliotransmitter >> e.gliotransmitter)
    projection = Projection(
        neurons,
        neurons,
        cells,
        synapse=e,
        rule=drawn.rule,
        attach=BernoulliWithPool(drawn.attached, 2),
        delay=drawn.delay,
        wiring=wiring,
        values=values,
    )
    return Network(neurons=neurons, cells=cells, connections=[projection], placement=placement, seed=drawn.seed)


def assert_alike(drawn: Drawn, steps: int = 3000) -> None:
    exact, naive = (simulate(built(drawn, placement), steps) for placement in (Exact(), Naive()))
    fired = spikes(exact)
    assert fired == spikes(naive)
    assert len(fired) > 10
    for name in ("neurons_neuron_v", "neurons_neuron_current", "cells_astrocyte_ca", "cells_astrocyte_active"):
        np.testing.assert_allclose(exact[name], naive[name], rtol=ROUNDING, atol=1e-12)
    if drawn.receptors:
        bound = [per_synapse(s, 0, "synapse.bound")[0] for s in (exact, naive)]
        np.testing.assert_allclose(*bound, rtol=ROUNDING, atol=0)
    levels = set(exact.layout.joined[0].plan.level.values())
    assert levels & {"pre", "pre_astrocyte"}, "nothing was shared, so nothing was compared"
    assert set(naive.layout.joined[0].plan.level.values()) <= {"synapse", "sum"}


quiet = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],
)


@pytest.mark.slow
@settings(quiet, max_examples=12)
@given(networks)
def test_exact_and_naive_placement_agree_on_random_networks(drawn):
    assert_alike(drawn)


def test_receptors_without_an_astrocyte_lose_what_is_bound_wherever_they_are_stored():
    drawn = Drawn(RULES[0], TsodyksMarkram(), DELAYS[3], 0.6, True, True, True, 5)
    assert_alike(drawn)

    found = simulate(built(drawn, Exact()), 3000)
    bound, _ = per_synapse(found, 0, "synapse.bound")
    alone = 0.4 * np.exp(-300 * 0.5 / 60e3)
    assert np.isclose(bound, alone, rtol=1e-9, atol=0).any()
    assert (bound > alone * 1.01).any()


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_threads_changes_no_bit(monkeypatch, threads):
    share_cells(monkeypatch, 2)
    drawn = Drawn(RULES[0], TsodyksMarkram(), DELAYS[3], 0.6, True, True, True, 5)
    alone, shared = (simulate(built(drawn, Exact()), 3000, threads=n) for n in (1, threads))

    assert len(set(shared["neurons_bounds"])) == threads + 1
    assert spikes(alone) == spikes(shared)
    for name in alone.layout.memory.changing:
        if not ("_ring" in name or "_counts" in name):
            np.testing.assert_array_equal(alone[name], shared[name], err_msg=name)


def test_parallel_edges_count_as_often_as_they_are_listed():
    def network(placement):
        e = tp.Compartment(TsodyksMarkram(), FixedUtilization(), Efficacy(weight=5 * nS), SlowCurrent())
        neurons = Population(CobaNeuron(), 4, values={"bias_current": 120 * pA})
        rule = Explicit([0, 0, 0, 1, 1, 3], [1, 1, 2, 2, 2, 0])
        wiring = [e.conductance >> post.excitation, total(e.flow) >> post.current]
        projection = Projection(neurons, neurons, synapse=e, rule=rule, wiring=wiring)
        return Network(neurons=neurons, connections=[projection], placement=placement)

    exact, naive = (simulate(network(placement), 4000) for placement in (Exact(), Naive()))

    assert exact.layout.joined[0].merged and not naive.layout.joined[0].merged
    assert spikes(exact) == spikes(naive)
    for name in ("neurons_cell_v", "neurons_neuron_v"):
        if name in exact.layout.memory.arrays:
            np.testing.assert_allclose(exact[name], naive[name], rtol=ROUNDING, atol=0)


class Relayed(Mechanism):
    """Two traces in a row, whose time constants the user may make equal."""

    first = State(0.0, "1", "first trace")
    second = State(0.0, "1", "second trace")
    tau = Parameter(10.0, "ms", "time constant of the first", "assumed: for tests")
    lag = Parameter(25.0, "ms", "time constant of the second", "assumed: for tests")

    def rates(q):
        return {"first": -q.first / q.tau, "second": (q.first - q.second) / q.lag}

    def on_spike(q):
        return {"first": Add(1)}


def relayed(lag):
    """The second trace of a synapse, and the times since its spikes."""
    neurons = Population(CobaNeuron(), 1, values={"bias_current": 200 * pA})
    projection = Projection(neurons, neurons, synapse=Relayed(), rule=Explicit([0], [0]), values={"lag": lag * ms})
    found = simulate(Network(neurons=neurons, connections=[projection]), 1000)
    times = np.array([n + 1 for n, _ in spikes(found)]) * 0.1
    (second,), (elapsed,) = per_synapse(found, 0, "synapse.second")
    since = 100 - elapsed * 0.1 - times
    since = since[since >= -1e-9]
    assert len(since) > 4
    return second, since


def test_time_constants_given_to_a_projection_decide_its_closed_form():
    second, since = relayed(12.0)
    assert second == pytest.approx(np.sum(np.exp(-since / 12) - np.exp(-since / 10)) * 5, rel=1e-9)


def test_time_constants_that_coincide_give_an_alpha_function():
    second, since = relayed(10.0)
    assert second == pytest.approx(np.sum(since / 10 * np.exp(-since / 10)), rel=1e-9)
