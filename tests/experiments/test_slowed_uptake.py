"""Uptake slowed by bursts: verdicts, and slowing that lasts, saturates or is not there."""

from tripartite.experiments.slowed_uptake import SlowedUptake
from tripartite.units import ms

from .verdicts import quick, unmet, verdicts

EXPERIMENT = SlowedUptake()


def failing(changes):
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, slice=changes))
    return {statement for statement, verdict in found.items() if verdict == "fail"}


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_slowing_that_lasts_too_long_fails():
    found = failing({"active.tau_spikes": 100 * ms, "neighbour.tau_spikes": 100 * ms})
    assert "Fifty ms after the burst uptake is normal, within 10 %" in found


def test_uptake_without_slowing_fails():
    found = failing({"active.largest_slowing": 1, "neighbour.largest_slowing": 1})
    assert "Bursts slow uptake at most threefold, the strongest more than twofold" in found
    assert "Slowed uptake opens more NMDA receptors" in found


def test_a_neighbour_that_one_spike_slows_fails():
    found = failing({"neighbour.largest_slowing": 30})
    assert "At the neighbour uptake stays normal" in found


def test_saturation_shows_where_glutamate_is_plenty(data):
    assert float(data["saturated"]) > 1.2 > float(data["by_amount"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
