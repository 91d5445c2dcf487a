"""The published networks have the sizes, connections and values of their papers."""

import numpy as np
import pytest

from tripartite.errors import TripartiteError
from tripartite.models import SPARSE, SYNCHRONOUS, AstrocyteChain, AstrocyteRing, CobaNetwork, JiangNetwork
from tripartite.models.stimberg_network import OfPostsynaptic, StimbergNetwork, stimberg_territories
from tripartite.network import Spikes
from tripartite.network.rules import Cells
from tripartite.units import ms


def edges(projection, seed=0):
    """The edges of a projection, drawn as its rule says."""
    pre, post = projection.pre.size, projection.post.size
    return projection.rule.connect(Cells(pre), Cells(post), seed, 0, False)


@pytest.mark.parametrize(
    ("network", "inputs"),
    [
        (JiangNetwork(SPARSE, scale=0.1), (800, 200)),
        (StimbergNetwork(scale=0.25), (160, 160)),
        (CobaNetwork(), (64, 16)),
    ],
    ids=["jiang", "stimberg", "coba"],
)
def test_a_scaled_network_keeps_the_inputs_of_each_neuron(network, inputs):
    for projection, expected in zip(network.projections, inputs, strict=True):
        found = len(edges(projection)) / projection.post.size
        # A binomial over thousands of neurons: half a percent is more than five standard errors of the mean.
        assert found == pytest.approx(expected, rel=5e-3 if expected > 100 else 2e-2)


@pytest.mark.parametrize("network", [JiangNetwork, StimbergNetwork, CobaNetwork])
@pytest.mark.parametrize("scale", [0, -1, 0.019, float("nan"), 1e300, "big", 1 * ms])
def test_a_scale_at_which_cells_cannot_keep_their_inputs_is_refused_by_name(network, scale):
    with pytest.raises(TripartiteError, match="scale"):
        network(scale=scale)


def test_the_variants_of_jiang_differ_in_inhibition_only():
    sparse, synchronous = (variant.parts() for variant in (SPARSE, SYNCHRONOUS))
    changed = {
        (name, key)
        for name in sparse
        for key, value in sparse[name].parameters().items()
        if synchronous[name].parameters()[key] != value
    }
    assert {(name, key.rsplit(".", 1)[-1]) for name, key in changed} == {("neuron", "tau_i"), ("inhibitory", "tau_psc")}
    assert (SPARSE.inhibitory_delay, SYNCHRONOUS.inhibitory_delay) == (1 * ms, 2 * ms)


def test_territories_are_those_that_the_program_of_stimberg_finds():
    found = stimberg_territories()
    # Written out for single neurons: 57 columns of 3750/57 µm, 56 rows of astrocytes 3750/56 µm apart.
    for neuron in (56 * 30 + 40, 56 * 5 + 50, 56 * 50 + 29):
        x = (neuron // 56 - 28) * 3750 / 57 / (3750 / 56)
        y = (neuron % 56 - 28.5) * 3750 / 57 / (3750 / 56)
        expected = int(int(x) + 3200 / 56 * int(y))
        assert found[neuron] == (expected if expected >= 0 else -1)
    assert found[56 * 30 + 10] == -1
    assert set(found[3200:]) == {0}


def test_every_synapse_of_stimberg_belongs_to_the_astrocyte_of_its_postsynaptic_neuron():
    projection = StimbergNetwork(scale=0.25).projections[0]
    drawn = edges(projection)
    attach = projection.partners["astrocyte"].attach
    assert isinstance(attach, OfPostsynaptic)
    attached = attach.attach(drawn, Cells(800), Cells(1000), Cells(800), 0, 0)
    for neuron in (0, 17, 500, 900):
        assert set(attached[drawn.target == neuron]) == {attach.territory[neuron]}


def test_astrocytes_of_stimberg_touch_their_four_neighbours():
    network = StimbergNetwork()
    i, j = network.couplings[0].neighbours.pairs(network.groups["astrocytes"])
    degree = np.bincount(np.r_[i, j], minlength=3200)
    assert degree.max() == 4
    assert len(i) == 6286


def test_coba_starts_as_in_the_example_of_brian_without_negative_conductances():
    values = CobaNetwork().groups["neurons"].values
    v, g_e, g_i = (values[f"neuron.{name}"].magnitude for name in ("v", "g_e", "g_i"))
    # Five standard errors of 4,000 draws.
    assert (v.mean(), v.std()) == pytest.approx((-65, 5), abs=0.4)
    assert g_e.mean() == pytest.approx(40, abs=1.2)
    assert (g_i == 0).mean() == pytest.approx(0.0478, abs=0.017)
    assert min(g_e.min(), g_i.min()) == 0


def test_only_the_first_cell_of_a_chain_exchanges_with_the_reservoir_and_all_of_a_ring():
    chain, ring = AstrocyteChain(size=5), AstrocyteRing(size=4)
    exchange = next(v for k, v in chain.groups["astrocytes"].values.items() if k.endswith("exchange"))
    assert exchange.magnitude.tolist() == [2, 0, 0, 0, 0]
    assert ring.groups["astrocytes"].values == {}
    assert ring.groups["astrocytes"].model["exchange"].magnitude == pytest.approx(0.09)


@pytest.mark.parametrize("variant", [SPARSE, pytest.param(SYNCHRONOUS, marks=pytest.mark.slow)])
def test_a_small_network_of_jiang_runs_and_fires(variant):
    network = JiangNetwork(variant, scale=0.1, seed=1)
    result = network.run(until=200 * ms, record=[Spikes(network.groups["neurons"])], seed=1)
    assert result.data["neurons.spike.times"].size > 100
