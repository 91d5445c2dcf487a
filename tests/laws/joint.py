"""Many mechanisms in one model, each in a compartment of its own: compiled, and run, together."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from tripartite.interpret.kernels import Backward, Forward, backward, forward
from tripartite.language import Mechanism, Model
from tripartite.language.system import System

from . import index, written

TOGETHER = 20
"""Mechanisms in one model: what they cost then is their equations, not the start of a compiler for each."""


FAST = 10.0  # 1/ms


def _group(kind: type[Mechanism]) -> str:
    """What keeps mechanisms apart: noise and random transitions have solvers of their own, fast ones slow others."""
    if kind.equation("noise"):
        return "noise"
    if kind.equation("transitions"):
        return "transitions"
    return "fast" if _fastest(kind) > FAST else "others"


def _fastest(kind: type[Mechanism]) -> float:
    """The largest rate constant of a mechanism at its declared values, per ms."""
    system = index.alone(kind)
    y = np.array([entry.value for entry in system.states])
    c = np.array([index.random_value(entry, np.random.default_rng(0)) for entry in system.constants])
    c[: len(system.parameters)] = [entry.value for entry in system.parameters]
    h = 1e-6 * np.maximum(np.abs(y), 1e-3)
    moved = y[:, None] + np.concatenate([np.diag(h), -np.diag(h)], axis=1)
    up, down = np.split(written.kernels(kind).rates(moved, c[:, None]), 2, axis=1)
    return float(np.abs(np.linalg.eigvals(np.nan_to_num((up - down) / (2 * h)))).max(initial=0.0))


@cache
def themes() -> list[tuple[type[Mechanism], ...]]:
    """Mechanisms that are compiled and run together."""
    groups: dict[str, list[type[Mechanism]]] = {}
    for kind in index.INDEX:
        groups.setdefault(_group(kind), []).append(kind)
    return [tuple(kinds[i : i + TOGETHER]) for kinds in groups.values() for i in range(0, len(kinds), TOGETHER)]


@cache
def theme(kind: type[Mechanism]) -> tuple[type[Mechanism], ...]:
    """The mechanisms that are compiled with one."""
    return next(chunk for chunk in themes() if kind in chunk)


@cache
def model(kinds: tuple[type[Mechanism], ...]) -> Model:
    """All of them side by side; a compartment has the name of its mechanism."""
    return Model(**{kind.__name__: index.compartment(kind) for kind in kinds})


def system(kinds: tuple[type[Mechanism], ...]) -> System:
    """The equations of `model`."""
    return model(kinds).system


def renamed(kind: type[Mechanism], key: str) -> str:
    """The key in `model` of what has ``key`` where the mechanism is alone."""
    return f"{kind.__name__}.{key.split('.', 1)[1]}"


class Places(NamedTuple):
    """Where the quantities of one mechanism are among those of its theme, in the order that they have alone."""

    states: np.ndarray
    constants: np.ndarray
    events: list[int]
    crossings: list[int]
    emissions: list[int]
    noises: slice


@cache
def places(kind: type[Mechanism], kinds: tuple[type[Mechanism], ...]) -> Places:
    """Those of a mechanism in a theme."""
    own, all_ = index.alone(kind), system(kinds)
    before = kinds[: kinds.index(kind)]
    first = sum(len(index.answer(other, "noise")) for other in before)
    keys = [event.key for event in all_.events]
    events = [keys.index(renamed(kind, event.key)) for event in own.events]
    outside = len(keys) - all_.crossing_count
    emissions = [entry.key for entry in all_.emissions]
    return Places(
        np.array([all_.state_position[renamed(kind, e.key)] for e in own.states], dtype=int),
        np.array([all_.constant_position[renamed(kind, e.key)] for e in own.constants], dtype=int),
        events,
        [event - outside for event in events if event >= outside],
        [emissions.index(renamed(kind, e.key)) for e in own.emissions],
        slice(first, first + len(index.answer(kind, "noise"))),
    )


@cache
def draws(kinds: tuple[type[Mechanism], ...]) -> tuple[np.ndarray, np.ndarray]:
    """The draws of every mechanism of a theme side by side, in the order of its model."""
    count = len(index.SEEDS)
    y, c = np.empty((len(system(kinds).states), count)), np.empty((len(system(kinds).constants), count))
    for kind in kinds:
        at = places(kind, kinds)
        y[at.states], c[at.constants] = index.draws(kind)
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


def _columns(*arrays: np.ndarray) -> Any:
    """Draw by draw, as the compiled kernels take them."""
    return zip(*(np.ascontiguousarray(array.T) for array in arrays), strict=True)


@cache
def kernels(kinds: tuple[type[Mechanism], ...]) -> Forward:
    return forward(system(kinds))


@cache
def derivatives(kinds: tuple[type[Mechanism], ...]) -> Backward:
    return backward(system(kinds))


@cache
def rates(kinds: tuple[type[Mechanism], ...]) -> np.ndarray:
    """Rates ``(state, draw)`` as the compiled kernel gives them."""
    found = []
    for y, c in _columns(*draws(kinds)):
        found.append(np.full(len(y), np.nan))
        _rates(kernels(kinds), y, c, found[-1])
    return np.array(found).T


@cache
def crossings(kinds: tuple[type[Mechanism], ...]) -> np.ndarray:
    """Crossing values ``(crossing, draw)`` as the compiled kernel gives them."""
    found = []
    for y, c in _columns(*draws(kinds)):
        found.append(np.full(system(kinds).crossing_count, np.nan))
        _crossings(kernels(kinds), y, c, found[-1])
    return np.array(found).T


@cache
def noises(kinds: tuple[type[Mechanism], ...]) -> tuple[np.ndarray, np.ndarray]:
    """Noise amplitudes ``(noise, draw)``, and their slopes by their own states, as the compiled kernel gives them."""
    count = sum(len(index.answer(kind, "noise")) for kind in kinds)
    amplitudes, slopes = [], []
    for y, c in _columns(*draws(kinds)):
        amplitudes.append(np.full(count, np.nan))
        slopes.append(np.full(count, np.nan))
        _noises(kernels(kinds), y, c, amplitudes[-1], slopes[-1])
    return np.array(amplitudes).T, np.array(slopes).T


@cache
def fire(kinds: tuple[type[Mechanism], ...], event: int, amount: float) -> tuple[np.ndarray, np.ndarray]:
    """States ``(state, draw)`` after an event, and what it emits, as the compiled kernel gives them."""
    states, sent = [], []
    for y, c in _columns(*draws(kinds)):
        states.append(y.copy())
        sent.append(np.zeros(len(system(kinds).emissions)))
        _fire(kernels(kinds), event, amount, states[-1], c, sent[-1])
    return np.array(states).T, np.array(sent).T


def pull_back(kinds: tuple[type[Mechanism], ...], name: str, w: np.ndarray, *event: Any) -> tuple[Any, Any]:
    """Derivatives by states and by constants of a weighted sum, as the compiled kernel gives them."""
    function = getattr(derivatives(kinds), name)
    by_state, by_constant = [], []
    for y, c, weight in _columns(*draws(kinds), w):
        by_state.append(np.zeros(len(y)))
        by_constant.append(np.zeros(len(c)))
        if event:
            _fire_pull_back(function, *event, y, c, weight, by_state[-1], by_constant[-1])
        else:
            _pull_back(function, y, c, weight, by_state[-1], by_constant[-1])
    return np.array(by_state).T, np.array(by_constant).T
