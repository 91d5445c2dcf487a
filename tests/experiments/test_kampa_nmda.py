"""Magnesium unblock in ten states: verdicts, and a receptor whose block does not change its gating."""

import numpy as np

from tripartite.experiments.kampa_nmda import KampaUnblock
from tripartite.experiments.nmda_measures import fitted
from tripartite.units import s

from .verdicts import quick, unmet, verdicts

EXPERIMENT = KampaUnblock()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_blocked_receptor_that_gates_like_a_free_one_fails():
    like_free = {
        "unbinding_mg": 5.6 / s,
        "closing_mg": 273 / s,
        "desensitising_mg": 2.2 / s,
        "resensitising_mg": 1.6 / s,
        "deepening_mg": 0.43 / s,
        "lightening_mg": 0.5 / s,
    }
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, **{name: like_free for name in EXPERIMENT.models()}))
    for statement in (
        "Open at −70 mV",
        "Magnesium lowers the affinity for glutamate",
        "Long after glutamate the slower components have a larger share",
        "The timing curve is narrower than with an instantaneous block",
    ):
        assert found[statement] == "fail", statement


def test_three_exponentials_are_found_again():
    moment = np.geomspace(0.01, 1000, 251)
    tau, amplitude = np.array([0.1, 4.0, 300.0]), np.array([[2.0, 1.0, 0.5], [0.5, 1.0, 3.0]])
    course = amplitude @ (1 - np.exp(-moment / tau[:, None]))
    found = fitted(moment, course)
    np.testing.assert_allclose(found[0], tau, rtol=1e-6, atol=0)
    np.testing.assert_allclose(found[1], amplitude, rtol=1e-6, atol=0)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
