"""How long gliotransmission is remembered: verdicts and figure."""

from tripartite.experiments.gliotransmission_memory import GliotransmissionMemory

from .verdicts import unmet

EXPERIMENT = GliotransmissionMemory()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
