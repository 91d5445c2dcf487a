"""Magnesium unblock in ten states: verdicts, and the fit of its components."""

import numpy as np

from tripartite.experiments.kampa_nmda import KampaUnblock
from tripartite.experiments.nmda_measures import fitted

from .verdicts import unmet

EXPERIMENT = KampaUnblock()


def test_every_statement_holds_but_for_the_slower_component(data):
    little = [claim.statement for claim in EXPERIMENT.claims if claim.number.startswith("little")]
    assert unmet(EXPERIMENT, data) == dict.fromkeys(["Slower component of 4 ms", *little], "fail")
    assert 3.48 < float(data["tau_slow"]) < 3.5


def test_three_exponentials_are_found_again():
    moment = np.geomspace(0.01, 1000, 251)
    tau, amplitude = np.array([0.1, 4.0, 300.0]), np.array([[2.0, 1.0, 0.5], [0.5, 1.0, 3.0]])
    course = amplitude @ (1 - np.exp(-moment / tau[:, None]))
    found = fitted(moment, course)
    np.testing.assert_allclose(found[0], tau, rtol=1e-6, atol=0)
    np.testing.assert_allclose(found[1], amplitude, rtol=1e-6, atol=0)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
