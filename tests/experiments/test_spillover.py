"""Spillover between synapses: verdicts, and what keeps a single synapse apart."""

from tripartite.experiments.spillover import SpilloverCooperation

from .verdicts import unmet

EXPERIMENT = SpilloverCooperation()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_single_synapse_is_kept_apart_by_diffusion(data):
    alone = float(data["opened_blocked"][0] / data["opened_normal"][0])
    together = float(data["opened_blocked"][-1] / data["opened_normal"][-1])
    assert alone < 1.1 and together > 2


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
