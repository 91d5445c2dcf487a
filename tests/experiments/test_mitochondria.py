"""Mitochondria: verdicts, a blocked uniporter fails them, the figure is drawn."""

from tripartite.experiments.mitochondria import MitochondrialBursts

from .verdicts import numbered, quick, unmet

EXPERIMENT = MitochondrialBursts()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_weaker_uniporter_gives_other_bursts_and_conserves_calcium_as_well():
    found = numbered(EXPERIMENT, quick(EXPERIMENT, cell={"uniporter": "150 uM/s"}))
    assert "pass" not in {found["maxima_at_4100"], found["mito_least_at_4100"], found["ca_largest_at_4100"]}
    assert found["lost"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 4
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)
