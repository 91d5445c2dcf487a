"""Several synapses between the same two cells count as often as there are, in sums and in what they send."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.network import Network, Population, Projection, SpikeTrains, States, mean, post, pre, total
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import Explicit, FixedInDegree, FixedOutDegree, FixedTotalNumber
from tripartite.units import ms

UNTIL = 10.0


class Rate(Mechanism):
    """A cell with a rate that sums up what it is given. **Sources** assumed: a test. **Holds for** tests."""

    whole = State(0.0, "ms", "integral of what it is given")
    got = State(0.0, "1", "what came at events")
    drive = Input("1", "what it is given", default=0.0)
    told = Input("1", "what comes at events", default=0)
    rate = Output("1", "rate")
    level = Parameter(1.0, "1", "rate", "assumed: a test")

    def rates(q):
        return {"whole": 1 * q.drive}

    def outputs(q):
        return {"rate": 1 * q.level}

    def on_told(q):
        return {"got": Add(q.told)}


class Weighing(Mechanism):
    """A synapse of a rate model. **Sources** assumed: a test. **Holds for** tests."""

    given = Input("1", "rate")
    output = Output("1", "what it gives")
    weight = Parameter(2.0, "1", "weight", "assumed: a test")

    def outputs(q):
        return {"output": q.weight * q.given}


RULES = {
    "listed twice": Explicit([0, 0, 1, 2, 2, 2], [0, 0, 1, 0, 0, 2]),
    "in": FixedInDegree(5),
    "out": FixedOutDegree(5),
    "in all": FixedTotalNumber(12),
}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("rule", RULES)
def test_sums_over_synapses_count_each(rule, placement):
    senders, readers = Population(Rate(), 3, values={"level": [1.0, 2.0, 3.0]}), Population(Rate(), 3)
    for reduced, end in ((total, post), (mean, post), (total, pre), (mean, pre)):
        synapse, source = tp.Compartment(Weighing()), {post: pre, pre: post}[end]
        ends = (senders, readers) if end is post else (readers, senders)
        wiring = [source.rate >> synapse.given, reduced(synapse.output) >> end.drive]
        projection = Projection(*ends, synapse=synapse, rule=RULES[rule], wiring=wiring)
        network = Network(a=senders, b=readers, connections={"s": projection}, seed=1, placement=placement)
        found = network.run(until=UNTIL * ms, record=States(readers, "whole", every=UNTIL * ms), threads=1)
        edges = network.edges("s")
        sources, goals = (edges.pre, edges.post) if end is post else (edges.post, edges.pre)
        expected = np.bincount(goals, 2.0 * (sources.values + 1), minlength=3) * UNTIL
        if reduced is mean:
            expected = expected / np.maximum(np.bincount(goals, minlength=3), 1)
        np.testing.assert_allclose(found["b.whole"][-1], expected, rtol=1e-12, err_msg=f"{reduced} {end}")


class Passing(Mechanism):
    """A trace that jumps at spikes and decays by itself, and a threshold that tells. **Sources** assumed: a test.

    **Holds for** tests.
    """

    x = State(0.0, "1", "trace")
    told = Emission("1", "told when the trace passes the threshold")
    fade = Parameter(5.0, "ms", "time constant", "assumed: a test")
    threshold = Parameter(0.5, "1", "threshold", "assumed: a test")

    def rates(q):
        return {"x": -q.x * q.x / q.fade}

    def on_spike(q):
        return {"x": Add(1.0)}

    def crossing(q):
        return q.x - q.threshold

    def on_crossing(q):
        return {"told": 1.0}


def test_a_threshold_of_parallel_synapses_tells_once_for_each():
    spikes, cells = SpikeTrains(3, [0, 1, 2], [1.0, 2.0, 3.0] * ms), Population(Rate(), 3)
    rule = tp.Compartment(Passing())
    synapses = Projection(spikes, cells, synapse=rule, rule=RULES["listed twice"], wiring=[rule.told >> post.told])
    network = Network(spikes=spikes, cells=cells, connections=[synapses], step=0.1 * ms)
    found = network.run(until=UNTIL * ms, record=States(cells, "got", every=UNTIL * ms), threads=1)
    np.testing.assert_array_equal(found["cells.got"][-1], [4, 1, 1])


@pytest.mark.parametrize("threads", [2, 3, 5])
def test_thresholds_read_what_is_advanced_elsewhere_alike_on_any_number_of_threads(threads):
    """The trace lives with the presynaptic cell; thresholds differ from synapse to synapse."""
    size, random = 600, np.random.default_rng(3)
    before, after = random.integers(0, size, (2, 6000))
    times = [np.flatnonzero(random.random(300) < 0.05) + 1 for _ in range(size)]
    spikes = SpikeTrains(size, np.repeat(np.arange(size), [len(t) for t in times]), np.concatenate(times) * 0.1 * ms)
    thresholds, heard = random.uniform(0.3, 2.0, 6000), []
    for placement, count in ((Naive(), 1), (Exact(), 1), (Exact(), threads), (Exact(), threads)):
        cells, rule = Population(Rate(), size), tp.Compartment(Passing())
        synapses = Projection(spikes, cells, synapse=rule, rule=Explicit(before, after),
                              values={"threshold": thresholds}, wiring=[rule.told >> post.told])  # fmt: skip
        network = Network(spikes=spikes, cells=cells, connections=[synapses], step=0.1 * ms, placement=placement)
        run = network.run(until=35 * ms, record=States(cells, "got", every=35 * ms), threads=count)
        heard.append(run["cells.got"][-1].values)
    assert heard[0].sum() > 3000
    for other in heard[1:]:
        np.testing.assert_array_equal(other, heard[0])
