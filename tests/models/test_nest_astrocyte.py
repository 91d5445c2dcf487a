"""The astrocyte of NEST against values recorded from NEST 3.10, and the slow inward current."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.mechanisms import SlowInward
from tripartite.parameters import jiang2025
from tripartite.protocols import Constant, RegularSpikes
from tripartite.units import Hz, ms, s, uM

TIGHT = tp.Tsit5(1e-10, 1e-12)


def test_calcium_ip3_and_current_are_those_of_nest():
    """Recorded from `astrocyte_lr_1994` and its `sic_connection`, from IP3 0.4 µM on."""
    cell = tp.models.NestAstrocyte().replace({"ip3": 0.4 * uM})
    run = tp.simulate(cell, until=6 * s, save_at=np.arange(6001) * ms, solver=TIGHT)
    at = [500, 1000, 2000, 5000]
    expected = [0.38377263685379026, 0.36864247085207774, 0.3413820026802509, 0.2791704609692866]
    np.testing.assert_allclose(run["ip3"][at], expected, rtol=1e-5)
    expected = [0.15442538612709006, 0.2757479292437401, 0.5035796862377192, 0.16176074133549248]
    np.testing.assert_allclose(run["ca"][at], expected, rtol=1e-5)
    expected = [0.7925895456376659, 0.7844077121889952, 0.7409756684957358, 0.6445565416123833]
    np.testing.assert_allclose(run["h"][at], expected, rtol=1e-5)
    np.testing.assert_allclose(run["sic"][at], [0, 4.369823233633116, 5.726451030763267, 0], rtol=1e-4)


def test_the_current_lasts_as_long_and_is_as_strong_as_known():
    """From 703 to 4815 ms, peak 5.809 pA, area 20 938 pA ms (SciPy and NEST alike)."""
    cell = tp.models.NestAstrocyte().replace({"ip3": 0.4 * uM})
    current = tp.simulate(cell, until=6 * s, save_at=np.arange(6001) * ms, solver=TIGHT)["sic"].values
    on = np.flatnonzero(current > 0)
    assert abs(on[0] - 703) <= 1 and abs(on[-1] - 4815) <= 1
    assert current.max() == pytest.approx(5.809, rel=1e-4)
    assert current.sum() == pytest.approx(20938, rel=1e-4)


@pytest.mark.parametrize(
    ("ca", "expected"), [(0.2, 1.1969), (0.25, 3.9761), (0.3, 4.6377), (0.5, 5.7148), (1.0, 6.6887)]
)
def test_the_current_is_the_logarithm_of_calcium_above_threshold(ca, expected):
    run = tp.simulate(SlowInward(), Constant(ca=ca * uM), until=1 * s)
    assert float(run["sic"][0]) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize("ca", [0.0, 0.19669, 0.1972, 0.197689])
def test_there_is_no_current_below_threshold(ca):
    run = tp.simulate(SlowInward(), Constant(ca=ca * uM), until=1 * s)
    assert float(run["sic"][0]) == 0


def test_calcium_rests_where_it_is_known_to():
    assert float(tp.steady_states(tp.models.NestAstrocyte())["astrocyte.ca"][0]) == pytest.approx(0.0722218, rel=1e-5)


def test_regular_release_lifts_ip3_to_its_known_mean():
    """Rest + tau Delta rate: 0.16 + 7.142 s x 0.0002 µM x 100 Hz = 0.30284 µM."""
    cell = tp.models.NestAstrocyte()
    run = tp.simulate(cell, RegularSpikes(100 * Hz, event="release"), until=100 * s, save_every=1 * ms)
    assert float(run["ip3"][-10:].mean()) == pytest.approx(0.30284, rel=1e-3)


def test_the_networks_start_with_more_ip3_and_are_otherwise_alike():
    cell = tp.models.NestAstrocyte()
    used = cell.using(jiang2025.NETWORK_ASTROCYTE)
    assert used.parameters() == cell.parameters()
    starts = [{e.key: e.value for e in model.system.states} for model in (cell, used)]
    assert starts[1] == starts[0] | {"astrocyte.ip3": 0.4}
