"""Equations recorded as they run: a graph of operations on named values, differentiable in reverse."""

from __future__ import annotations

import operator
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tripartite.errors import DefinitionError
from tripartite.language import functions

_PRECEDENCE_FREE = ("name", "number")
_CALCULATE: dict[str, Any] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: np.float64(a) / b,
    "**": operator.pow,
    "neg": operator.neg,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "absolute": abs,
    "where": lambda condition, yes, no: np.where(condition, yes, no)[()],
}
_OF_ANY_ARRAYS = _CALCULATE | {
    "/": operator.truediv,
    "exp": functions.exp,
    "log": functions.log,
    "sqrt": functions.sqrt,
    "tanh": functions.tanh,
    "where": functions.where,
}


COMPARISONS = ("<", "<=", ">", ">=")
"""Operations that give a condition."""


class Node:
    """One operation of a trace; arithmetic on nodes makes nodes."""

    __slots__ = ("args", "op")

    def __init__(self, op: str, *args: Any):
        self.op = op
        self.args = args

    def __add__(self, other: Any) -> Node:
        return _make("+", self, other)

    def __radd__(self, other: Any) -> Node:
        return _make("+", other, self)

    def __sub__(self, other: Any) -> Node:
        return _make("-", self, other)

    def __rsub__(self, other: Any) -> Node:
        return _make("-", other, self)

    def __mul__(self, other: Any) -> Node:
        return _make("*", self, other)

    def __rmul__(self, other: Any) -> Node:
        return _make("*", other, self)

    def __truediv__(self, other: Any) -> Node:
        return _make("/", self, other)

    def __rtruediv__(self, other: Any) -> Node:
        return _make("/", other, self)

    def __pow__(self, other: Any) -> Node:
        return _make("**", self, other)

    def __rpow__(self, other: Any) -> Node:
        return _make("**", other, self)

    def __neg__(self) -> Node:
        return _make("neg", self)

    def __abs__(self) -> Node:
        return _make("absolute", self)

    def __lt__(self, other: Any) -> Node:
        return _make("<", self, other)

    def __le__(self, other: Any) -> Node:
        return _make("<=", self, other)

    def __gt__(self, other: Any) -> Node:
        return _make(">", self, other)

    def __ge__(self, other: Any) -> Node:
        return _make(">=", self, other)

    def __bool__(self) -> bool:
        raise DefinitionError(
            "An equation must not branch with `if` on a quantity, because it is read symbolically. "
            "Use `where(condition, yes, no)`."
        )


def name(text: str) -> Node:
    """A named value."""
    return _intern(("name", text))


def number(value: float) -> Node:
    """A literal."""
    return _intern(("number", float(value) if not isinstance(value, int) else value))


def drawn(op: str, *args: Any) -> Node:
    """A random count: ``binomial(count, chance, luck)`` or ``poisson(mean, luck)``."""
    return _intern((op, *map(as_node, args)))


def start() -> None:
    """Forget all nodes of this thread, so that one trace does not keep another alive."""
    _recorded.nodes.clear()


class _Recorded(threading.local):
    """The nodes of a thread by their content: equal expressions are one node."""

    def __init__(self) -> None:
        self.nodes: dict[tuple, Node] = {}


_recorded = _Recorded()


def _intern(key: tuple) -> Node:
    token = (*key, type(key[-1]).__name__) if key[0] == "number" else key
    if token not in _recorded.nodes:
        _recorded.nodes[token] = Node(*key)
    return _recorded.nodes[token]


def as_node(value: Any) -> Node:
    return value if isinstance(value, Node) else number(value)


def _value(node: Node) -> float | None:
    return node.args[0] if node.op == "number" else None


def _make(op: str, *args: Any) -> Node:
    nodes = tuple(as_node(a) for a in args)
    values = [_value(n) for n in nodes]
    first, second = values[0], values[-1]
    if op == "+" and first == 0:
        return nodes[1]
    if op in "+-" and len(nodes) == 2 and second == 0:
        return nodes[0]
    if op == "*" and 0 in values:
        return number(0.0)
    if op == "*" and first == 1:
        return nodes[1]
    if op in "*/" and second == 1:
        return nodes[0]
    if op == "/" and first == 0:
        return number(0.0)
    if op == "**" and isinstance(second, float) and second.is_integer():
        return _make("**", nodes[0], int(second))
    if op == "**" and second == 1:
        return nodes[0]
    if op == "**" and second == 0:
        return number(1.0)
    if op == "neg" and first is not None:
        return number(-first)
    if op == "exp" and first == 0:
        return number(1.0)
    if op in ("+", "-", "*", "/") and first is not None and second is not None and not (op == "/" and second == 0):
        folded = {"+": first + second, "-": first - second, "*": first * second}
        return number(folded[op] if op in folded else first / second)
    return _intern((op, *nodes))


functions.teach(
    lambda kind: issubclass(kind, Node),
    {
        "exp": lambda x: _make("exp", x),
        "log": lambda x: _make("log", x),
        "sqrt": lambda x: _make("sqrt", x),
        "tanh": lambda x: _make("tanh", x),
        "absolute": lambda x: _make("absolute", x),
        "where": lambda condition, yes, no: _make("where", condition, yes, no),
    },
)


def order(roots: Iterable[Node]) -> list[Node]:
    """Every node below ``roots``, arguments before their users."""
    seen: set[int] = set()
    found: list[Node] = []
    stack: list[tuple[Node, bool]] = [(root, False) for root in reversed(list(roots))]
    while stack:
        node, ready = stack.pop()
        if ready:
            found.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((a, False) for a in reversed(node.args) if isinstance(a, Node))
    return found


def substitute(root: Node, replaced: Mapping[Node, Node]) -> Node:
    """``root`` with some of its nodes replaced; what becomes a number is folded."""
    made = {id(old): new for old, new in replaced.items()}
    for node in order([root]):
        if id(node) not in made:
            args = [made[id(a)] if isinstance(a, Node) else a for a in node.args]
            changed = any(new is not old for new, old in zip(args, node.args, strict=True))
            made[id(node)] = rebuilt(node, *args) if changed else node
    return made[id(root)]


def rebuilt(node: Node, *args: Any) -> Node:
    """The operation of ``node`` on other arguments."""
    return _make(node.op, *args)


def evaluate(root: Node, values: Mapping[str, Any]) -> Any:
    """The number, or numbers, that ``root`` is for given values of its names."""
    return _evaluated([root], values, _CALCULATE)[0]


def evaluate_all(roots: Sequence[Node], values: Mapping[str, Any]) -> list[Any]:
    """The arrays, of NumPy or JAX, that ``roots`` are for given arrays by name."""
    return _evaluated(roots, values, _OF_ANY_ARRAYS)


def _evaluated(roots: Sequence[Node], values: Mapping[str, Any], calculate: Mapping[str, Any]) -> list[Any]:
    made: dict[int, Any] = {}
    for node in order(roots):
        if node.op == "name":
            made[id(node)] = values[node.args[0]]
        elif node.op == "number":
            made[id(node)] = node.args[0]
        else:
            made[id(node)] = calculate[node.op](*(made[id(a)] for a in node.args))
    return [made[id(root)] for root in roots]


def pull_back(weighted: Iterable[tuple[Node, Node]], wanted: Iterable[Node]) -> list[Node]:
    """Derivatives of the weighted sum of values, sum of weight * value, with respect to ``wanted``."""
    pairs = list(weighted)
    slope: dict[int, Node] = {}
    for value, weight in pairs:
        slope[id(value)] = slope[id(value)] + weight if id(value) in slope else weight
    for node in reversed(order(value for value, _ in pairs)):
        if id(node) in slope and node.op not in _PRECEDENCE_FREE:
            for argument, part in zip(node.args, _partials(node, slope[id(node)]), strict=True):
                if part is not None and _value(argument) is None:
                    known = slope.get(id(argument))
                    slope[id(argument)] = part if known is None else known + part
    return [slope.get(id(node), number(0.0)) for node in wanted]


def _partials(node: Node, s: Node) -> list[Node | None]:
    """Slope ``s`` of a node passed on to each of its arguments."""
    op, args = node.op, node.args
    x = args[0]
    if op == "+":
        return [s, s]
    if op == "-":
        return [s, -s]
    if op == "*":
        return [s * args[1], s * x]
    if op == "/":
        return [s / args[1], -(s * node / args[1])]
    if op == "**":
        p = args[1]
        lower = p.args[0] - 1 if p.op == "number" else p - 1
        safe = functions.where(x > 0, x, number(1.0))
        by_power = None if p.op == "number" else s * functions.where(x > 0, node * functions.log(safe), number(0.0))
        return [s * p * x**lower, by_power]
    if op == "where":
        return [None, functions.where(x, s, number(0.0)), functions.where(x, number(0.0), s)]
    if op in COMPARISONS:
        return [None, None]
    single = {
        "neg": lambda: -s,
        "exp": lambda: s * node,
        "log": lambda: s / x,
        "sqrt": lambda: s / (2 * node),
        "tanh": lambda: s * (1 - node * node),
        "absolute": lambda: functions.where(x >= 0, s, -s),
    }
    return [single[op]()]
