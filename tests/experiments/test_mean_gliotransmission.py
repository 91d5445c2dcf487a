"""The mean field under gliotransmission: verdicts, and receptors that bind less."""

from tripartite.experiments.mean_gliotransmission import MeanGliotransmission

from .verdicts import quick, unmet, verdicts

EXPERIMENT = MeanGliotransmission()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_receptors_that_bind_a_tenth_fail():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, **{name: {"exposure": 0.325} for name in EXPERIMENT.models()}))
    assert found["Regular releases at 0.02 Hz bind 0.774"] == "fail"
    assert found["Threshold of regular releases, depressing synapse"] == "fail"
    assert found["Threshold of Poisson releases, depressing synapse"] == "fail"


def test_irregular_releases_bind_less(data):
    assert float(data["threshold_poisson"]) > float(data["threshold_depressing"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
