"""Noise of states that fall back has the variance of theory, whatever the step: s^2 tau / 2 in the long run."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.language import Input, Mechanism, Parameter, State
from tripartite.network import Network, Population, Projection, SpikeTrains, States, Synapses, post, total
from tripartite.network.rules import AllToAll
from tripartite.units import ms

AMPLITUDE, TAU = 0.2, 10.0


class Wanderer(Mechanism):
    """An Ornstein-Uhlenbeck process. **Sources** assumed: a test. **Holds for** tests."""

    x = State(0.0, "1", "x")
    tau = Parameter(TAU, "ms", "lag", "assumed: a test", low=0)
    amplitude = Parameter(AMPLITUDE, "1/ms**0.5", "noise", "assumed: a test")

    def rates(q):
        return {"x": -q.x / q.tau}

    def noise(q):
        return {"x": q.amplitude}


class Sum(Mechanism):
    """What reads the sum of all. **Sources** assumed: a test. **Holds for** tests."""

    y = State(0.0, "1", "follows")
    drive = Input("1", "a sum")
    tau = Parameter(TAU, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"y": (q.drive - q.y) / q.tau}


def variance(samples):
    return float(np.var(samples.values[5:]))  # after five lags


@pytest.mark.parametrize("step", [2.0, 5.0])
def test_noise_of_cells_does_not_depend_on_the_step(monkeypatch, step):
    interpret(monkeypatch)
    cells = Population(Wanderer(), 400, step=step * ms)
    record = States(cells, "x", every=20 * ms)
    found = Network(cells=cells, step=step * ms).run(until=800 * ms, record=record, threads=1)
    assert variance(found["cells.x"]) == pytest.approx(AMPLITUDE**2 * TAU / 2, rel=0.06)  # 14,000 independent samples


def test_noise_of_synapses_that_somebody_follows_does_not_depend_on_the_step(monkeypatch):
    interpret(monkeypatch)
    trains, cells, synapse = SpikeTrains(20, [0], [2] * ms), Population(Sum(), 20), tp.Compartment(Wanderer())
    joined = Projection(trains, cells, synapse=synapse, rule=AllToAll(), wiring=[total(synapse.x) >> post.drive])
    network = Network(trains=trains, cells=cells, connections={"s": joined}, step=2 * ms)
    found = network.run(until=800 * ms, record=Synapses(joined, "x", every=20 * ms), threads=1)
    assert variance(found["s.x"]) == pytest.approx(AMPLITUDE**2 * TAU / 2, rel=0.06)
