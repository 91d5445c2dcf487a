"""Who shares a synapse: territories that overlap, and lists."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tripartite.errors import NetworkError, RangeError
from tripartite.network.rules import Cells, Explicit, ExplicitSharing, OverlappingTerritories, Post, Pre, Shares
from tripartite.network.space import Torus
from tripartite.units import um

RANDOM = np.random.default_rng(3)
BEFORE, BEHIND, GLIA = (Cells(n, RANDOM.uniform(0, 200, (n, 2))) for n in (30, 40, 12))
EDGES = Explicit(*np.nonzero(RANDOM.random((30, 40)) < 0.3)).connect(BEFORE, BEHIND, 1, 0, False)


def overlap(distance, radius):
    """The part of a ball that lies in another of the same size, by its caps."""
    height = np.maximum(radius - distance / 2, 0)
    return 2 * np.pi * height**2 * (3 * radius - height) / 3 / (4 / 3 * np.pi * radius**3)


@pytest.mark.parametrize("of", [Post(), Pre()], ids=["post", "pre"])
@pytest.mark.parametrize("space", [None, Torus([200, 200] * um)], ids=["open", "torus"])
def test_astrocytes_share_synapses_by_the_overlap_of_their_territories(of, space):
    rule = OverlappingTerritories(3, 25 * um, covered=0.8, of=of, space=space)
    found = rule.share(EDGES, BEFORE, BEHIND, GLIA, 1, 2)
    cells, each = (BEHIND, EDGES.target) if isinstance(of, Post) else (BEFORE, EDGES.sources)
    shift = cells.positions[:, None] - GLIA.positions[None]
    if space is not None:
        shift -= 200 * np.round(shift / 200)
    distance = np.sqrt((shift**2).sum(axis=2))
    if space is None:
        np.testing.assert_allclose(distance, cdist(cells.positions, GLIA.positions))
    bare = 0
    for edge, cell in enumerate(each):
        nearest = np.argsort(distance[cell])[:3]
        parts = overlap(distance[cell, nearest], 25.0)
        assert found.cells[edge].tolist() == np.where(parts > 0, nearest, -1).tolist()
        bare += not parts.sum()
        np.testing.assert_allclose(found.fractions[edge], 0.8 * parts / max(parts.sum(), 1e-300), rtol=1e-9)
    assert bare < len(EDGES) / 2
    assert len({*(found.cells >= 0).sum(axis=1)}) > 1


def test_a_synapse_has_at_most_as_many_astrocytes_as_there_are():
    found = OverlappingTerritories(5, 500 * um).share(EDGES, BEFORE, BEHIND, Cells(2, GLIA.positions[:2]), 1, 2)
    assert found.cells.shape == (len(EDGES), 5) and set(found.cells[:, 2:].ravel()) == {-1}
    np.testing.assert_allclose(found.fractions.sum(axis=1), 1.0)


def test_a_list_says_who_has_what_in_the_order_in_which_edges_were_given():
    edges = Explicit([1, 0, 0], [0, 1, 0]).connect(BEFORE, BEHIND, 1, 0, False)
    found = ExplicitSharing([0, 2, 0], [3, 4, 5], [0.25, 1.0, 0.5]).share(edges, BEFORE, BEHIND, GLIA, 1, 2)
    shares = [dict(zip(c, f, strict=True)) for c, f in zip(found.cells.tolist(), found.fractions.tolist(), strict=True)]
    assert shares == [{4: 1.0, -1: 0.0}, {-1: 0.0}, {3: 0.25, 5: 0.5}]


@pytest.mark.parametrize(
    ("edges", "astrocytes", "fractions", "message"),
    [
        ([0, 1], [0], [0.5, 0.5], r"lists of 2, 1 and 2\. Make them equally long"),
        ([0], [0], [0.0], r"A fraction is above 0 and at most 1; entry 0 has 0\."),
        ([0, 1], [0, 0], [0.5, 1.5], r"entry 1 has 1\.5\."),
        ([7, 0, 7], [1, 0, 1], [0.5, 0.5, 0.2], r"astrocyte 1 comes twice at edge 7\. Add the fractions up"),
        ([0, 3, 3], [0, 1, 2], [1.0, 0.7, 0.4], r"sum to 1 at most; those of edge 3 sum to 1\.1\."),
    ],
)
def test_a_list_that_gives_more_than_there_is_is_refused(edges, astrocytes, fractions, message):
    with pytest.raises(RangeError, match=message):
        ExplicitSharing(edges, astrocytes, fractions)


def test_edges_and_astrocytes_of_a_list_exist():
    with pytest.raises(RangeError, match=r"names 100000, and there are \d+\. Count them"):
        ExplicitSharing([100000], [0], [1.0]).share(EDGES, BEFORE, BEHIND, GLIA, 1, 2)
    with pytest.raises(RangeError, match=r"numbers the 12 cells from 0 to 11"):
        ExplicitSharing([0], [12], [1.0]).share(EDGES, BEFORE, BEHIND, GLIA, 1, 2)


@pytest.mark.parametrize(
    ("cells", "fractions", "message"),
    [
        ([[0, 1]], [[0.5, 0.6]], r"edge 0 the cells \[0, 1\] and the fractions \[0\.5, 0\.6\]"),
        ([[1, 1]], [[0.5, 0.1]], r"the cells \[1, 1\]"),
        ([[0, 5]], [[0.5, 0.1]], r"each of 5 astrocytes once"),
        ([[0, -1]], [[np.nan, 0.0]], r"nan"),
        ([[0]], [[0.5]], r"of shape \(1, 2\); 'a rule' gave \(1, 1\)"),
    ],
)
def test_a_rule_of_ones_own_is_looked_at(cells, fractions, message):
    with pytest.raises(RangeError, match=message):
        Shares(np.array(cells, np.int32), np.array(fractions)).check(1, 2, 5, "a rule")
    Shares(np.array([[-1, -1]], np.int32), np.zeros((1, 2))).check(1, 2, 5, "a rule")


def test_territories_need_places():
    with pytest.raises(NetworkError, match="the astrocyte cells have none"):
        OverlappingTerritories(2, 50 * um).share(EDGES, BEFORE, BEHIND, Cells(3), 1, 2)
