"""Scaling by TNF-alpha: verdicts, and the stability that the equations promise."""

import numpy as np
import pytest

from tripartite.experiments.tnf_scaling import GlialScaling

from .verdicts import quick, unmet

EXPERIMENT = GlialScaling()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


@pytest.mark.parametrize("steepness, settles", [(30, True), (40, False)])
def test_the_balance_is_stable_up_to_the_steepness_of_routh(steepness, settles):
    # 12 x^3 + 13 x^2 + x + 0.0625 n / 2 = 0 has all roots on the left for n < 13 / 12 / 0.03125 = 34.7.
    off = np.abs(quick(EXPERIMENT, loop={"steepness": steepness})["disturbance"].values)
    assert (off[-300:].max() < off[300:600].max()) == settles


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
