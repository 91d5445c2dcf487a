"""Everything public that can be called is given wrong arguments, or there is a reason why not."""

from __future__ import annotations

import ast
import inspect
from enum import Enum
from importlib import import_module
from typing import Any

import pytest

from .rooms import ROOMS
from .surface import offered, takes

MADE = (
    "CalciumEvents", "Cells", "CorrelationTest", "Correlations", "DelayMap", "Edges", "Fit", "Knockouts",
    "MeanCorrelation", "Oscillation", "Port", "Profile", "Quality", "Quantities", "Reading", "Result", "Shares",
    "ShownFigure", "Wave", "Wire",
)  # fmt: skip
"""What the package makes itself and hands out, or what is only there to be derived from."""

OWN = (
    "Add.alone", "Add.__add__",
    "BernoulliWithPool.pools", "Compartment.supersedes", "Coupling.value", "Edges.in_degrees", "Group.__getitem__",
    "Input.within", "Mechanism.declared", "Mechanism.equation", "Mechanism.quantities", "Model.check_free",
    "Model.clamping",
    "Model.giver", "Model.instead", "Model.resolve", "Model.resolved", "Morphology.placed", "Morphology.places",
    "Objective.bounds", "Objective.doubts", "Objective.least", "Objective.unit", "ParameterSet.checked",
    "PoissonGroup.check",
    "PoissonInput.check", "Population.declared", "Population.is_state", "Population.shape", "Problem.coordinates",
    "Problem.looked_at", "Problem.read", "Problem.residuals", "Problem.scatter", "Problem.shown", "Problem.values",
    "Ranged.check_range", "Recording.stretches", "Result.register_plot", "ShownFigure.show", "Simulation.advance",
    "Shares.check", "Simulation.follow", "Simulation.settle", "Simulation.take_spikes", "Torus.in_um",
)  # fmt: skip
"""What one part of the package asks of another, with what has been looked at."""

ANSWERS = (
    "__call__", "actions", "at", "attach", "bars", "begins", "clamps", "connect", "draw", "draws_with", "effects",
    "equipped", "expected", "figure", "given", "judge", "label", "level", "measured", "numbers", "pairs", "run",
    "scale_and_baseline", "share", "stretches", "strongest", "table",
)  # fmt: skip
"""Methods by which protocols, rules, records, readings, shapes and experiments answer the package."""

WORDS = (
    "Add", "Transition", "absolute", "boltzmann", "exp", "hill", "left", "linoid", "log", "raised", "sqrt", "tanh",
    "where",
)  # fmt: skip
"""Of equations, in all four readings: what they are given is what an equation holds."""

IN_ANY_NUMBER = (
    "changes",
    "coefficients",
    "compartments",
    "grid",
    "labelled",
    "mechanisms",
    "named",
    "options",
    "populations",
    "values",
)
"""Parameters that take whatever has a name, or as many as there are; the calls give some."""


BESIDE = (
    "Network.name_of.where", "Result.resolve.others", "Simulation.plan", "show.source", "to_internal.expected",
    "to_internal.name",
)  # fmt: skip
"""Parameters that the package fills in itself, and a flag that comes from the shell."""


def excused(name: str, item: Any) -> bool:
    """Whether there is a reason why something public is given no wrong arguments."""
    owner, _, method = name.rpartition(".")
    base = isinstance(item, type) and (name.startswith("Abstract") or issubclass(item, Enum))
    return base or name in (*MADE, *OWN, *WORDS) or (bool(owner) and method in ANSWERS)


def named() -> set[Any]:
    """What the rooms call, read from their text: to make the calls themselves takes long."""
    found: set[Any] = set()
    for room in ROOMS:
        module = import_module(f"{__package__}.rooms.{room}")
        found |= set(getattr(module, "EACH", ()))
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Call", "call") and node.args:
                try:
                    item = eval(compile(ast.Expression(node.args[0]), room, "eval"), vars(module))
                except NameError:  # a name of a loop or of a function
                    continue
                found.add(getattr(item, "__func__", item))
    return found


def test_everything_public_is_given_wrong_arguments():
    covered = named()
    left = [name for name, item in offered().items() if item not in covered and not excused(name, item)]
    assert not left, f"neither in the rooms nor excused: {left}"


def test_every_excuse_is_still_needed():
    covered, known = named(), offered()
    idle = [name for name in (*MADE, *OWN, *WORDS) if name not in known or known[name] in covered]
    assert not idle, f"these are covered, or gone: {idle}"


@pytest.mark.slow
def test_every_parameter_is_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    replaced: dict[Any, set[str]] = {}
    for call in (call for make in ROOMS.values() for call in make()):
        item = getattr(call.covers, "__func__", call.covers)
        replaced.setdefault(item, set()).update(call.replaced)
    asked = [(f"{item.__qualname__}.{name}", name in names) for item, names in replaced.items() for name in takes(item)]
    left = [name for name, given in asked if not given and name.rpartition(".")[2] not in IN_ANY_NUMBER]
    assert sorted(left) == sorted(BESIDE), "these parameters, and only these, are never replaced"
