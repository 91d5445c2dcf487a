"""What is no network gets a sentence: wrong kinds of arguments, and right ones in any form."""

import numpy as np
import pytest

import tripartite as tp
from tripartite import network as net
from tripartite.errors import TripartiteError
from tripartite.mechanisms import StaticSynapse
from tripartite.network import rules
from tripartite.network.connect.layout import lay_out
from tripartite.network.roles import post
from tripartite.network.rules import Cells, EdgeList, Explicit
from tripartite.units import Hz, ms, mV, nS, s, um

CELLS = net.Population(tp.models.CobaNeuron(), 20)
PLACED = net.Population(tp.models.CobaNeuron(), 20, positions=net.lattice(4, 5, 10 * um))
SYNAPSE = tp.Compartment(StaticSynapse())
WIRE = SYNAPSE.conductance >> post.excitation


def joined(pre=CELLS, behind=CELLS, **changes):
    given = {"synapse": SYNAPSE, "rule": rules.PairwiseBernoulli(0.5), "wiring": [WIRE], **changes}
    return net.Projection(pre, behind, **given)


TWICE = joined()
FED = net.PoissonInput(CELLS, "excitation", 5 * Hz, 1 * nS)
TOUCHING = net.Population(tp.models.Chi(), 4)
COUPLED = net.Coupling(TOUCHING, tp.mechanisms.Ip3Coupling(), rules.Ring())
BRANCHED = net.Population(tp.models.Chi(), tp.Morphology.cable(10 * um, 1 * um, 3))
SPREAD = net.Diffusion(BRANCHED, ip3=10 * um**2 / s)

WRONG = {
    "one projection twice": lambda: net.Network(n=CELLS, connections=[TWICE, joined(), TWICE]),
    "one input twice": lambda: net.Network(n=CELLS, inputs=[FED, FED]),
    "one coupling twice": lambda: net.Network(n=TOUCHING, connections=[COUPLED, COUPLED]),
    "one diffusion twice": lambda: net.Network(n=BRANCHED, connections=[SPREAD, SPREAD]),
    "placement": lambda: net.Network(n=CELLS, placement="naive"),
    "population as placement": lambda: net.Network(n=CELLS, placement=PLACED),
    "population as seed": lambda: net.Network(n=CELLS, seed=PLACED),
    "negative seed": lambda: net.Network(n=CELLS, seed=-1),
    "name of a population": lambda: net.Network(**{"a/b": CELLS}),
    "precision": lambda: net.Network(n=CELLS, precision="both"),
    "no precision": lambda: net.Network(n=CELLS, precision=None),
    "connections": lambda: net.Network(n=CELLS, connections=[WIRE]),
    "inputs": lambda: net.Network(n=CELLS, inputs=3),
    "autapses": lambda: rules.PairwiseBernoulli(0.1, autapses="no"),
    "multapses": lambda: rules.FixedInDegree(3, multapses=0),
    "all to all": lambda: rules.AllToAll(autapses="no"),
    "seed of pairs": lambda: rules.RandomPairs(3, seed=None),
    "space": lambda: rules.DistanceDependent(rules.Within(3 * um), space=200 * um),
    "space of territories": lambda: rules.NearestTerritory(space="torus"),
    "numbers with a unit": lambda: Explicit([1, 2] * s, [0, 1]),
    "fractions": lambda: Explicit([1.5, 2], [0, 1]),
    "spike trains": lambda: net.SpikeTrains(3, [1.7], [1] * ms),
    "name of a record": lambda: net.Spikes(CELLS, name="a/b"),
    "event of a record": lambda: net.Spikes(CELLS, 3),
    "interval": lambda: net.States(CELLS, every=-1 * ms),
    "wiring": lambda: joined(wiring=SYNAPSE.conductance),
    "no wiring": lambda: joined(wiring=[]),
    "values": lambda: joined(values=3),
    "method": lambda: joined(method="Heun"),
    "delay": lambda: joined(delay=3),
    "values of cells": lambda: net.Population(tp.models.CobaNeuron(), 3, values=[1]),
    "slice": lambda: CELLS["a":"b"],
    "class of values": lambda: net.Population(tp.models.CobaNeuron(), 3, values={"v": net.Uniform}),
    "deviation": lambda: net.Population(tp.models.CobaNeuron(), 3, values={"v": net.Normal(-60 * mV, -1 * mV)}),
    "substeps": lambda: net.Heun(substeps=1.5),
    "morphology": lambda: rules.Along(3),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_network_gets_a_sentence(name):
    with pytest.raises(TripartiteError, match=r"(?s)got .*\. ."):
        WRONG[name]()


def test_amounts_of_inputs_are_not_negative():
    with pytest.raises(TripartiteError, match="not negative"):
        net.PoissonInput(CELLS, "excitation", 20 * Hz, -1 * nS)


@pytest.mark.parametrize(
    ("event", "amount", "said"),
    [("excitation", 1 * mV, "measured in nS"), ("excitation", 1.0, "carry a unit"), ("excitatoin", 1 * nS, "Did you")],
)
def test_what_an_input_brings_is_looked_at_where_it_is_written(event, amount, said):
    with pytest.raises(TripartiteError, match=said):
        net.PoissonInput(CELLS, event, 20 * Hz, amount)


def test_connections_and_inputs_come_in_any_iterable_and_alone():
    def both():
        yield net.Coupling(PLACED, tp.mechanisms.Ip3Coupling(), rules.Ring())
        yield joined()

    drive = net.PoissonInput(CELLS, "excitation", 20 * Hz, 1 * nS)
    found = net.Network(n=CELLS, p=PLACED, connections=both(), inputs=iter([drive]))
    assert (len(found.projections), len(found.couplings), len(found.inputs)) == (1, 1, 1)
    assert len(net.Network(n=CELLS, connections=joined(), inputs=drive).projections) == 1
    assert len(joined(wiring=iter([WIRE])).wires) == len(joined(wiring=WIRE).wires) == 1


def test_whole_numbers_of_numpy_are_whole_numbers():
    count = np.int64(3)
    assert net.Population(tp.models.CobaNeuron(), count).size == 3
    assert net.Network(n=CELLS, seed=np.uint32(7)).seed == 7
    assert rules.FixedInDegree(count).k == net.Heun(substeps=count).substeps == 3
    assert net.scatter(count, [10, 10] * um, seed=np.int32(1)).shape == (3, 2)


def test_drawn_values_of_no_synapses_are_no_error():

    drawn = {"weight": net.Uniform(0 * nS, 1 * nS)}
    for delay in (None, net.Uniform(1 * ms, 2 * ms)):
        edges = joined(rule=rules.PairwiseBernoulli(0.0), values=drawn, delay=delay)
        assert lay_out(net.Network(n=CELLS, connections=[edges]), 3).joined[0].edges == 0


def test_autapses_are_left_out_between_slices_that_overlap():

    for rule in (rules.AllToAll(autapses=False), rules.PairwiseBernoulli(1.0, autapses=False)):
        edges = joined(CELLS[5:], CELLS[:15], rule=rule)
        assert lay_out(net.Network(n=CELLS, connections=[edges]), 1).joined[0].edges == 15 * 15 - 10
    fixed = joined(CELLS[5:], CELLS[:15], rule=rules.FixedInDegree(10, autapses=False))
    with pytest.raises(TripartiteError, match="autapses"):
        lay_out(net.Network(n=CELLS, connections=[fixed]), 1)


def test_values_of_listed_pairs_stay_with_them():
    cells = Cells(4)
    pairs = EdgeList([2, 0, 3], [1, 3, 2])
    edges = pairs.connect(cells)
    assert [(i, j) for i, j in zip(edges.sources, edges.target, strict=True)] == [
        (0, 3), (1, 2), (2, 1), (2, 3), (3, 0), (3, 2)
    ]  # fmt: skip
    assert pairs.given(cells, edges).tolist() == [1, 0, 0, 2, 1, 2]


def test_the_generated_text_is_the_same_for_all_sizes():
    from tripartite.network.run.driver import source

    def text(size):
        cells = net.Population(tp.models.CobaNeuron(), size)
        connections = [joined(cells, cells, delay=net.Uniform(1 * ms, 2 * ms))]
        inputs = [net.PoissonInput(cells, "excitation", 20 * Hz, 1 * nS)]
        return source(lay_out(net.Network(n=cells, connections=connections, inputs=inputs), 2))

    assert text(30) == text(600)
