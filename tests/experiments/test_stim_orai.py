"""STIM and Orai: verdicts, another affinity fails them, the figure is drawn."""

import pytest

from tripartite.experiments.stim_orai import StimOraiOscillations

EXPERIMENT = StimOraiOscillations()


@pytest.fixture(scope="module")
def data():
    return EXPERIMENT.run(EXPERIMENT.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in EXPERIMENT.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_a_channel_of_three_subunits_has_other_periods():
    models = EXPERIMENT.models()
    models["cell"] = models["cell"].replace({"StimOrai.subunits": 3})
    found = EXPERIMENT.run(models, quick=True)
    verdicts = {claim.number: claim.judge(found)["verdict"] for claim in EXPERIMENT.claims}
    assert "pass" not in {verdicts["period"], verdicts["weak_period"]}


def test_entry_opens_late_only_through_the_slow_gate(data):
    assert float(data["onset_half"]) < 1 < 3 < float(data["slow_onset_half"])


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 4
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)
