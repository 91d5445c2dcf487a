"""Driven receptors: verdicts, and an unbinding ten times too fast, one site, and no trapping."""

from tripartite.experiments.driven_receptors import DrivenReceptors
from tripartite.units import ms

from .verdicts import quick, unmet, verdicts

EXPERIMENT = DrivenReceptors()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_broken_receptors_fail():
    found = verdicts(
        EXPERIMENT,
        quick(EXPERIMENT, pulse={"NmdaKinetics.unbinding": 0.066 / ms, "sites": 1}, trapping={"trapping": 1}),
    )
    assert found["Time constant of closing: nmda"] == "fail"
    assert found["Both sites taken at 5 µM D-serine"] == "fail"
    assert found["Trapping: left at −40 mV"] == "fail"
    assert found["Time constant of closing: ampa"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
