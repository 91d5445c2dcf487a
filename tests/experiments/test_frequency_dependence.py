"""Synapses by the rate of spikes: verdicts, and the printed utilization, which gives other responses."""

import pytest

from tripartite.experiments.frequency_dependence import FrequencyDependence


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = FrequencyDependence()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_other_utilizations_fail():
    experiment = FrequencyDependence()
    models = experiment.models()
    models["depressing"] = models["depressing"].replace({"u0": 0.5})
    models["facilitating"] = models["facilitating"].replace({"u0": 0.5})
    found = verdicts(experiment, models)[1]
    assert found["Active after a spike, depressing, 10 Hz"] == "fail"
    assert found["The second response of the facilitating synapse is larger than the first"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(FrequencyDependence().figure(ran[0]).axes) == 3
