"""Synapses with an astrocyte and dopamine: a reward teaches what led to it, where astrocytes were active."""

import numpy as np

from tripartite.language import Add, Compartment, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.mechanisms import EligibilityWeight, PairStdp
from tripartite.network import Network, Partner, Population, Projection, Spikes, SpikeTrains, Synapses, partner, post
from tripartite.network.rules import Explicit, ExplicitAttachment
from tripartite.units import ms, s

# What a user writes.


class Neuron(Mechanism):
    """A leaky cell that spikes at 1. **Sources** assumed: a test. **Holds for** tests."""

    v = State(0.0, "1", "potential")
    kick = Input("1", "what a spike brings")
    spike = Emission("1", "a spike")
    tau = Parameter(20.0, "ms", "membrane time constant", "assumed: a test")

    def rates(q):
        return {"v": -q.v / q.tau}

    def on_kick(q):
        return {"v": Add(q.kick)}

    def crossing(q):
        return q.v - 1.0

    def on_crossing(q):
        return {"v": 0 * q.v, "spike": 1.0}


class Glia(Mechanism):
    """An astrocyte that listens to releases and opens a gate. **Sources** assumed: a test. **Holds for** tests."""

    activity = State(0.0, "1", "how active it is")
    gate = Output("1", "how far its gate is open")
    release = Input("1", "what a synapse releases")
    tau = Parameter(2.0, "s", "lifetime of its activity", "assumed: a test")
    half = Parameter(100.0, "1", "activity that half-opens the gate", "assumed: a test")

    def rates(q):
        return {"activity": -q.activity / q.tau}

    def on_release(q):
        return {"activity": Add(q.release)}

    def outputs(q):
        return {"gate": q.activity / (q.activity + q.half)}


class Rewarded(Mechanism):
    """Dopamine, and with the astrocyte the third factor. **Sources** assumed: a test. **Holds for** tests."""

    dopamine = State(0.0, "1", "dopamine")
    gate = Output("1", "third factor")
    open_ = Input("1", "gate of the astrocyte")
    reward = Input("1", "a spike of a dopamine neuron")
    tau = Parameter(300.0, "ms", "lifetime of dopamine", "assumed: a test")

    def rates(q):
        return {"dopamine": -q.dopamine / q.tau}

    def on_reward(q):
        return {"dopamine": Add(1.0)}

    def outputs(q):
        return {"gate": q.dopamine * q.open_}


class Transmission(Mechanism):
    """What a spike brings. **Sources** assumed: a test. **Holds for** tests."""

    kick, release = Emission("1", "to the neuron"), Emission("1", "to the astrocyte")
    weight = Input("1", "weight")
    strength = Parameter(0.085, "1", "kick of a weight of 1", "assumed: a test")

    def on_spike(q):
        return {"kick": q.strength * q.weight, "release": 1.0}


SIZE, CELLS, END, HALF = 100, 20, 3.5, np.array([100.0, 100.0, 1e6, 1e6])  # two astrocytes all but silent
RANDOM = np.random.default_rng(5)
EDGES = np.argwhere(RANDOM.random((SIZE, CELLS)) < 0.5)
TIMES = [np.sort(RANDOM.choice(34_000, RANDOM.poisson(10 * END), replace=False) + 10) for _ in range(SIZE)]  # in 0.1 ms
REWARDS = np.array([12_000, 25_000, 31_000])
TERRITORY = EDGES[:, 1] % 4


def learned():
    """Weights of all synapses in the end, and the spikes of the neurons."""
    rule = Compartment(PairStdp(potentiation=0.1, depression=0.05), EligibilityWeight(), Rewarded(), Transmission())
    before = np.repeat(np.arange(SIZE), [len(t) for t in TIMES])
    inputs = SpikeTrains(SIZE, before, np.concatenate(TIMES) * 0.1 * ms)
    midbrain = SpikeTrains(1, [0] * len(REWARDS), REWARDS * 0.1 * ms)
    neurons, astrocytes = Population(Neuron(), CELLS), Population(Glia(), 4, values={"half": HALF})
    synapses = Projection(
        inputs,
        neurons,
        synapse=rule,
        rule=Explicit(*EDGES.T),
        partners={"dopamine": midbrain, "astrocyte": Partner(astrocytes, ExplicitAttachment(TERRITORY))},
        wiring=[
            rule.kick >> post.kick,
            rule.release >> partner("astrocyte").release,
            partner("astrocyte").gate >> rule.open_,
            partner("dopamine").spike >> rule.reward,
        ],
    )
    network = Network(
        afferents=inputs,
        midbrain=midbrain,
        neurons=neurons,
        astrocytes=astrocytes,
        connections={"s": synapses},
        step=0.1 * ms,
    )
    result = network.run(until=END * s, record=[Synapses(synapses, "weight", every=END * s), Spikes(neurons)])
    return result["s.weight"].values[-1], result.events("neurons.spike")


# The same by itself: every step of 0.1 ms for all synapses at once, with integrals of products in closed form.


def walk():
    """Weights in the end, and (step, cell) of every spike."""
    h, (before, after) = 0.1, EDGES.T
    e, w, p, m, glia, dopamine, v = (np.zeros(n) for n in (*[len(EDGES)] * 4, 4, 1, CELLS))
    w += 1
    arriving = np.zeros((round(END * 1e4) + 1, SIZE), bool)
    for cell, steps in enumerate(TIMES):
        arriving[steps, cell] = True
    spiked, spikes = np.zeros(CELLS, bool), []
    for n in range(round(END * 1e4)):
        if arriving[n].any():  # presynaptic spikes first, then postsynaptic ones, then those of partners
            here = arriving[n][before]
            np.add.at(v, after[here], 0.085 * w[here])
            np.add.at(glia, TERRITORY[here], 1.0)
            e[here] -= 0.05 * m[here]
            p[here] += 1
        if spiked.any():
            there = spiked[after]
            e[there] += 0.1 * p[there]
            m[there] += 1
        dopamine += n in REWARDS
        rate = 1 / 300 + 1 / 1000
        w += (glia / (glia + HALF))[TERRITORY] * dopamine * e / 1000 * (1 - np.exp(-rate * h)) / rate
        for values, tau in ((e, 1000), (p, 20), (m, 20), (glia, 2000), (dopamine, 300), (v, 20)):
            values *= np.exp(-h / tau)
        spiked = v > 1
        v[spiked] = 0
        spikes += [(n + 1, cell) for cell in np.flatnonzero(spiked)]
    return w, spikes


def test_a_reward_teaches_what_led_to_it_where_astrocytes_are_active():
    weights, spikes = learned()
    expected, walked = walk()
    assert list(zip(np.rint(spikes.time.values * 1e4), spikes.cell.values, strict=True)) == walked
    changes = expected - 1
    np.testing.assert_allclose(weights - 1, changes, rtol=0, atol=2e-4 * np.abs(changes).max())
    active = TERRITORY < 2
    assert np.abs(changes[active]).mean() > 100 * np.abs(changes[~active]).mean()
