"""Gap junctions: every pair once in each direction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from tripartite.errors import ArgumentError, NetworkError, RangeError
from tripartite.network.rules import Cells, EdgeList, Grid, Nearest, RandomPairs, Ring, WithinDistance
from tripartite.network.space import Torus, lattice, scatter
from tripartite.units import um


def table(edges):
    n = len(edges.start) - 1
    found = np.zeros((n, n), dtype=int)
    np.add.at(found, (edges.sources, edges.target), 1)
    assert np.array_equal(found, found.T) and found.max(initial=0) <= 1 and np.trace(found) == 0
    assert np.all(np.diff(edges.target)[np.diff(edges.sources) == 0] > 0)
    return found


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)).filter(lambda p: p[0] != p[1]), max_size=60))
@settings(deadline=None)
def test_given_pairs_are_joined_both_ways_once(pairs):
    found = table(EdgeList([i for i, _ in pairs], [j for _, j in pairs]).connect(Cells(15)))
    assert set(zip(*np.nonzero(found), strict=True)) == {*pairs, *((j, i) for i, j in pairs)}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
@pytest.mark.parametrize("reach", [1, 2, 9])
def test_a_ring_joins_each_cell_to_those_within_reach(size, reach):
    gap = np.abs(np.arange(size)[:, None] - np.arange(size))
    gap = np.minimum(gap, size - gap)
    assert np.array_equal(table(Ring(reach).connect(Cells(size))), (gap > 0) & (gap <= reach))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 4), (2, 2), (3, 5), (4, 3)])
@pytest.mark.parametrize("periodic", [False, True])
def test_a_grid_joins_cells_one_spacing_apart(rows, columns, periodic):
    places = lattice(rows, columns, 1 * um).to("um").magnitude
    gap = np.abs(places[:, None] - places)
    if periodic:
        gap = np.minimum(gap, np.array([columns, rows]) - gap)
    expected = np.isclose(gap.sum(-1), 1)
    assert np.array_equal(table(Grid(rows, columns, periodic).connect(Cells(rows * columns))), expected)


def test_cells_within_a_distance_touch():
    cells = Cells(300, scatter(300, [500, 500] * um, seed=1).to("um").magnitude)
    near = cdist(cells.positions, cells.positions) <= 60
    assert np.array_equal(table(WithinDistance(60 * um).connect(cells)), near & ~np.eye(300, dtype=bool))
    gap = np.abs(cells.positions[:, None] - cells.positions)
    near = np.hypot(*np.moveaxis(np.minimum(gap, 500 - gap), -1, 0)) <= 60
    on_torus = WithinDistance(60 * um, space=Torus(500 * um)).connect(cells)
    assert np.array_equal(table(on_torus), near & ~np.eye(300, dtype=bool))


def test_neighbours_that_make_no_sense_are_refused():
    with pytest.raises(RangeError, match="2 and 1"):
        EdgeList([0, 1], [2])
    with pytest.raises(NetworkError, match="pair 1 names cell 3 twice"):
        EdgeList([0, 3], [2, 3])
    with pytest.raises(RangeError, match="names cell 7"):
        EdgeList([0], [7]).connect(Cells(5))
    with pytest.raises(RangeError, match="2 x 3 places for 5"):
        Grid(2, 3).connect(Cells(5))
    with pytest.raises(ArgumentError, match="reach"):
        Ring(0)
    with pytest.raises(NetworkError, match="positions"):
        WithinDistance(50 * um).connect(Cells(5))


SPREAD = scatter(400, [100, 100] * um, seed=1).to("um").magnitude


@pytest.mark.parametrize(
    "rule",
    [
        Ring(30),
        Ring(10**6),
        WithinDistance(30 * um),
        WithinDistance(30 * um, space=Torus([100, 100] * um)),
        Nearest(8),
        RandomPairs(20),
        RandomPairs(300),
    ],
)
def test_contacts_beyond_memory_are_refused_and_what_was_expected_is_about_what_is_found(monkeypatch, rule):
    cells = Cells(400, SPREAD)
    found, expected = len(rule.connect(cells).target) / 2, rule.expected(cells)
    assert found <= 1.2 * expected and expected <= 10 * found
    monkeypatch.setattr("tripartite.memory.available", lambda: 100.0 * found)
    with pytest.raises(NetworkError, match=r"with \S+ pairs needs about"):
        rule.connect(cells)
