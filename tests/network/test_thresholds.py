"""Who stands above a threshold fires once: at the start, after a change, after a push; in both engines."""

import math

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.mechanisms import LeakyIntegrateFire
from tripartite.network import Network, On, Population, Spikes
from tripartite.units import ms, mV, nS, pF, s

CELL = LeakyIntegrateFire(
    capacitance=200 * pF,
    g_l=10 * nS,
    e_l=-49 * mV,
    v_threshold=-50 * mV,
    v_reset=-60 * mV,
    refractory=0 * ms,
)
PERIOD = 20 * math.log(11)
"""Time (ms) from reset to threshold."""


REST = CELL.replace(e_l=-60 * mV, v=-60 * mV)


def in_network(model, until, protocol=None, count=1):
    """Times (ms) of the spikes of one of ``count`` cells of a network, which all do the same."""
    cells = Population(model, count)
    network = Network(n=cells, step=0.1 * ms)
    protocol = None if protocol is None else On(cells, protocol)
    found = network.run(until=until, record=Spikes(cells), protocol=protocol, threads=1).data
    times = found["n.spike.times"].values.reshape(-1, count) * 1000
    assert np.all(times == times[:, :1])
    return times[:, 0]


def alone(model, until, protocol=None, solver=None):
    """Times (ms) of its spikes in `simulate`."""
    return tp.simulate(model, protocol, until=until, solver=solver).events("spike")["time"].values * 1000


def test_a_cell_that_starts_above_its_threshold_fires_at_once():
    model = CELL.replace(v=0 * mV)
    times = PERIOD * np.arange(1 + math.floor(1000 / PERIOD))
    np.testing.assert_allclose(alone(model, 1 * s), times, atol=1e-3)
    on_grid = in_network(model, 1 * s, count=40)
    assert 40 * len(on_grid) == 840
    np.testing.assert_allclose(on_grid, times, atol=0.1 * len(times))


@pytest.mark.parametrize("solver", [tp.solve.Tsit5(), tp.solve.EulerMaruyama(0.1 * ms)])
def test_a_threshold_that_falls_below_a_cell_makes_it_fire_once_for_each_fall(monkeypatch, solver):
    interpret(monkeypatch)
    falls = [tp.Perturbation("lower", {"v_threshold": 1.3}, at=at * ms, stop=(at + 5) * ms) for at in (10, 20)]
    protocol = falls[0] & falls[1]
    np.testing.assert_allclose(alone(REST, 40 * ms, protocol, solver), [10, 20], atol=0.11)
    np.testing.assert_allclose(in_network(REST, 40 * ms, protocol), [10.1, 20.1], rtol=1e-9)


def test_a_change_at_the_start_holds_before_thresholds_are_looked_at(monkeypatch):
    interpret(monkeypatch)
    model = REST.replace(v=-48 * mV, e_l=-48 * mV)
    raised = tp.Perturbation("higher", {"v_threshold": 0.5}, at=0 * s)
    assert len(alone(model, 20 * ms, raised)) == len(in_network(model, 20 * ms, raised)) == 0


def test_a_reset_above_the_threshold_fires_again_only_after_it_was_below(monkeypatch):
    interpret(monkeypatch)
    model = CELL.replace(v=-55 * mV, e_l=-45 * mV, v_reset=-49 * mV)
    first = 20 * math.log(10 / 5)
    np.testing.assert_allclose(alone(model, 100 * ms), [first], rtol=1e-4)
    np.testing.assert_allclose(in_network(model, 100 * ms), [first], atol=0.11)
    dip = tp.Perturbation("sink", {"e_l": 2}, at=30 * ms, stop=40 * ms)
    before = -45 - 4 * math.exp(-(30 - first) / 20)
    after = -90 + (before + 90) * math.exp(-10 / 20)
    second = 40 + 20 * math.log((-45 - after) / 5)
    np.testing.assert_allclose(alone(model, 100 * ms, dip), [first, second], rtol=1e-4)
    np.testing.assert_allclose(in_network(model, 100 * ms, dip), [first, second], atol=0.21)
