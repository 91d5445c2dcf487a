"""Seizures in raised potassium: verdicts, a model without its pump, the figure."""

import numpy as np
import pytest

from tripartite.experiments.potassium_seizures import PotassiumSeizures, burst_starts


@pytest.fixture(scope="module")
def data():
    experiment = PotassiumSeizures()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in PotassiumSeizures().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_a_weaker_pump_fails_the_claims():
    experiment = PotassiumSeizures()
    models = {name: model.replace({"largest_pump": "1.1 mM/s"}) for name, model in experiment.models().items()}
    verdicts = {claim["statement"]: claim["verdict"] for claim in experiment.judge(experiment.run(models, quick=True))}
    assert "pass" not in {v for statement, v in verdicts.items() if "period" in statement}, verdicts


def test_a_burst_begins_after_a_pause():
    spikes = np.array([0.0, 0.1, 0.2, 5.0, 5.5, 9.0])
    np.testing.assert_array_equal(burst_starts(spikes), [0.0, 5.0, 9.0])
    assert len(burst_starts(np.array([]))) == 0


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(PotassiumSeizures().figure(data).axes) == 4
