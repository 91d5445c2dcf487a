"""The bifurcation experiment meets its claims, and its numbers those of an independent script."""

import numpy as np
import pytest

from tests.oracles import li_rinzel_scipy
from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("lirinzel1994-bifurcation")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


@pytest.mark.parametrize("cell", ["am", "fm"])
def test_special_points_are_those_of_determinant_and_trace(cell, data):
    parameters = getattr(li_rinzel_scipy, cell.upper())
    expected = [point[:2] for point in li_rinzel_scipy.hopf_points(parameters)] + li_rinzel_scipy.folds(parameters)
    np.testing.assert_allclose(sorted(map(tuple, data[f"{cell}_special"].values)), sorted(expected), rtol=1e-7)


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
