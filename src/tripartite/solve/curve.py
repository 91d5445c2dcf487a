"""A curve of fixed points in the space of states and one constant, followed by pseudo-arclength."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tripartite.solve.flow import Flow
from tripartite.solve.steady import spectrum

FOLD, HOPF, BRANCH_POINT = "fold", "Hopf point", "branch point"

_CLOSE, _FLOOR = 1e-13, 1e-9
_SHARP, _SLIGHT = 0.2, 0.05  # turns of the tangent (radians) that shorten and lengthen the step
_SHORTEST = 1e-9


class Lost(Exception):
    """The corrector does not come back to the curve."""


@dataclass(frozen=True)
class Node:
    """A point of a curve: its place and unit tangent in scaled coordinates, and its derivatives."""

    place: np.ndarray
    tangent: np.ndarray
    slopes: np.ndarray  # of the rates by place, (state, place)
    jacobian: np.ndarray

    @cached_property
    def eigenvalues(self) -> np.ndarray:
        return spectrum(self.jacobian)


@dataclass(frozen=True)
class Special:
    """A special point of a curve; ``omega`` (rad/ms) at Hopf points."""

    kind: str
    node: Node
    omega: float | None = None


def along_parameter(node: Node) -> float:
    """Test function of folds: how much the tangent points along the parameter."""
    return float(node.tangent[-1])


def regularity(node: Node) -> float:
    """Test function of branch points: determinant of the slopes bordered by the tangent."""
    bordered = np.vstack([node.slopes, node.tangent])
    return float(np.linalg.det(bordered / np.linalg.norm(bordered, axis=1, keepdims=True)))


def sums_of_pairs(node: Node) -> float:
    """Test function of Hopf points: product of the sums of all pairs of eigenvalues.

    It also vanishes at neutral saddles, where two real eigenvalues are opposite.
    """
    values = node.eigenvalues / np.max(np.abs(node.eigenvalues))
    first, second = np.triu_indices(len(values), 1)
    return float(np.prod(values[first] + values[second]).real)


class Curve:
    """Fixed points of a flow over the constant at ``position``, in coordinates scaled to order one.

    The place holds the states in units of their size and, last, the constant as a fraction of its range.
    """

    def __init__(self, flow: Flow, position: int, low: float, high: float):
        self.flow, self.position, self.low, self.span = flow, position, low, high - low
        self.scale = np.append(flow.size, self.span)

    def states(self, place: np.ndarray) -> np.ndarray:
        return place[:-1] * self.flow.size

    def value(self, place: np.ndarray) -> float:
        return float(self.low + place[-1] * self.span)

    def first(self, y: np.ndarray) -> Node:
        """The node at the low end, looking into the range."""
        place = np.append(y / self.flow.size, 0.0)
        return self._node(place, np.append(np.zeros(len(y)), 1.0))

    def step(self, node: Node, length: float) -> Node:
        """The node at ``length`` along the tangent, corrected at right angles to it."""
        guess = node.place + length * node.tangent
        place, last = guess, np.inf
        for _ in range(12):
            rates, slopes, _ = self._linear(place)
            change = _solve(np.vstack([slopes, node.tangent]), -np.append(rates, node.tangent @ (place - guess)))
            size = float(np.linalg.norm(change))
            if size <= _CLOSE or (size <= _FLOOR and size > last / 4):
                return self._node(place + change, node.tangent)
            place, last = place + change, size
        raise Lost

    def inside(self, node: Node) -> bool:
        """Whether the states lie in their declared ranges."""
        y, slack = self.states(node.place), 1e-9 * self.flow.size
        return bool(np.all((y >= self.flow.low - slack) & (y <= self.flow.high + slack)))

    def _node(self, place: np.ndarray, towards: np.ndarray) -> Node:
        _, slopes, jacobian = self._linear(place)
        tangent = _solve(np.vstack([slopes, towards]), np.append(np.zeros(len(slopes)), 1.0))
        return Node(place, tangent / np.linalg.norm(tangent), slopes, jacobian)

    def _linear(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        c = self.flow.c.copy()
        c[self.position] = self.value(place)
        rates, by_state, by_constant = self.flow.linear(self.states(place), c)
        return rates, np.column_stack([by_state, by_constant[:, self.position]]) * self.scale, by_state


def follow(curve: Curve, node: Node, largest: float, most: int) -> tuple[list[Node], list[Special], str]:
    """Nodes from ``node`` on, what lies between them, and why the curve ends there."""
    nodes, special, length = [node], [], largest / 10
    while len(nodes) < most:
        try:
            new = curve.step(node, length)
            turn = float(np.arccos(np.clip(new.tangent @ node.tangent, -1, 1)))
        except Lost:
            turn = np.inf
        if turn > _SHARP:
            length /= 2
            if length < _SHORTEST:
                return nodes, special, "The branch could not be followed further"
            continue
        end = next((bound for bound in (0.0, 1.0) if (new.place[-1] - bound) * (2 * bound - 1) > 1e-12), None)
        if end is not None:
            length = _root(curve, node, length, lambda n, end=end: float(n.place[-1]) - end)
            new = curve.step(node, length)
        if not curve.inside(new):
            return nodes, special, "A state leaves its declared range"
        special += _between(curve, node, new, length)
        nodes.append(new)
        if end is not None:
            return nodes, special, "The branch reaches the end of the range"
        if len(nodes) > 10 and np.linalg.norm(new.place - nodes[0].place) < length / 2:
            return nodes, special, "The branch is closed"
        node = new
        if turn < _SLIGHT:
            length = min(largest, 1.5 * length)
    return nodes, special, f"The limit of {most} points was reached"


def _between(curve: Curve, node: Node, new: Node, length: float) -> list[Special]:
    """The special points on the step from ``node`` to ``new``, in order."""
    found = []
    for kind, test in ((FOLD, along_parameter), (HOPF, sums_of_pairs), (BRANCH_POINT, regularity)):
        before, after = test(node), test(new)
        if before * after < 0 or (after == 0 and before != 0):
            place = _root(curve, node, length, test)
            found.append((place, kind, curve.step(node, place)))
    found.sort(key=lambda item: item[0])
    kept = [Special(kind, at, _turning(at) if kind == HOPF else None) for _, kind, at in found]
    return [item for item in kept if item.kind != HOPF or item.omega]


def _turning(node: Node) -> float | None:
    """Angular frequency of the pair of eigenvalues whose sum vanishes; None when the two are real."""
    values = node.eigenvalues
    first, second = np.triu_indices(len(values), 1)
    pair = np.argmin(np.abs(values[first] + values[second]))
    return float(abs(np.imag(values)[first[pair]])) or None


def _root(curve: Curve, node: Node, length: float, test: Callable[[Node], float]) -> float:
    """The part of a step at which ``test`` vanishes."""
    from scipy.optimize import brentq

    def value(part: float) -> float:
        return test(curve.step(node, part) if part > 0 else node)

    found: Any = brentq(value, 0.0, length, xtol=1e-15)
    return float(found)


def _solve(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    if not (np.isfinite(matrix).all() and np.isfinite(right).all()):
        raise Lost
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        raise Lost from None
