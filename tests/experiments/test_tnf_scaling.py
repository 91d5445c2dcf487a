"""Scaling by TNF-alpha: verdicts, glia too steep for a stable balance, and the stability that the equations promise."""

import numpy as np
import pytest

from tripartite.experiments.tnf_scaling import GlialScaling

from .verdicts import quick, unmet, verdicts

EXPERIMENT = GlialScaling()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_deaf_glia_and_stronger_scaling_fail():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, loop={"steepness": 0}, synapses={"excitatory_gain": 0.6}))
    assert found["Glia bring the rate back to its target of 5 Hz"] == "fail"
    assert found["Over-expression: the rate grows by this factor a day"] == "fail"
    assert found["Period of that return"] in ("fail", "ambiguous")


@pytest.mark.parametrize("steepness, settles", [(30, True), (40, False)])
def test_the_balance_is_stable_up_to_the_steepness_of_routh(steepness, settles):
    # 12 x^3 + 13 x^2 + x + 0.0625 n / 2 = 0 has all roots on the left for n < 13 / 12 / 0.03125 = 34.7.
    off = np.abs(quick(EXPERIMENT, loop={"steepness": steepness})["disturbance"].values)
    assert (off[-300:].max() < off[300:600].max()) == settles


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
