"""Rules without positions: exact laws, statistics of the draws, and what they refuse."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from tripartite.errors import ArgumentError, NetworkError, QuantityError, RangeError
from tripartite.interpret.kernels import cores
from tripartite.network.rules import (
    AllToAll,
    Cells,
    Explicit,
    FixedInDegree,
    FixedOutDegree,
    FixedTotalNumber,
    OneToOne,
    PairwiseBernoulli,
    draws,
)
from tripartite.network.rules.draws import EDGES, distinct, integers

RULES = [
    AllToAll(),
    AllToAll(autapses=False),
    OneToOne(),
    PairwiseBernoulli(0.2),
    PairwiseBernoulli(0.9, autapses=False),
    PairwiseBernoulli(1.0),
    PairwiseBernoulli(0.0),
    *(
        rule(k, autapses=autapses, multapses=multapses)
        for rule, k in ((FixedInDegree, 7), (FixedInDegree, 28), (FixedOutDegree, 7), (FixedOutDegree, 28))
        for autapses in (True, False)
        for multapses in (True, False)
    ),
    *(
        FixedTotalNumber(n, autapses=autapses, multapses=multapses)
        for n in (0, 100, 700)
        for autapses in (True, False)
        for multapses in (True, False)
    ),
    Explicit([3, 0, 3, 3], [1, 2, 0, 1]),
]
CELLS = Cells(30)


def dense(edges, n_post):
    """Number of edges between each pair."""
    table = np.zeros((len(edges.start) - 1, n_post), dtype=int)
    np.add.at(table, (edges.sources, edges.target), 1)
    return table


def same_edges(a, b):
    return np.array_equal(a.start, b.start) and np.array_equal(a.target, b.target)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_edges_are_well_formed_sorted_and_keep_what_the_rule_excludes(rule):
    edges = rule.connect(CELLS, CELLS, 1, 2, True)
    assert edges.start.dtype == np.int64 and edges.target.dtype == np.int32
    assert edges.start[0] == 0 and edges.start[-1] == len(edges) and np.all(np.diff(edges.start) >= 0)
    assert len(edges) == 0 or (edges.target.min() >= 0 and edges.target.max() < 30)
    for i in range(30):
        assert np.all(np.diff(edges.target[edges.start[i] : edges.start[i + 1]]) >= 0)
    table = dense(edges, 30)
    if not getattr(rule, "autapses", True):
        assert np.trace(table) == 0
    if not getattr(rule, "multapses", True) or isinstance(rule, AllToAll | PairwiseBernoulli):
        assert table.max(initial=0) <= 1


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_edges_depend_on_seed_and_stream_but_not_on_the_number_of_threads(rule, monkeypatch):
    found = []
    for threads in (1, 2, 3, 8, 64):
        monkeypatch.setattr(cores, "COUNT", threads)
        found.append(rule.connect(CELLS, CELLS, 1, 2, True))
    assert all(same_edges(found[0], other) for other in found)
    drawn = not isinstance(rule, AllToAll | OneToOne | Explicit) and 0 < len(found[0]) < 900
    for seed, stream in ((2, 2), (1, 3), (2**40 + 1, 2)):
        assert same_edges(found[0], rule.connect(CELLS, CELLS, seed, stream, True)) != drawn


def connected(seed):
    return len(PairwiseBernoulli(0.2).connect(CELLS, CELLS, seed, 2, True))


def test_a_forked_process_connects_after_its_parent_did():
    expected = [connected(seed) for seed in range(4)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map_async(connected, range(4)).get(timeout=120) == expected


def test_several_threads_connect_at_once():
    expected = [connected(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(connected, range(8))) == expected


def test_every_cell_connects_to_every_other():
    assert np.array_equal(dense(AllToAll().connect(Cells(3), Cells(4), 0, 0, False), 4), np.ones((3, 4)))
    without = AllToAll(autapses=False)
    assert np.array_equal(dense(without.connect(Cells(4), Cells(4), 0, 0, True), 4), 1 - np.eye(4))
    assert np.array_equal(dense(without.connect(Cells(4), Cells(4), 0, 0, False), 4), np.ones((4, 4)))
    assert len(without.connect(Cells(1), Cells(1), 0, 0, True)) == 0


def test_one_to_one_is_the_identity_and_needs_equal_sizes():
    assert np.array_equal(dense(OneToOne().connect(CELLS, CELLS, 0, 0, True), 30), np.eye(30))
    with pytest.raises(NetworkError, match="30 presynaptic and 4 postsynaptic"):
        OneToOne().connect(CELLS, Cells(4), 0, 0, False)


@pytest.mark.parametrize("multapses", [True, False])
@pytest.mark.parametrize("k", [0, 1, 40, 61])
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**64 - 1), n_pre=st.integers(62, 300), n_post=st.integers(62, 300))
def test_degrees_and_totals_are_exact(k, multapses, seed, n_pre, n_post):
    pre, post = Cells(n_pre), Cells(n_post)
    options = {"autapses": False, "multapses": multapses}
    incoming = FixedInDegree(k, **options).connect(pre, post, seed, 5, False)
    assert np.all(incoming.in_degrees(n_post) == k)
    assert np.all(FixedOutDegree(k, **options).connect(pre, post, seed, 5, False).out_degrees == k)
    assert len(FixedTotalNumber(50 * k, **options).connect(pre, post, seed, 5, False)) == 50 * k


@pytest.mark.parametrize("p", [0.003, 0.1, 0.95])
def test_bernoulli_degrees_are_binomial(p):
    n_pre, n_post = 4000, 1500
    edges = PairwiseBernoulli(p).connect(Cells(n_pre), Cells(n_post), 11, 0, False)
    for degrees, n in ((edges.out_degrees, n_post), (edges.in_degrees(n_post), n_pre)):
        mean, variance = n * p, n * p * (1 - p)
        assert abs(degrees.mean() - mean) < 5 * np.sqrt(variance / len(degrees))
        # the fourth central moment of a binomial, to which the error of the variance is due
        fourth = variance * (1 + 3 * (n - 2) * p * (1 - p))
        assert abs(degrees.var() - variance) < 5 * np.sqrt((fourth - variance**2) / len(degrees))


@pytest.mark.parametrize(
    "rule",
    [
        PairwiseBernoulli(0.3),
        *(rule(40, multapses=m) for rule in (FixedInDegree, FixedOutDegree) for m in (True, False)),
        FixedOutDegree(150, multapses=False),
        *(FixedTotalNumber(n, multapses=m) for n in (20000, 90000) for m in (True, False)),
    ],
    ids=repr,
)
def test_pairs_are_chosen_uniformly(rule):
    """Chi-square over targets, over sources and over pairs; expected counts from symmetry."""
    n_pre, n_post, runs = 600, 200, 20
    table = sum(dense(rule.connect(Cells(n_pre), Cells(n_post), seed, 7, False), n_post) for seed in range(runs))
    for counts in (table.sum(0), table.sum(1)):
        spread = np.sum((counts - counts.mean()) ** 2) / counts.mean()
        assert spread < stats.chi2.ppf(1 - 1e-6, len(counts) - 1)
    p = table.mean() / runs
    alone = p * (1 - p) if table.max() <= runs and not getattr(rule, "multapses", False) else p
    spread = table.var() / (runs * alone)
    assert abs(spread - 1) < 5 * np.sqrt(2 / table.size) * np.sqrt(1 + 1 / (runs * alone))


def test_degrees_without_autapses_are_uniform_over_the_others():
    runs, n = 200, 30
    for rule in (FixedInDegree(5, autapses=False), FixedOutDegree(5, autapses=False, multapses=False)):
        table = sum(dense(rule.connect(Cells(n), Cells(n), seed, 0, True), n) for seed in range(runs))
        others = table[~np.eye(n, dtype=bool)]
        spread = np.sum((others - others.mean()) ** 2) / others.mean()
        assert spread < stats.chi2.ppf(1 - 1e-6, others.size - 1)


def test_total_degrees_with_multapses_are_binomial_and_without_hypergeometric():
    n_pre = n_post = 300
    for multapses, variance in ((True, 50 * (1 - 1 / 300)), (False, stats.hypergeom.var(90000, 300, 15000))):
        rule = FixedTotalNumber(15000, multapses=multapses)
        degrees = np.concatenate(
            [rule.connect(Cells(n_pre), Cells(n_post), seed, 0, False).out_degrees for seed in range(20)]
        )
        assert abs(degrees.var() / variance - 1) < 5 * np.sqrt(2 / len(degrees))


@pytest.mark.parametrize("n", [50, 5000, 10**7])
def test_distinct_draws_are_the_first_distinct_ones_of_the_row(n):
    key = (np.uint64(3), np.uint64(4), np.uint64(EDGES))
    drawn = np.empty(400, np.int32)
    integers(drawn[:37], 0, n, key, 9)
    integers(drawn[37:], 37, n, key, 9)
    for room, taken in ((20, 400), (400, 400), (400, 30)):
        wanted = list(dict.fromkeys(drawn[:taken].tolist()))[:room]
        out = np.empty(room, np.int32)
        assert distinct(out, taken, n, key, 9) == len(wanted)
        assert out[: len(wanted)].tolist() == sorted(wanted)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 9)), max_size=60))
@settings(deadline=None)
def test_given_edges_come_back_sorted_and_know_where_they_stood(pairs):
    pre, post = [i for i, _ in pairs], [j for _, j in pairs]
    rule = Explicit(pre, post)
    edges = rule.connect(Cells(20), Cells(10), 0, 0, False)
    assert list(zip(edges.sources.tolist(), edges.target.tolist(), strict=True)) == sorted(pairs)
    order = range(len(pairs)) if edges.order is None else edges.order
    assert [pairs[i] for i in order] == sorted(pairs)


def test_a_matrix_and_its_edges_are_the_same():
    matrix = sparse.random_array((20, 30), density=0.2, rng=np.random.default_rng(1))
    for given_as in (matrix.tocsr(), matrix.tocsc(), matrix.toarray()):
        edges = Explicit.from_matrix(given_as).connect(Cells(20), Cells(30), 0, 0, False)
        back = sparse.csr_array((np.ones(len(edges)), edges.target, edges.start), shape=(20, 30))
        assert np.array_equal(back.toarray(), matrix.toarray() != 0)


@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_expected_number_of_edges_is_near_the_number_found(rule):
    found = len(rule.connect(CELLS, CELLS, 1, 2, False))
    assert abs(found - rule.expected(CELLS, CELLS)) <= 5 * np.sqrt(900 * 0.25) * isinstance(rule, PairwiseBernoulli)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: PairwiseBernoulli(1.2), RangeError, "from 0 to 1; got 1.2"),
        (lambda: PairwiseBernoulli(-0.1), RangeError, "got -0.1"),
        (lambda: PairwiseBernoulli(float("nan")), QuantityError, "finite"),
        (lambda: FixedInDegree(-1), ArgumentError, "got -1"),
        (lambda: FixedOutDegree(2.5), ArgumentError, "got 2.5"),
        (lambda: FixedTotalNumber(True), ArgumentError, "got True"),
        (lambda: Explicit([1, 2], [1]), RangeError, "2 presynaptic and 1 postsynaptic"),
        (lambda: Explicit([-1], [1]), ArgumentError, "from 0 to"),
        (lambda: Explicit([0.5], [1]), ArgumentError, "whole numbers"),
        (lambda: Explicit.from_matrix([1, 2]), QuantityError, "two axes"),
        (lambda: Cells(0), RangeError, "got 0"),
        (lambda: Cells(2**31), RangeError, "2147483647"),
        (lambda: Cells(3, np.zeros((2, 2))), RangeError, r"got shape \(2, 2\)"),
        (lambda: Cells(2, np.array([[0.0, 0.0], [np.nan, 0.0]])), RangeError, "cell 1"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FixedInDegree(30, autapses=False, multapses=False), "29 presynaptic"),
        (FixedOutDegree(31, multapses=False), "30 postsynaptic"),
        (FixedTotalNumber(901, multapses=False), "900 pairs"),
        (FixedTotalNumber(871, autapses=False, multapses=False), "870 pairs"),
        (Explicit([0, 30], [0, 0]), "edge 1 names cell 30"),
        (Explicit([0], [99]), "edge 0 names cell 99"),
    ],
)
def test_what_the_population_cannot_give_is_refused(rule, words):
    with pytest.raises(RangeError, match=words):
        rule.connect(CELLS, CELLS, 1, 2, True)


def test_a_cell_alone_has_no_partner_when_autapses_are_excluded():
    for rule in (
        FixedInDegree(1, autapses=False),
        FixedOutDegree(1, autapses=False),
        FixedTotalNumber(1, autapses=False),
    ):
        with pytest.raises(RangeError, match="0 "):
            rule.connect(Cells(1), Cells(1), 1, 2, True)
    assert len(PairwiseBernoulli(1.0, autapses=False).connect(Cells(1), Cells(1), 1, 2, True)) == 0


def test_seeds_and_streams_outside_their_range_are_refused():
    with pytest.raises(RangeError, match="seed"):
        PairwiseBernoulli(0.5).connect(CELLS, CELLS, -1, 0, False)
    with pytest.raises(RangeError, match="stream"):
        PairwiseBernoulli(0.5).connect(CELLS, CELLS, 0, 2**32, False)


def test_every_purpose_has_random_numbers_of_its_own():
    """Other purposes, streams, rows and high halves of a seed give other numbers; 0 belongs to the noise of cells."""
    purposes = (draws.EDGES, draws.ROWS, draws.ASTROCYTES, draws.POOLS, draws.POSITIONS)
    assert len({0, *purposes}) == 6
    keys = [(seed, stream, purpose) for seed in (1, 1 + 2**32) for stream in (0, 1) for purpose in purposes]
    found = {u for k in keys for row in (0, 1) for u in draws.two(tuple(map(np.uint64, k)), row, 0)}
    assert len(found) == 2 * 2 * len(keys)
