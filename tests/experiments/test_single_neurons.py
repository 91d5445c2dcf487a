"""Experiments on single neurons: verdicts, broken models, figures."""

import pytest

from tripartite.experiments import experiment
from tripartite.units import cm, mS, ms, nS

from .verdicts import quick, unmet, verdicts

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


BROKEN = {
    "wang-buzsaki1996-rates": {"neuron.g_k": 10 * mS / cm**2},
    "hodgkin-huxley1952-rates": {"neuron.g_na": 115 * mS / cm**2},
    "izhikevich2003-patterns": {"neuron.a": 0.022 / ms},
    "naud2008-patterns": {"neuron.g_l": 10.5 * nS},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_changed_neuron_fails(name):
    chosen = experiment(name)
    data = quick(chosen, **{key: BROKEN[name] for key in chosen.models()})
    assert list(verdicts(chosen, data).values()).count("fail") > 2
