"""Scaling by TNF-alpha: verdicts, glia too steep for a stable balance, and the stability that the equations promise."""

import numpy as np
import pytest

from tripartite.experiments.tnf_scaling import GlialScaling


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = GlialScaling()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_deaf_glia_and_stronger_scaling_fail():
    experiment = GlialScaling()
    models = experiment.models()
    models["loop"] = models["loop"].replace({"steepness": 0})
    models["synapses"] = models["synapses"].replace({"excitatory_gain": 0.6})
    found = verdicts(experiment, models)[1]
    assert found["Glia bring the rate back to its target of 5 Hz"] == "fail"
    assert found["Over-expression: the rate grows by this factor a day"] == "fail"
    assert found["Period of that return"] in ("fail", "ambiguous")


@pytest.mark.parametrize("steepness, settles", [(30, True), (40, False)])
def test_the_balance_is_stable_up_to_the_steepness_of_routh(steepness, settles):
    # 12 x^3 + 13 x^2 + x + 0.0625 n / 2 = 0 has all roots on the left for n < 13 / 12 / 0.03125 = 34.7.
    experiment = GlialScaling()
    models = experiment.models()
    models["loop"] = models["loop"].replace({"steepness": steepness})
    off = np.abs(experiment.run(models, quick=True)["disturbance"].values)
    assert (off[-300:].max() < off[300:600].max()) == settles


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(GlialScaling().figure(ran[0]).axes) == 3
