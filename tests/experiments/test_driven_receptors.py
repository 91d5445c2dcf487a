"""Driven receptors: verdicts, and an unbinding ten times too fast, one site, and no trapping."""

import pytest

from tripartite.experiments.driven_receptors import DrivenReceptors
from tripartite.units import ms


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = DrivenReceptors()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_broken_receptors_fail():
    experiment = DrivenReceptors()
    models = experiment.models()
    models["pulse"] = models["pulse"].replace({"NmdaKinetics.unbinding": 0.066 / ms, "sites": 1})
    models["trapping"] = models["trapping"].replace({"trapping": 1})
    found = verdicts(experiment, models)[1]
    assert found["Time constant of closing: nmda"] == "fail"
    assert found["Both sites taken at 5 µM D-serine"] == "fail"
    assert found["Trapping: left at −40 mV"] == "fail"
    assert found["Time constant of closing: ampa"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(DrivenReceptors().figure(ran[0]).axes) == 3
