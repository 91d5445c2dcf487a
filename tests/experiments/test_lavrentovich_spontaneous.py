"""Spontaneous oscillations: verdicts, and what a wrong ER leak does to them."""

import pytest

from tripartite.experiments import experiment
from tripartite.units import s


@pytest.fixture(scope="module")
def chosen():
    return experiment("lavrentovich2008-spontaneous")


@pytest.fixture(scope="module")
def data(chosen):
    return chosen.run(chosen.models(), quick=True)


def test_all_claims_pass(chosen, data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in chosen.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_another_leak_of_the_store_fails_the_claims(chosen):
    models = {"astrocyte": chosen.models()["astrocyte"].replace({"leak": 0.55 / s})}
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(chosen.run(models, quick=True))}
    assert verdicts["Period at an entry of 0.05 µM/s"] == "fail"
    assert verdicts["Upper Hopf point"] == "fail"
    assert verdicts["Calcium rests at an entry of 0.02 µM/s"] == "pass"


def test_the_figure_labels_every_axis(chosen, data):
    for panel in chosen.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
