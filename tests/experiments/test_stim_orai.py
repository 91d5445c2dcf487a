"""STIM and Orai: verdicts, another affinity fails them, the figure is drawn."""

from tripartite.experiments.stim_orai import StimOraiOscillations

from .verdicts import unmet

EXPERIMENT = StimOraiOscillations()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_entry_opens_late_only_through_the_slow_gate(data):
    assert float(data["onset_half"]) < 1 < 3 < float(data["slow_onset_half"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 4
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)
