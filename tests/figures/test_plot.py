"""The figure of a result says what it shows, in units, with its stimuli and perturbations."""

import matplotlib
import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite.errors import UnknownNameError
from tripartite.network import Average, Network, On, Population, Spikes, SpikeTrains
from tripartite.units import Hz, ms, nA, pA, s, uM


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
    assert entries(tp.figures.compare(low=few, high=few)) == [
        f"{name} (2 members, ip3 0.3-0.6 µM)" for name in ("low", "high")
    ]


def swept(*values, seed=0, until=5 * s, **more):
    vary = {"ip3": values * uM, **more}
    return tp.simulate(tp.mechanisms.LiRinzel(), until=until, vary=vary, seed=seed)


def courses(panel):
    """The lines of a panel that are no bars."""
    return [line for line in panel.lines if line.get_linewidth() != 4]


def test_a_sweep_of_many_values_is_drawn_line_by_line_with_a_colour_bar_of_its_values():
    doses = np.linspace(0.3, 0.6, 9)
    result = swept(*doses[[4, 0, 1, 2, 3, 8, 7, 6, 5]])
    made = result.plot("ca", "h")
    panel, _, beside = made.axes
    assert beside.get_ylabel() == "ip3 (µM)" and beside.get_ylim() == (0.3, 0.6)
    assert not panel.collections and not entries(made)
    drawn = courses(panel)
    scale = matplotlib.colormaps["viridis"]
    for line, dose, member in zip(drawn, doses, [1, 2, 3, 4, 0, 8, 7, 6, 5], strict=True):
        np.testing.assert_allclose(line.get_ydata(), result["ca"][member])
        assert line.get_color()[:3] == pytest.approx(scale(0.9 * (dose - 0.3) / 0.3)[:3], abs=0.01)


def test_a_sweep_over_decades_has_colours_over_decades_and_names_what_else_differs():
    made = swept(*np.logspace(-3, 0, 9), uptake=np.linspace(0.8, 1, 9) * uM / s).plot("ca")
    assert made.axes[1].get_yscale() == "log"
    assert made.axes[1].get_ylabel() == "ip3 (µM); also differ: uptake"


def test_colours_of_a_few_members_follow_their_values():
    made = swept(0.5, 0.3, 0.4).plot("ca")
    assert entries(made) == ["ip3 = 0.3 µM", "ip3 = 0.4 µM", "ip3 = 0.5 µM"]
    green = [line.get_color()[1] for line in courses(made.axes[0])]
    assert green == sorted(green)  # viridis from blue to yellow


def test_sweeps_under_two_conditions_are_lines_in_the_colour_of_the_condition():
    many = swept(*np.linspace(0.3, 0.6, 60))
    made = tp.figures.compare({"low": many, "high": many}, "ca")
    assert entries(made) == [f"{name} (50 of 60 members, ip3 0.3-0.6 µM)" for name in ("low", "high")]
    assert len(courses(made.axes[0])) == 100 and not made.axes[0].collections


def test_members_that_differ_by_their_seeds_alone_are_drawn_as_median_and_band():
    same = swept(*[0.3] * 9, seed=range(9))
    made = same.plot("ca")
    assert entries(made) == ["median and 5-95 % of 9 members"] and len(made.axes[0].collections) == 1
    assert len(made.axes) == 1


def test_a_figure_says_which_variables_and_events_it_leaves_out(run):
    note = run.plot().axes[-1].get_xlabel()
    assert 'variables; choose others by name, as in plot("' in note
    assert "not drawn, events: bouton.release" in note
    rest = tp.simulate(tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.3 * uM), until=5 * s)
    still = rest.data.assign(cold=0 * rest.data[rest.names[0]])
    assert tp.figures.plot(still).axes[-1].get_xlabel().endswith("not drawn, since nothing changes: cold")


def test_steps_of_an_input_have_bars_but_for_rest():
    steps = tp.protocols.Steps
    bars = [
        steps("current", [1.0, 1.5] * s, [150, 0] * pA).bars(3),
        steps("neuron.current", [0 * s, 2 * s], [1 * nA, 0 * pA]).bars(1),
        steps("glutamate", [0, 1, 2] * s, [0.1, 5, 0.1] * uM).bars(3),
        steps("glutamate", [1, 2, 3, 4, 5] * s, [1, 2, 3, 4, 0] * uM).bars(10),
        steps("factor", [0, 2] * s, [1, 3]).bars(3),
    ]
    assert [[(b.label, b.start, b.stop) for b in found] for found in bars] == [
        [("current 150 pA", 1.0, 1.5)],
        [("current 1 nA", 0.0, 1.0)],
        [("glutamate 5 µM", 1.0, 2.0)],
        [("glutamate 1 µM to 4 µM", 1.0, 5.0)],
        [("factor 3", 2.0, 3.0)],
    ]


def test_a_ramp_has_a_bar_as_long_as_it_holds_what_it_came_to():
    ramps = tp.protocols.Ramps
    bars = [
        ramps("current", [1, 2] * s, [0, 100] * pA).bars(5),
        ramps("current", [1, 2] * s, [0, 100] * pA, stop=4 * s).bars(5),
        ramps("current", [1, 2, 3] * s, [20, 100, 20] * pA).bars(5),
    ]
    assert [[(b.label, b.start, b.stop) for b in found] for found in bars] == [
        [("current", 1.0, 5.0)],
        [("current", 1.0, 4.0)],
        [("current", 1.0, 3.0)],
    ]


def test_an_event_that_did_not_happen_has_an_empty_panel():
    still = tp.simulate(tp.mechanisms.HodgkinHuxley(), until=2 * ms)
    assert len(still.plot("v", "spike").axes) == 2


def test_a_result_says_that_it_keeps_no_driven_input():
    rest = tp.simulate(tp.mechanisms.LiRinzel(), tp.protocols.Constant(ip3=0.3 * uM), until=5 * s)
    with pytest.raises(UnknownNameError, match="ip3` is an input that the protocol drives"):
        rest.plot("ip3")


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


@pytest.fixture(scope="module")
def plastic():
    """A network whose synapses from 60 on move, all but the last, some more, some less; and two cells."""
    weight = np.ones((4, 100))
    weight[2:, 60:99] += np.linspace(-1, 1.1, 39)
    return tp.Result(
        lambda: xr.Dataset(
            {
                "plastic.weight": (("time", "plastic_synapse"), weight),
                "cells.v": (("time", "cells_2_of_9_cell"), np.arange(8.0).reshape(4, 2), {"units": "mV"}),
                "cells.ca": (("time", "cells_2_of_9_cell"), np.ones((4, 2)), {"units": "uM"}),
                "cells.spike.times": ("cells.spike.event", [1.0, 2.0]),
                "cells.spike.cells": ("cells.spike.event", [3, 7]),
                "cells.burst.times": ("cells.burst.event", np.zeros(0)),
                "cells.burst.cells": ("cells.burst.event", np.zeros(0, dtype=int)),
            },
            {
                "time": [0.0, 1.0, 2.0, 3.0],
                "cells_2_of_9_cell": [3, 7],
                "plastic.pre": ("plastic_synapse", np.arange(100) // 10),
                "plastic.post": ("plastic_synapse", np.arange(100) % 10),
            },
        )
    )


def test_synapses_are_a_sample_spread_over_those_that_move(plastic):
    made = plastic.plot("plastic.weight")
    (panel,) = made.axes  # no raster that nobody asked for
    assert panel.get_ylabel() == "plastic\nweight\n5 of 100 synapses;\n39 of them move"
    picked = [60, 70, 79, 88, 98]
    for line, number in zip(panel.lines, picked, strict=True):
        np.testing.assert_allclose(line.get_ydata(), plastic["plastic.weight"][:, number])
    assert [t.get_text() for t in panel.get_legend().texts] == [f"{n // 10} to {n % 10}" for n in picked]


def test_recorded_cells_are_told_apart_by_colour_and_number(plastic):
    (panel,) = plastic.plot("cells.v").axes
    assert [t.get_text() for t in panel.get_legend().texts] == ["3", "7"]
    assert panel.get_legend().get_title().get_text() == "cell"
    assert len({line.get_color() for line in panel.lines}) == 2


def test_a_network_figure_without_names_draws_synapses_and_says_what_it_leaves_out(plastic):
    panels = plastic.plot().axes
    assert [p.get_ylabel().split("\n")[:2] for p in panels] == [
        ["cells", "spike"], ["plastic", "weight"], ["cells", "v"]
    ]  # fmt: skip
    note = panels[-1].get_xlabel()
    assert "not drawn, since nothing changes: cells.ca\n" in note
    assert note.endswith("not drawn, since none happened: cells.burst")


def test_several_results_show_the_same_synapses(plastic):
    still = plastic.data.copy(deep=True)
    still["plastic.weight"] = still["plastic.weight"] * 0 + 1
    made = tp.figures.compare({"moved": plastic, "still": tp.Result(lambda: still)}, "plastic.weight")
    assert [len(set(line.get_ydata())) for line in made.axes[0].lines] == [2] * 5 + [1] * 5
    assert entries(made) == ["moved", "still"]


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


def test_letters_stand_above_bars_and_a_drug_is_named_once():
    cell, input_ = tp.models.GChi(), tp.protocols.Constant(glutamate=1 * uM)
    control = tp.simulate(cell, input_, until=4 * s)
    treated = tp.simulate(cell, input_ & tp.protocols.Cpa(at=2 * s), until=4 * s)
    made = tp.figures.compare({"control": control, "CPA": treated}, "ca", "ip3")
    assert tp.figures.lettered(made) == "AB"
    assert "CPA 20 µM" in [text.get_text() for text in made.axes[0].texts]
    other = tp.figures.compare({"control": control, "treated": treated}, "ca", "ip3")
    assert "treated: CPA 20 µM" in [text.get_text() for text in other.axes[0].texts]


def test_numbers_of_cells_are_no_quantities():
    values = xr.DataArray(np.eye(3), dims=("time", "cells_0_3_cell"), name="cells_0_3.v")
    made = tp.figures.plot(values.assign_coords(time=[0.0, 1.0, 2.0], cells_0_3_cell=[0, 1, 2]))
    assert [line.get_label() for line in made.axes[0].lines] == ["cell 0", "cell 1", "cell 2"]
