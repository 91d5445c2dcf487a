"""Carriers that move charge: verdicts, and another stoichiometry of ions and affinities that fail them."""

import pytest
import xarray as xr

from tripartite.experiments import ion_carriers
from tripartite.experiments.ion_carriers import IonCarriers
from tripartite.parameters import huguet2016
from tripartite.units import mM


def judged(found):
    made = found if isinstance(found, xr.Dataset) else xr.Dataset(found)
    return {claim.number: claim.judge(made)["verdict"] for claim in IonCarriers.claims if claim.number in made}


@pytest.fixture(scope="module")
def data():
    experiment = IonCarriers()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    assert set(judged(data).values()) == {"pass"}, judged(data)


def test_an_exchanger_in_other_salt_turns_elsewhere():
    model = IonCarriers().models()["exchanger"].replace({"sodium_out": 140 * mM})
    assert set(judged(ion_carriers._exchange(model)).values()) == {"fail", "pass"}
    assert judged(ion_carriers._exchange(model))["turns_15"] == "fail"
    assert judged(ion_carriers._equilibrium(model))["equilibrium"] == "fail"


def test_other_affinities_of_the_pump_fail():
    models = IonCarriers().models()
    models["pump"] = models["pump"].using(huguet2016.PUMP)
    found = judged(ion_carriers._pumped(models, 3))
    assert found == {"pump_10_3": "fail", "pump_15_8": "fail", "pump_ratio": "pass"}


def test_uptake_that_carries_another_charge_or_feels_another_voltage_fails():
    model = IonCarriers().models()["uptake"]
    assert judged(ion_carriers._pulse(model.replace({"charges": 3.0})))["charges"] == "fail"
    assert judged(ion_carriers._uptake(model.replace({"steepness": "0.0204 1/mV"})))["slowed"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(IonCarriers().figure(data).axes) == 4
