"""The reproducibility case: verdicts, and a plasma membrane that would have kept the oscillation."""

from tripartite.experiments import experiment
from tripartite.units import s, uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = experiment("riera2011-reproducibility")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_more_entry_would_have_kept_the_oscillation_and_fails_the_claims():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, open={"entry": 0.075 * uM / s}))
    assert found["Open cell: calcium comes to rest"] == "fail"
    assert found["Open cell: the total ends below the Hopf point of the held cell"] == "fail"
    assert found["Held total: period"] == "pass"


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
