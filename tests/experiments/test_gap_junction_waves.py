"""Waves along chains and through cubes: verdicts, and what breaks them."""

import numpy as np

from tripartite.experiments.gap_junction_waves import GapJunctionWaves, _chain

from .verdicts import unmet

EXPERIMENT = GapJunctionWaves()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4


def test_faster_degradation_of_ip3_fails_the_pace():
    models = EXPERIMENT.models()
    models["astrocyte"] = models["astrocyte"].replace({"r_5p": 1.15 * models["astrocyte"]["r_5p"]})
    front = _chain(models, "sigmoid_500", 200.0)
    claim = next(c for c in EXPERIMENT.claims if c.number == "pace_sigmoid_500")
    low, high = claim._allowed()
    pace = (front[20] - front[5]) / 15
    assert np.isnan(pace) or not low <= pace <= high
