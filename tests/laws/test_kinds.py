"""The table of what runs where, which the documentation is built with, is what networks do."""

import sys
from pathlib import Path

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.network import Network, On, Population
from tripartite.network.run.synaptic import Synaptic
from tripartite.protocols import Constant
from tripartite.units import ms

DOCS = Path(__file__).parents[2] / "docs"
START = {"cascades": 0.0, "follows": 0.0, "switches": 0.0, "bends": 0.5, "crosses": 0.0, "shakes": 0.0}
START |= {"decays": 0.0, "saturates": 0.0, "lucky": 0.0, "shakesbent": 0.5, "leaps": 10.0}
"""Where states begin, which move but for that of cells that no event reaches."""
REASONS = {
    "a coupling only adds to the rates of cells",
    "contacts take their inputs from cells",
    "what many synapses send to a cell must add up: the amount times a number",
}


@pytest.fixture(scope="module")
def kinds():
    sys.path.insert(0, str(DOCS))
    try:
        import kinds

        yield kinds
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def rows(kinds):
    return {title: dict(zip(kinds.PLACES, answers, strict=True)) for title, *answers in kinds.rows()}


def test_every_kind_runs_everywhere_or_is_refused_for_a_reason(rows):
    assert all(answers["simulate"].startswith("yes: ") for answers in rows.values())
    refused = {a.removeprefix("no: ") for answers in rows.values() for a in answers.values() if a.startswith("no: ")}
    assert refused == REASONS
    synapses = {title: answers["synapse"] for title, answers in rows.items()}
    assert not {title for title, answer in synapses.items() if answer.startswith("no")}
    assert synapses["nonlinear"] == "yes: own step"
    assert synapses["linear, between thresholds of a linear state"] == "yes: closed form; closed form, piece by piece"
    assert rows["the same, nonlinear"]["coupling"].startswith("yes")


@pytest.mark.filterwarnings("ignore:Synapses act on cells")
def test_what_the_table_says_of_cells_and_synapses_runs(kinds, rows, monkeypatch):
    interpret(monkeypatch)
    groups, edges = {"spiking": Population(kinds.Crosses(), 2)}, {}
    for kind, beside in kinds.KINDS.items():
        part = tp.Compartment(kind(), *(owner() for owner in beside))
        name, answers = kind.__name__, rows[kind.__doc__.splitlines()[0]]
        if answers["cell"].startswith("yes"):
            groups[name.lower()] = Population(part, 2)
        edges[name] = kinds.between(groups["spiking"], part)
    network = Network(**groups, connections=edges, step=0.1 * ms)
    found = network.start(threads=1)
    found.run(30 * ms, record=[], protocol=On(groups["follows"], Constant({"drive": 1.0})))
    for name, joined in zip(edges, found.layout.joined, strict=True):
        (key,) = (key for key in joined.plan.leaves if key.endswith(".x"))
        values = Synaptic(found.layout, joined, 0).values(key, found.now)
        assert np.isfinite(values).all() and (values != START.get(name.lower(), 1.0)).any(), name
    for name in groups.keys() - {"spiking"}:
        (row,) = (f"{name}_{key.replace('.', '_')}" for key in found.layout.cells[name].leaves if key.endswith(".x"))
        assert np.isfinite(found[row]).all() and (
            name == "decays" or (found[row][:-1] != START.get(name, 1.0)).all()
        ), name
