"""Noradrenaline: verdicts, and another affinity fails."""

from tripartite.experiments.noradrenaline_transient import NoradrenalineTransient

from .verdicts import unmet

EXPERIMENT = NoradrenalineTransient()


def test_every_claim_but_that_on_the_knockout_passes(data):
    assert unmet(EXPERIMENT, data) == {"Without IP3R2 some of it remains": "fail"}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
