"""Compiled kernels compute what their source computes when Python executes it."""

import ast
from functools import cache
from typing import Any

import numpy as np
import pytest

from tripartite.interpret.kernels import build
from tripartite.language import Mechanism
from tripartite.mechanisms import AdaptiveExponential, ChR2, Ip3Coupling, Kir41, StaticSynapse

from . import index, joint, written

CLOSE: dict[str, Any] = {"rtol": 1e-12, "atol": 0.0}
every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


@every_mechanism
def test_compiled_kernels_give_what_their_source_gives(kind: type[Mechanism]) -> None:
    kinds, source = joint.theme(kind), written.kernels(kind)
    at = joint.places(kind, kinds)
    y, c = index.draws(kind)
    np.testing.assert_allclose(joint.rates(kinds)[at.states], source.rates(y, c), **CLOSE)
    np.testing.assert_allclose(joint.crossings(kinds)[at.crossings], source.crossings(y, c), **CLOSE)
    for found, expected in zip(joint.noises(kinds), source.noises(y, c), strict=True):
        np.testing.assert_allclose(found[at.noises], expected, **CLOSE)
    for own, event in enumerate(at.events):
        after, emitted = joint.fire(kinds, event, 0.3)
        expected, sent = source.fire(own, 0.3, y, c)
        np.testing.assert_allclose(after[at.states], expected, **CLOSE)
        np.testing.assert_allclose(emitted[at.emissions], sent, **CLOSE)
        others = np.delete(np.arange(len(after)), at.states)
        np.testing.assert_array_equal(after[others], joint.draws(kinds)[0][others])


@cache
def weights(kinds: tuple[type[Mechanism], ...], count: int) -> np.ndarray:
    """Random weights ``(quantity, draw)``, none so small that rounding would show."""
    random = np.random.default_rng(1)
    shape = (count, len(index.SEEDS))
    return random.uniform(0.5, 1.5, shape) * random.choice([-1, 1], shape)


@cache
def slopes(kinds: tuple[type[Mechanism], ...], name: str, *event: Any) -> tuple[np.ndarray, np.ndarray]:
    """Those of everything in a theme, weighted."""
    system = joint.system(kinds)
    count = system.crossing_count if name == "crossings" else len(system.states)
    return joint.pull_back(kinds, name, weights(kinds, count), *event)


def assert_same_slopes(
    kind: type[Mechanism], kinds: tuple, name: str, places: Any, own: tuple = (), event: tuple = ()
) -> None:
    at = joint.places(kind, kinds)
    system = joint.system(kinds)
    count = system.crossing_count if name == "crossings" else len(system.states)
    y, c = index.draws(kind)
    expected = written.kernels(kind).pull_back(name, y, c, weights(kinds, count)[places], *own)
    by_state, by_constant = slopes(kinds, name, *event)
    found = np.concatenate([by_state[at.states], by_constant[at.constants]])
    # Terms of a sum may cancel; what is left is compared with the largest effect of its draw.
    effect = np.abs(expected * np.concatenate([y, c]))
    allowed = 1e-12 * (effect + effect.max(axis=0, initial=0.0))
    assert np.all(np.abs(found - expected) * np.abs(np.concatenate([y, c])) <= allowed), (found, expected)


SAMPLE = tuple(dict.fromkeys([*index.INDEX[::6], AdaptiveExponential, ChR2, Ip3Coupling, Kir41, StaticSynapse]))
"""Mechanisms whose derivatives are compiled in every run of the tests: with each operation that there is."""
some_or_all = pytest.mark.parametrize(
    "kind",
    [kind if kind in SAMPLE else pytest.param(kind, marks=pytest.mark.slow) for kind in index.INDEX],
    ids=lambda kind: kind.__name__,
)


@some_or_all
def test_compiled_derivatives_give_what_their_source_gives(kind: type[Mechanism]) -> None:
    kinds = SAMPLE if kind in SAMPLE else joint.theme(kind)
    at = joint.places(kind, kinds)
    assert_same_slopes(kind, kinds, "rates", at.states)
    assert_same_slopes(kind, kinds, "crossings", at.crossings)
    for own, event in enumerate(at.events):
        assert_same_slopes(kind, kinds, "fire", at.states, (own, 0.3), (event, 0.3))


def operations(kind: type[Mechanism]) -> set[str]:
    """What the source of a mechanism's derivatives asks of the compiler: operators, functions, statements."""
    nodes = list(ast.walk(ast.parse(build.source_of_derivatives(index.alone(kind)))))
    called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    return called | {type(node).__name__ for node in nodes}


def test_the_sample_has_every_operation_of_derivatives() -> None:
    assert set().union(*map(operations, index.INDEX)) == set().union(*map(operations, SAMPLE))
