"""Every rule of plasticity with every weight, in the synapses of a network as in `simulate`."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.language import Mechanism, Output, Parameter, State
from tripartite.mechanisms import (
    Btsp,
    EligibilityWeight,
    GatedWeight,
    HardBoundWeight,
    NormalisedWeight,
    PairStdp,
    PostspikeGate,
    SoftBoundWeight,
    Weight,
)
from tripartite.network import Network, Population, Projection, SpikeTrains, Synapses, partner, post
from tripartite.network.rules import OneToOne
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import ms, s

BEFORE, AFTER, PLATEAUS = [20.0, 95.0, 180.0, 181.0, 300.0], [28.0, 90.0, 182.0, 305.0, 390.0], [60.0, 330.0]
UNTIL = 500.0
GIVEN = {"rate": (0.8, "1"), "gate": (0.7, "1"), "pull": (0.4, "1/s")}


class Steady(Mechanism):
    """A cell that gives what rules and weights may ask for. **Sources** assumed: a test. **Holds for** tests."""

    still = State(0.0, "1", "nothing")
    rate = Output("1", "rate")
    gate = Output("1", "third factor")
    pull = Output("1/s", "relative change that normalisation asks for")
    rate_is = Parameter(GIVEN["rate"][0], "1", "rate", "assumed: a test")
    gate_is = Parameter(GIVEN["gate"][0], "1", "third factor", "assumed: a test")
    pull_is = Parameter(GIVEN["pull"][0], "1/s", "change", "assumed: a test")

    def outputs(q):
        return {"rate": 1 * q.rate_is, "gate": 1 * q.gate_is, "pull": 1 * q.pull_is}


RULES = {
    "pairs": (PairStdp(potentiation=0.3, depression=0.2),),
    "pairs gated at the spike": (PairStdp(potentiation=0.3, depression=0.2), PostspikeGate()),
    "plateaus": (Btsp(potentiation=8 / s, depression=3 / s, highest_activity=0.3, largest=2.0),),
    "both": (PairStdp(potentiation=0.3), Btsp(potentiation=8 / s, highest_activity=0.3, largest=2.0)),
}
WEIGHTS = [
    Weight(),
    SoftBoundWeight(),
    HardBoundWeight(largest=1.2),
    EligibilityWeight(),
    GatedWeight(),
    NormalisedWeight(),
]


@pytest.mark.parametrize("weight", WEIGHTS, ids=lambda weight: type(weight).__name__)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_does_with_every_weight_what_simulate_does(monkeypatch, rule, weight):
    interpret(monkeypatch)
    synapse = tp.Compartment(*RULES[rule], weight)
    events = {"spike": BEFORE, "postspike": AFTER, "plateau": PLATEAUS}
    asked = {name: times for name, times in events.items() if name in synapse.inputs}
    given = {name: tp.units.Quantity(*GIVEN[name]) for name in GIVEN if name in synapse.inputs}
    protocol = Constant(**given)
    for name, times in asked.items():
        protocol = protocol & SpikeTrain(times * ms, to=name)
    exact = tp.simulate(tp.Model(synapse=synapse), protocol, until=UNTIL * ms, save_at=[UNTIL] * ms)

    trains = {name: SpikeTrains(1, [0] * len(times), times * ms) for name, times in events.items()}
    cells = Population(Steady(), 1)
    wiring = [partner(name).spike >> getattr(synapse, name) for name in asked if name != "spike"]
    wiring += [getattr(post, name) >> getattr(synapse, name) for name in given]
    partners = {name: trains[name] for name in asked if name != "spike"}
    plastic = Projection(trains["spike"], cells, synapse=synapse, rule=OneToOne(), partners=partners, wiring=wiring)
    groups = {"cells": cells, "spikes": trains["spike"], **{f"{name}s": train for name, train in partners.items()}}
    network = Network(**groups, connections={"plastic": plastic}, step=1 * ms)
    found = network.run(until=UNTIL * ms, record=Synapses(plastic, "weight", every=UNTIL * ms), threads=1)
    change = float(exact["weight"][-1]) - 1
    assert abs(change) > 0.01
    np.testing.assert_allclose(float(found["plastic.weight"][-1, 0]) - 1, change, rtol=0.01)
