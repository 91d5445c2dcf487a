"""Release modulation of depitta2011, against the updates from spike to spike and closed forms."""

import numpy as np
import pytest

from tests.oracles import tsodyks_markram_numpy as oracle
from tripartite.experiments import experiment

from .verdicts import unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = experiment("depitta2011-release")


def test_every_claim_on_release_holds(data):
    assert unmet(EXPERIMENT, data) == {}


def test_slope_of_release_agrees_with_its_expansion_to_first_order_in_the_rate(data):
    u0, recovery, facilitation = data["u0"].values, 2.0, 3.33
    alone = u0 * ((1 - u0) / facilitation - u0 / recovery)
    together = u0**2 * (1 - u0) / (recovery + facilitation)
    np.testing.assert_allclose(data["slope_mean_field"], alone, atol=1e-5)
    np.testing.assert_allclose(data["slope_spikes"], alone - together, atol=1e-5)


@pytest.mark.parametrize("u0", [0.6, 0.15])
def test_mean_field_of_the_model_agrees_with_its_closed_form(data, u0):
    p = oracle.STIMBERG | {"U0": u0}
    expected = [oracle.poisson_mean_field(p, rate)[2] for rate in data["rate"].values]
    np.testing.assert_allclose(data[f"mean_{u0}"], expected, rtol=1e-9)


def test_paired_pulse_ratio_agrees_with_two_updates(data):
    expected = [oracle.paired_pulse_ratio(oracle.STIMBERG | {"U0": u0}, 0.05) for u0 in data["u0"].values]
    np.testing.assert_allclose(data["pair_ratio"], expected, rtol=1e-6)


def test_calcium_stays_above_the_threshold_of_release_beyond_the_jump(data):
    assert float(data["calcium_beyond_jump"]) > 0.5
