"""Synapses with equations that follow no closed form, thresholds, noise and luck, against programs of their own."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.language import Add, Chance, Emission, Input, Mechanism, Parameter, State, Transition, where
from tripartite.network.methods import Heun, RungeKutta4
from tripartite.network.network import Network
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.recording import Synapses
from tripartite.network.roles import post
from tripartite.network.rules import AllToAll, Explicit
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms

STEP = 0.1


class Sink(Mechanism):
    """A cell that counts what comes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    got = State(0.0, "1", "sum of what came")
    sent = Input("1", "what synapses send")

    def on_sent(q):
        return {"got": Add(q.sent)}


class Bistable(Mechanism):
    """A variable with two stable values that spikes push, and that says when it passes the middle.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(0.0, "1", "bistable variable")
    trace = State(0.0, "1", "trace of spikes")
    passed = State(0.0, "1", "how often the middle was passed")
    told = Emission("1", "what passing sends")
    tau = Parameter(5.0, "ms", "time constant", "assumed: a test")
    fade = Parameter(3.0, "ms", "lifetime of the trace", "assumed: a test")
    push = Parameter(0.7, "1/ms", "push by the trace", "assumed: a test")

    def rates(q):
        return {"x": q.x * (1 - q.x) * (q.x - 0.5) / q.tau + q.push * q.trace, "trace": -q.trace / q.fade}

    def on_spike(q):
        return {"trace": q.trace + 0.1}

    def crossing(q):
        return q.x - 0.5

    def on_crossing(q):
        return {"passed": q.passed + 1, "told": 2 * q.passed + 1, "x": q.x - 0.2}


TIMES = [(0, 1.0), (0, 2.0), (0, 2.3), (1, 1.5), (0, 9.0), (1, 9.2), (0, 9.4), (1, 15.0)]
EDGES = [(0, 0), (0, 1), (1, 1)]


def bistable(placement, ratio=1, delay=0, method=Heun()):
    model = tp.Compartment(Bistable())
    before = SpikeTrains(2, [cell for cell, _ in TIMES], [time for _, time in TIMES] * ms)
    after = Population(Sink(), 2)
    synapses = Projection(
        before,
        after,
        synapse=model,
        rule=Explicit([i for i, _ in EDGES], [j for _, j in EDGES]),
        delay=delay * STEP * ms if delay else None,
        step=ratio * STEP * ms,
        method=method,
        wiring=[model.told >> post.sent],
    )
    return Network(before=before, after=after, connections=[synapses], step=STEP * ms, placement=placement), synapses


def expected(steps, ratio, delay):
    """The same by a loop over steps and synapses, with Heun's method."""
    x, trace, whole, passed = (np.zeros(len(EDGES)) for _ in range(4))
    above, left, got = np.zeros(len(EDGES), bool), np.zeros(len(EDGES)), np.zeros(2)
    arrivals = {(cell, round(time / STEP) + delay) for cell, time in TIMES}

    def rate(y, s):
        return y * (1 - y) * (y - 0.5) / 5.0 + 0.7 * s

    for n in range(steps):
        for e, (_, j) in enumerate(EDGES):
            got[j] += left[e]
        left[:] = 0
        # A spike of the end of a step reaches synapses with the next one.
        trace = trace + 0.1 * np.array([(i, n) in arrivals for i, _ in EDGES])
        whole = whole + trace * 3.0 * (1 - np.exp(-STEP / 3.0))
        if (n + 1) % ratio == 0:
            width = ratio * STEP
            start = end = whole / width  # a step longer than the network's sees the mean of the trace
            if ratio == 1:
                start, end = trace, trace * np.exp(-STEP / 3.0)
            whole = np.zeros(len(EDGES))
            first = rate(x, start)
            new = x + width * (first + rate(x + width * first, end)) / 2
            fired = ~above & ((x > 0.5) | (new > 0.5))
            left[:] = np.where(fired, 2 * passed + 1, 0.0)
            passed = passed + fired
            x = np.where(fired, new - 0.2, new)
            above = x > 0.5
        trace = trace * np.exp(-STEP / 3.0)
    return x, passed, got


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize(("ratio", "delay"), [(1, 0), (1, 3), (4, 0), (4, 3)])
def test_nonlinear_states_and_thresholds_of_synapses_are_what_a_walk_says(monkeypatch, placement, ratio, delay):
    interpret(monkeypatch)
    steps = 240
    network, _ = bistable(placement, ratio, delay)
    found = network.start(threads=1)
    found.run(steps * STEP * ms, record=[])
    x, passed, got = expected(steps, ratio, delay)
    level = found.layout.joined[0].plan.level["synapse.x"]
    assert level == ("pre" if placement == Exact() else "synapse")
    places = [i for i, _ in EDGES] if level == "pre" else slice(None)
    np.testing.assert_allclose(found["synapses0_synapse_x"][places], x, rtol=1e-9)
    np.testing.assert_allclose(found["synapses0_synapse_passed"][places], passed)
    np.testing.assert_allclose(found["after_cell_got"][:-1], got)
    assert passed.max() >= 2


def test_a_synapse_with_a_threshold_converges_to_what_simulate_says():
    model = tp.Model(synapse=tp.Compartment(Bistable()))
    exact = tp.simulate(model, tp.protocols.SpikeTrain([t for c, t in TIMES if c == 0] * ms), until=30 * ms)
    network, synapses = bistable(Exact(), method=RungeKutta4())
    found = network.run(until=30 * ms, record=Synapses(synapses, "x", "passed", every=30 * ms, name="s"))
    assert float(found["s.passed"][-1, 0]) == float(exact["synapse.passed"][-1])
    np.testing.assert_allclose(found["s.x"][-1, 0], exact["synapse.x"][-1], atol=0.01)


class Noisy(Mechanism):
    """An Ornstein-Uhlenbeck variable, a channel that closes by chance, and release by luck.

    **Sources** assumed: a test. **Holds for** tests.
    """

    u = State(0.0, "1", "fluctuates")
    open = State(40.0, "1", "open channels", low=0)
    released = State(0.0, "1", "how often something was released")
    luck = Chance("luck of a spike")
    tau = Parameter(4.0, "ms", "time constant", "assumed: a test")
    sigma = Parameter(0.3, "1", "standard deviation", "assumed: a test")
    closing = Parameter(0.05, "1/ms", "rate of closing", "assumed: a test")
    chance = Parameter(0.3, "1", "probability of release", "assumed: a test")

    def rates(q):
        return {"u": -q.u / q.tau}

    def noise(q):
        return {"u": q.sigma * (2 / q.tau) ** 0.5}

    def transitions(q):
        return {"closing": Transition(q.open, q.closing, {"open": -1})}

    def on_spike(q):
        return {"released": q.released + where(q.luck < q.chance, 1.0, 0.0)}


SPIKES = np.arange(1.0, 10.0, 0.5)


def noisy(size, placement=Exact()):
    model = tp.Compartment(Noisy())
    before = SpikeTrains(size, np.repeat(np.arange(size), len(SPIKES)), np.tile(SPIKES, size) * ms)
    after = Population(Sink(), size)
    synapses = Projection(before, after, synapse=model, rule=AllToAll())
    return Network(before=before, after=after, connections=[synapses], step=STEP * ms, placement=placement), synapses


def test_noise_transitions_and_luck_have_their_distributions_and_each_synapse_its_own():
    network, synapses = noisy(60)
    record = Synapses(synapses, "u", "open", "released", every=10 * ms, name="s")
    found = network.run(until=20 * ms, record=record, seed=3)
    u, left, released = (found[f"s.{name}"][-1].values for name in ("u", "open", "released"))
    count = len(u)
    assert count == 3600
    # Euler-Maruyama of step h relaxes to sigma^2 (2/tau) h / (1 - (1 - h/tau)^2); Heun's drift changes it by h^2.
    assert abs(u.mean()) < 4 * 0.3 / np.sqrt(count)
    assert abs(u.var() / 0.3**2 - 1) < 4 * np.sqrt(2 / count) + STEP / 4.0
    p = np.exp(-0.05 * 20)
    assert abs(left.mean() - 40 * p) < 4 * np.sqrt(40 * p * (1 - p) / count)
    assert abs(left.var() / (40 * p * (1 - p)) - 1) < 4 * np.sqrt(2 / count)
    assert abs(released.mean() - 0.3 * len(SPIKES)) < 4 * np.sqrt(0.21 * len(SPIKES) / count)
    assert abs(np.corrcoef(u.reshape(60, 60)[0], u.reshape(60, 60)[1])[0, 1]) < 0.5
    assert len(np.unique(released.reshape(60, 60)[0])) > 1  # synapses of one cell release apart


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_do_not_change_what_synapses_draw(monkeypatch, threads):
    share_cells(monkeypatch, 1)
    runs = []
    for count in (1, threads):
        network, synapses = noisy(7)
        found = network.start(threads=count)
        found.run(12 * ms, record=Synapses(synapses, every=12 * ms))
        runs.append([found[f"synapses0_synapse_{name}"].copy() for name in ("u", "open", "released")])
    for one, several in zip(*runs, strict=True):
        np.testing.assert_array_equal(one, several)
