"""Ullah's astrocyte: verdicts, its Hopf point, and a wrong resting level."""

import pytest

from tripartite.experiments import experiment
from tripartite.units import uM


@pytest.fixture(scope="module")
def chosen():
    return experiment("ullah2006-hopf")


@pytest.fixture(scope="module")
def data(chosen):
    return chosen.run(chosen.models(), quick=True)


def test_all_claims_pass(chosen, data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in chosen.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_another_resting_level_of_ip3_moves_the_hopf_point_and_fails_the_claims(chosen):
    models = {"astrocyte": chosen.models()["astrocyte"].replace({"ip3_rest": 0.2 * uM})}
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(chosen.run(models, quick=True))}
    assert verdicts["Hopf point"] == "fail"
    assert verdicts["Period at 0.6 µM/s"] == "fail"


def test_the_figure_labels_every_axis(chosen, data):
    for panel in chosen.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
