"""Parameters of cells, synapses and contacts that a protocol sets and ramps while a network runs."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.errors import NetworkError, RangeError, WiringError
from tripartite.language import Add, Input, Mechanism, Parameter, State
from tripartite.mechanisms import LinearIp3Coupling
from tripartite.network import (
    Bdf,
    Coupling,
    Euler,
    Network,
    On,
    Population,
    Projection,
    SpikeTrains,
    States,
    Synapses,
)
from tripartite.network.rules import AllToAll, Ring
from tripartite.network.run.simulation import Simulation
from tripartite.protocols import Pulses, Ramps, Steps
from tripartite.units import ms, s, uM

OWN = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
"""Of each cell, what it takes in by itself (1/ms)."""


class Tank(Mechanism):
    """Takes in, and loses.

    **Sources** assumed: a test. **Holds for** tests.
    """

    taken = State(0.0, "1", "what was taken in")
    left = State(1.0, "1", "what is left")
    inflow = Parameter(1.0, "1/ms", "what is taken in", "assumed: a test", low=0, high=100)
    loss = Parameter(0.1, "1/ms", "rate of the loss", "assumed: a test")

    def rates(q):
        return {"taken": q.inflow, "left": -q.loss * q.left}


class Trace(Mechanism):
    """A trace of spikes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    trace = State(0.0, "1", "trace")
    spike = Input("1", "a spike")
    fade = Parameter(0.2, "1/ms", "decay", "assumed: a test")
    gain = Parameter(1.0, "1", "what a spike adds", "assumed: a test")

    def rates(q):
        return {"trace": -q.fade * q.trace}

    def on_spike(q):
        return {"trace": Add(q.gain)}


class Pool(Mechanism):
    """A substance that only passes between cells.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = State(1.0, "uM", "IP3", low=0)


STEP, STEPS = 0.5, 40
PER = 1 / ms
LEVELS = np.array([1.0, 4.0, 2.0, 8.0])


def network(slow, **fades):
    cells = Population(Tank(), 5, step=slow * STEP * ms, values={"inflow": OWN / ms})
    pools = Population(Pool(), 4, method=Euler(), values={"ip3": LEVELS * uM})
    trains = SpikeTrains(2, [0, 1, 0], [2, 6, 9] * ms)
    edges = Projection(trains, cells, synapse=Trace(), rule=AllToAll(), delay=1 * ms, values=fades)
    contacts = Coupling(pools, LinearIp3Coupling(permeability=20 / s), Ring())
    joined = {"edges": edges, "contacts": contacts}
    return Network(cells=cells, pools=pools, trains=trains, connections=joined, step=STEP * ms)


def deeds(net):
    cells, edges = net["cells"], net["edges"]
    some = Steps("inflow", [3, 7.25] * ms, [10, 20] * PER, stop=12.5 * ms)
    return (
        On(cells[[1, 3]], some)
        & On(cells[2:], tp.Perturbation("less", {"inflow": 0.5}, at=5 * ms, stop=9 * ms))
        & On(cells, Ramps("loss", [4, 8] * ms, [0, 0.8] * PER, step=0.5 * ms, stop=11 * ms))
        & On(edges, Steps("fade", [4] * ms, [0.7] * PER, stop=8 * ms) & Pulses("gain", 3.0, [6.5] * ms, 1 * ms))
        & On(net["contacts"], Pulses("permeability", 200 / s, [10] * ms, 5 * ms))
    )


def by_hand():
    """What cells took in and have left, traces of both trains, and IP3, after ``STEPS`` steps."""
    taken, left, trace, ip3 = np.zeros(5), np.ones(5), np.zeros(2), LEVELS.copy()
    arrivals = {6: 0, 14: 1, 20: 0}
    for n in range(STEPS):
        t = n * STEP
        inflow = OWN.copy()
        if 3 <= t < 12.5:
            inflow[[1, 3]] = 15 if t == 7 else 10 if t < 7 else 20
        if 5 <= t < 9:
            inflow[2:] *= 0.5
        loss = 0.2 * (t - 4) + 0.05 if 4 <= t < 8 else 0.8 if 8 <= t < 11 else 0.1
        fade, gain = 0.7 if 4 <= t < 8 else 0.2, 3.0 if 6.5 <= t < 7.5 else 1.0
        if n in arrivals:
            trace[arrivals[n]] += gain
        taken += STEP * inflow
        left *= np.exp(-STEP * loss)
        trace *= np.exp(-STEP * fade)
        flow = 0.2 if 10 <= t < 15 else 0.02
        ip3 = ip3 + STEP * flow * (np.roll(ip3, 1) + np.roll(ip3, -1) - 2 * ip3)
    return taken, left, trace, ip3


@pytest.mark.parametrize(("slow", "threads"), [(1, 1), (1, 3), (8, 2)])
@pytest.mark.parametrize("fades", [{}, {"fade": np.full(10, 0.2) / ms}], ids=["one fade", "a fade for each"])
def test_parameters_are_set_and_ramped_wherever_they_are(monkeypatch, slow, threads, fades):
    interpret(monkeypatch)
    share_cells(monkeypatch, 1)
    net = network(slow, **fades)
    record = [States(net[name], every=STEPS * STEP * ms) for name in ("cells", "pools")]
    record.append(Synapses(net["edges"], every=STEPS * STEP * ms, name="s"))
    found = net.run(until=STEPS * STEP * ms, protocol=deeds(net), record=record, threads=threads)
    taken, left, trace, ip3 = by_hand()
    np.testing.assert_allclose(found["cells.taken"].values[-1], taken, rtol=1e-12)
    np.testing.assert_allclose(found["cells.left"].values[-1], left, rtol=1e-11)
    np.testing.assert_allclose(found["s.trace"].values[-1], np.repeat(trace, 5), rtol=1e-11)
    np.testing.assert_allclose(found["pools.ip3"].values[-1], ip3, rtol=1e-12)


def test_a_run_in_stretches_sets_what_a_whole_run_sets(monkeypatch):
    interpret(monkeypatch)
    net = network(1)
    running = Simulation(net, threads=1)
    for _ in range(4):
        found = running.run(5 * ms, States(net["cells"], every=5 * ms), protocol=deeds(net))
    taken, left, *_ = by_hand()
    np.testing.assert_allclose(found["cells.taken"].values[-1], taken, rtol=1e-12)
    np.testing.assert_allclose(found["cells.left"].values[-1], left, rtol=1e-11)


def test_the_whole_solver_sees_what_is_set():
    cells = Population(Tank(), 5, values={"inflow": OWN / ms})
    net = Network(cells=cells, step=STEP * ms)
    protocol = On(cells[[1, 3]], Steps("inflow", [3, 7.5] * ms, [10, 20] * PER, stop=12.5 * ms))
    found = net.run(until=20 * ms, protocol=protocol, record=States(cells, every=20 * ms), solver=Bdf())
    expected = OWN * 20
    expected[[1, 3]] = OWN[[1, 3]] * 10.5 + 45 + 100
    np.testing.assert_allclose(found["cells.taken"].values[-1], expected, rtol=1e-4)


def test_what_cannot_be_set_is_refused():
    net = network(1)
    cells, edges = net["cells"], net["edges"]
    refused = [
        (On(cells, Steps("inflow", [3] * ms, [101] * PER)), RangeError, r"inflow` must lie in \[0, 100\].*at 0.003 s"),
        (
            On(cells[1:3], Steps("inflow", [3] * ms, [60] * PER))
            & On(cells[2:], tp.Perturbation("more", {"inflow": 2.0}, at=5 * ms)),
            RangeError,
            r"\(perturbed\)` must lie in \[0, 100\]",
        ),
        (
            On(cells[1:3], Steps("inflow", [3] * ms, [60] * PER)) & On(cells[2:], Steps("inflow", [4] * ms, [6] * PER)),
            NetworkError,
            "driven by one protocol",
        ),
        (On(edges, tp.protocols.SpikeTrain([3] * ms)), WiringError, "Events of synapses come from cells"),
    ]
    for protocol, error, words in refused:
        with pytest.raises(error, match=words):
            net.run(until=10 * ms, protocol=protocol, threads=1)
