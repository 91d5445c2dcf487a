"""Uptake slowed by bursts: verdicts, and saturation."""

from tripartite.experiments.slowed_uptake import SlowedUptake

from .verdicts import unmet

EXPERIMENT = SlowedUptake()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_saturation_shows_where_glutamate_is_plenty(data):
    assert float(data["saturated"]) > 1.2 > float(data["by_amount"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
