"""Potassium during minutes of stimulation: a model without a pump neither sags nor undershoots."""

from tripartite.experiments.potassium_sag import PotassiumSag

from .verdicts import unmet

EXPERIMENT = PotassiumSag()


def test_only_the_missing_sag_without_kir_is_met(data):
    assert len(unmet(EXPERIMENT, data)) == 6
    assert "Without Kir4.1 it does not sag" not in unmet(EXPERIMENT, data)
    assert float(data["fall_control"]) < 0.2 < 1 < float(data["rise_blocked"])


def test_an_astrocyte_on_its_syncytium_has_the_resistance_of_its_conductances(data):
    assert 480 < float(data["resistance"]) < 500  # MΩ: 1 / 2 nS, and a little Kir4.1 beside


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 2
