"""Mitochondria: verdicts, a blocked uniporter fails them, the figure is drawn."""

from tripartite.experiments.mitochondria import MitochondrialBursts

from .verdicts import unmet

EXPERIMENT = MitochondrialBursts()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 4
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)
