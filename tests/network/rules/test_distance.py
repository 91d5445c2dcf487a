"""Rules by distance: exact probabilities, periodic borders, the tree that skips far cells."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tripartite.errors import ArgumentError, NetworkError, QuantityError, RangeError
from tripartite.network.rules import Cells, DistanceDependent, Exponential, Gaussian, Within
from tripartite.network.rules.draws import ascending
from tripartite.network.rules.profiles import probability, reach
from tripartite.network.rules.tree import build
from tripartite.network.space import Torus, lattice, ring, scatter
from tripartite.units import ms, um


def cells(positions):
    return Cells(len(positions), positions.to("um").magnitude)


def distances(pre, post, extent=None):
    """Distances (pre, post) in µm, by plain NumPy."""
    gap = np.abs(pre.positions[:, None] - post.positions[None])
    if extent is not None:
        gap = np.minimum(gap, extent - gap)
    return np.sqrt((gap**2).sum(-1))


PROFILES = [
    (Gaussian(0.8, 60 * um), lambda d: 0.8 * np.exp(-(d**2) / 2 / 60**2)),
    (Gaussian(1.0, 1000 * um), lambda d: np.exp(-(d**2) / 2 / 1000**2)),
    (Exponential(0.5, 40 * um), lambda d: 0.5 * np.exp(-d / 40)),
    (Within(120 * um, 0.25), lambda d: 0.25 * (d <= 120)),
]


@pytest.mark.parametrize("extent", [None, 500.0])
@pytest.mark.parametrize(("profile", "law"), PROFILES, ids=lambda x: repr(x) if not callable(x) else "")
def test_pairs_are_connected_with_the_probability_of_their_distance(profile, law, extent):
    """Counts in bins of distance, within 5 standard deviations of the sum of their probabilities."""
    pre, post = cells(scatter(150, [500, 500] * um, seed=1)), cells(scatter(400, [500, 500] * um, seed=2))
    space = None if extent is None else Torus(extent * um)
    rule = DistanceDependent(profile, space=space)
    d = distances(pre, post, extent)
    p = law(d)
    runs = 60
    counts = np.zeros_like(d)
    for seed in range(runs):
        edges = rule.connect(pre, post, seed, 0, False)
        assert np.all(np.diff(edges.target)[np.diff(edges.sources) == 0] > 0)
        counts[edges.sources, edges.target] += 1
    assert np.all(counts[p == 0] == 0)
    chosen = np.digitize(d, np.arange(0, 700, 25))
    for one in np.unique(chosen):
        at = chosen == one
        mean, variance = runs * p[at].sum(), runs * (p[at] * (1 - p[at])).sum()
        assert abs(counts[at].sum() - mean) <= 5 * np.sqrt(variance) + 1e-9 * mean
    # Pairs one by one, and independent: the spread of their counts is that of binomials.
    sure = (p > 0.02) & (p < 0.98)
    z2 = ((counts - runs * p)[sure] ** 2) / (runs * p * (1 - p))[sure]
    assert abs(z2.mean() - 1) < 5 * np.sqrt(3 / sure.sum())
    assert rule.expected(pre, post) == pytest.approx(p.sum(), rel=1e-9)
    assert profile([0, 30] * um) == pytest.approx(law(np.array([0.0, 30.0])), rel=1e-12)


@pytest.mark.parametrize("space", [None, Torus([400, 250] * um)])
def test_all_and_only_cells_within_the_radius_are_connected_on_a_lattice(space):
    """Distances on a lattice hit the radius exactly; the border counts."""
    pre = cells(lattice(5, 8, 50 * um))
    edges = DistanceDependent(Within(100 * um), space=space).connect(pre, pre, 3, 0, True)
    near = distances(pre, pre, None if space is None else np.array([400.0, 250.0])) <= 100
    found = np.zeros_like(near)
    found[edges.sources, edges.target] = True
    assert np.array_equal(found, near & ~np.eye(40, dtype=bool))
    with_itself = DistanceDependent(Within(100 * um), autapses=True, space=space).connect(pre, pre, 3, 0, True)
    assert len(with_itself) == len(edges) + 40


def test_space_in_three_dimensions_and_on_a_line():
    random = np.random.default_rng(5)
    for axes in (1, 3):
        pre, post = (Cells(n, random.uniform(-200, 200, (n, axes))) for n in (50, 333))
        edges = DistanceDependent(Within(90 * um)).connect(pre, post, 0, 0, False)
        assert len(edges) == (cdist(pre.positions, post.positions) <= 90).sum() > 100


def test_rows_longer_than_first_thought_are_complete():
    pre = cells(lattice(20, 20, 1 * um))
    edges = DistanceDependent(Within(1000 * um), autapses=True).connect(pre, pre, 0, 0, True)
    assert np.all(edges.out_degrees == 400) and len(edges.target) == 160000


def test_boxes_hold_their_cells_and_leaves_hold_every_cell_once():
    for size in (1, 2, 3, 17, 100, 1000):
        positions = np.random.default_rng(size).normal(size=(size, 2))
        tree = build(positions)
        assert np.array_equal(np.sort(tree.order), np.arange(size))
        assert np.array_equal(tree.points, positions[tree.order])
        seen = np.zeros(size, dtype=int)
        for node, (begin, end) in enumerate(tree.begin):
            assert np.all(tree.points[begin:end] >= tree.low[node]) and np.all(
                tree.points[begin:end] <= tree.high[node]
            )
            seen[begin:end] += node >= tree.leaves
            if node < tree.leaves:
                assert (begin, end) == (tree.begin[2 * node + 1, 0], tree.begin[2 * node + 2, 1])
        assert np.all(seen == 1)


def test_expectation_of_a_large_population_is_estimated_within_a_few_percent():
    pre = cells(lattice(90, 90, 10 * um))
    rule = DistanceDependent(Gaussian(0.5, 40 * um), space=Torus(900 * um))
    assert len(rule.connect(pre, pre, 0, 0, False)) == pytest.approx(rule.expected(pre, pre), rel=0.02)


def test_edges_by_distance_depend_on_the_seed_only():
    pre = cells(lattice(10, 10, 50 * um))
    rule = DistanceDependent(Gaussian(0.5, 100 * um))
    first, again, other = (rule.connect(pre, pre, seed, 0, True).target for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_missing_or_unlike_positions_and_bad_profiles_are_refused():
    placed = cells(lattice(2, 2, 50 * um))
    rule = DistanceDependent(Within(50 * um))
    with pytest.raises(NetworkError, match="presynaptic cells have none"):
        rule.connect(Cells(3), placed, 0, 0, False)
    with pytest.raises(NetworkError, match="postsynaptic cells have 3, the others 2"):
        rule.connect(placed, Cells(3, np.zeros((3, 3))), 0, 0, False)
    with pytest.raises(ArgumentError, match=r"got 0\.1"):
        DistanceDependent(0.1)
    with pytest.raises(RangeError, match=r"Gaussian\.peak"):
        Gaussian(1.1, 50 * um)
    with pytest.raises(RangeError, match="positive length; got -1"):
        Within(-1 * um)
    with pytest.raises(QuantityError):
        Exponential(0.5, 40)


def test_places_lie_where_they_are_said_to():
    assert np.allclose(lattice(2, 3, 10 * um).magnitude, [[5, 5], [15, 5], [25, 5], [5, 15], [15, 15], [25, 15]])
    around = ring(50, 60 * um).to("um").magnitude
    assert np.hypot(*around.T) == pytest.approx(50 * 60 / 2 / np.pi)
    drawn = scatter(20000, [100, 20, 50] * um, seed=4).to("um").magnitude
    assert drawn.shape == (20000, 3) and drawn.min() > 0 and np.all(drawn.max(0) < [100, 20, 50])
    assert np.allclose(drawn.mean(0), [50, 10, 25], rtol=5 / np.sqrt(3 * 20000))
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 5 / np.sqrt(20000)
    assert not np.array_equal(drawn, scatter(20000, [100, 20, 50] * um, seed=5).magnitude)


def test_places_that_make_no_sense_are_refused():
    with pytest.raises(ArgumentError, match="rows"):
        lattice(0, 3, 10 * um)
    with pytest.raises(RangeError, match="spacing"):
        ring(3, -10 * um)
    with pytest.raises(RangeError, match="extent"):
        scatter(3, [10, -1] * um, seed=1)
    with pytest.raises(RangeError, match="extent"):
        Torus([10, 0] * um)
    with pytest.raises(RangeError, match="2 axes"):
        Torus([10, 10, 10] * um).in_um(2)
    from tripartite.errors import DimensionError

    with pytest.raises(DimensionError):
        lattice(2, 3, 10 * ms)


@pytest.mark.parametrize("size", [64, 4096, 300_000, 10**7])
def test_numbers_that_are_far_apart_and_close_are_sorted(size):
    """By marks where that is quick, and by comparing where it is not; marks are left as they were found."""
    random = np.random.default_rng(size)
    marks, groups = np.zeros(size // 64 + 1, np.uint64), np.zeros(size // 4096 + 1, np.uint64)
    for count in (0, 1, 2, 63):
        numbers = random.choice(size, count, replace=False).astype(np.int32)
        numbers[: min(count, 2)] = [size - 1, 0][:count]
        numbers = np.unique(numbers)
        found = random.permutation(numbers).astype(np.int32)
        ascending(found, marks, groups)
        np.testing.assert_array_equal(found, numbers)
        assert not marks.any() and not groups.any()


@pytest.mark.parametrize("profile", [profile for profile, _ in PROFILES], ids=repr)
def test_profiles_reach_as_far_as_they_are_above_a_share(profile):
    numbers = profile.numbers()
    for share in (1e-9, 1e-3, 0.1, 0.24):
        at = reach(numbers, share)
        assert probability(numbers, at * (1 - 1e-9)) > share >= probability(numbers, at * (1 + 1e-9))
    assert reach(numbers, 1.0) == -1
