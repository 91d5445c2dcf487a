"""The reproducibility case: verdicts, and a plasma membrane that would have kept the oscillation."""

import pytest

from tripartite.experiments import experiment
from tripartite.units import s, uM


@pytest.fixture(scope="module")
def chosen():
    return experiment("riera2011-reproducibility")


@pytest.fixture(scope="module")
def data(chosen):
    return chosen.run(chosen.models(), quick=True)


def test_all_claims_pass(chosen, data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in chosen.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_more_entry_would_have_kept_the_oscillation_and_fails_the_claims(chosen):
    models = chosen.models()
    models["open"] = models["open"].replace({"entry": 0.075 * uM / s})
    verdicts = {c["statement"]: c["verdict"] for c in chosen.judge(chosen.run(models, quick=True))}
    assert verdicts["Open cell: calcium comes to rest"] == "fail"
    assert verdicts["Open cell: the total ends below the Hopf point of the held cell"] == "fail"
    assert verdicts["Held total: period"] == "pass"


def test_the_figure_labels_every_axis(chosen, data):
    for panel in chosen.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
