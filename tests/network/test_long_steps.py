"""Synapses whose own step is longer than the network's: spikes and partners move their traces within it."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, Transition, sqrt, where
from tripartite.network import (
    Network,
    On,
    Population,
    Projection,
    RungeKutta4,
    SpikeTrains,
    States,
    Synapses,
    post,
    total,
)
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import AllToAll, OneToOne
from tripartite.units import ms

SPIKES, UNTIL = [3.0, 14.0, 14.3, 19.0, 31.7], 60.0


class Sink(Mechanism):
    """A cell that counts what comes. **Sources** assumed: a test. **Holds for** tests."""

    got = State(0.0, "1", "sum of what came")
    sent = Input("1", "what synapses send", default=0)

    def on_sent(q):
        return {"got": Add(q.sent)}


class Saturating(Mechanism):
    """What follows a trace that lives shorter than a step. **Sources** assumed: a test. **Holds for** tests."""

    trace = State(0.0, "1", "trace of spikes")
    switched = State(0.0, "1", "follows whether the trace is high")
    z = State(0.0, "1", "saturates")
    y = State(0.0, "1", "saturates, too")
    times = State(0.0, "1", "how often a threshold was passed")
    told = Emission("1", "what passing sends")
    fade = Parameter(1.0, "ms", "lifetime of the trace", "assumed: a test")
    slow = Parameter(8.0, "ms", "lag behind the trace", "assumed: a test")
    gain = Parameter(0.01, "1/ms", "speed", "assumed: a test")
    high = Parameter(0.4, "1", "a high trace", "assumed: a test")
    threshold = Parameter(9.0, "1", "what is never reached", "assumed: a test")

    def rates(q):
        return {
            "trace": -q.trace / q.fade,
            "switched": (where(q.trace > q.high, 1.0, 0.0) - q.switched) / q.slow,
            "z": q.gain * q.trace * (1 - q.z) * (1 + q.z),
            "y": q.gain * q.switched * (1 - q.y) * (1 + q.y),
        }

    def on_spike(q):
        return {"trace": Add(1.0)}

    def crossing(q):
        return q.trace - q.threshold

    def on_crossing(q):
        return {"told": 1.0, "times": q.times + 1}


def saturated(spikes=SPIKES):
    """z and y in the end: tanh of the integrals of the trace and of what follows it, by SciPy piece by piece."""
    state, now = np.zeros(3), 0.0

    def slopes(_, s, on):
        return -s[0], (on - s[1]) / 8.0, s[0], s[1]

    whole = 0.0
    edges = sorted({*spikes, UNTIL})
    for until in edges:
        passing = now + np.log(max(state[0] / 0.4, 1.0))  # at the end of a high trace
        for end in (min(passing, until), until):
            if end > now:
                high = state[0] * np.exp(-(end - now) / 2) > 0.4
                start = [*state, whole]
                found = solve_ivp(slopes, (now, end), start, args=(high,), rtol=1e-11, atol=1e-13)
                *state, whole = found.y[:, -1]
                now = end
        if until in spikes:
            state[0] += 1.0
    return np.tanh(0.01 * state[2]), np.tanh(0.01 * whole)


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("step", [0.1, 2.0, 5.0, 10.0])
def test_what_follows_short_traces_is_exact_to_the_step_wherever_spikes_fall(monkeypatch, step, placement):
    interpret(monkeypatch)
    before, cells = SpikeTrains(1, np.zeros(len(SPIKES), int), SPIKES * ms), Population(Sink(), 2)
    rule = tp.Compartment(Saturating())
    synapses = Projection(before, cells, synapse=rule, rule=AllToAll(), step=step * ms, wiring=[rule.told >> post.sent])
    network = Network(before=before, cells=cells, connections={"s": synapses}, step=0.1 * ms, placement=placement)
    record = [Synapses(synapses, "z", "y", "times", every=UNTIL * ms), States(cells, every=UNTIL * ms)]
    found = network.run(until=UNTIL * ms, record=record, threads=1)
    z, y = saturated()
    np.testing.assert_allclose(found["s.z"][-1], z, rtol=2e-3)
    np.testing.assert_allclose(found["s.y"][-1], y, rtol=2e-3)
    assert not found["s.times"].values.any() and not found["cells.got"].values.any()


class Fast(Mechanism):
    """A cell whose quantity goes round. **Sources** assumed: a test. **Holds for** tests."""

    v = State(1.0, "1", "goes round")
    u = State(0.0, "1", "goes round")
    turn = Parameter(0.2, "1/ms", "speed", "assumed: a test")

    def rates(q):
        return {"v": -q.turn * q.u, "u": q.turn * q.v}


class Following(Mechanism):
    """A trace that spikes push and a cell pulls. **Sources** assumed: a test. **Holds for** tests."""

    v = Input("1", "what pulls")
    x = State(0.0, "1", "trace")
    z = State(0.0, "1", "saturates")
    lag = Parameter(1.0, "ms", "lag", "assumed: a test")
    gain = Parameter(0.02, "1/ms", "speed", "assumed: a test")

    def rates(q):
        return {"x": (q.v - q.x) / q.lag, "z": q.gain * q.x * (1 - q.z) * (1 + q.z)}

    def on_spike(q):
        return {"x": Add(3.0)}


@pytest.mark.parametrize("step", [0.1, 5.0, 10.0])
def test_a_trace_that_a_fast_cell_pulls_is_seen_with_its_mean(monkeypatch, step):
    interpret(monkeypatch)
    cells, spikes = Population(Fast(), 1, method=RungeKutta4()), SpikeTrains(1, [0], [21.3] * ms)
    rule = tp.Compartment(Following())
    synapses = Projection(spikes, cells, synapse=rule, rule=OneToOne(), step=step * ms, wiring=[post.v >> rule.v])
    network = Network(cells=cells, spikes=spikes, connections={"s": synapses}, step=0.1 * ms)
    found = network.run(until=40 * ms, record=Synapses(synapses, "z", every=40 * ms), threads=1)

    def slopes(t, s):
        return np.cos(0.2 * t) - s[0], s[0]

    first = solve_ivp(slopes, (0, 21.3), (0.0, 0.0), rtol=1e-10, atol=1e-12).y[:, -1]
    last = solve_ivp(slopes, (21.3, 40), (first[0] + 3.0, first[1]), rtol=1e-10, atol=1e-12).y[:, -1]
    np.testing.assert_allclose(found["s.z"][-1, 0], np.tanh(0.02 * last[1]), rtol=0.02, atol=1e-3)


def test_a_change_within_a_step_and_any_number_of_threads_leave_means_as_they_are(monkeypatch):
    share_cells(monkeypatch, 1)
    spikes = SpikeTrains(3, [0, 1, 2, 0], [3.0, 14.0, 16.6, 17.3] * ms)
    cells, slower = Population(Sink(), 3), tp.Perturbation("slower", {"fade": 3.0}, at=16.9 * ms)
    found = []
    for step, threads in ((0.1, 1), (5.0, 1), (5.0, 3), (10.0, 2)):
        synapses = Projection(spikes, cells, synapse=Saturating(), rule=AllToAll(), step=step * ms)
        network = Network(spikes=spikes, cells=cells, connections={"s": synapses}, step=0.1 * ms)
        record = Synapses(synapses, "z", every=60 * ms)
        run = network.run(until=60 * ms, record=record, protocol=On(network["s"], slower), threads=threads)
        found.append(run["s.z"][-1].values)
    np.testing.assert_array_equal(found[1], found[2])
    for long in (found[1], found[3]):
        np.testing.assert_allclose(long, found[0], rtol=2e-3)


class Leaky(Mechanism):
    """Channels that a short trace closes, and a walk that it widens. **Sources** assumed: a test.

    **Holds for** tests.
    """

    trace = State(0.0, "1", "trace")
    open = State(400.0, "1", "open channels", low=0)
    walk = State(0.0, "1", "random walk")
    fade = Parameter(1.0, "ms", "lifetime of the trace", "assumed: a test")
    closing = Parameter(0.1, "1/ms", "rate of closing at a trace of 1", "assumed: a test")
    width = Parameter(1.0, "1/ms", "variance per time at a trace of 1", "assumed: a test")

    def rates(q):
        return {"trace": -q.trace / q.fade}

    def on_spike(q):
        return {"trace": Add(1.0)}

    def transitions(q):
        return {"closing": Transition(q.open, q.closing * q.trace, {"open": -1})}


class Widened(Leaky):
    """The same with noise. **Sources** assumed: a test. **Holds for** tests."""

    def noise(q):
        return {"walk": q.trace * sqrt(q.width)}


@pytest.mark.parametrize("mechanism", [Leaky, Widened])
def test_chance_by_a_short_trace_has_its_mean_and_variance_at_any_step(monkeypatch, mechanism):
    """Spikes come at the beginning of steps, so that little of the trace is left; noise needs short ones."""
    interpret(monkeypatch)
    times, size = [5.1, 10.1, 15.1, 20.1, 25.1], 400
    spikes, cells, rule = SpikeTrains(1, [0] * 5, times * ms), Population(Sink(), size), tp.Compartment(mechanism())
    synapses = Projection(spikes, cells, synapse=rule, rule=AllToAll(), step=5 * ms)
    network = Network(spikes=spikes, cells=cells, connections={"s": synapses}, step=0.1 * ms)
    found = network.run(until=30 * ms, record=Synapses(synapses, "open", "walk", every=30 * ms), threads=1)
    left = np.exp(-0.1 * 5)  # each spike leaves an integral of 1 ms
    spread = np.sqrt(400 * left * (1 - left) / size)
    assert abs(found["s.open"][-1].mean() - 400 * left) < 4 * spread
    if mechanism is Widened:
        assert abs(found["s.walk"][-1].var() / 2.5 - 1) < 0.1 + 4 * np.sqrt(2 / size)  # 1/2 for each spike


class Driven(Mechanism):
    """A cell that integrates what its synapses give. **Sources** assumed: a test. **Holds for** tests."""

    whole = State(0.0, "ms", "integral")
    drive = Input("1", "sum over synapses")

    def rates(q):
        return {"whole": 1 * q.drive}


def test_convergence_halves_the_step_of_a_projection_too(monkeypatch):
    interpret(monkeypatch)
    spikes, cells, rule = (
        SpikeTrains(1, [0, 0], [3.0, 14.0] * ms),
        Population(Driven(), 1),
        tp.Compartment(Saturating()),
    )
    wiring = [total(rule.z) >> post.drive]
    synapses = Projection(spikes, cells, synapse=rule, rule=OneToOne(), step=4 * ms, wiring=wiring)
    network = Network(spikes=spikes, cells=cells, connections={"slow": synapses}, step=0.5 * ms)
    found = network.convergence(until=40 * ms, seeds=1, threads=1)
    (change,) = [c for c in found.changes if c.halved == "slow" and c.quantity == "cells.whole.mean"]
    assert change.step == 4 and change.change != 0
    assert {c.halved for c in found.changes} == {"network", "slow"}
