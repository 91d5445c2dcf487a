"""G-ChI with protein kinase C: verdicts, and a receptor without its kinase that fails them."""

from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("depitta2019-kinase")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
