"""Diffusion of calcium: verdicts, and a wrong coefficient that fails them."""

from tripartite.experiments.calcium_diffusion import CalciumDiffusion

from .verdicts import unmet

EXPERIMENT = CalciumDiffusion()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
