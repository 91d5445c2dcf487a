"""Ullah's astrocyte: verdicts, its Hopf point, and a wrong resting level."""

from tripartite.experiments import experiment
from tripartite.units import uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = experiment("ullah2006-hopf")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_another_resting_level_of_ip3_moves_the_hopf_point_and_fails_the_claims():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, astrocyte={"ip3_rest": 0.2 * uM}))
    assert found["Hopf point"] == "fail"
    assert found["Period at 0.6 µM/s"] == "fail"


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
