"""Topologies of astrocyte networks: degrees, distances, chance."""

import numpy as np
import pytest

from tripartite.errors import RangeError
from tripartite.network.rules import Cells, Nearest, RandomPairs

GRID = 50.0 * np.stack(np.meshgrid(*[np.arange(8.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
PLACES = GRID + np.random.default_rng(2).normal(0, 5, GRID.shape)


@pytest.mark.parametrize("degree", [1, 3, 10])
def test_nearest_gives_everyone_about_the_wanted_partners_near_by(degree):
    cells = Cells(len(PLACES), PLACES)
    edges = Nearest(degree).connect(cells)
    assert edges.out_degrees.max() == degree
    assert edges.out_degrees.mean() > 0.93 * degree
    length = np.linalg.norm(PLACES[edges.sources] - PLACES[edges.target], axis=1)
    assert length.max() < 50 * (4 + degree / 4)


def test_nearest_takes_a_pair_of_mutually_nearest_cells_first():
    cells = Cells(5, np.array([[0.0], [1.0], [2.1], [9.0], [9.5]]))
    first, second = Nearest(1).pairs(cells)
    assert set(zip(first, second, strict=True)) == {(0, 1), (3, 4)}


def test_random_pairs_have_the_mean_degree_of_chance_and_none_twice():
    cells = Cells(2000)
    first, second = RandomPairs(6.0, seed=4).pairs(cells)
    assert np.all(first < second) and second.max() < 2000
    assert len(np.unique(first * 2000 + second)) == len(first)
    # The number of pairs is binomial: 6000 with a standard deviation of 77.
    assert abs(len(first) - 6000) < 4 * 77
    degree = RandomPairs(6.0, seed=4).connect(cells).out_degrees
    assert degree.var() == pytest.approx(6, rel=0.15)


def test_all_pairs_come_out_when_everyone_touches_everyone():
    first, second = RandomPairs(6.0).pairs(Cells(7))
    np.testing.assert_array_equal(np.column_stack([first, second]), np.column_stack(np.triu_indices(7, 1)))
    with pytest.raises(RangeError):
        RandomPairs(-1.0)
