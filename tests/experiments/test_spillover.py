"""Spillover between synapses: verdicts, and what keeps a single synapse apart."""

from tripartite.experiments.spillover import SpilloverCooperation

from .verdicts import unmet

EXPERIMENT = SpilloverCooperation()


def test_only_what_well_mixed_spaces_cannot_give_fails(data):
    assert unmet(EXPERIMENT, data) == {
        "In the cleft glutamate decays with": "fail",
        "Around the synapse it decays with": "fail",
        "Fivefold slower diffusion changes the time of uptake by less than a fifth": "fail",
    }


def test_a_cleft_without_reuptake_decays_as_it_escapes(data):
    assert 1200 < 1000 * float(data["decay_cleft"]) < 1200 * (1 + 0.015)  # what comes back is a ratio of volumes


def test_a_single_synapse_is_kept_apart_by_diffusion(data):
    alone = float(data["opened_blocked"][0] / data["opened_normal"][0])
    together = float(data["opened_blocked"][-1] / data["opened_normal"][-1])
    assert alone < 1.1 and together > 2


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
