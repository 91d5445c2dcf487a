"""Spillover between synapses: verdicts, and synapses that do not share their glutamate."""

from tripartite.experiments.spillover import SpilloverCooperation
from tripartite.units import s

from .verdicts import quick, unmet, verdicts

EXPERIMENT = SpilloverCooperation()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_synapses_without_diffusion_between_them_do_not_cooperate():
    changes = {name: {"surround.diffusion": 0 / s} for name in EXPERIMENT.models()}
    changes["density"] |= {"glt": "2800 1/um**3", "glast": "18000 1/um**3"}
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, **changes))
    assert found["Transporters in a volume of tissue"] == "fail"
    assert found["More active neighbours open more NMDA receptors"] == "fail"
    assert found["Blocked uptake raises the cooperation"] == "fail"


def test_a_single_synapse_is_kept_apart_by_diffusion(data):
    alone = float(data["opened_blocked"][0] / data["opened_normal"][0])
    together = float(data["opened_blocked"][-1] / data["opened_normal"][-1])
    assert alone < 1.1 and together > 2


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
