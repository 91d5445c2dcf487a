"""Spillover between synapses: verdicts, and synapses that do not share their glutamate."""

import pytest

from tripartite.experiments.spillover import SpilloverCooperation
from tripartite.units import s


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = SpilloverCooperation()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_synapses_without_diffusion_between_them_do_not_cooperate():
    experiment = SpilloverCooperation()
    models = {name: model.replace({"surround.diffusion": 0 / s}) for name, model in experiment.models().items()}
    models["density"] = models["density"].replace({"glt": "2800 1/um**3", "glast": "18000 1/um**3"})
    found = verdicts(experiment, models)[1]
    assert found["Transporters in a volume of tissue"] == "fail"
    assert found["More active neighbours open more NMDA receptors"] == "fail"
    assert found["Blocked uptake raises the cooperation"] == "fail"


def test_a_single_synapse_is_kept_apart_by_diffusion(ran):
    alone = float(ran[0]["opened_blocked"][0] / ran[0]["opened_normal"][0])
    together = float(ran[0]["opened_blocked"][-1] / ran[0]["opened_normal"][-1])
    assert alone < 1.1 and together > 2


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(SpilloverCooperation().figure(ran[0]).axes) == 4
