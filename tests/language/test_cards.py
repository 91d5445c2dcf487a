"""What objects show of themselves: values with units, as text and as well-formed HTML, and what completes."""

import inspect
import json
from html.parser import HTMLParser

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tests.laws.index import INDEX
from tripartite import Recording, units
from tripartite.errors import UnknownNameError
from tripartite.fit import Fit, Free, Problem, Scaled
from tripartite.identify import Profile
from tripartite.language.card import Card, Table
from tripartite.network import PoissonGroup, PoissonInput
from tripartite.network.rules import NearestTerritory, PairwiseBernoulli
from tripartite.units import Hz, ms, nS, s, uM, um

MODELS = [getattr(tp.models, name) for name in tp.models.__all__ if name[0].isupper() and not name.isupper()]
MODELS = [kind for kind in MODELS if isinstance(kind, type) and issubclass(kind, tp.Model)]


class Balanced(HTMLParser):
    """Raises for a tag that is not closed where it should be; keeps the text of the page."""

    def __init__(self, page):
        super().__init__()
        self.open, self.words = [], []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def shown(item):
    return Balanced(item._repr_html_()).words


@pytest.mark.parametrize("kind", INDEX, ids=lambda kind: kind.__name__)
def test_the_signature_of_a_mechanism_lists_its_parameters_and_starts_as_code(kind):
    found = inspect.signature(kind).parameters
    valued = {n: i for n, i in kind.declarations.items() if hasattr(i, "value")}
    assert list(found) == list(valued)
    for name, parameter in found.items():
        value = eval(parameter.default, {unit: getattr(units, unit) for unit in _words(parameter.default)})
        assert getattr(kind(**{name: value}), name) == getattr(kind(), name)


def _words(code):
    import ast

    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


@pytest.mark.parametrize("kind", INDEX, ids=lambda kind: kind.__name__)
def test_a_mechanism_shows_its_summary_and_every_quantity(kind):
    words = shown(kind())
    assert kind.summary() in " ".join(words)
    drawn = {n for n, i in kind.declarations.items() if isinstance(i, tp.language.Chance)}
    assert set(kind.declarations) - drawn <= set(words)


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_a_model_shows_its_values_and_completes_them(kind):
    model = kind()
    assert set(model.parameters()) <= set(shown(model))
    completed = model._ipython_key_completions_()
    assert set(model.parameters()) <= set(completed)
    for key in completed:
        model[key]


@pytest.mark.parametrize("paper", tp.parameters.__all__)
def test_a_parameter_set_shows_and_gives_its_values(paper):
    module = getattr(tp.parameters, paper)
    for values in (getattr(module, name) for name in dir(module)):
        assert set(values.values) == values.names
        assert all(values.values[name] is values[name] for name in values.names)
        for name in values.names:
            assert name in repr(values)
            assert name in shown(values)


def test_a_changed_value_is_the_one_that_is_shown():
    cell = tp.mechanisms.LiRinzel(uptake=0.8 * uM / s)
    assert "0.8" in shown(cell)
    assert "0.9" not in shown(cell)
    assert "set by the user" in shown(cell)


def test_a_compartment_completes_its_quantities():
    astrocyte = tp.models.GChi().compartments["astrocyte"]
    assert {"ca", "uptake", "glutamate"} <= set(dir(astrocyte))
    assert "glutamate" in shown(astrocyte)


def test_a_network_shows_populations_connections_and_inputs_without_building_anything():
    neurons = tp.Population(tp.models.CobaNeuron(), 40, positions=np.zeros((40, 2)) * um)
    glia = tp.Population(tp.models.GChi(), 5, step=10 * ms, positions=np.zeros((5, 2)) * um)
    synapse = tp.Projection(
        neurons, neurons[:10], glia, synapse=tp.mechanisms.TsodyksMarkram(), rule=PairwiseBernoulli(0.1),
        attach=NearestTerritory(),
    )  # fmt: skip
    noise = PoissonInput(neurons, "excitation", 200 * Hz, 0.5 * nS)
    network = tp.Network(n=neurons, glia=glia, source=PoissonGroup(7, 20 * Hz), connections=[synapse], inputs=[noise])
    for text in (repr(network), " ".join(shown(network))):
        for part in ("n → n under glia", "PairwiseBernoulli(p=0.1", "CobaNeuron", "10 ms", "200 Hz", "0.5 nS", "20 Hz"):
            assert part in text
    assert repr(synapse).startswith("Projection from Population of 40 (CobaNeuron) to Population of 40 (CobaNeuron)")
    assert "0 to 9" in shown(synapse)
    assert "10 ms" in shown(glia)


def test_a_fit_a_problem_and_a_profile_say_what_they_hold():
    times = np.arange(0, 5, 0.5)
    free = {"uptake": Free(0.1 * uM / s, 2 * uM / s), "r_5p": Free(0.01 / s, 1 / s)}
    drive = tp.protocols.Constant(glutamate=1 * uM)
    problem = Problem(tp.models.GChi(), Recording(times, np.sin(times)), Scaled("ca"), free, protocol=drive)
    for text in (repr(problem), " ".join(shown(problem))):
        assert "GChi against 10 points" in text
        assert "uptake" in text
        assert "µM/s" in text
    found = Fit(problem, {"uptake": 0.5, "r_5p": 0.01}, 1.0, 0.0, np.zeros(10))
    assert "0.5 µM/s" in repr(found)
    assert "at its bound" in repr(found)
    assert "0.5 µM/s" in shown(found)
    walk = Profile("uptake", 0.5, np.array([0.1, 0.5]), np.array([4.0, 0.0]), 3.8, 0.95, 0.12, np.inf, ({}, {}), 0.5)
    assert "only bounded below" in repr(walk)
    assert "[0.12, ∞]" in repr(walk)
    assert "deviance" in shown(walk)


@pytest.fixture(scope="module")
def result():
    time = np.arange(3.0)
    status = ((), 0, {"messages": json.dumps({})})
    data = xr.Dataset(
        {
            "n.v.mean": ("time", [1.0, 2.0, 4.0], {"units": "uM", "long_name": "a <b> & c"}),
            "n.spike.times": ("n.spike.event", [0.1, 0.2]),
            "n.spike.cells": ("n.spike.event", [0, 1]),
            "status": status,
        },
        {"time": time},
    )
    return tp.Result(lambda: data)


def test_a_result_says_whether_it_has_a_course(result):
    assert result.names[0] in result
    assert result.names[0].split(".")[-1] in result
    assert "no_such_course" not in result
    assert 0 not in result


def test_a_result_shows_its_span_units_and_events_and_completes_its_names(result):
    assert repr(result) == "Result of n.v.mean, n.spike (events) from 0 to 2 s, 3 samples\nReached the end."
    words = shown(result)
    assert {"n.v.mean", "µM", "a <b> & c", "1", "4", "n.spike"} <= set(words)
    assert result._ipython_key_completions_() == ["time", "n.v.mean"]


@pytest.mark.parametrize("path", ["n.spike.times", "n.spike", "spike", "spike.cells"])
def test_events_asked_for_as_a_course_say_how_to_get_them(result, path):
    with pytest.raises(UnknownNameError, match=r'`n.spike` happens at instants: `result.events\("n.spike"\)`'):
        result[path]


def test_a_table_leaves_out_empty_columns_and_says_how_many_rows_it_left_out():
    table = Table("Values", ("name", "nothing", "value"), [(f"x{i}", "", i) for i in range(100)])
    text = Card("Title", "", [table]).text()
    assert "nothing" not in text
    assert "... and 40 more" in text
    assert "x99" in Balanced(Card("Title", "", [table]).html()).words


def test_a_recording_and_its_events_show_themselves_in_a_notebook():
    times = np.arange(0, 60, 0.2)
    course = np.exp(-np.maximum(times - 20, 0) / 2) * (times >= 20)
    values = np.stack([course, np.where(times > 50, np.nan, 2 * course)], axis=1)
    recording = Recording(times, values * uM, places=["a <1>", "b"])
    words = shown(recording)
    assert {"a <1>", "b", "highest (µM)", "1", "2", str(int((times > 50).sum()))} <= set(words)
    events = tp.analysis.calcium_events(recording)
    words = shown(events)
    assert {"2 events", "a <1>", "amplitude (µM)", "20"} <= set(words)
    made = events.plot(height=3)
    bars = [bar for c in made.axes[0].collections for bar in c.get_segments()]
    np.testing.assert_allclose([bar[:, 0] for bar in bars], np.stack([events.start, events.stop], axis=1))
    with pytest.raises(UnknownNameError, match="Did you mean `height`"):
        events.plot(hight=3)
