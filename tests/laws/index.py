"""The index of all mechanisms, each alone in a model, with random admissible values."""

from functools import cache
from typing import Any

import numpy as np
from numba import njit

from tripartite import mechanisms, observe, units
from tripartite.interpret.dimensions import declared_quantities
from tripartite.interpret.kernels import Backward, Forward, backward, forward
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


def answer(kind: type[Mechanism], equation: str) -> dict[str, Any]:
    """What an equation returns for the declared values, as quantities."""
    function = kind.equation(equation)
    found = function(Quantities(declared_quantities(kind, equation), kind.__name__)) if function else {}
    return found if isinstance(found, dict) else {}


def changed_by_events(kind: type[Mechanism]) -> set[str]:
    """Names that some event or transition of the mechanism returns."""
    found = set(answer(kind, "on_crossing"))
    for transition in answer(kind, "transitions").values():
        found |= set(transition.change)
    for event in kind.events():
        found |= set(answer(kind, f"on_{event}"))
    return found


@cache
def model(kind: type[Mechanism]) -> Model:
    """The mechanism in a compartment with owners of the states that it only adds to."""
    added = {*answer(kind, "rates"), *answer(kind, "noise"), *changed_by_events(kind)}
    owned = {
        name: State(0.5, item.unit, item.meaning, low=0, high=1 if item.unit == "1" else None)
        for name, item in kind.declared(Input).items()
        if name in added
    }
    owner = type("Owner", (Mechanism,), owned)
    return Model(cell=Compartment(kind(), *([owner()] if owned else [])))


def alone(kind: type[Mechanism]) -> System:
    """The equations of `model`."""
    return model(kind).system


@cache
def kernels(kind: type[Mechanism]) -> Forward:
    return forward(alone(kind))


@cache
def derivatives(kind: type[Mechanism]) -> Backward:
    return backward(alone(kind))


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


@njit
def _rates(f, y, c, out):
    f.rates(y, c, out)


@njit
def _crossings(f, y, c, out):
    f.crossings(y, c, out)


@njit
def _fire(f, event, amount, y, c, emitted):
    f.fire(event, amount, y, c, emitted)


@njit
def _noises(f, y, c, out, slope):
    f.noises(y, c, out, slope)


@njit
def _pull_back(function, y, c, w, ybar, cbar):
    function(y, c, w, ybar, cbar)


@njit
def _fire_pull_back(function, event, amount, y, c, w, ybar, cbar):
    function(event, amount, y, c, w, ybar, cbar)


def rates(kind: type[Mechanism], y: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Rates as the compiled kernel gives them."""
    out = np.full(len(y), np.nan)
    _rates(kernels(kind), y, c, out)
    return out


def crossings(kind: type[Mechanism], y: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Crossing values as the compiled kernel gives them."""
    out = np.full(sum(e.crossing_of is not None for e in alone(kind).events), np.nan)
    _crossings(kernels(kind), y, c, out)
    return out


def noises(kind: type[Mechanism], y: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Noise amplitudes, and their slopes by their own states, as the compiled kernel gives them."""
    count = len(answer(kind, "noise"))
    out, slope = np.full(count, np.nan), np.full(count, np.nan)
    _noises(kernels(kind), y, c, out, slope)
    return out, slope


def fire(
    kind: type[Mechanism], event: int, amount: float, y: np.ndarray, c: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """States after an event, and what it emits, as the compiled kernel gives them."""
    after, emitted = y.copy(), np.zeros(len(alone(kind).emissions))
    _fire(kernels(kind), event, amount, after, c, emitted)
    return after, emitted


def pull_back(function: Any, y: np.ndarray, c: np.ndarray, w: np.ndarray, *event: Any) -> np.ndarray:
    """Derivatives by states, then constants, of a weighted sum, as the compiled kernel gives them."""
    ybar, cbar = np.zeros(len(y)), np.zeros(len(c))
    if event:
        _fire_pull_back(function, *event, y, c, w, ybar, cbar)
    else:
        _pull_back(function, y, c, w, ybar, cbar)
    return np.concatenate([ybar, cbar])
