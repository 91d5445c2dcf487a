"""The bifurcation experiment meets its claims, and its numbers those of an independent script."""

import numpy as np
import pytest
from tests.oracles import li_rinzel_scipy

from tripartite.experiments import experiment


@pytest.fixture(scope="module")
def chosen():
    return experiment("lirinzel1994-bifurcation")


@pytest.fixture(scope="module")
def data(chosen):
    return chosen.run(chosen.models(), quick=True)


def test_all_claims_pass(chosen, data):
    assert {claim["verdict"] for claim in chosen.judge(data)} == {"pass"}


@pytest.mark.parametrize("cell", ["am", "fm"])
def test_special_points_are_those_of_determinant_and_trace(cell, data):
    parameters = getattr(li_rinzel_scipy, cell.upper())
    expected = [point[:2] for point in li_rinzel_scipy.hopf_points(parameters)] + li_rinzel_scipy.folds(parameters)
    np.testing.assert_allclose(sorted(map(tuple, data[f"{cell}_special"].values)), sorted(expected), rtol=1e-7)


def test_another_affinity_moves_the_hopf_points_and_fails_the_claims(chosen):
    models = chosen.models()
    models["am"] = models["am"].replace({"k_serca": models["fm"]["k_serca"] * 1.8})
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(chosen.run(models, quick=True))}
    assert verdicts["AM: lower Hopf point"] == "fail"
    assert verdicts["FM: lower fold"] == "pass"


def test_the_figure_labels_every_axis(chosen, data):
    for panel in chosen.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
