"""Quantal release: verdicts, and vesicles that fuse otherwise or never recover."""

from tripartite.experiments.quantal_release import QuantalRelease
from tripartite.units import s

from .verdicts import quick, unmet, verdicts

EXPERIMENT = QuantalRelease()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_another_probability_and_no_recovery_fail():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, quantal={"fraction": 0.7}, vesicles={"recovery": 0 / s}))
    assert found["Mean of the first release"] == "fail"
    assert found["Squared coefficient of variation of the first release"] == "fail"
    assert found["Six quantal releases follow the model without chance in the mean (standard errors)"] == "fail"
    assert found["So does graded release by vesicles (standard errors)"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
