"""Calcium on its way to the soma: verdicts, and what fails them."""

from tripartite.experiments.centripetal_propagation import CentripetalPropagation

from .verdicts import unmet

EXPERIMENT = CentripetalPropagation()


def test_every_claim_but_the_travel_time_passes(data):
    assert unmet(EXPERIMENT, data) == {"From distal parts to the soma it takes seconds": "fail"}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 7
