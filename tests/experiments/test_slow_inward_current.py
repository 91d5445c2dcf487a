"""Slow inward currents: verdicts, and the density beside the current."""

import numpy as np

from tripartite.experiments.slow_inward_current import SlowInwardCurrents

from .verdicts import unmet

EXPERIMENT = SlowInwardCurrents()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 5


def test_the_density_is_the_current_times_its_factor(data):
    np.testing.assert_allclose(data["density"], 2.11 * data["current"], rtol=1e-12)
