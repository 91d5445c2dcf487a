"""The mean field under gliotransmission: verdicts, and receptors that bind less."""

import pytest

from tripartite.experiments.mean_gliotransmission import MeanGliotransmission


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = MeanGliotransmission()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_receptors_that_bind_a_tenth_fail():
    experiment = MeanGliotransmission()
    models = {name: model.replace({"exposure": 0.325}) for name, model in experiment.models().items()}
    found = verdicts(experiment, models)[1]
    assert found["Regular releases at 0.02 Hz bind 0.774"] == "fail"
    assert found["Threshold of regular releases, depressing synapse"] == "fail"
    assert found["Threshold of Poisson releases, depressing synapse"] == "fail"


def test_irregular_releases_bind_less(ran):
    data = ran[0]
    assert float(data["threshold_poisson"]) > float(data["threshold_depressing"])


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(MeanGliotransmission().figure(ran[0]).axes) == 3
