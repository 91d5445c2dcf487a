"""Copies, in this process and in others, of what has run: models, networks, protocols, results."""

import copy
import multiprocessing
import pickle

import numpy as np
import pytest

import tripartite as tp
from tripartite import network as n
from tripartite.fit import Direct, Free, Problem
from tripartite.protocols import Constant, Dpcpx, PoissonSpikes, SpikeTrain, Steps
from tripartite.units import Hz, ms, nS, s, uM

HELD = Constant(ip3=0.3 * uM)
WAYS = {"pickled": lambda item: pickle.loads(pickle.dumps(item)), "deep": copy.deepcopy, "shallow": copy.copy}


def cell():
    """A model, used."""
    model = tp.Model(cell=tp.mechanisms.LiRinzel(uptake=0.8 * uM / s))
    run(model)
    tp.simulate(model, HELD, until=1 * s, solver=tp.Kvaerno5())
    tp.gradient(lambda traces: traces["ca"][-1], model, HELD, until=1 * s, by=["uptake"])
    return model


def run(model):
    """Calcium over a second."""
    return tp.simulate(model, HELD, until=1 * s, save_at=[0.5, 1] * s)["ca"].values


def joined():
    """A network with an input, by a model and a synapse of its own."""
    neurons, synapse = n.Population(tp.models.CobaNeuron(), 20), tp.Compartment(tp.mechanisms.StaticSynapse())
    wire = synapse.conductance >> n.post.excitation
    projection = n.Projection(neurons, neurons, synapse=synapse, rule=n.rules.PairwiseBernoulli(0.5), wiring=[wire])
    noise = n.PoissonInput(neurons, "excitation", 500 * Hz, 5 * nS)
    return n.Network(neurons=neurons, connections=[projection], inputs=[noise])


@pytest.fixture(scope="module")
def used():
    """A model and a network that have run, and what the network gave."""
    model, network = cell(), joined()
    return model, network, network.run(until=20 * ms)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_has_run_is_copied_and_runs_alike(way, used):
    model, network, result = used
    np.testing.assert_array_equal(run(way(model)), run(model))
    assert way(network).run(until=20 * ms).data.identical(result.data)
    result = tp.simulate(model, HELD, until=1 * s)
    for made in (way(result), way(way(result))):
        assert made.data.identical(result.data) and made.ok and made.provenance == result.provenance
        with pytest.raises(ValueError, match="read-only"):
            made["ca"].values[:] = 0


def test_a_copy_of_a_network_has_populations_of_its_own():
    network = joined()
    other = pickle.loads(pickle.dumps(network))
    assert other.names[id(other.groups["neurons"])] == "neurons"
    assert other.names.keys().isdisjoint(network.names)
    assert other.projections[0].pre.group is other.groups["neurons"] is other.inputs[0].cells.group


def test_quantities_of_another_process_are_of_the_package():
    for item in (3 * uM, np.array([1.0, 2.0]) * uM / s, uM, 1 / s, tp.units.Quantity(2.0, "")):
        made = pickle.loads(pickle.dumps(item))
        assert np.all(made == item) and made._REGISTRY is tp.units.registry
    protocols = (SpikeTrain([1, 2] * ms), Steps("ip3", [0, 1] * s, [0.1, 0.2] * uM), PoissonSpikes(5 * Hz), HELD)
    for protocol in (*protocols, Dpcpx(at=1 * s), tp.Perturbation("off", {"uptake": 0.0}, at=0.5 * s) & HELD):
        assert repr(pickle.loads(pickle.dumps(protocol))) == repr(protocol)
    off = tp.Perturbation("off", {"uptake": 0.0}, at=0.5 * s) & HELD
    runs = [tp.simulate(tp.mechanisms.LiRinzel(), p, until=1 * s)["ca"] for p in (off, pickle.loads(pickle.dumps(off)))]
    assert runs[0].identical(runs[1])


def test_a_problem_and_a_recording_are_copied():
    recording = tp.Recording(np.linspace(0, 10, 20), np.linspace(0, 1, 20), unit="uM")
    free = {"uptake": Free(0.1 * uM / s, 1 * uM / s)}
    problem = Problem(tp.mechanisms.LiRinzel(), recording, Direct("ca"), free, protocol=HELD)
    made = pickle.loads(pickle.dumps(problem))
    middle = np.array([0.5])
    np.testing.assert_array_equal(made.residuals(middle), problem.residuals(middle))


@pytest.mark.slow
def test_another_process_runs_a_model_that_has_run_here():
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        model = tp.Model(cell=tp.mechanisms.LiRinzel())
        here = tp.simulate(model, HELD, until=1 * s)
        there = pool.apply(tp.simulate, (model, HELD), {"until": 1 * s})
    assert there.data.identical(here.data)
