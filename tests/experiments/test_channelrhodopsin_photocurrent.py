"""ChR2: verdicts, and an opsin of another wavelength fails."""

import numpy as np

from tripartite.experiments.channelrhodopsin_photocurrent import Photocurrent

from .verdicts import unmet

EXPERIMENT = Photocurrent()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_spikes_come_with_the_flashes_alone(data):
    after = (data["spikes"].values - 100) % 100
    assert len(after) >= 10 and np.all(after < 40)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
