"""Every ingredient of a network gives the same bits on any number of threads, also more than cores and blocks."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, Transition
from tripartite.mechanisms import StaticSynapse
from tripartite.network import (
    Coupling,
    Network,
    On,
    PoissonGroup,
    PoissonInput,
    Population,
    Projection,
    Simulation,
    SpikeTrains,
    Uniform,
)
from tripartite.network.roles import astrocyte, mean, post, pre, total
from tripartite.network.rules import BernoulliWithPool, PairwiseBernoulli, Ring
from tripartite.protocols import Steps
from tripartite.units import Hz, ms, mV, nS, pA

STEPS = 60


class Cell(Mechanism):
    """Noise, channels that open and close, conductance, current, and a threshold.

    **Sources** assumed: a test. **Holds for** tests.
    """

    v = State(0.4, "mV", "potential")
    g = State(0.0, "nS", "conductance")
    open = State(3.0, "1", "open channels", low=0)
    excitation = Input("nS", "conductance that opens")
    current = Input("pA", "driven")
    seen = Input("1", "sum over synapses")
    capacitance = Parameter(50.0, "pF", "capacitance", "assumed: a test")
    amplitude = Parameter(0.1, "mV/ms**0.5", "noise", "assumed: a test")
    rate = Parameter(0.2, "1/ms", "opening and closing", "assumed: a test")
    channel = Parameter(0.5, "nS", "of a channel", "assumed: a test")
    tau = Parameter(5.0, "ms", "decay", "assumed: a test")
    reach = Parameter(10.0, "mV", "driving force", "assumed: a test")
    weight = Parameter(0.1, "pA", "of what is seen", "assumed: a test")
    spike = Emission("1", "spike")

    def rates(q):
        current = q.current + (q.g + q.open * q.channel) * (q.reach - q.v) + q.weight * q.seen
        return {"v": current / q.capacitance, "g": -q.g / q.tau}

    def noise(q):
        return {"v": q.amplitude}

    def transitions(q):
        return {
            "closing": Transition(q.open, q.rate, {"open": -1}),
            "opening": Transition(10 - q.open, q.rate, {"open": 1}),
        }

    def on_excitation(q):
        return {"g": Add(q.excitation)}

    def crossing(q):
        return q.v - q.reach / 10

    def on_crossing(q):
        return {"v": 0 * q.v, "spike": 1}


class Glia(Mechanism):
    """A slow cell that collects.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = State(0.1, "1", "calcium")
    seen = Input("1", "mean over synapses")
    tau = Parameter(20.0, "ms", "decay", "assumed: a test")

    def rates(q):
        return {"ca": (q.seen - q.ca * q.ca) / q.tau}


class Gap(Mechanism):
    """Exchange between cells.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = Input("1", "here")
    neighbour = Input("1", "there")
    speed = Parameter(0.01, "1/ms", "exchange", "assumed: a test")

    def rates(q):
        return {"ca": q.speed * (q.neighbour - q.ca)}


class Plastic(Mechanism):
    """Traces of both spikes, a weight, and what follows cells of every role.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = Input("1", "of the astrocyte")
    potential = Input("mV", "of the presynaptic cell")
    before = State(0.0, "1", "presynaptic trace")
    shared = State(0.0, "1", "trace that decays as the astrocyte says")
    behind = State(0.0, "1", "postsynaptic trace")
    released = State(0.0, "1", "transmitter")
    weight = State(0.3, "nS", "weight")
    follows = State(0.0, "1", "follows astrocyte and presynaptic cell")
    tau = Parameter(4.0, "ms", "decay", "assumed: a test")
    unit = Parameter(1.0, "mV", "unit of potential", "assumed: a test")
    gain = Parameter(0.01, "nS", "change", "assumed: a test")
    conductance = Emission("nS", "conductance")

    def rates(q):
        return {
            "before": -q.before / q.tau,
            "shared": -q.shared * (1 + q.ca) / q.tau,
            "behind": -q.behind / q.tau,
            "released": -q.released / q.tau,
            "follows": (q.ca * q.potential / q.unit - q.follows) / q.tau,
        }

    def on_spike(q):
        return {
            "before": Add(1),
            "shared": Add(1),
            "released": Add(1),
            "weight": q.weight - q.gain * q.behind,
            "conductance": q.weight * (1 + q.shared),
        }

    def on_postspike(q):
        return {"behind": Add(1), "weight": Add(q.gain * q.before * (1 + q.shared + q.follows))}


def built(size):
    """A network of ``size`` cells, as many glial cells and sources; its connections are as many for all sizes."""
    cells = Population(Cell(), size, values={"v": Uniform(0 * mV, 0.9 * mV)})
    glia = Population(Glia(), size, step=0.5 * ms, values={"ca": Uniform(0, 1)})
    group = PoissonGroup(size, 200 * Hz)
    trains = SpikeTrains(size, np.arange(8) % size, 0.1 * np.arange(1, 9) * ms)
    static, plastic = tp.Compartment(StaticSynapse(weight=0.5 * nS)), tp.Compartment(Plastic())
    few = PairwiseBernoulli(min(1.0, 12 / size))
    wire = static.conductance >> post.excitation
    return Network(
        cells=cells,
        glia=glia,
        group=group,
        trains=trains,
        connections=[
            Projection(group, cells, synapse=static, rule=few, wiring=[wire]),
            Projection(trains, cells[:1], synapse=static, rule=PairwiseBernoulli(1.0), wiring=[wire]),
            Projection(
                cells,
                cells,
                glia,
                synapse=plastic,
                rule=few,
                attach=BernoulliWithPool(0.8),
                delay=Uniform(0.2 * ms, 0.6 * ms),
                wiring=[
                    plastic.conductance >> post.excitation,
                    mean(plastic.released) >> astrocyte.seen,
                    total(plastic.follows) >> post.seen,
                    astrocyte.ca >> plastic.ca,
                    pre.v >> plastic.potential,
                ],
            ),
            Coupling(glia, Gap(), Ring()),
        ],
        inputs=[PoissonInput(cells, "excitation", 3000 * Hz, 0.2 * nS)],
        step=0.1 * ms,
    )


def left(network, threads):
    """Everything that has changed after some steps, some of which a change of the glia cuts, and the spikes."""
    cells, glia, plastic = network.groups["cells"], network.groups["glia"], network.projections[2]
    drive = On(cells, Steps("current", [0, 1, 3] * ms, [10, 40, 20] * pA))
    drive = drive & On(glia, tp.Perturbation("slower", {"tau": 2}, at=1.7 * ms, stop=3.2 * ms))
    drive = drive & On(plastic, tp.Perturbation("faster", {"tau": 0.5}, at=2.4 * ms, stop=4.1 * ms))
    simulation = Simulation(network, seed=3, threads=threads)
    for stop in (10, 18, STEPS):
        timeline = simulation.follow(drive, STEPS)
        while simulation.now < stop:
            timeline.apply(simulation.now)
            simulation.advance(min(stop, timeline.after(simulation.now)) - simulation.now)
    memory = simulation.layout.memory
    kept = {n: memory[n].copy() for n in memory.changing if not n.endswith(("_ring", "_counts"))}
    return kept, [simulation.take_spikes(name) for name in simulation.layout.spikes]


SIZES = [257, *(pytest.param(size, marks=pytest.mark.slow) for size in (1, 255, 256, 600))]


@pytest.mark.parametrize("size", SIZES)
def test_any_number_of_threads_gives_the_same_bits(size, monkeypatch):
    """Some on threads of their own, also more than there are cores, others as parts of which a thread has several."""
    network = built(size)
    once, spikes = left(network, 1)
    assert sum(len(steps) for steps, _ in spikes) > (0 if size == 1 else 50)
    for threads, crew in ((2, 2), (3, 3), (5, 5), (8, 3), (16, 1)):
        monkeypatch.setattr(cores, "COUNT", crew)
        again, same = left(network, threads)
        for name, values in once.items():
            np.testing.assert_array_equal(again[name], values, err_msg=f"{name} on {threads} threads")
        for (steps, cells), (others, theirs) in zip(spikes, same, strict=True):
            np.testing.assert_array_equal(steps, others)
            np.testing.assert_array_equal(cells, theirs)
