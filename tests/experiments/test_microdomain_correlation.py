"""Correlation of processes: verdicts, and what fails them."""

from tripartite.experiments.microdomain_correlation import MicrodomainCorrelation

from .verdicts import unmet

EXPERIMENT = MicrodomainCorrelation()


def test_every_claim_but_that_on_activity_passes(data):
    assert unmet(EXPERIMENT, data) == {"Independent processes are nearly twice as active": "fail"}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
