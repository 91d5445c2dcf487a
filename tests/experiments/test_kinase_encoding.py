"""G-ChI with protein kinase C: verdicts, and a receptor without its kinase that fails them."""

import pytest

from tripartite.experiments import experiment
from tripartite.units import s, uM


@pytest.fixture(scope="module")
def chosen():
    return experiment("depitta2019-kinase")


@pytest.fixture(scope="module")
def data(chosen):
    return chosen.run(chosen.models(), quick=True)


def test_all_claims_pass(chosen, data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in chosen.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_a_kinase_that_does_not_reach_the_receptor_fails_the_claims(chosen):
    models = chosen.models()
    models["kinase"] = models["kinase"].replace({"phosphorylation": 0 / uM / s})
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(chosen.run(models, quick=True))}
    assert verdicts["The kinase moves the oscillation to more glutamate"] == "fail"
    assert verdicts["At the same glutamate the kinase slows the oscillation"] == "fail"
    assert verdicts["Period with no kinase at 1.5 µM glutamate"] == "pass"


def test_the_figure_labels_every_axis(chosen, data):
    for panel in chosen.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
