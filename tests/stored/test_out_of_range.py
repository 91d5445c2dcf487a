"""A run in which a state left its declared range says so, with state, cell, value and time."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.network import Network, Population, RungeKutta4, States
from tripartite.units import ms, s, uM


class Emptied(tp.Mechanism):
    """A concentration that loses as much whatever is left, which no range allows."""

    c = tp.State(1.0, "uM", "a concentration", low=0)
    loss = tp.Parameter(1.0, "uM/s", "what is lost", "assumed: a test")

    def rates(q):
        return {"c": -q.loss}


class Fast(tp.Mechanism):
    """A fraction that relaxes: steps of several tau throw it out of its range, and it comes back slowly."""

    x = tp.State(0.9, "1", "a fraction", low=0, high=1)
    tau = tp.Parameter(1.0, "ms", "its time constant", "assumed: a test")

    def rates(q):
        return {"x": (0.5 - q.x) / (q.tau * (1 + q.x**2))}


def test_a_state_that_leaves_its_range_is_named_and_one_that_does_not_is_not():
    away = tp.simulate(Emptied(), until=2 * s, save_every=0.5 * s)
    assert away.ok is True
    assert away.message().startswith("Reached the end, but `cell.c` is -1 uM, out of its range (≥ 0 uM), at 2 s")
    assert tp.simulate(Emptied(), until=1 * s, save_every=0.5 * s).message() == "Reached the end."


def test_a_streamed_run_says_the_same(tmp_path):
    run = {"until": 2 * s, "save_every": 0.5 * s}
    streamed = tp.simulate(Emptied(), stream_to=tmp_path / "run.zarr", **run)
    assert streamed.message() == tp.simulate(Emptied(), **run).message()


def test_of_an_ensemble_those_members_are_named():
    several = tp.simulate(Emptied(), until=1 * s, save_every=0.5 * s, vary={"loss": np.array([0.5, 3]) * uM / s})
    assert several.message(0) == "Reached the end."
    assert "`cell.c` is -2 uM" in several.message(1)


def test_a_network_warns_once_and_its_result_says_so(tmp_path):
    cells = Population(Fast(), 3, step=5 * ms, method=RungeKutta4(), values={"tau": [100, 100, 0.5] * ms})
    net = Network(cells=cells, step=1 * ms)
    record = States(cells, "x", every=100 * ms)
    with pytest.warns(UserWarning, match="`cell.x` of cell 2 of `cells` is .*out of its range"):
        result = net.run(until=1 * s, record=record)
    assert result.message().startswith("Reached the end, but `cell.x` of cell 2 of `cells` is")
    with pytest.warns(UserWarning, match="out of its range"):
        streamed = net.run(until=1 * s, record=record, stream_to=tmp_path / "run.zarr")
    assert streamed.message() == result.message()


class Noisy(tp.Mechanism):
    """A fraction that relaxes and is pushed at random."""

    x = tp.State(0.9, "1", "a fraction", low=0, high=1)
    tau = tp.Parameter(100.0, "ms", "its time constant", "assumed: a test")
    size = tp.Parameter(0.05, "1/ms**0.5", "size of the noise", "assumed: a test")

    def rates(q):
        return {"x": (0.9 - q.x) / q.tau}

    def noise(q):
        return {"x": q.size}


def test_what_noise_pushes_out_is_not_called_astray():
    run = tp.simulate(Noisy(), until=2 * s, save_every=0.1 * s, solver=tp.EulerMaruyama(1 * ms))
    assert run["x"].max() > 1.01
    assert run.message() == "Reached the end."
