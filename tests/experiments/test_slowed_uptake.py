"""Uptake slowed by bursts: verdicts, and slowing that lasts, saturates or is not there."""

import pytest

from tripartite.experiments.slowed_uptake import SlowedUptake
from tripartite.units import ms


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = SlowedUptake()
    return verdicts(experiment, experiment.models())


def failing(changes):
    experiment = SlowedUptake()
    models = experiment.models()
    models["slice"] = models["slice"].replace(changes)
    return {statement for statement, verdict in verdicts(experiment, models)[1].items() if verdict == "fail"}


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


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


def test_saturation_shows_where_glutamate_is_plenty(ran):
    assert float(ran[0]["saturated"]) > 1.2 > float(ran[0]["by_amount"])


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(SlowedUptake().figure(ran[0]).axes) == 4
