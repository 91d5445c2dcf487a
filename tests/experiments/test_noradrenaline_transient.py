"""Noradrenaline: verdicts, and another affinity fails."""

from tripartite.experiments.noradrenaline_transient import NoradrenalineTransient
from tripartite.units import uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = NoradrenalineTransient()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_receptors_without_the_action_of_calcium_on_them_fail():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, receptor={"k_ne_pkc": 0 * uM}))
    assert found["Affinity at 0.069 µM calcium"] == "fail"
    assert found["Effective occupancy at 79 µM"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
