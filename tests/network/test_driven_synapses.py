"""Inputs of synapses that a protocol drives."""

from itertools import pairwise

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.errors import NetworkError, RangeError, WiringError
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network import Network, On, Population, Projection, SpikeTrains, States, Synapses
from tripartite.network.roles import post, total
from tripartite.network.rules import AllToAll
from tripartite.network.run.simulation import Simulation
from tripartite.protocols import Constant, Ramps, SpikeTrain, Steps
from tripartite.units import ms

STEP, STEPS = 0.5, 40
SPIKES = {2.0: 0, 6.0: 1, 9.5: 0, 14.5: 1}


class Modulated(Mechanism):
    """A weight that a modulator moves, a trace that it adds to, and one that follows no closed form.

    **Sources** assumed: a test. **Holds for** tests.
    """

    weight = State(1.0, "1", "weight")
    trace = State(0.0, "1", "trace")
    curved = State(0.5, "1", "nonlinear")
    bent = State(1.0, "1", "nonlinear in the light alone")
    sent = Emission("1", "what is sent")
    spike = Input("1", "a spike")
    dopamine = Input("1", "a modulator", low=0, high=10)
    light = Input("1", "another", default=0)
    k = Parameter(0.1, "1/ms", "rate", "assumed: a test")

    def rates(q):
        return {
            "weight": q.k * (q.dopamine - q.weight),
            "trace": -q.k * (1 + q.light) * q.trace,
            "curved": q.k * (q.dopamine - q.curved**2),
            "bent": -q.k * (q.bent + q.light * q.bent**2),
        }

    def on_spike(q):
        return {"trace": Add(q.dopamine), "sent": q.weight + q.trace}


class Reader(Mechanism):
    """A cell that reads its synapses and counts what they send.

    **Sources** assumed: a test. **Holds for** tests.
    """

    seen = State(0.0, "1", "sum of weights in time")
    got = State(0.0, "1", "what came")
    weights = Input("1", "sum over synapses")
    sent = Input("1", "what is sent")
    speed = Parameter(1.0, "1/ms", "rate", "assumed: a test")

    def rates(q):
        return {"seen": q.speed * q.weights}

    def on_sent(q):
        return {"got": Add(q.sent)}


class Counted(Mechanism):
    """Shows a level.

    **Sources** assumed: a test. **Holds for** tests.
    """

    shown = State(1.0, "1", "what synapses read")


def network(slow=1):
    synapse = tp.Compartment(Modulated())
    cells = Population(Reader(), 3, step=slow * STEP * ms)
    trains = SpikeTrains(2, list(SPIKES.values()), list(SPIKES) * ms)
    wiring = [synapse.sent >> post.sent, total(synapse.weight) >> post.weights]
    edges = Projection(
        trains, cells, synapse=synapse, rule=AllToAll(), delay=1 * ms, step=slow * STEP * ms, wiring=wiring
    )
    return Network(cells=cells, trains=trains, connections={"edges": edges}, step=STEP * ms)


DRIVEN = Steps("dopamine", [0, 4, 10.25] * ms, [1, 3, 0.5]) & Ramps("light", [5, 8] * ms, [0, 3], step=0.5 * ms)


def given(t):
    """Dopamine and light over the step that begins at ``t``."""
    dopamine = 1.0 if t < 4 else 3.0 if t < 10 else 1.75 if t == 10 else 0.5
    return dopamine, 0.0 if t < 5 else t - 5 + 0.25 if t < 8 else 3.0


def by_hand(slow=1):
    """Weight, traces of both trains, both nonlinear states by Heun's method, and what came, after ``STEPS`` steps."""
    weight, trace, curved, bent, got = 1.0, np.zeros(2), 0.5, 1.0, 0.0
    for n in range(STEPS):
        t = n * STEP
        dopamine, light = given(t)
        if (t - 1) in SPIKES:
            train = SPIKES[t - 1]
            got += weight + trace[train]
            trace[train] += dopamine
        weight = dopamine + (weight - dopamine) * np.exp(-0.1 * STEP)
        trace *= np.exp(-0.1 * (1 + light) * STEP)
    cuts = {n for n in range(1, STEPS) if given(n * STEP) != given(n * STEP - STEP)}
    for begin, end in pairwise(sorted({*range(0, STEPS + 1, slow), *cuts})):
        dopamine, light = given(begin * STEP)
        h = (end - begin) * STEP
        first = 0.1 * (dopamine - curved**2), -0.1 * (bent + light * bent**2)
        ahead = curved + h * first[0], bent + h * first[1]
        curved += h / 2 * (first[0] + 0.1 * (dopamine - ahead[0] ** 2))
        bent += h / 2 * (first[1] - 0.1 * (ahead[1] + light * ahead[1] ** 2))
    return weight, trace, curved, bent, got


@pytest.mark.parametrize(("slow", "threads"), [(1, 1), (1, 3), (4, 2)])
def test_inputs_of_synapses_are_driven_as_those_of_cells(monkeypatch, slow, threads):
    interpret(monkeypatch)
    share_cells(monkeypatch, 1)
    monkeypatch.setattr(cores, "COUNT", 4)
    net = network(slow)
    record = [Synapses(net["edges"], every=STEPS * STEP * ms), States(net["cells"], every=STEPS * STEP * ms)]
    found = net.run(until=STEPS * STEP * ms, protocol=On(net["edges"], DRIVEN), record=record, threads=threads)
    weight, trace, curved, bent, got = by_hand(slow)
    np.testing.assert_allclose(found["edges.weight"].values[-1], weight, rtol=1e-12)
    np.testing.assert_allclose(found["edges.trace"].values[-1], np.repeat(trace, 3), rtol=1e-11)
    np.testing.assert_allclose(found["edges.curved"].values[-1], curved, rtol=1e-12)
    np.testing.assert_allclose(found["edges.bent"].values[-1], bent, rtol=1e-12)
    np.testing.assert_allclose(found["cells.got"].values[-1], got, rtol=1e-11)


def test_a_network_in_stretches_is_driven_from_when_it_is_told(monkeypatch, tmp_path):
    interpret(monkeypatch)
    net = network()
    dopamine, light = DRIVEN.members
    running = Simulation(net, threads=1)
    running.run(4.5 * ms, protocol=On(net["edges"], dopamine))  # `light` has its default, and is no array yet
    running.save(tmp_path / "run.zarr")
    running = Simulation.load(tmp_path / "run.zarr", net, threads=1)
    found = running.run(15.5 * ms, Synapses(net["edges"], every=20 * ms), protocol=On(net["edges"], dopamine & light))
    weight, trace, _, bent, _ = by_hand()
    np.testing.assert_allclose(found["edges.bent"].values[-1], bent, rtol=4e-3)
    np.testing.assert_allclose(found["edges.weight"].values[-1], weight, rtol=1e-12)
    np.testing.assert_allclose(found["edges.trace"].values[-1], np.repeat(trace, 3), rtol=1e-11)


def test_a_synapse_alone_is_driven_alike():
    spikes = SpikeTrain([t + 1 for t, train in SPIKES.items() if train == 0] * ms)
    alone = tp.simulate(Modulated(), DRIVEN & spikes, until=20 * ms, save_at=[20] * ms)
    weight, trace, curved, bent, _ = by_hand()
    found = [float(alone[name][-1]) for name in ("weight", "trace", "curved", "bent")]
    np.testing.assert_allclose(found, [weight, trace[0], curved, bent], rtol=4e-3)


def test_what_is_not_driven_or_given_twice_is_refused(monkeypatch):
    interpret(monkeypatch)
    net = network()
    edges, until = net["edges"], {"until": 5 * ms, "threads": 1}
    with pytest.raises(WiringError, match=r"`synapse\.dopamine` of the synapse \(a modulator\) has no source"):
        net.run(**until)
    with pytest.raises(WiringError, match="has no source"):
        net.run(protocol=On(edges, Steps("light", [0] * ms, [1])), **until)
    with pytest.raises(RangeError, match=r"dopamine` must lie in \[0, 10\]; got 11 at 0 s of `edges`"):
        net.run(protocol=On(edges, Constant(dopamine=11)), **until)
    with pytest.raises(NetworkError, match="driven by one protocol"):
        net.run(protocol=On(edges, Constant(dopamine=1) & Constant(dopamine=2)), **until)
    with pytest.raises(WiringError, match="Events of synapses come from cells"):
        net.run(protocol=On(edges, Constant(dopamine=1) & SpikeTrain([1] * ms)), **until)
    synapse = tp.Compartment(Modulated())
    cells = Population(Counted(), 2)
    wired = Projection(
        SpikeTrains(2, [], [] * ms), cells, synapse=synapse, rule=AllToAll(), wiring=[post.shown >> synapse.dopamine]
    )
    net = Network(cells=cells, trains=wired.pre.group, connections={"edges": wired}, step=STEP * ms)
    with pytest.raises(WiringError, match="is wired from cells and driven by the protocol"):
        net.run(protocol=On(wired, Constant(dopamine=1)), **until)
