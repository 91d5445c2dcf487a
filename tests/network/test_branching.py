"""Branching astrocytes take part in networks: leaflets ensheath synapses, and what they make reaches the soma."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import share_cells, simulate
from tripartite.language import Input, Mechanism, Parameter, State
from tripartite.mechanisms import (
    CleftGlutamate,
    FixedUtilization,
    GlutamateReceptor,
    Ip3Metabolism,
    LinearIp3Coupling,
    LiRinzel,
    PresynapticReceptor,
    TsodyksMarkram,
)
from tripartite.models import CobaNeuron
from tripartite.network import (
    Average,
    Coupling,
    Diffusion,
    Network,
    On,
    Population,
    Projection,
    SpikeTrains,
    States,
    astrocyte,
    mean,
)
from tripartite.network.rules import EdgeList, Explicit, ExplicitAttachment
from tripartite.units import Quantity, ms, s, uM, um

SHAPE = tp.Morphology.tree(branches=3, generations=1, pieces=2, leaflets=2)


def network(*connections, count=1, **options):
    """Trains of spikes through synapses whose glutamate reaches the leaflets of branching astrocytes."""
    times = np.arange(20, 500, 20.0)
    trains = SpikeTrains(4, np.tile(np.arange(4), len(times)), Quantity(np.repeat(times, 4), "ms"))
    neurons = Population(CobaNeuron(), 3)
    cell = tp.Compartment(LiRinzel(), Ip3Metabolism(), GlutamateReceptor())
    values = {"v_delta": 0 * uM / s}  # IP3 comes from receptors alone
    cells = Population(cell.using(tp.parameters.stimberg2019.EXAMPLE_4), SHAPE, count=count, values=values, step=1 * ms)
    leaflets = cells["leaflet"]
    synapse = tp.Compartment(TsodyksMarkram(), FixedUtilization(), CleftGlutamate())
    pairs = np.array([(i, j) for i in range(4) for j in range(3)])
    edges = Projection(
        trains,
        neurons,
        leaflets,
        synapse=synapse,
        rule=Explicit(*pairs.T),
        attach=ExplicitAttachment(np.arange(12) % 4),
        delay=1 * ms,
        wiring=[mean(synapse.glutamate) >> astrocyte.glutamate],
    )
    links = [edges, Diffusion(cells, ca=20 * um**2 / s, ip3=280 * um**2 / s), *(make(cells) for make in connections)]
    return Network(trains=trains, neurons=neurons, astrocytes=cells, connections=links, **options)


def test_what_ensheathed_leaflets_make_reaches_the_soma_and_no_further_cell():
    made = network(count=2)
    cells = made.groups["astrocytes"]
    record = [States(cells, "glutamate", "ip3", every=10 * ms)]
    result = made.run(until=2 * s, record=record, protocol=None)
    glutamate, ip3 = result["astrocytes.glutamate"].values, result["astrocytes.ip3"].values
    touched = np.flatnonzero(glutamate.max(axis=0) > 0)
    np.testing.assert_array_equal(touched, cells["leaflet"].low + np.arange(4))
    first, second = cells.places
    assert (ip3[-1, first] > 1e-4).all(), "IP3 must have spread through the cell"
    assert ip3[:, touched].max() > ip3[:, first[0]].max()
    np.testing.assert_allclose(ip3[:, second], 0, atol=1e-15)


def test_gap_junctions_between_two_cells_join_their_branches():
    def junction(cells):
        ends = cells.places[:, SHAPE.within("branch").stop - 1]
        return Coupling(cells, LinearIp3Coupling(), EdgeList(ends[:1], ends[1:]))

    made = network(junction, count=2)
    second = made.groups["astrocytes"].places[1]
    result = made.run(until=2 * s, record=States(made.groups["astrocytes"], "ip3", every=1 * s))
    assert (result["astrocytes.ip3"].values[-1, second] > 1e-6).all()


@pytest.mark.parametrize("placement", [tp.network.Exact(), tp.network.Naive()])
def test_placement_and_threads_change_nothing(placement):
    expected = simulate(network(), 2000)
    found = simulate(network(placement=placement), 2000, threads=2)
    for name in ("ca", "ip3"):
        row = f"astrocytes_cell_{name}"
        np.testing.assert_allclose(found[row], expected[row], rtol=1e-9)


def test_drugs_act_and_records_are_kept_by_region():
    made = network()
    cells = made.groups["astrocytes"]
    record = [Average(cells[region], "ip3", every=0.1 * s, name=region) for region in SHAPE.regions]
    blocked = On(cells["leaflet"], tp.Perturbation("mGluR blocked", {"production": 0}, at=0 * s))
    control, drug = made.run(until=1 * s, record=record), made.run(until=1 * s, record=record, protocol=blocked)
    assert float(control["soma.ip3.mean"][-1]) > 1e-4
    assert float(drug["soma.ip3.mean"].max()) == pytest.approx(0, abs=1e-12)


def test_recorded_compartments_say_where_they_are(tmp_path):
    made = network(count=2)
    cells = made.groups["astrocytes"]
    record = States(cells, "ca", every=0.1 * s)
    result = made.run(until=0.2 * s, record=record, stream_to=tmp_path / "run.zarr")
    ca = result["astrocytes.ca"]
    assert set(ca["astrocytes.region"].values) == set(SHAPE.regions)
    for tree, places in enumerate(cells.places):
        np.testing.assert_array_equal(ca["astrocytes.tree"].values[places], tree)
        np.testing.assert_array_equal(ca["astrocytes.region"].values[places], SHAPE.region)
        np.testing.assert_allclose(ca["astrocytes.path"].values[places], SHAPE.path)


class Outside(Mechanism):
    """Transmitter outside that nothing changes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    gliotransmitter = State(0.0, "uM", "transmitter outside", low=0)


def test_means_over_a_step_see_half_of_what_diffusion_changes():
    start = np.linspace(0, 100, SHAPE.size)
    cells = Population(Outside(), SHAPE, values={"gliotransmitter": start * uM})
    neurons = Population(CobaNeuron(), 2)
    synapse = tp.Compartment(TsodyksMarkram(), PresynapticReceptor())
    edges = Projection(
        neurons,
        neurons,
        cells["leaflet"],
        synapse=synapse,
        rule=Explicit([0], [1]),
        attach=ExplicitAttachment([3]),
        wiring=[astrocyte.gliotransmitter >> synapse.gliotransmitter],
    )
    links = [edges, Diffusion(cells, gliotransmitter=20 * um**2 / s)]
    found = simulate(Network(neurons=neurons, astrocytes=cells, connections=links), 1)
    after = found["astrocytes_cell_gliotransmitter"][:-1]
    assert np.abs(after - start).max() > 1e-3
    np.testing.assert_allclose(found["astrocytes_cell_gliotransmitter_mean"][:-1], (start + after) / 2, rtol=1e-12)


class Spill(Mechanism):
    """IP3 made by the glutamate of a neighbour.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = Input("uM", "IP3 here")
    neighbour_glutamate = Input("uM", "glutamate there")
    strength = Parameter(1.0, "1/s", "IP3 per glutamate", "assumed: a test")

    def rates(q):
        return {"ip3": q.strength * q.neighbour_glutamate}


def test_a_coupling_reads_what_synapses_bring_to_a_neighbour(monkeypatch):
    share_cells(monkeypatch)
    first = network().groups["astrocytes"]["leaflet"].low

    def spill(cells):
        return Coupling(cells["leaflet"], Spill(), EdgeList([0, 1], [7, 8]))

    one, two = (simulate(network(spill), 1000, threads=threads) for threads in (1, 2))
    without = simulate(network(), 1000)
    made = one["astrocytes_cell_ip3"][:-1] - without["astrocytes_cell_ip3"][:-1]
    assert made.argmax() in (first + 7, first + 8) and made.max() > 0.01
    np.testing.assert_array_equal(one["astrocytes_cell_ip3"], two["astrocytes_cell_ip3"])
