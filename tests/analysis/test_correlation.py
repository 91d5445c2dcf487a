"""Correlations of courses that are known beforehand, against NumPy and against chance."""

import numpy as np
import pytest

from tripartite import Recording
from tripartite.analysis import correlation_test, mean_correlation, pairwise_correlation
from tripartite.errors import TripartiteError


def test_correlation_of_mixtures_is_their_common_share():
    random = np.random.default_rng(5)
    common, private = random.normal(size=(200_000, 1)), random.normal(size=(200_000, 4))
    values = np.sqrt(0.3) * common + np.sqrt(0.7) * private
    assert float(mean_correlation(values)) == pytest.approx(0.3, abs=0.005)
    np.testing.assert_allclose(np.diag(pairwise_correlation(values).correlation), 1, rtol=1e-12)
    without = pairwise_correlation(values, common=False).correlation
    assert without[np.triu_indices(4, 1)].mean() == pytest.approx(-1 / 3, abs=0.005)


def test_pairs_are_those_of_numpy_over_frames_that_both_have():
    random = np.random.default_rng(2)
    values = 1e3 + random.normal(size=(300, 4)) @ random.normal(size=(4, 4))
    values[random.random(values.shape) < 0.1] = np.nan
    found = pairwise_correlation(Recording(np.arange(300.0), values))
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(values[:, i]) & ~np.isnan(values[:, j])
            expected = np.corrcoef(values[both, i], values[both, j])[0, 1]
            assert found.correlation[i, j] == pytest.approx(expected, rel=1e-9)
            assert found.frames[i, j] == both.sum()


@pytest.mark.parametrize("level", [0.0, 0.1, 1 / 3, 1e6])
def test_a_constant_course_has_no_correlation_and_says_why(level):
    values = np.random.default_rng(1).normal(size=(100, 4))
    values[:, 2], values[:, 3] = level, np.nan
    found = pairwise_correlation(values)
    assert np.isnan(found.correlation[2:]).all() and np.isnan(found.correlation[:, 2:]).all()
    assert found.reason.tolist() == ["", "", "it never changes", "fewer than three frames"]
    mean = mean_correlation(values)
    assert (mean.used, mean.courses, mean.pairs) == (2, 4, 1)
    assert mean.mean == pytest.approx(np.corrcoef(values[:, 0], values[:, 1])[0, 1])


@pytest.mark.parametrize("power", [-1000, -700, 600, 1000])
def test_the_size_of_the_values_changes_nothing(power):
    """Squares of small values vanish and those of large ones overflow; correlations have no unit."""
    values = 3 + np.random.default_rng(4).normal(size=(60, 3)).cumsum(axis=0)
    expected = np.corrcoef(values.T)
    for shown in (np.ldexp(values, power), np.ldexp(values, [power, 0, 0])):
        found = pairwise_correlation(shown)
        assert found.reason.tolist() == ["", "", ""]
        np.testing.assert_allclose(found.correlation, expected, rtol=1e-9)


def test_whole_numbers_do_not_wrap():
    counts = np.random.default_rng(3).integers(0, 200, (50, 3)).astype(np.uint8)
    expected = np.corrcoef(counts.T.astype(float))
    np.testing.assert_allclose(pairwise_correlation(counts).correlation, expected, rtol=1e-9)


def independent(seed, places=5, common=0.0):
    """Slow courses, so that neighbouring frames are alike; ``common`` is the share of what all have."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=(300, places)) + common * random.normal(size=(300, 1))
    kernel = np.exp(-np.arange(20) / 5)
    return np.stack([np.convolve(course, kernel, "same") for course in noise.T], axis=1)


def test_chance_gives_every_p_value_alike_and_common_input_small_ones():
    """Slow independent courses correlate by much; shuffling knows that, white-noise statistics do not."""
    by_chance = [correlation_test(independent(k), shuffles=99, seed=k).mean_p for k in range(60)]
    assert 0.35 < np.mean(by_chance) < 0.65 and np.mean(np.array(by_chance) <= 0.1) < 0.25
    found = correlation_test(independent(1, common=1.0), shuffles=199, seed=1)
    assert found.mean_p == pytest.approx(1 / 200) and np.nanmax(found.p) < 0.1
    assert found.mean == pytest.approx(mean_correlation(independent(1, common=1.0)).mean)
    assert len(found.shuffled) == 199


def test_p_is_k_plus_one_over_n_plus_one_and_the_seed_is_all_of_chance():
    values = independent(4)
    one, again, other = (correlation_test(values, shuffles=50, seed=k) for k in (7, 7, 8))
    np.testing.assert_array_equal(one.shuffled, again.shuffled)
    assert not np.array_equal(one.shuffled, other.shuffled)
    assert one.mean_p == (np.sum(one.shuffled >= one.mean) + 1) / 51


def test_missing_frames_move_with_their_course():
    values = independent(5, common=1.0)
    times = np.arange(300) * 0.1
    values[100:103, 1] = np.nan
    kept = np.delete(np.arange(300), np.arange(200, 220))
    found = correlation_test(Recording(times[kept], values[kept]), shuffles=99, seed=1)
    assert found.mean_p == 0.01
    assert found.mean == pytest.approx(mean_correlation(values[kept]).mean)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: pairwise_correlation(np.ones(5)), "Two courses or more"),
        (lambda: pairwise_correlation("x"), "`values` is an array"),
        (lambda: pairwise_correlation([[1, 2], [3, np.inf]]), "infinite"),
        (lambda: pairwise_correlation(np.ones((5, 2)), common=1), "`common` is True or False"),
        (lambda: mean_correlation(np.ones((5, 1))), "Two courses or more"),
        (lambda: correlation_test(np.ones((5, 2)), shuffles=0, seed=1), "`shuffles` is a whole number"),
        (lambda: correlation_test(np.ones((5, 2)), seed=None), "`seed` is a whole number"),
        (lambda: correlation_test([0, 1, 5, 5.5, 9], np.ones((5, 2)), seed=1), "even times"),
    ],
)
def test_wrong_arguments_get_a_sentence(make, said):
    with pytest.raises(TripartiteError, match=said):
        make()


def test_what_is_found_shows_arrays_by_their_shapes():
    values = np.random.default_rng(1).normal(size=(50, 30))
    found = correlation_test(values, shuffles=500, seed=1)
    assert repr(found).startswith("CorrelationTest(correlation=<30 × 30 values>, p=<30 × 30 values>, mean=")
    assert f"mean_p={found.mean_p!r}, shuffled=<500 values>, used=30" in repr(found)
    assert all(len(repr(made)) < 200 for made in (found, pairwise_correlation(values), mean_correlation(values)))
