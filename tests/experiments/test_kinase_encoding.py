"""G-ChI with protein kinase C: verdicts, and a receptor without its kinase that fails them."""

from tripartite.experiments import experiment
from tripartite.units import s, uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = experiment("depitta2019-kinase")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_kinase_that_does_not_reach_the_receptor_fails_the_claims():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, kinase={"phosphorylation": 0 / uM / s}))
    assert found["The kinase moves the oscillation to more glutamate"] == "fail"
    assert found["At the same glutamate the kinase slows the oscillation"] == "fail"
    assert found["Period with no kinase at 1.5 µM glutamate"] == "pass"


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
