"""Open cell: verdicts, another pump or gate fails them, the store refills, the figure is drawn."""

import pytest

from tripartite.experiments.open_cell import OpenCellOscillations

EXPERIMENT = OpenCellOscillations()


@pytest.fixture(scope="module")
def data():
    return EXPERIMENT.run(EXPERIMENT.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in EXPERIMENT.judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_the_exponent_of_serca_carries_the_hopf_points_and_periods():
    models = {name: model.replace({"serca_exponent": 2.0}) for name, model in EXPERIMENT.models().items()}
    verdicts = {c["number"]: c["verdict"] for c in _judged(EXPERIMENT.run(models, quick=True))}
    assert "pass" not in {verdicts[n] for n in ("hopf_low", "hopf_high", "period_at_250_nM", "peak_at_375_nM")}


def test_the_slow_inactivation_carries_the_periods():
    models = {name: model.replace({"inactivation": "0.2 1/uM/s"}) for name, model in EXPERIMENT.models().items()}
    verdicts = {c["number"]: c["verdict"] for c in _judged(EXPERIMENT.run(models, quick=True))}
    assert "pass" not in {verdicts[n] for n in ("hopf_low_period", "period_at_250_nM")}
    assert verdicts["rest"] == "pass"


def _judged(data):
    return [{**claim.judge(data), "number": claim.number} for claim in EXPERIMENT.claims]


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 6
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)


def test_the_store_refills_only_through_store_operated_entry(data):
    with_entry, without = data["refill_er"].values
    assert with_entry[-1] > 0.95 * with_entry[0]
    assert without[-1] < 0.3 * with_entry[0]
