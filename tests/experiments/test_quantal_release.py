"""Quantal release: verdicts, and vesicles that fuse otherwise or never recover."""

import pytest

from tripartite.experiments.quantal_release import QuantalRelease
from tripartite.units import s


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = QuantalRelease()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_another_probability_and_no_recovery_fail():
    experiment = QuantalRelease()
    models = experiment.models()
    models["quantal"] = models["quantal"].replace({"fraction": 0.7})
    models["vesicles"] = models["vesicles"].replace({"recovery": 0 / s})
    found = verdicts(experiment, models)[1]
    assert found["Mean of the first release"] == "fail"
    assert found["Squared coefficient of variation of the first release"] == "fail"
    assert found["Six quantal releases follow the model without chance in the mean (standard errors)"] == "fail"
    assert found["So does graded release by vesicles (standard errors)"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(QuantalRelease().figure(ran[0]).axes) == 4
