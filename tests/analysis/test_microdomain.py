"""Diffusion among buffers and out of microdomains against closed forms and numbers computed from the equations."""

import numpy as np
import pytest

from tripartite.analysis import (
    Buffer,
    damkoehler,
    diffusion_time,
    effective_diffusion,
    emptying_time,
    escape_time,
    free_share,
    length_constant,
)
from tripartite.errors import DimensionError, RangeError
from tripartite.units import mM, ms, nM, s, uM, um

FREE = 13 * um**2 / s
FIXED, MOBILE = Buffer(0.45 * mM, 10 * uM), Buffer(0.075 * mM, 0.24 * uM, 50 * um**2 / s)


@pytest.mark.parametrize(("radius", "time"), [(0.25, 4.81), (0.5, 19.2), (1.0, 76.9)])
def test_a_microdomain_empties_in_its_radius_squared_over_diffusion(radius, time):
    assert diffusion_time(radius * um, FREE).to("ms").magnitude == pytest.approx(time, rel=2e-3)


def test_a_sphere_with_an_absorbing_surface_empties_sooner():
    assert emptying_time(0.5 * um, FREE).to("ms").magnitude == pytest.approx(1.948, rel=5e-4)
    assert escape_time(0.5 * um, FREE).to("ms").magnitude == pytest.approx(0.25 / 6 / 13e-3, rel=1e-12)


def test_buffers_slow_calcium_down():
    assert FIXED.binding_ratio(50 * nM) == pytest.approx(44.6, rel=2e-3)
    assert MOBILE.binding_ratio(50 * nM) == pytest.approx(214, rel=2e-3)
    found = effective_diffusion(220 * um**2 / s, 50 * nM, [FIXED, MOBILE]).to("um**2/s").magnitude
    assert found == pytest.approx(42.1, rel=2e-3)
    small = [Buffer(0.07 * mM, 10 * uM), Buffer(0.0075 * mM, 0.24 * uM, 50 * um**2 / s)]
    slower = effective_diffusion(150 * um**2 / s, 50 * nM, small).to("um**2/s").magnitude
    assert slower == pytest.approx(41.6, rel=2e-3)
    assert effective_diffusion(FREE, 1 * uM, []).to("um**2/s").magnitude == pytest.approx(13, rel=1e-12)


def test_binding_is_the_slope_of_what_is_bound():
    calcium, small = 0.3, 1e-6
    bound = 75 * np.array([calcium - small, calcium + small]) / (np.array([calcium - small, calcium + small]) + 0.24)
    assert MOBILE.binding_ratio(calcium * uM) == pytest.approx(np.diff(bound)[0] / (2 * small), rel=1e-7)
    assert free_share(calcium * uM, [MOBILE]) == pytest.approx(1 / (1 + MOBILE.binding_ratio(calcium * uM)))


def test_lengths_and_damkoehler_numbers():
    assert length_constant(20 * um**2 / s, 5 / s).to("um").magnitude == pytest.approx(2)
    assert damkoehler(0.5 * um, FREE, 19.2 * ms) == pytest.approx(1, rel=2e-3)
    assert isinstance(damkoehler(0.5 * um, FREE, 1 * s), float)


def test_wrong_numbers_are_refused():
    with pytest.raises(RangeError, match="`radius` is positive"):
        diffusion_time(0 * um, FREE)
    with pytest.raises(RangeError, match="`calcium` is not negative"):
        free_share(-1 * uM, [FIXED])
    with pytest.raises(DimensionError, match="diffusion"):
        length_constant(20 * um / s, 5 / s)
