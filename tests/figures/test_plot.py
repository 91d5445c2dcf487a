"""The figure of a result says what it shows, in units, with its stimuli and perturbations."""

import pytest

import tripartite as tp
from tripartite.errors import UnknownNameError
from tripartite.units import Hz, s, uM


@pytest.fixture(scope="module")
def run():
    protocol = tp.protocols.PoissonSpikes(10 * Hz, seed=1) & tp.Perturbation(
        "SERCA block", {"astrocyte.uptake": 0.5}, at=2 * s, stop=4 * s
    )
    model = tp.models.TripartiteSynapse().using(tp.parameters.stimberg2019.EXAMPLE_4)
    return tp.simulate(model, protocol, until=6 * s)


def test_every_panel_names_its_variable_and_unit(run):
    made = run.plot("astrocyte.ca", "bouton.x")
    labels = [axis.get_ylabel() for axis in made.axes]
    assert labels == ["astrocyte\nca\n(µM)", "bouton\nx"]
    assert made.axes[-1].get_xlabel() == "time (s)"


def test_perturbations_are_marked_above_the_first_panel(run):
    made = run.plot("ca")
    assert "SERCA block" in [text.get_text() for text in made.axes[0].texts]
    marks = [line for line in made.axes[0].lines if list(line.get_xdata()) == [2.0, 4.0]]
    assert len(marks) == 1


def test_results_are_compared_in_the_same_panels(run):
    made = tp.figures.compare(control=run, again=run)
    assert [text.get_text() for text in made.axes[0].get_legend().texts] == ["control", "again"]


def test_an_ensemble_is_drawn_as_median_and_band():
    import numpy as np

    result = tp.simulate(tp.mechanisms.LiRinzel(), until=10 * s, vary={"ip3": np.linspace(0.3, 0.6, 9) * uM})
    made = result.plot("ca")
    assert len(made.axes[0].collections) == 1


def test_what_is_no_result_or_option_is_refused(run):
    with pytest.raises(UnknownNameError, match=r"no argument `widht`. Did you mean `width`"):
        run.plot("ca", widht=3)
    with pytest.raises(UnknownNameError, match="by label"):
        tp.figures.compare(control=run, drug="x")


def test_a_perturbation_after_the_end_is_not_drawn():
    late = tp.Perturbation("late", {"uptake": 0.5}, at=100 * s) & tp.protocols.Constant(ip3=0.5 * uM)
    assert tp.simulate(tp.mechanisms.LiRinzel(), late, until=5 * s).provenance["bars"] == []


def test_a_misspelt_variable_lists_the_nearest(run):
    with pytest.raises(UnknownNameError, match=r"astrocyte\.ca"):
        run.plot("astrocyte.cal")
