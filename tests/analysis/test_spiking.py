"""Statistics of spike trains against closed forms."""

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording
from tripartite.analysis import first_crossings, interval_cv, rate, rate_course
from tripartite.errors import TripartiteError
from tripartite.units import ms, s, uM


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


def test_windows_of_arange_share_no_spike_and_lose_none():
    times = np.arange(0, 10) * 0.1 + np.repeat([0.0], 10)
    for begin in np.arange(0, 1, 0.1):
        assert rate(times, 1, begin, begin + 0.1) == pytest.approx(10)
        assert rate(times, 1, begin * s, (begin + 0.1) * 1000 * ms) == pytest.approx(10)
    uneven = rate_course(times, 1, [0, 0.1, 0.3, 1.0])
    np.testing.assert_allclose(uneven, [10, 10, 10])
    # A spike well before an edge stays before it, however wide the bin.
    assert rate(np.array([999.9996]), 1, 0, 1000) == pytest.approx(1e-3)


def test_spike_times_may_have_a_unit_and_gaps():
    times = np.array([0.05, 0.15, np.nan, 0.16])
    labelled = xr.DataArray(1000 * times, dims="spike", attrs={"units": "ms"})
    for given in (times, labelled, 1000 * times[[0, 1, 3]] * ms):
        assert rate(given, 1, 0, 0.2) == pytest.approx(15)
    assert len(interval_cv(np.append(np.arange(6.0), np.nan), np.zeros(7))) == 1


def test_crossings_take_units_and_leave_out_missing_frames():
    values = np.array([0.0, 0.2, np.nan, 0.6, 0.8, 0.9])
    times = np.arange(6.0)
    expected = 1 + 2 * (0.5 - 0.2) / 0.4
    assert first_crossings(times, values, 0.5) == pytest.approx([expected])
    recording = Recording(times * 1000 * ms, values * uM)
    assert first_crossings(recording, threshold="500 nM") == pytest.approx([expected])
    gap = [0.0, 0.2, *[np.nan] * 4, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9]
    assert np.isnan(first_crossings(np.arange(12.0), gap, 0.5)[0])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: rate([1.0], 1, 1, 1), "ends after it begins"),
        (lambda: rate([1.0], 0, 0, 1), "`size` is a whole number of 1 or more"),
        (lambda: rate([1.0], 1.5, 0, 1), "`size` is a whole number"),
        (lambda: rate("spikes", 1, 0, 1), "`times` must be a number with a unit"),
        (lambda: rate([1.0], 1, "now", 1), "`begin`"),
        (lambda: rate([1.0] * uM, 1, 0, 1), "`times` is measured in s"),
        (lambda: rate([1.0], 1, np.nan, 1), "`begin`"),
        (lambda: rate_course([1.0], 1, [1.0]), "two edges or more"),
        (lambda: rate_course([1.0], 1, [1.0, 0.0]), "sort the edges"),
        (lambda: interval_cv([1.0, 2.0], [1]), "Every spike has a cell"),
        (lambda: interval_cv([1.0], ["a"]), "`cells` is an array"),
        (lambda: interval_cv([1.0], [1], least=0), "`least` is a whole number of 3 or more"),
        (lambda: first_crossings([0, 1.0], [0, 1.0]), "needs a level"),
        (lambda: first_crossings([0, 1.0], [0, 1.0], None), "needs a level"),
        (lambda: first_crossings([1.0, 0], [0, 1.0], 0.5), "times that rise"),
        (lambda: first_crossings([0, 1.0], [0, 1.0, 2.0], 0.5), "Transpose"),
    ],
)
def test_wrong_arguments_get_a_sentence(make, said):
    with pytest.raises(TripartiteError, match=said):
        make()
