"""Noradrenaline: verdicts, and another affinity fails."""

import pytest

from tripartite.experiments.noradrenaline_transient import NoradrenalineTransient
from tripartite.units import uM


@pytest.fixture(scope="module")
def data():
    experiment = NoradrenalineTransient()
    return experiment.run(experiment.models(), quick=True)


def verdicts(data):
    return {claim["statement"]: claim["verdict"] for claim in NoradrenalineTransient().judge(data)}


def test_every_claim_passes(data):
    assert set(verdicts(data).values()) == {"pass"}, verdicts(data)


def test_receptors_without_the_action_of_calcium_on_them_fail():
    experiment = NoradrenalineTransient()
    models = experiment.models()
    models["receptor"] = models["receptor"].replace({"k_ne_pkc": 0 * uM})
    found = verdicts(experiment.run(models, quick=True))
    assert found["Affinity at 0.069 µM calcium"] == "fail"
    assert found["Effective occupancy at 79 µM"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(NoradrenalineTransient().figure(data).axes) == 4
