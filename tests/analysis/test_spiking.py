"""Statistics of spike trains against closed forms."""

import numpy as np
import pytest

from tripartite.analysis import first_crossings, interval_cv, rate, rate_course


def test_rate_counts_spikes_of_the_window_per_cell_and_second():
    times = np.array([0.0, 0.5, 1.0, 1.5, 1.9999, 2.0])
    assert rate(times, 2, 1.0, 2.0) == pytest.approx(3 / 2, rel=1e-12)


def test_the_course_of_the_rate_puts_a_spike_on_an_edge_into_the_later_bin():
    edges = np.arange(11) * 0.1
    times = np.arange(10) * 0.1
    assert rate_course(times, 5, edges) == pytest.approx(np.full(10, 2.0), rel=1e-9)


def test_a_clock_has_no_variation_and_alternating_intervals_have_theirs():
    clock, alternating = np.arange(10) * 0.25, np.cumsum(np.tile([0.1, 0.3], 4))
    times = np.concatenate([clock, alternating])[::-1]
    cells = np.concatenate([np.full(10, 3), np.full(8, 7)])[::-1]
    # 7 intervals: four of 0.3 and three of 0.1 s.
    mean = (4 * 0.3 + 3 * 0.1) / 7
    spread = np.sqrt((4 * (0.3 - mean) ** 2 + 3 * (0.1 - mean) ** 2) / 7)
    assert interval_cv(times, cells) == pytest.approx([0.0, spread / mean], abs=1e-12)


def test_cells_with_few_spikes_are_left_out():
    times, cells = np.arange(9.0), np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])
    assert len(interval_cv(times, cells)) == 1
    assert len(interval_cv(np.zeros(0), np.zeros(0, int))) == 0


def test_poisson_trains_have_variation_1():
    random = np.random.default_rng(1)
    times = np.concatenate([np.cumsum(random.exponential(0.1, 2000)) for _ in range(20)])
    found = interval_cv(times, np.repeat(np.arange(20), 2000))
    # The s.d. of the variation of 2,000 intervals is 0.022: 20 cells have their mean within 3 of 0.005.
    assert found.mean() == pytest.approx(1.0, abs=0.015)


def test_first_crossings_are_interpolated_and_need_a_rise():
    times = np.array([0.0, 1.0, 2.0, 3.0])
    values = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.2], [0.4, 0.0, 0.3], [1.0, 0.9, 0.4]])
    found = first_crossings(times, values, 0.5)
    assert found[:2] == pytest.approx([2 + 0.1 / 0.6, 2 + 0.5 / 0.9], rel=1e-12)
    assert np.isnan(found[2])
