"""Carriers that move charge: verdicts, and another stoichiometry of ions and affinities that fail them."""

from tripartite.experiments import ion_carriers
from tripartite.experiments.ion_carriers import IonCarriers
from tripartite.parameters import huguet2016
from tripartite.units import mM

from .verdicts import numbered, unmet

EXPERIMENT = IonCarriers()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_an_exchanger_in_other_salt_turns_elsewhere():
    model = EXPERIMENT.models()["exchanger"].replace({"sodium_out": 140 * mM})
    assert set(numbered(EXPERIMENT, ion_carriers._exchange(model)).values()) == {"fail", "pass"}
    assert numbered(EXPERIMENT, ion_carriers._exchange(model))["turns_15"] == "fail"
    assert numbered(EXPERIMENT, ion_carriers._equilibrium(model))["equilibrium"] == "fail"


def test_other_affinities_of_the_pump_fail():
    models = EXPERIMENT.models()
    models["pump"] = models["pump"].using(huguet2016.PUMP)
    found = numbered(EXPERIMENT, ion_carriers._pumped(models, 3))
    assert found == {"pump_10_3": "fail", "pump_15_8": "fail", "pump_ratio": "pass"}


def test_uptake_that_carries_another_charge_or_feels_another_voltage_fails():
    model = EXPERIMENT.models()["uptake"]
    assert numbered(EXPERIMENT, ion_carriers._pulse(model.replace({"charges": 3.0})))["charges"] == "fail"
    assert numbered(EXPERIMENT, ion_carriers._uptake(model.replace({"steepness": "0.0204 1/mV"})))["slowed"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
