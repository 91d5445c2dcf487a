"""Spontaneous oscillations: verdicts, and what a wrong ER leak does to them."""

from tripartite.experiments import experiment
from tripartite.units import s

from .verdicts import quick, unmet, verdicts

EXPERIMENT = experiment("lavrentovich2008-spontaneous")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_another_leak_of_the_store_fails_the_claims():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, astrocyte={"leak": 0.55 / s}))
    assert found["Period at an entry of 0.05 µM/s"] == "fail"
    assert found["Upper Hopf point"] == "fail"
    assert found["Calcium rests at an entry of 0.02 µM/s"] == "pass"


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
