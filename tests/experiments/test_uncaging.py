"""Uncaging at a place: verdicts, and another loss, coupling and receptor that fail them."""

from tripartite.experiments import uncaging
from tripartite.experiments.uncaging import UncagingAtAPlace
from tripartite.units import s

from .verdicts import numbered, unmet

EXPERIMENT = UncagingAtAPlace()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_slower_loss_reaches_too_far_and_spreads_alike():
    model = EXPERIMENT.models()["ip3"].replace({"ip3_tau": 3 * s})
    found = numbered(EXPERIMENT, uncaging._flash(model, "free", 2.0))
    assert found["range_free"] == found["loss"] == "fail"
    assert found["spread_free"] == "pass"


def test_another_coefficient_of_diffusion_fails(monkeypatch):
    monkeypatch.setitem(uncaging.DIFFUSION, "hindered", 13.0)
    found = numbered(EXPERIMENT, uncaging._flash(EXPERIMENT.models()["ip3"], "hindered", 2.0))
    assert found["range_hindered"] == found["spread_hindered"] == "fail"


def test_a_receptor_that_stays_active_fails():
    found = numbered(EXPERIMENT, uncaging._lit(EXPERIMENT.models()["light"].replace({"optogq_off": 8 * s})))
    assert found["light_off"] == found["half_light"] == "fail"


def test_slow_ip3_excites_a_shorter_stretch(data):
    assert 0 < float(data["length_hindered"]) < float(data["length_free"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 7
