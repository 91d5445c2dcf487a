"""The index of all mechanisms, each alone in a model, with random admissible values."""

from functools import cache
from typing import Any

import numpy as np

from tripartite import mechanisms, observe, units
from tripartite.interpret.dimensions import declared_quantities
from tripartite.language import Compartment, Input, Mechanism, Model, State
from tripartite.language.declarations import Valued
from tripartite.language.mechanism import Quantities
from tripartite.language.system import Entry, System

INDEX: list[type[Mechanism]] = [
    part
    for room in (mechanisms, observe)
    for part in (getattr(room, name) for name in room.__all__)
    if isinstance(part, type) and issubclass(part, Mechanism)
]
SEEDS = range(5)
STARTS = {"uM": 0.2, "1": 0.4, "mV": -60.0, "pA": -1.0}
"""Where a state that belongs to another mechanism starts, by its unit."""


@cache
def answer(kind: type[Mechanism], equation: str) -> dict[str, Any]:
    """What an equation returns for the declared values, as quantities."""
    function = kind.equation(equation)
    found = function(Quantities(declared_quantities(kind, equation), kind.__name__)) if function else {}
    return found if isinstance(found, dict) else {}


@cache
def changed_by_events(kind: type[Mechanism]) -> frozenset[str]:
    """Names that some event or transition of the mechanism returns."""
    found = set(answer(kind, "on_crossing"))
    for transition in answer(kind, "transitions").values():
        found |= set(transition.change)
    for event in kind.events():
        found |= set(answer(kind, f"on_{event}"))
    return frozenset(found)


def compartment(kind: type[Mechanism]) -> Compartment:
    """The mechanism with owners of the states that it only adds to."""
    added = {*answer(kind, "rates"), *answer(kind, "noise"), *changed_by_events(kind)}
    owned = {
        name: State(STARTS.get(item.unit, 0.5), item.unit, item.meaning, low=None if item.unit in ("mV", "pA") else 0)
        for name, item in kind.declared(Input).items()
        if name in added
    }
    owner = type("Owner", (Mechanism,), owned)
    return Compartment(kind(), *([owner()] if owned else []))


@cache
def model(kind: type[Mechanism]) -> Model:
    """The mechanism in a compartment with owners of the states that it only adds to."""
    return Model(cell=compartment(kind))


def alone(kind: type[Mechanism]) -> System:
    """The equations of `model`."""
    return model(kind).system


def random_value(entry: Entry, random: np.random.Generator) -> float:
    """An admissible internal value; inputs are positive, fractions lie between 0 and 1."""
    item = entry.declaration
    low = getattr(item, "low", 0.0)
    high = getattr(item, "high", None)
    declared = getattr(item, "value", 1.0)
    if high is not None or not isinstance(item, Valued):
        within = item.unit == "1" or high is not None
        value = random.uniform(low or 0.0, high or 1.0) if within else random.lognormal()
    elif low is None:
        value = declared + random.normal() * max(abs(declared), 1.0) / 10
    else:
        value = max(low, declared * random.lognormal(0.0, 0.4) if declared else random.exponential())
    return float(value) * units.factor(item.unit)


def random_values(system: System, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Admissible states and constants of a system in packed order."""
    random = np.random.default_rng(seed)
    y = np.array([random_value(entry, random) for entry in system.states])
    c = np.array([random_value(entry, random) for entry in system.constants])
    return y, c


@cache
def draws(kind: type[Mechanism], count: int = len(SEEDS)) -> tuple[np.ndarray, np.ndarray]:
    """States ``(state, draw)`` and constants ``(constant, draw)`` of the mechanism alone, a draw for every seed."""
    columns = [random_values(alone(kind), seed) for seed in range(count)]
    y, c = (np.array(column).T for column in zip(*columns, strict=True))
    for array in (y, c):
        array.flags.writeable = False
    return y, c
