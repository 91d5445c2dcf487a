"""Synapses by the rate of spikes: verdicts, and the printed utilization, which gives other responses."""

from tripartite.experiments.frequency_dependence import FrequencyDependence

from .verdicts import quick, unmet, verdicts

EXPERIMENT = FrequencyDependence()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_other_utilizations_fail():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, depressing={"u0": 0.5}, facilitating={"u0": 0.5}))
    assert found["Active after a spike, depressing, 10 Hz"] == "fail"
    assert found["The second response of the facilitating synapse is larger than the first"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 3
