"""The mean field under gliotransmission: verdicts, and irregular releases."""

from tripartite.experiments.mean_gliotransmission import MeanGliotransmission

from .verdicts import unmet

EXPERIMENT = MeanGliotransmission()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_irregular_releases_bind_less(data):
    assert float(data["threshold_poisson"]) > float(data["threshold_depressing"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
