"""The receptor with all its states: verdicts, an independent continuation, and a receptor that fails them."""

import numpy as np
import pytest

from tests.oracles import calcium_release_scipy as independent
from tripartite.experiments import experiment

from .verdicts import unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = experiment("deyoung-keizer1992-receptor")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


@pytest.mark.parametrize(("which", "low", "high"), [("lower", 0.34, 0.4), ("upper", 0.58, 0.65)])
def test_hopf_points_are_those_of_all_eight_states(which, low, high, data):
    value, _, period = independent.hopf(
        lambda y, ip3: independent.de_young_keizer(y, ip3, independent.CELL),
        lambda ip3: independent.de_young_keizer_rest(ip3, independent.CELL, 1e-4, 1.6),
        low,
        high,
    )
    assert float(data[f"full_{which}_hopf"]) == pytest.approx(value, rel=1e-6)
    assert float(data[f"full_{which}_period"]) == pytest.approx(period, rel=1e-6)


def test_the_branch_rests_where_all_eight_states_balance(data):
    for ip3, ca in zip(data["full_at"].values[::40], data["full_rest"].values[::40], strict=True):
        rest = independent.de_young_keizer_rest(ip3, independent.CELL, 1e-4, 1.6)
        assert ca == pytest.approx(rest[0], rel=1e-8)


def test_the_open_fraction_is_the_cube_of_one_of_eight_states(data):
    expected = [
        [independent.open_probability(ca, ip3) for ca in data["clamped"].values] for ip3 in data["level"].values
    ]
    np.testing.assert_allclose(data["open"].values, expected, rtol=1e-5)


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
