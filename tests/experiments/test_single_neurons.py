"""Experiments on single neurons: verdicts and figures."""

import pytest

from tripartite.experiments import experiment

from .verdicts import quick, unmet

NAMES = {
    "wang-buzsaki1996-rates": 2,
    "hodgkin-huxley1952-rates": 2,
    "izhikevich2003-patterns": 6,
    "naud2008-patterns": 6,
}


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_passes_and_the_figure_is_drawn_from_the_data_alone(name):
    chosen = experiment(name)
    data = quick(chosen)
    assert unmet(chosen, data) == {}
    assert len(chosen.figure(data).axes) == NAMES[name]
