"""Mitochondria: verdicts, a blocked uniporter fails them, the figure is drawn."""

import pytest

from tripartite.experiments.mitochondria import MitochondrialBursts

EXPERIMENT = MitochondrialBursts()


@pytest.fixture(scope="module")
def data():
    return EXPERIMENT.run(EXPERIMENT.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in EXPERIMENT.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_a_weaker_uniporter_gives_other_bursts_and_conserves_calcium_as_well():
    models = {"cell": EXPERIMENT.models()["cell"].replace({"uniporter": "150 uM/s"})}
    found = EXPERIMENT.run(models, quick=True)
    verdicts = {claim.number: claim.judge(found)["verdict"] for claim in EXPERIMENT.claims}
    assert "pass" not in {verdicts["maxima_at_4100"], verdicts["mito_least_at_4100"], verdicts["ca_largest_at_4100"]}
    assert verdicts["lost"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 4
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)
