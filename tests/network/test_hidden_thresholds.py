"""Thresholds of synapses with a long step, passed by spikes, whoever looks at the synapse afterwards within it."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network import Network, Population, Projection, SpikeTrains, Synapses, astrocyte, post
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import AllToAll, ExplicitAttachment
from tripartite.units import ms

SPIKES, UNTIL = np.array([1.0, 12.0, 23.5, 34.0, 35.0, 78.9]), 100.0


class Clock(Mechanism):
    """A cell that spikes regularly. **Sources** assumed: a test. **Holds for** tests."""

    phase = State(0.0, "1", "phase")
    v = State(1.0, "1", "fades")
    period = Parameter(4.95, "ms", "between spikes", "assumed: a test")
    spike = Emission("1", "spike")

    def rates(q):
        return {"phase": 1 / q.period, "v": -0.5 * q.v / q.period}

    def crossing(q):
        return q.phase - 1

    def on_crossing(q):
        return {"phase": q.phase - 1, "spike": 1.0}


class Counting(Mechanism):
    """A trace whose rises are counted, and who looks at it. **Sources** assumed: a test. **Holds for** tests."""

    x = State(0.0, "1", "trace")
    n = State(0.0, "1", "rises")
    seen = State(0.0, "1", "what others saw")
    fade = Parameter(1.0, "ms", "lifetime", "assumed: a test")
    pull = Parameter(0.01, "1", "how much faster it fades", "assumed: a test")
    wave = Input("1", "event of the astrocyte")
    v = Input("1", "of the postsynaptic cell", default=0.0)

    def rates(q):
        return {"x": -q.x * (1 + q.pull * q.v) / q.fade, "seen": -q.seen / (7 * q.fade)}

    def on_spike(q):
        return {"x": Add(1.0)}

    def on_postspike(q):
        return {"seen": q.seen + q.x}

    def on_wave(q):
        return {"seen": q.seen + 2 * q.x}

    def crossing(q):
        return q.x - 0.5

    def on_crossing(q):
        return {"n": q.n + 1}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("follows", [False, True], ids=["alone", "follows a cell"])
@pytest.mark.parametrize("step", [5.0, 10.0])
def test_who_only_looks_hides_no_threshold(monkeypatch, step, follows, placement):
    interpret(monkeypatch)
    trains = SpikeTrains(1, np.zeros(len(SPIKES), int), SPIKES * ms)
    cells, glia = Population(Clock(), 1), Population(Clock(period=3.3 * ms), 1)
    synapse = tp.Compartment(Counting())
    wiring = [astrocyte.spike >> synapse.wave] + [post.v >> synapse.v] * follows
    joined = Projection(
        trains, cells, glia, synapse=synapse, rule=AllToAll(), attach=ExplicitAttachment([0]), wiring=wiring,
        step=step * ms,
    )  # fmt: skip
    groups = {"trains": trains, "cells": cells, "glia": glia}
    network = Network(**groups, connections={"s": joined}, step=0.1 * ms, placement=placement)
    found = network.run(until=UNTIL * ms, record=Synapses(joined, "n", every=UNTIL * ms), threads=1)
    spiked = np.unique(SPIKES // step)  # within one step rises count once: looked at where it ends
    assert found["s.n"].values[-1] == len(spiked)
