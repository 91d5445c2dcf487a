"""What several give to one state or one input of a network, against a loop over cells and synapses."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse, share_cells, simulate
from tripartite.errors import WiringError
from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.mechanisms import NormalisedWeight, WeightNormalisation
from tripartite.network import Exact, Naive, Network, Population, Projection
from tripartite.network.roles import post, pre, total
from tripartite.network.rules import Explicit
from tripartite.units import ms

STEP, STEPS, DELAY = 0.1, 150, 3
SLOPES = np.array([0.31, 0.17, 0.23])
EDGES = [(2, 1), (0, 0), (1, 0), (0, 1), (1, 2), (2, 2)]
DECAY = np.exp(-0.05 * STEP)


class Cell(Mechanism):
    """Two ramps, a count of what comes, and one of what it sends itself; it reads sums over its synapses.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.2, "1", "ramp")
    beat = State(0.5, "1", "ramp")
    slope = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    spike = Emission("1", "the first ramp begins anew")
    plateau = Emission("1", "so it does, again")
    sums = Input("1", "of synapses")
    summed = State(0.0, "ms", "integral of the sums")

    def rates(q):
        return {"level": q.slope, "beat": 3 * q.slope, "summed": q.sums}

    def crossing(q):
        return q.level - 1

    def on_crossing(q):
        return {"level": Add(-1), "spike": 1, "plateau": 2}


class Beats(Mechanism):
    """The second ramp, which sends plateaus, too, and pushes its own cell.

    **Sources** assumed: a test. **Holds for** tests.
    """

    beat = Input("1", "ramp")
    plateau = Emission("1", "the second ramp begins anew")
    push = Emission("1", "to the cell itself")

    def crossing(q):
        return q.beat - 1

    def on_crossing(q):
        return {"beat": -1, "plateau": 5, "push": 1000}


class Counter(Mechanism):
    """Counts what cell and synapses push, on two counters of which it owns one.

    **Sources** assumed: a test. **Holds for** tests.
    """

    push = Input("1", "from synapses and the cell")
    count = State(0.0, "1", "what came")
    summed = Input("ms", "integral of the sums")
    step = Parameter(1.0, "ms", "per push", "assumed: a test")

    def on_push(q):
        return {"count": Add(q.push), "summed": 1e-3 * q.step * q.push}


class Rule(Mechanism):
    """Traces, and the change that a pair makes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    before = State(0.0, "1", "trace")
    after = State(0.0, "1", "trace")
    rate = Parameter(0.05, "1/ms", "decay", "assumed: a test")
    change = Emission("1", "change of the weight")

    def rates(q):
        return {"before": -q.rate * q.before, "after": -q.rate * q.after}

    def on_spike(q):
        return {"before": Add(1), "change": -0.1 * q.after}

    def on_postspike(q):
        return {"after": Add(1), "change": 0.2 * q.before}


class Drift(Mechanism):
    """Adds to the weight of another mechanism at presynaptic spikes, and sends changes of its own at plateaus.

    **Sources** assumed: a test. **Holds for** tests.
    """

    weight = Input("1", "weight")
    change = Emission("1", "change of the weight")
    plateau = Input("1", "plateaus of both cells")

    def on_spike(q):
        return {"weight": -0.01 * q.weight, "change": 0.003}

    def on_plateau(q):
        return {"change": 0.007 * q.plateau}


class Weight(Mechanism):
    """Owns the weight, counts deliveries, and sends it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    weight = State(1.0, "1", "weight")
    deliveries = State(0.0, "1", "changes that came")
    change = Input("1", "change")
    drive = Input("1", "what both cells show")
    seen = Output("1", "weight and drive")
    sent = Emission("1", "to the cell")

    def on_spike(q):
        return {"sent": q.weight}

    def on_change(q):
        return {"weight": 0.9 * q.weight + 0.1 + q.change, "deliveries": Add(1)}

    def outputs(q):
        return {"seen": q.weight + q.drive}


def network(placement):
    model = tp.Model(cell=tp.Compartment(Cell(), Beats(), Counter()))
    cells = Population(model, 3, values={"slope": SLOPES * (1 / ms)})
    projections = []
    for delay in (DELAY, DELAY + 4):
        e = tp.Compartment(Rule(), Drift(), Weight())
        wires = [
            e.sent >> post.push, pre.plateau >> e.plateau, post.plateau >> e.plateau, pre.level >> e.drive,
            post.beat >> e.drive, total(e.weight) >> post.sums, total(e.seen) >> post.sums,
        ]  # fmt: skip
        rule = Explicit([i for i, _ in EDGES], [j for _, j in EDGES])
        projections.append(Projection(cells, cells, synapse=e, rule=rule, wiring=wires, delay=delay * STEP * ms))
    return Network(cells=cells, connections=projections, step=STEP * ms, placement=placement)


class Walked:
    """One synapse, event by event."""

    def __init__(self, i, j, delay):
        self.i, self.j, self.delay = i, j, delay
        self.before = self.after = self.deliveries = 0.0
        self.weight = 1.0

    def changed(self, change, extra=0.0):
        self.weight += extra
        self.weight = 0.9 * self.weight + 0.1 + change
        self.deliveries += 1

    def spike(self):
        sent = self.weight
        change, self.before = -0.1 * self.after + 0.003, self.before + 1
        self.changed(change, -0.01 * self.weight)
        return sent

    def postspike(self):
        change, self.after = 0.2 * self.before, self.after + 1
        self.changed(change)

    def plateau(self, amount):
        self.changed(0.007 * amount)


def expected():
    level, beat = np.full(3, 0.2), np.full(3, 0.5)
    count, summed, sums = np.zeros(3), np.zeros(3), np.zeros(3)
    synapses = [[Walked(i, j, delay) for i, j in EDGES] for delay in (DELAY, DELAY + 4)]
    fired, beaten = [], []
    for n in range(STEPS):
        push = np.zeros(3)
        for group in synapses:
            for x in group:
                m = n - 1 - x.delay
                if m >= 0 and x.i in fired[m]:
                    push[x.j] += x.spike()
                    x.plateau(2)
                if m >= 0 and x.i in beaten[m]:
                    x.plateau(5)
        for group in synapses:
            for x in group:
                if n > 0 and x.j in fired[n - 1]:
                    x.postspike()
                    x.plateau(2)
                if n > 0 and x.j in beaten[n - 1]:
                    x.plateau(5)
        sums = np.zeros(3)
        for group in synapses:
            for x in group:
                sums[x.j] += 2 * x.weight + level[x.i] + beat[x.j]
        count, summed = count + push, summed + 1e-3 * push + STEP * sums
        level, beat = level + SLOPES * STEP, beat + 3 * SLOPES * STEP
        fired.append(set(np.flatnonzero(level > 1)))
        beaten.append(set(np.flatnonzero(beat > 1)))
        count, summed = count + 1000 * (beat > 1), summed + (beat > 1)
        level, beat = np.where(level > 1, level - 1, level), np.where(beat > 1, beat - 1, beat)
        for group in synapses:
            for x in group:
                x.before, x.after = x.before * DECAY, x.after * DECAY
    return synapses, count, summed


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_a_network_adds_up_what_several_give(monkeypatch, placement):
    interpret(monkeypatch)
    check(simulate(network(placement), STEPS))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_add_up_the_same(monkeypatch, threads):
    share_cells(monkeypatch, 1)
    check(simulate(network(Exact()), STEPS, threads=threads))


def check(found):
    synapses, count, summed = expected()
    kept = np.lexsort(np.array(EDGES).T[::-1])
    for number, group in enumerate(synapses):
        assert group[0].deliveries > 10
        for key in ("weight", "deliveries"):
            right = np.array([getattr(x, key) for x in group])[kept]
            np.testing.assert_allclose(per_synapse(found, number, f"synapse.{key}")[0], right, rtol=1e-9, err_msg=key)
    np.testing.assert_allclose(found["cells_cell_count"][:-1], count, rtol=1e-9)
    np.testing.assert_allclose(found["cells_cell_summed"][:-1], summed, rtol=1e-9)


class Wrong(Mechanism):
    """Does not add in proportion.

    **Sources** assumed: a test. **Holds for** tests.
    """

    push = Input("1", "from synapses")
    count = State(0.0, "1", "what came")
    gain = Parameter(2.0, "1", "gain", "assumed: a test")


class Sets(Wrong):
    def on_push(q):
        return {"count": q.count + q.push}


class Reads(Wrong):
    def on_push(q):
        return {"count": Add(q.push * q.count)}


class Squares(Wrong):
    def on_push(q):
        return {"count": Add(q.push**2)}


class Constant(Wrong):
    def on_push(q):
        return {"count": Add(q.push + q.gain)}


class Sends(Wrong):
    on = Emission("1", "sent on")

    def on_push(q):
        return {"count": Add(q.push), "on": q.push}


@pytest.mark.parametrize("kind", [Sets, Reads, Squares, Constant, Sends])
def test_what_cells_receive_adds_in_proportion(kind):
    cells = Population(tp.Model(cell=tp.Compartment(kind())), 3)
    before = Population(tp.Model(cell=tp.Compartment(Ramp())), 3)
    e = tp.Compartment(Plain())
    edges = Projection(before, cells, synapse=e, rule=Explicit([0], [0]), wiring=[e.sent >> post.push])
    with pytest.raises(WiringError, match=r"must add up.*Write `\{.*: Add\(gain \* q\.push\)\}`"):
        simulate(Network(before=before, cells=cells, connections=[edges]), 1)


class Ramp(Mechanism):
    """A ramp that begins anew at one.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.2, "1", "ramp")
    slope = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    spike = Emission("1", "the ramp begins anew")

    def rates(q):
        return {"level": q.slope}

    def crossing(q):
        return q.level - 1

    def on_crossing(q):
        return {"level": Add(-1), "spike": 1}


class Plain(Mechanism):
    """Sends one.

    **Sources** assumed: a test. **Holds for** tests.
    """

    sent = Emission("1", "sent")

    def on_spike(q):
        return {"sent": 1}


class Habit(Mechanism):
    """Every presynaptic spike asks for the same.

    **Sources** assumed: a test. **Holds for** tests.
    """

    change = Emission("1", "change of the weight")

    def on_spike(q):
        return {"change": 0.05}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_cells_pull_the_weights_of_their_synapses_to_a_total(monkeypatch, placement):
    interpret(monkeypatch)
    cells = Population(tp.Model(cell=tp.Compartment(WeightNormalisation(goal=5, tau=20 * ms))), 2)
    before = Population(tp.Model(cell=tp.Compartment(Ramp(slope=0.3 / ms))), 3)
    e = tp.Compartment(Habit(), NormalisedWeight())
    wires = [total(e.weight) >> post.total_weight, post.pull >> e.pull]
    starts = np.array([1.0, 0.5, 2.0, 0.8])
    edges = Projection(
        before, cells, synapse=e, rule=Explicit([0, 1, 2, 2], [0, 0, 0, 1]), wiring=wires, values={"weight": starts}
    )
    net = Network(before=before, cells=cells, connections=[edges], step=STEP * ms, placement=placement)
    found = simulate(net, STEPS)

    weight, level, fired = starts.copy(), 0.2, False
    into = np.array([0, 0, 0, 1])
    for _ in range(STEPS):
        weight = weight + 0.05 * fired
        pull = (5 / np.bincount(into, weight) - 1) / 20
        weight = weight * np.exp(pull[into] * STEP)
        level += 0.3 * STEP
        fired, level = level > 1, level - (level > 1)
    stored, elapsed = per_synapse(found, 0, "synapse.weight")
    assert not elapsed.any()
    np.testing.assert_allclose(stored, weight, rtol=1e-9)
