"""Spontaneous oscillations: verdicts, and what a wrong ER leak does to them."""

from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("lavrentovich2008-spontaneous")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
