"""Uncaging at a place: verdicts, and another loss, coupling and receptor that fail them."""

import pytest
import xarray as xr

from tripartite.experiments import uncaging
from tripartite.experiments.uncaging import UncagingAtAPlace
from tripartite.units import s


def judged(found):
    made = found if isinstance(found, xr.Dataset) else xr.Dataset(found)
    return {claim.number: claim.judge(made)["verdict"] for claim in UncagingAtAPlace.claims if claim.number in made}


@pytest.fixture(scope="module")
def data():
    experiment = UncagingAtAPlace()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    assert set(judged(data).values()) == {"pass"}, judged(data)


def test_slower_loss_reaches_too_far_and_spreads_alike():
    model = UncagingAtAPlace().models()["ip3"].replace({"ip3_tau": 3 * s})
    found = judged(uncaging._flash(model, "free", 2.0))
    assert found["range_free"] == found["loss"] == "fail"
    assert found["spread_free"] == "pass"


def test_another_coefficient_of_diffusion_fails(monkeypatch):
    monkeypatch.setitem(uncaging.DIFFUSION, "hindered", 13.0)
    found = judged(uncaging._flash(UncagingAtAPlace().models()["ip3"], "hindered", 2.0))
    assert found["range_hindered"] == found["spread_hindered"] == "fail"


def test_a_receptor_that_stays_active_fails():
    found = judged(uncaging._lit(UncagingAtAPlace().models()["light"].replace({"optogq_off": 8 * s})))
    assert found["light_off"] == found["half_light"] == "fail"


def test_slow_ip3_excites_a_shorter_stretch(data):
    assert 0 < float(data["length_hindered"]) < float(data["length_free"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(UncagingAtAPlace().figure(data).axes) == 7
