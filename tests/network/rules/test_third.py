"""Astrocytes of synapses: pools as NEST defines them, territories, given lists."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist

from tripartite.errors import ArgumentError, NetworkError, RangeError
from tripartite.interpret.kernels import cores
from tripartite.network.rules import (
    AllToAll,
    BernoulliWithPool,
    BlockPool,
    Cells,
    Explicit,
    ExplicitAttachment,
    NearestTerritory,
    Post,
    Pre,
    RandomPool,
)
from tripartite.network.space import Torus, lattice, scatter
from tripartite.units import um

PRE, POST, ASTROCYTES = Cells(300), Cells(60), Cells(40)
EDGES = Explicit(*np.nonzero(np.random.default_rng(1).random((300, 60)) < 0.5)).connect(PRE, POST, 1, 0, False)


def attach(rule, seed=1, stream=2, edges=EDGES, pre=PRE, post=POST, astrocytes=ASTROCYTES):
    found = rule.attach(edges, pre, post, astrocytes, seed, stream)
    assert found.dtype == np.int32 and found.shape == (len(edges),)
    return found


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("pool_size", [1, 5, 39, 40, None])
def test_astrocytes_come_uniformly_from_the_pool_of_the_target(p, pool_size):
    rule = BernoulliWithPool(p, pool_size)
    found = attach(rule)
    pools = rule.pools(POST, ASTROCYTES, 1, 2)
    size = pool_size or 40
    assert pools.shape == (60, size)
    assert all(len(set(pool)) == size and min(pool) >= 0 and max(pool) < 40 for pool in pools.tolist())
    with_one = found >= 0
    n = len(EDGES)
    assert abs(with_one.sum() - n * p) <= 5 * np.sqrt(n * p * (1 - p))
    place = [list(pools[j]).index(a) for j, a in zip(EDGES.target[with_one], found[with_one], strict=True)]
    if size > 1 and p > 0:
        counts = np.bincount(place, minlength=size)
        assert np.sum((counts - counts.mean()) ** 2) / counts.mean() < stats.chi2.ppf(1 - 1e-6, size - 1)


def test_random_pools_are_uniform_over_astrocytes_and_differ_between_targets():
    post = Cells(5000)
    pools = BernoulliWithPool(1.0, 5, RandomPool()).pools(post, ASTROCYTES, 3, 4)
    counts = np.bincount(pools.ravel(), minlength=40)
    # Drawn without replacement, five of 40: each cell is in a pool or not.
    assert np.sum((counts - 625) ** 2) / (5000 * (1 / 8) * (7 / 8)) < stats.chi2.ppf(1 - 1e-6, 40)
    assert len({tuple(pool) for pool in pools.tolist()}) > 4900


def test_blocks_of_one_share_each_astrocyte_among_consecutive_targets():
    found = attach(BernoulliWithPool(1.0, 1, BlockPool()), astrocytes=Cells(20))
    assert np.array_equal(found, EDGES.target // 3)


def test_larger_blocks_give_each_target_astrocytes_of_its_own():
    rule = BernoulliWithPool(1.0, 4, BlockPool())
    found = attach(rule, astrocytes=Cells(240))
    assert np.array_equal(found // 4, EDGES.target)
    assert np.bincount(found % 4).min() > 0.2 * len(EDGES)


def test_blocks_that_do_not_come_out_even_are_refused():
    with pytest.raises(RangeError, match="60 of them for 40"):
        attach(BernoulliWithPool(1.0, 1, BlockPool()))
    with pytest.raises(RangeError, match="60 of them for 120"):
        attach(BernoulliWithPool(1.0, 1, BlockPool()), astrocytes=Cells(120))
    with pytest.raises(RangeError, match="use up 120; got 40"):
        attach(BernoulliWithPool(1.0, 2, BlockPool()))


@pytest.mark.parametrize("rule", [BernoulliWithPool(0.5, 5), BernoulliWithPool(0.5)])
def test_attachment_depends_on_seed_and_stream_but_not_on_threads(rule, monkeypatch):
    first = attach(rule)
    for threads in (1, 2, 3, 8, 64):
        monkeypatch.setattr(cores, "COUNT", threads)
        assert np.array_equal(first, attach(rule))
    assert not np.array_equal(first, attach(rule, seed=2))
    assert not np.array_equal(first, attach(rule, stream=3))


def test_choice_of_edges_and_of_astrocytes_are_independent():
    """With one seed and stream for both: whether an edge has an astrocyte tells nothing about where it goes."""
    found = attach(BernoulliWithPool(0.5), seed=1, stream=0) >= 0
    table = np.array([np.bincount(EDGES.target[found == one] % 6, minlength=6) for one in (False, True)])
    assert stats.chi2_contingency(table).pvalue > 1e-6


@pytest.mark.parametrize("extent", [None, 400.0])
def test_a_territory_is_that_of_the_nearest_astrocyte(extent):
    def placed(n, seed):
        return Cells(n, scatter(n, [400, 400] * um, seed=seed).to("um").magnitude)

    pre, post, astrocytes = placed(300, 1), placed(60, 2), placed(40, 3)
    space = None if extent is None else Torus(extent * um)
    for of, cells, number in ((Pre(), pre, EDGES.sources), (Post(), post, EDGES.target)):
        if extent is None:
            d = cdist(cells.positions, astrocytes.positions)
        else:
            gap = np.abs(cells.positions[:, None] - astrocytes.positions)
            d = np.hypot(*np.moveaxis(np.minimum(gap, extent - gap), -1, 0))
        nearest = d.argmin(1)
        rule = NearestTerritory(of=of, space=space)
        assert np.array_equal(attach(rule, pre=pre, post=post, astrocytes=astrocytes), nearest[number])
        near = np.where(d.min(1) <= 30, nearest, -1)
        rule = NearestTerritory(of=of, within=30 * um, space=space)
        assert -1 in near and np.array_equal(attach(rule, pre=pre, post=post, astrocytes=astrocytes), near[number])


def test_a_cell_exactly_at_the_border_of_a_territory_belongs_to_it():
    astrocytes = Cells(1, np.zeros((1, 2)))
    post = Cells(2, np.array([[30.0, 0.0], [30.1, 0.0]]))
    edges = AllToAll().connect(Cells(1), post, 0, 0, False)
    found = NearestTerritory(within=30 * um).attach(edges, Cells(1), post, astrocytes, 0, 0)
    assert found.tolist() == [0, -1]


def test_positions_outside_the_torus_are_folded_into_it():
    astrocytes = Cells(4, lattice(2, 2, 50 * um).to("um").magnitude)
    post = Cells(2, np.array([[-1e-20, 260.0], [99.0, -30.0]]))
    edges = AllToAll().connect(Cells(1), post, 0, 0, False)
    found = NearestTerritory(space=Torus(100 * um)).attach(edges, Cells(1), post, astrocytes, 0, 0)
    assert found[1] == 3 and found[0] in (2, 3)


def test_given_astrocytes_stay_with_their_edges():
    pre, post, third = [2, 0, 1, 0], [0, 1, 1, 0], np.array([5, -1, 7, 9])
    rule = Explicit(pre, post)
    edges = rule.connect(Cells(3), Cells(2), 0, 0, False)
    found = attach(ExplicitAttachment(third), edges=edges)
    assert found.tolist() == [9, -1, 7, 5]


def test_attachments_that_make_no_sense_are_refused():
    with pytest.raises(RangeError, match=r"BernoulliWithPool\.p"):
        BernoulliWithPool(1.5)
    with pytest.raises(ArgumentError, match="pool_size"):
        BernoulliWithPool(0.5, 0)
    with pytest.raises(RangeError, match=r"all 40 astrocytes; got BernoulliWithPool\.pool_size=41"):
        attach(BernoulliWithPool(0.5, 41))
    with pytest.raises(NetworkError, match="random"):
        BernoulliWithPool(0.5, 3, "random")
    with pytest.raises(RangeError, match="got 2 for"):
        attach(ExplicitAttachment([0, 1]))
    with pytest.raises(RangeError, match="names cell 40"):
        attach(ExplicitAttachment(np.full(len(EDGES), 40)))
    with pytest.raises(ArgumentError, match="from -1"):
        ExplicitAttachment([-2])
    with pytest.raises(NetworkError, match="astrocyte cells have none"):
        attach(NearestTerritory())
    with pytest.raises(NetworkError, match="Pre"):
        NearestTerritory(of="post")
