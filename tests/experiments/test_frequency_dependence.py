"""Synapses by the rate of spikes: verdicts and figure."""

from tripartite.experiments.frequency_dependence import FrequencyDependence

from .verdicts import unmet

EXPERIMENT = FrequencyDependence()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
