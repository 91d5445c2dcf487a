"""The surge of a whole astrocyte: verdicts, and what removes the threshold."""

import numpy as np
import pytest

from tripartite.experiments.calcium_surge import CalciumSurge, _threshold, _trials


@pytest.fixture(scope="module")
def data():
    experiment = CalciumSurge()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in CalciumSurge().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(CalciumSurge().figure(data).axes) == 4


def test_a_small_soma_fails_the_threshold():
    trials = _trials(CalciumSurge().models()["astrocyte"], 3.0, 1)
    claim = next(c for c in CalciumSurge.claims if c.number == "threshold")
    assert _threshold(trials) < claim._allowed()[0]


def test_the_threshold_is_where_surges_begin():
    active = np.linspace(0, 0.5, 11)
    found = _threshold({"active": active, "surge": (active > 0.22).astype(float)})
    assert 0.2 < found < 0.25
