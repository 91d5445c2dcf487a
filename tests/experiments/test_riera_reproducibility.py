"""The reproducibility case: verdicts."""

from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("riera2011-reproducibility")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
