"""A run in which a state left its declared range says so, with state, cell, value and time."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.network import Network, Population, Projection, RungeKutta4, SpikeTrains, States, post
from tripartite.network.rules import Explicit
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


class Losing(tp.Mechanism):
    """A weight that every spike lowers, whatever is left, without a range of its own."""

    weight = tp.State(1.0, "1", "weight of the synapse")
    step = tp.Parameter(0.4, "1", "what a spike takes", "assumed: a test")

    def on_spike(q):
        return {"weight": q.weight - q.step}


class Negative(tp.Mechanism):
    """A synapse that closes conductances."""

    weight = tp.Parameter(-0.5, "nS", "what a spike opens", "assumed: a test")
    conductance = tp.Emission("nS", "conductance that this spike opens")

    def on_spike(q):
        return {"conductance": q.weight}


def test_an_input_that_leaves_the_range_of_what_takes_it_is_named():
    synapse = tp.Compartment(Losing(), tp.mechanisms.PlasticEfficacy())
    spikes = tp.protocols.SpikeTrain([0.1, 0.2, 0.3, 0.4, 0.5] * s)
    said = tp.simulate(synapse, spikes, until=1 * s, save_every=0.1 * s).message()
    assert "an amount of `cell.conductance`" not in said  # nobody takes it here
    assert "`cell.weight` is -1, out of its range (≥ 0), at 0.5 s: `cell.PlasticEfficacy` takes it." in said


def test_an_amount_out_of_the_range_of_its_event_is_named_before_what_it_does():
    neuron = tp.models.CobaNeuron().compartments["neuron"]
    synapse = tp.Compartment(Negative())
    model = tp.Model(synapse=synapse, neuron=neuron, wiring=[synapse.conductance >> neuron.excitation])
    said = tp.simulate(model, tp.protocols.SpikeTrain([0.1] * s), until=0.2 * s).message()
    assert "an amount of `synapse.conductance` is -0.5 nS, out of its range (≥ 0 nS), at 0.1 s: `neuron." in said


def network(*mechanisms, spikes=(100, 200, 300, 400), **options):
    """Three spiking sources on two neurons, through a synapse that sends them conductances."""
    trains = SpikeTrains(3, [1] * len(spikes), list(spikes) * ms)
    cells = Population(tp.models.CobaNeuron(), 2)
    synapse = tp.Compartment(*mechanisms)
    pairs = Explicit(pre=[0, 1, 2], post=[0, 1, 0])
    wires = [synapse.conductance >> post.excitation]
    joined = Projection(trains, cells, synapse=synapse, rule=pairs, wiring=wires, **options)
    return Network(trains=trains, cells=cells, connections={"weak": joined})


def test_the_projection_that_sends_an_amount_out_of_range_is_named_not_the_step():
    with pytest.warns(UserWarning, match="`neuron.g_e` of cell 1 of `cells` is -0.*out of its range") as warned:
        network(Negative(), spikes=(499,)).run(until=0.5 * s)
    said = str(warned[0].message)
    assert (
        "the synapse from cell 1 to cell 1 of `weak` sends an amount of `synapse.conductance` that is -0.5 nS" in said
    )
    assert "step" not in said


def test_a_weight_out_of_the_range_of_what_takes_it_is_named_with_its_synapse():
    with pytest.warns(
        UserWarning, match="`synapse.weight` of the synapse from cell 1 to cell 1 of `weak` is -0.6"
    ) as warned:
        result = network(Losing(), tp.mechanisms.PlasticEfficacy(), values={"weight": [1.0, 1.0, 1.0]}).run(
            until=0.5 * s
        )
    assert "`synapse.PlasticEfficacy` takes it in that range only, and `synapse.Losing`" in str(warned[0].message)
    assert "out of its range (≥ 0)" in result.message()
