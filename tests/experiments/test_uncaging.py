"""Uncaging at a place: verdicts, and another loss, coupling and receptor that fail them."""

from tripartite.experiments import uncaging
from tripartite.experiments.uncaging import UncagingAtAPlace

from .verdicts import numbered, unmet

EXPERIMENT = UncagingAtAPlace()


def test_every_claim_but_the_reach_of_calcium_passes(data):
    assert unmet(EXPERIMENT, data) == {"Hindered IP3 excites the astrocyte no farther than 5 µm": "fail"}


def test_another_coefficient_of_diffusion_fails(monkeypatch):
    monkeypatch.setitem(uncaging.DIFFUSION, "hindered", 13.0)
    found = numbered(EXPERIMENT, uncaging._flash(EXPERIMENT.models()["ip3"], "hindered", 2.0))
    assert found["range_hindered"] == found["spread_hindered"] == "fail"


def test_slow_ip3_excites_a_shorter_stretch(data):
    assert 0 < float(data["length_hindered"]) < float(data["length_free"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 7
