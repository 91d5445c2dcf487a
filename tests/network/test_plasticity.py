"""Weights that two cells and an astrocyte change, against an implementation that walks over every synapse."""

import numpy as np
import pytest
from scipy.linalg import expm

import tripartite as tp
from tests.network.probes import per_synapse, share_cells, simulate, spikes
from tests.oracles import network_numpy as oracle
from tripartite import parameters
from tripartite.language import Emission, Mechanism, Output, Parameter
from tripartite.mechanisms import (
    AstrocyteGate,
    EligibilityWeight,
    FixedUtilization,
    GatedWeight,
    Ip3Relaxation,
    LiRinzel,
    PairStdp,
    PlasticEfficacy,
    PostspikeGate,
    TsodyksDepression,
    Weight,
)
from tripartite.models import CobaNeuron
from tripartite.network.network import Network
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, post
from tripartite.network.rules.listed import Explicit
from tripartite.network.rules.third import ExplicitAttachment
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms, mV, nS, pA, uM

START = np.linspace(-59.5, -50.5, 10)
EDGES = [(i, j) for i in range(10) for j in range(10) if i != j and (3 * i + j) % 3 == 0]
MATES = [n * 5 % 4 - 1 for n in range(len(EDGES))]


class Puff(Mechanism):
    """Every spike releases all."""

    release = Emission("1", "fraction of resources released")

    def on_spike(q):
        return {"release": 1}


class Held(Mechanism):
    """A gate that nothing moves."""

    gate = Output("1", "gate")
    level = Parameter(0.7, "1", "how far it is open", "assumed: for tests")

    def outputs(q):
        return {"gate": q.level}


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=0)


SLOW = pytest.mark.slow
KINDS = {"eligibility": [EligibilityWeight()], "postspike": [PostspikeGate(), Weight()], "gated": [GatedWeight()]}


@pytest.mark.parametrize(
    ("kind", "placement"),
    [(kind, Exact()) for kind in ("eligibility", "postspike", "gated")]
    + [pytest.param(kind, Naive(), marks=SLOW) for kind in ("eligibility", "postspike", "gated")],
)
def test_weights_under_the_gate_of_a_slow_astrocyte(monkeypatch, kind, placement):
    share_cells(monkeypatch)
    e = tp.Compartment(PairStdp(), *KINDS[kind], PlasticEfficacy(strength=3 * nS), Puff())
    neurons = Population(CobaNeuron(), 10, values={"v": START * mV, "bias_current": 130 * pA})
    starts = np.array([[0.3, 0.5, 0.2], [0.7, 0.6, 0.8], [0.6, 0.5, 0.9]])
    cells = Population(
        tp.Compartment(LiRinzel(), Ip3Relaxation(), AstrocyteGate()).using(parameters.jiang2025.NETWORK_ASTROCYTE),
        3,
        step=1.1 * ms,
        values={"ca": starts[0] * uM, "h": starts[1], "ip3": starts[2] * uM, "ip3_jump": 0.01 * uM},
    )
    projection = Projection(
        neurons,
        neurons,
        cells,
        synapse=e,
        rule=Explicit(*np.transpose(EDGES)),
        attach=ExplicitAttachment(MATES),
        delay=1.3 * ms,
        wiring=[
            e.conductance >> post.excitation,
            e.release >> astrocyte.release,
            astrocyte.gate >> e.gate,
        ],
    )
    network = Network(neurons=neurons, cells=cells, connections=[projection], placement=placement)
    found = simulate(network, 5500, threads=2)

    neurons_ = oracle.Lif(START, current=130)
    astrocytes = oracle.Relaxing(starts, jump=0.01)
    synapses = [oracle.Plastic(i, j, 13, m, strength=3.0, kind=kind) for (i, j), m in zip(EDGES, MATES, strict=True)]
    expected = oracle.run(neurons_, synapses, 5500, astrocytes=astrocytes, ratio=11)

    fired = spikes(found)
    assert [cell for _, cell in fired] == [cell for _, cell in expected] and len(fired) > 100
    assert max(abs(n - m) for (n, _), (m, _) in zip(fired, expected, strict=True)) <= 1
    close(found["cells_cell_gate"][:-1], astrocytes.gate)
    close(found["neurons_neuron_v"][:-1], neurons_.v)
    for name, tau in (("before", 20.0), ("after", 20.0)):
        value, elapsed = per_synapse(found, 0, f"synapse.{name}")
        close(value * np.exp(-elapsed * 0.1 / tau), [getattr(s, name) for s in synapses])
    weight, elapsed = per_synapse(found, 0, "synapse.weight")
    relative = np.array([s.relative for s in synapses])
    assert 1 in relative and np.abs(relative - 1).max() > 0.005, "weights without and with an astrocyte"
    if kind != "eligibility":
        close(weight, relative)
        return
    assert not elapsed.any(), "the astrocyte's last step moved all weights along"
    close(weight, relative)
    eligibility, elapsed = per_synapse(found, 0, "synapse.eligibility")
    np.testing.assert_allclose(
        eligibility * np.exp(-elapsed * 1e-4), [s.eligibility for s in synapses], rtol=1e-9, atol=1e-14
    )


STATES = ("x", "y", "before", "after", "eligibility", "weight")


def between(level):
    """The matrix of the linear equations between events, over ``STATES`` and a constant (1/ms)."""
    found = np.zeros((7, 7))
    found[0, [0, 1, 6]] = np.array([-1, -1, 1]) / 800
    found[1, 1] = -1 / 30
    found[2, 2], found[3, 3], found[4, 4] = -1 / 20.0, -1 / 20.0, -1 / 1000
    found[5, 4] = level / 1000
    return found


def walked(before, after, level, end):
    """States at ``end`` (ms) of a synapse with these spikes (ms) on either side, by matrix exponentials."""
    y = np.array([1.0, 0, 0, 0, 0, 1, 1])
    now = 0.0
    for time, postsynaptic in sorted([(t, 0) for t in before] + [(t, 1) for t in after]):
        y, now = expm(between(level) * (time - now)) @ y, time
        if postsynaptic:
            y[4] += 0.005 * y[2]
            y[3] += 1
        else:
            y[:2] += np.array([-0.6, 0.6]) * y[0]
            y[4] -= 0.00525 * y[3]
            y[2] += 1
    return expm(between(level) * (end - now)) @ y


def test_closed_forms_are_exact_after_irregular_gaps():
    steps = np.array([1, 2, 5, 60, 61, 3000, 3010, 43_000, 43_700])
    trains = SpikeTrains(1, np.zeros(9, int), steps * 0.1 * ms)
    neurons = Population(CobaNeuron(), 2, values={"bias_current": [0, 140] * pA, "refractory": 250 * ms})
    e = tp.Compartment(PairStdp(), EligibilityWeight(), Held(), TsodyksDepression(tau_psc=30 * ms), FixedUtilization())
    projection = Projection(trains, neurons, synapse=e, rule=Explicit([0, 0], [0, 1]), values={"level": [0.7, -0.2]})
    found = simulate(Network(trains=trains, neurons=neurons, connections=[projection]), 50_000)

    own = [(n + 1) * 0.1 for n, cell in spikes(found) if cell == 1]
    assert len(own) > 10
    stored = [per_synapse(found, 0, f"synapse.{name}") for name in STATES]
    for synapse, (level, after) in enumerate([(0.7, []), (-0.2, own)]):
        # States were last moved at different events; each is moved on with all others as they were then.
        for place, (value, elapsed) in enumerate(stored):
            then = 5000 - elapsed[synapse] * 0.1
            expected = walked(
                steps[steps * 0.1 <= then + 1e-6] * 0.1, [t for t in after if t <= then + 1e-6], level, then
            )
            assert value[synapse] == pytest.approx(expected[place], rel=1e-10, abs=1e-15)
