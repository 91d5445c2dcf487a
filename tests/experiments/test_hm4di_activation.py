"""hM4Di: verdicts, and a receptor without effect fails."""

import numpy as np
import pytest

from tripartite.experiments import hm4di_activation
from tripartite.experiments.hm4di_activation import Hm4diActivation


@pytest.fixture(scope="module")
def data():
    experiment = Hm4diActivation()
    return experiment.run(experiment.models(), quick=True)


def verdicts(data):
    return {claim["statement"]: claim["verdict"] for claim in Hm4diActivation().judge(data)}


def test_every_claim_passes(data):
    assert set(verdicts(data).values()) == {"pass"}, verdicts(data)


def test_a_ligand_that_does_not_bind_fails(monkeypatch):
    used = hm4di_activation.Hm4di
    monkeypatch.setattr(hm4di_activation, "Hm4di", lambda **options: used(**{**options, "dose": "0 uM"}))
    experiment = Hm4diActivation()
    found = verdicts(experiment.run(experiment.models(), quick=True))
    assert found["The default effect makes events more frequent"] == "fail"
    assert found["No effect leaves events as they are"] == "pass"


def test_the_ligand_leaves_less_camp(data):
    left = data["camp_left"].values
    assert left[0] == 1 and left.min() == pytest.approx(0.2, abs=0.03) and np.all((left >= 0.2) & (left <= 1))


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(Hm4diActivation().figure(data).axes) == 4
