"""Driven receptors: verdicts and figure."""

from tripartite.experiments.driven_receptors import DrivenReceptors

from .verdicts import unmet

EXPERIMENT = DrivenReceptors()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
