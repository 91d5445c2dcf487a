"""Slow inward currents: verdicts, and a threshold, a scale and time constants that are off."""

import numpy as np
import pytest

from tripartite.experiments.slow_inward_current import SlowInwardCurrents
from tripartite.units import ms, uM


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = SlowInwardCurrents()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_another_threshold_and_another_rise_fail():
    experiment = SlowInwardCurrents()
    models = experiment.models()
    models["form"] = models["form"].replace({"sic_threshold": 0.197 * uM})
    models["astrocyte"] = models["astrocyte"].replace({"sic_threshold": 0.25 * uM})
    models["course"] = models["course"].replace({"sic_rise": 60 * ms})
    found = verdicts(experiment, models)[1]
    assert found["Current at 0.2 µM calcium"] == found["First millisecond with current"] == "fail"
    assert found["It comes ln(600 / 30) / (1 / 30 - 1 / 600) ms after the release"] == "fail"
    assert found["Peak depolarisation after a release of everything"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(SlowInwardCurrents().figure(ran[0]).axes) == 5


def test_the_density_is_the_current_times_its_factor(ran):
    data = ran[0]
    np.testing.assert_allclose(data["density"], 2.11 * data["current"], rtol=1e-12)
