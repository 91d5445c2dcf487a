"""Routes of gliotransmitter: verdicts, and slower clearance, another uptake and slower channels."""

from tripartite.experiments.release_routes import ReleaseRoutes

from .verdicts import unmet

EXPERIMENT = ReleaseRoutes()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
