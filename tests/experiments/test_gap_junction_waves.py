"""Waves along chains and through cubes: verdicts, and what breaks them."""

import pytest

from tripartite.experiments.gap_junction_waves import GapJunctionWaves

from .verdicts import unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = GapJunctionWaves()


def test_every_claim_but_that_on_slowing_passes(data):
    assert unmet(EXPERIMENT, data) == {
        "It slows while it spreads": "fail",
        "For 350 µm more it keeps its pace": "fail",
    }


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
