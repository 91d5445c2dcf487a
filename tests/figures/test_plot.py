"""The figure of a result says what it shows, in units, with its stimuli and perturbations."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import UnknownNameError
from tripartite.network import Average, Network, On, Population, Spikes, SpikeTrains
from tripartite.units import Hz, ms, s, uM


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
    assert entries(made) == ["control", "again"]


def entries(made):
    return [text.get_text() for box in made.legends for text in box.texts]


def marks(panel):
    """Labels and colours of the bars above a panel."""
    shown = [line for line in panel.lines if line.get_linewidth() == 4]
    return {text.get_text(): line.get_color() for text, line in zip(panel.texts, shown, strict=True)}


def test_a_bar_belongs_to_its_condition():
    block = tp.Perturbation("SERCA block", {"uptake": 0.5}, at=2 * s)
    light = tp.Perturbation("light", {"leak": 2}, at=1 * s)
    control, blocked = (
        tp.simulate(tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.4 * uM) & protocol, until=5 * s)
        for protocol in (light, light & block)
    )
    made = tp.figures.compare(control=control, blocked=blocked)
    drawn = {line.get_label(): line.get_color() for line in made.axes[0].lines if line.get_linewidth() != 4}
    assert marks(made.axes[0]) == {
        "light": tp.figures.COLOURS["perturbation"],
        "blocked: SERCA block": drawn["blocked"],
    }


def test_members_are_told_apart_by_what_differs():
    few = tp.simulate(tp.mechanisms.LiRinzel(), until=5 * s, vary={"ip3": [0.3, 0.6] * uM})
    made = few.plot("ca")
    assert entries(made) == ["ip3 = 0.3 µM", "ip3 = 0.6 µM"]
    assert len({tuple(line.get_color()) for line in made.axes[0].lines}) == 2
    assert entries(tp.figures.compare(low=few, high=few)) == ["low (2 members)", "high (2 members)"]
    many = tp.simulate(tp.mechanisms.LiRinzel(), until=5 * s, vary={"ip3": np.linspace(0.3, 0.6, 9) * uM})
    assert entries(many.plot("ca")) == ["median and 5-95 % of 9 members"]


def test_events_are_drawn_over_the_whole_run(run):
    assert run.plot("bouton.release").axes[0].get_xlim() == (0, 6)


@pytest.fixture(scope="module")
def networks():
    """Two runs of a network whose second cell alone fires in the second half, and a drug on half of the cells."""
    trains = SpikeTrains(3, [0, 1, 1], [300, 600, 700] * ms)
    cells = Population(tp.mechanisms.SpikeCalcium(), 4)
    network = Network(trains=trains, cells=cells)
    drug = On(cells[:2], tp.Perturbation("drug", {"ca_rest": 2}, at=0.5 * s))
    record = [Spikes(trains), Average(cells, "ca", every=10 * ms)]
    return [network.run(until=1 * s, record=record, protocol=protocol) for protocol in (None, drug)]


def test_networks_have_a_raster_for_each_condition(networks):
    control, drugged = networks
    made = tp.figures.compare(control=control, drugged=drugged)
    labels = [panel.get_ylabel() for panel in made.axes]
    assert labels == [
        "trains\nspike\ncontrol\n(cell)", "trains\nspike\ndrugged\n(cell)", "cells\nca\nmean ± s.d.\n(µM)"
    ]  # fmt: skip
    for panel in made.axes[:2]:
        np.testing.assert_allclose(panel.lines[0].get_xydata(), [[0.3, 0], [0.6, 1], [0.7, 1]])
    assert made.axes[0].get_xlim() == (0, 1) and entries(made) == ["control", "drugged"]
    assert list(marks(made.axes[0])) == ["drugged: drug (cells[:2] of 4)"]
    alone = drugged.plot("cells.ca.mean")
    assert alone.axes[-1].get_ylabel() == "cells\nca\nmean ± s.d.\n(µM)" and alone.axes[0].get_xlim() == (0, 1)
    assert list(marks(alone.axes[0])) == ["drug (cells[:2] of 4)"]


def test_what_is_no_result_says_how_it_is_drawn(run):
    with pytest.raises(UnknownNameError, match=r"got \[<?Result"):
        tp.figures.compare([run, run])
    measured = tp.Recording([0, 3, 6], [0.1, 0.3, 0.2] * uM)
    with pytest.raises(UnknownNameError, match=r"`recording.plot\(\)`. Beside a result"):
        tp.figures.compare(model=run, measured=measured)
    made = tp.figures.compare({"model": run, "measured": measured.data.rename("astrocyte.ca")}, "astrocyte.ca")
    np.testing.assert_allclose(made.axes[0].lines[1].get_xydata(), [[0, 0.1], [3, 0.3], [6, 0.2]])


def test_an_ensemble_is_drawn_as_median_and_band():
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
