"""What would not fit into memory, or would never end, is refused before it is begun."""

import numpy as np
import pytest

import tripartite as tp
from tripartite import memory
from tripartite.errors import ArgumentError, NetworkError, SolveError, TripartiteError
from tripartite.mechanisms import Gliotransmitter, LiRinzel, StaticSynapse
from tripartite.network import Average, Morphology, Network, Population, Projection, States, lattice, ring
from tripartite.network.connect import estimate
from tripartite.network.roles import post
from tripartite.network.rules import PairwiseBernoulli
from tripartite.network.run.simulation import Simulation
from tripartite.network.sources import PoissonGroup
from tripartite.solve.solvers import EulerMaruyama
from tripartite.units import Hz, ms, s, uM, um

GIB = 2.0**30


@pytest.fixture
def small(monkeypatch):
    """A machine with 1 GiB free."""
    monkeypatch.setattr(memory, "available", lambda: GIB)


def cells(size=100, **options):
    return Network(cells=Population(Gliotransmitter(), size), **options)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Morphology.shells(5 * um, 2**31),
        lambda: Morphology.cable(5 * um, 1 * um, 2**31),
        lambda: Morphology.tree(branches=2**31),
        lambda: Morphology.tree(pieces=2**31),
        lambda: Morphology.tree(generations=10**6),
        lambda: Morphology.tree(generations=19, pieces=100),
        lambda: Morphology.star(leaflets=10**6),
        lambda: Morphology.cable(5 * um, 1 * um, 3).with_leaflets(10**6),
        lambda: Population(Gliotransmitter(), Morphology.cable(5 * um, 1 * um, 1000), count=2**20),
        lambda: Population(Gliotransmitter(), 2**40),
        lambda: lattice(2**20, 2**20, 1 * um),
        lambda: ring(2**40, 1 * um),
        lambda: cells(2**30).start(),
        lambda: cells().run(until=1e30 * s),
        lambda: cells().run(until=215_000 * s),
        lambda: cells().convergence(until=1 * s, seeds=2**31),
        lambda: cells().start(threads=2**31),
        lambda: tp.continuation(LiRinzel(), "ip3", 0.1 * uM, 1 * uM, step=np.nan),
        lambda: tp.continuation(LiRinzel(), "ip3", 0.1 * uM, 1 * uM, step=0),
        lambda: tp.continuation(LiRinzel(), "ip3", 0.1 * uM, 1 * uM, most=2**40),
        lambda: tp.simulate(Gliotransmitter(), until=1e9 * s, save_every=1e-9 * s),
        lambda: EulerMaruyama(1 * s, noise_step=1e-12 * s).in_ms(),
    ],
)
def test_what_does_not_fit_is_refused_at_once(small, make) -> None:
    with pytest.raises(TripartiteError) as told:
        make()
    assert str(told.value).count(".") >= 1


def test_spikes_on_their_way_are_estimated(small) -> None:
    source, target = PoissonGroup(1000, 10 * Hz), Population(tp.models.CobaNeuron(), 10)
    synapse = tp.Compartment(StaticSynapse())

    def delayed(delay):
        wires = [synapse.conductance >> post.excitation]
        edges = Projection(source, target, synapse=synapse, rule=PairwiseBernoulli(0.1), delay=delay, wiring=wires)
        return Network(source=source, target=target, connections=[edges])

    short, long = delayed(1 * ms), delayed(1000 * s)
    assert long.estimate() - short.estimate() == pytest.approx(4 * 1000 * 1e7, rel=0.01)
    with pytest.raises(NetworkError, match="GiB"):
        long.start(threads=1)


def test_rings_are_checked_with_the_delays_that_were_drawn(small) -> None:
    layout = Simulation(cells(), threads=1).layout

    class Ring:
        name, size, slots = "ring", 1000, 10**7

    layout.spikes["ring"] = Ring()
    with pytest.raises(NetworkError, match="longest delay"):
        estimate.check_rings(layout)


@pytest.mark.parametrize("record", [States, Average])
def test_records_are_estimated_from_their_interval(monkeypatch, record) -> None:
    network = cells(1000)
    kept = record(network.groups["cells"], every=0.1 * ms)
    bytes_each = {States: 8 * 1000 + 8, Average: 8 * 2 + 8}[record]
    monkeypatch.setattr(memory, "available", lambda: 2.0 * bytes_each * 1e6 - GIB / 100)
    with pytest.raises(NetworkError, match="stream_to"):
        network.run(until=100 * s, record=kept, threads=1)


def test_a_gradient_follows_one_course() -> None:
    """Several members once were written beyond the memory of one."""
    with pytest.raises(SolveError, match="one course"):
        tp.gradient(lambda t: t["x"][-1], Gliotransmitter(), until=1 * s, by=["clearance"], seed=[1, 2, 3])
    with pytest.raises(ArgumentError, match="seed"):
        tp.gradient(lambda t: t["x"][-1], Gliotransmitter(), until=1 * s, by=["clearance"], seed=-1)


def test_the_tape_of_a_gradient_is_estimated(monkeypatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 1000.0)
    with pytest.raises(SolveError, match="gradient over 1,024 steps"):
        tp.gradient(lambda t: t["x"][-1], Gliotransmitter(), until=1 * s, by=["clearance"])
