"""Slow inward currents: verdicts, and a threshold, a scale and time constants that are off."""

import numpy as np

from tripartite.experiments.slow_inward_current import SlowInwardCurrents
from tripartite.units import ms, uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = SlowInwardCurrents()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_another_threshold_and_another_rise_fail():
    found = verdicts(
        EXPERIMENT,
        quick(
            EXPERIMENT,
            form={"sic_threshold": 0.197 * uM},
            astrocyte={"sic_threshold": 0.25 * uM},
            course={"sic_rise": 60 * ms},
        ),
    )
    assert found["Current at 0.2 µM calcium"] == found["First millisecond with current"] == "fail"
    assert found["It comes ln(600 / 30) / (1 / 30 - 1 / 600) ms after the release"] == "fail"
    assert found["Peak depolarisation after a release of everything"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 5


def test_the_density_is_the_current_times_its_factor(data):
    np.testing.assert_allclose(data["density"], 2.11 * data["current"], rtol=1e-12)
