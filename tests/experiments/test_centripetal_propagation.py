"""Calcium on its way to the soma: verdicts, and what fails them."""

from tripartite.experiments.centripetal_propagation import CentripetalPropagation, _measured, _simulated

from .verdicts import unmet

EXPERIMENT = CentripetalPropagation()


def test_every_claim_but_the_travel_time_passes(data):
    assert unmet(EXPERIMENT, data) == {"From distal parts to the soma it takes seconds": "fail"}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 7


def test_weak_receptors_of_noradrenaline_fail_the_claims():
    model = EXPERIMENT.models()["astrocyte"]
    model = model.replace({"v_ne": 0.3 * model["v_ne"]})
    assert _measured("weak", *_simulated(model, 4.0, stimulated=6))["events_weak"] == 0
