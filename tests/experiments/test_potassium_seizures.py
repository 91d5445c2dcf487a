"""Seizures in raised potassium: verdicts, bursts, the figure."""

import numpy as np

from tripartite.experiments.potassium_seizures import PotassiumSeizures, burst_starts

from .verdicts import unmet

EXPERIMENT = PotassiumSeizures()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_burst_begins_after_a_pause():
    spikes = np.array([0.0, 0.1, 0.2, 5.0, 5.5, 9.0])
    np.testing.assert_array_equal(burst_starts(spikes), [0.0, 5.0, 9.0])
    assert len(burst_starts(np.array([]))) == 0


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
