"""Calcium on its way to the soma: verdicts, and what fails them."""

import pytest

from tripartite.experiments.centripetal_propagation import CentripetalPropagation, _measured, _simulated


@pytest.fixture(scope="module")
def data():
    experiment = CentripetalPropagation()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in CentripetalPropagation().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(CentripetalPropagation().figure(data).axes) == 7


def test_weak_receptors_of_noradrenaline_fail_the_claims():
    model = CentripetalPropagation().models()["astrocyte"]
    model = model.replace({"v_ne": 0.3 * model["v_ne"]})
    assert _measured("weak", *_simulated(model, 4.0, stimulated=6))["events_weak"] == 0
