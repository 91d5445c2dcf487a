"""From ATP to adenosine: verdicts, and the share of neurons."""

import pytest

from tripartite.experiments.purine_cascade import PurineSteps

from .verdicts import unmet

EXPERIMENT = PurineSteps()


def test_the_published_numbers_come_out_otherwise_and_all_checks_pass(data):
    assert set(unmet(EXPERIMENT, data)) == {claim.statement for claim in EXPERIMENT.claims}


def test_some_forty_percent_come_from_neurons(data):
    assert float(data["share_neurons"]) == pytest.approx(0.4, abs=0.02)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
