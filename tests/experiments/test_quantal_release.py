"""Quantal release: verdicts and figure."""

from tripartite.experiments.quantal_release import QuantalRelease

from .verdicts import unmet

EXPERIMENT = QuantalRelease()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
