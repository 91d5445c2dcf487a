"""Correlation of processes: verdicts, and what fails them."""

import pytest

from tripartite.experiments.microdomain_correlation import MicrodomainCorrelation, _correlations, _simulated


@pytest.fixture(scope="module")
def data():
    experiment = MicrodomainCorrelation()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in MicrodomainCorrelation().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(MicrodomainCorrelation().figure(data).axes) == 4


def test_without_exchange_and_common_input_processes_are_not_synchronous():
    _, ca = _simulated(MicrodomainCorrelation().models()["astrocyte"], 0.0, 0.0, 2)
    claim = next(c for c in MicrodomainCorrelation.claims if c.number == "immature")
    assert _correlations(ca)[0] < claim._allowed()[0]
