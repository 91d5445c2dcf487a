"""Correlation of processes: verdicts, and what fails them."""

from tripartite.experiments.microdomain_correlation import MicrodomainCorrelation, _correlations, _simulated

from .verdicts import unmet

EXPERIMENT = MicrodomainCorrelation()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4


def test_without_exchange_and_common_input_processes_are_not_synchronous():
    _, ca = _simulated(EXPERIMENT.models()["astrocyte"], 0.0, 0.0, 2)
    claim = next(c for c in EXPERIMENT.claims if c.number == "immature")
    assert _correlations(ca)[0] < claim._allowed()[0]
