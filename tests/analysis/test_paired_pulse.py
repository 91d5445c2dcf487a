"""Paired-pulse ratio and its inverse."""

import numpy as np
import pytest

from tripartite.analysis import paired_pulse_ratio, release_probability
from tripartite.errors import DimensionError, RangeError
from tripartite.units import ms, mV, s

SYNAPSE = {"interval": 50 * ms, "recovery": 2 / s, "facilitation": 3.33 / s}


@pytest.mark.parametrize("u, ratio", [(0.6, 0.6119), (0.3752, 1.0099), (0.3, 1.1603), (0.2, 1.3738), (0.1, 1.6025)])
def test_the_ratio_has_the_independently_computed_values(u, ratio):
    assert paired_pulse_ratio(u, **SYNAPSE) == pytest.approx(ratio, rel=1e-4)


def test_an_equal_pair_reveals_its_release_probability():
    assert release_probability(1.0, **SYNAPSE) == pytest.approx(0.38030, rel=2e-5)


@pytest.mark.parametrize("interval", [0.1, 50, 1000, 5000])
def test_the_inverse_undoes_the_ratio_at_short_and_long_intervals(interval):
    synapse = SYNAPSE | {"interval": interval * ms}
    u = np.linspace(0, 1, 21)
    back = release_probability(paired_pulse_ratio(u, **synapse), **synapse)
    np.testing.assert_allclose(back, u, rtol=0, atol=1e-10)


def test_the_inverse_agrees_with_two_spikes_followed_by_hand():
    u0, a, b = 0.27, np.exp(-3.33 * 0.05), np.exp(-2 * 0.05)
    u = u0
    first, x = u, 1 - u
    u, x = u * a, 1 + (x - 1) * b
    second = (u + u0 * (1 - u)) * x
    assert release_probability(second / first, **SYNAPSE) == pytest.approx(u0, rel=1e-12)


@pytest.mark.parametrize("ratio", [0.09, 1.85, [1.0, 3.0]])
def test_a_ratio_that_no_release_probability_gives_is_an_error(ratio):
    with pytest.raises(RangeError, match=r"`ratio` must lie in \[0.0951626, 1.84662\]; got .* Check interval"):
        release_probability(ratio, **SYNAPSE)


def test_what_is_no_probability_rate_or_time_is_an_error():
    with pytest.raises(RangeError, match=r"`utilization` must lie in \[0, 1\]; got 60"):
        paired_pulse_ratio(60, **SYNAPSE)
    with pytest.raises(RangeError, match="must be positive"):
        paired_pulse_ratio(0.5, **SYNAPSE | {"interval": 0 * ms})
    with pytest.raises(DimensionError):
        paired_pulse_ratio(0.5, **SYNAPSE | {"recovery": 2 * mV})
