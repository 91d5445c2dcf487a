"""Closed forms on a trace: states whose rates are linear with constant coefficients, as functions of time.

A course is a sum of terms c t^p exp(r t), kept as ``{(r, p): c}`` of traced values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from tripartite.interpret.kernels.trace import Node, evaluate, number, order, pull_back, substitute
from tripartite.language.functions import exp

Course = dict[tuple[Node, int], Node]


def courses(
    rates: Mapping[str, Node],
    names: Mapping[str, Node],
    starts: Mapping[str, Node],
    constant: Callable[[Node], bool],
    apart: Callable[[Node], bool],
) -> dict[str, Course]:
    """The courses of all states that have one, by key.

    **Arguments** rates: dx/dt by key in terms of ``names``, the leaves that stand for the states; starts: where
    each begins; constant: whether a coefficient stays the same between events; apart: whether the difference of
    two rate constants is far enough from zero to divide by.
    """
    found: dict[str, Course] = {}
    waiting = dict(rates)
    leaves = {id(leaf): key for key, leaf in names.items()}
    progress = True
    while progress:
        progress = False
        for key in list(waiting):
            read = sorted({leaves[id(n)] for n in order([waiting[key]]) if id(n) in leaves} - {key})
            if not found.keys() >= set(read):
                continue
            course = _course(waiting[key], names, key, read, starts[key], found, constant, apart)
            del waiting[key]
            if course is not None:
                found[key] = course
                progress = True
    return found


def _course(
    rate: Node,
    names: Mapping[str, Node],
    key: str,
    read: Iterable[str],
    start: Node,
    known: Mapping[str, Course],
    constant: Callable[[Node], bool],
    apart: Callable[[Node], bool],
) -> Course | None:
    moving = [names[key], *(names[other] for other in read)]
    own, *others = pull_back([(rate, number(1.0))], moving)
    zero = number(0.0)
    rest = substitute(rate, dict.fromkeys(moving, zero))
    if not all(constant(node) for node in (own, rest, *others)):
        return None
    forcing: Course = {} if is_zero(rest) else {(zero, 0): rest}
    for other, slope in zip(read, others, strict=True):
        for (r, p), c in known[other].items():
            _add(forcing, (_known(forcing, r), p), slope * c)
    found: Course = {}
    for (r, p), c in forcing.items():
        part = _response(own, r, p, apart)
        if part is None:
            return None
        for term, factor in part.items():
            _add(found, term, c * factor)
    at_zero = zero
    for (_, p), c in found.items():
        at_zero = at_zero + c if p == 0 else at_zero
    _add(found, (_known(found, own), 0), start - at_zero)
    return found


def _add(course: Course, term: tuple[Node, int], part: Node) -> None:
    course[term] = course[term] + part if term in course else part


def _known(course: Course, r: Node) -> Node:
    """The rate constant of a course that equals ``r``, or ``r`` itself."""
    return next((other for other, _ in course if same(other, r)), r)


def _response(own: Node, r: Node, p: int, apart: Callable[[Node], bool]) -> Course | None:
    """A particular solution of x' = own x + t^p exp(r t); none where the two rates all but coincide."""
    if same(r, own):
        return {(own, p + 1): number(1.0 / (p + 1))}
    if not apart(r - own):
        return None
    found: Course = {(r, p): 1 / (r - own)}
    for power in range(p - 1, -1, -1):
        found[r, power] = -(power + 1) * found[r, power + 1] / (r - own)
    return found


def same(a: Node, b: Node) -> bool:
    """Whether two expressions are one function of their names, however they are written."""
    if a is b:
        return True
    names = sorted({n.args[0] for n in order([a, b]) if n.op == "name"})
    for trial in range(3):
        random = np.random.default_rng(trial)
        values = {name: float(v) for name, v in zip(names, random.uniform(0.5, 1.5, len(names)), strict=True)}
        if not np.isclose(evaluate(a, values), evaluate(b, values), rtol=1e-12, atol=0):
            return False
    return True


def is_zero(node: Node) -> bool:
    return node.op == "number" and node.args[0] == 0


def value(course: Course, t: Node) -> Node:
    """The course at time ``t`` after its start."""
    total = number(0.0)
    for (r, p), c in course.items():
        term = c if is_zero(r) else c * exp(r * t)
        total = total + (term if p == 0 else term * t**p)
    return total


def integral(course: Course, t: Node) -> Node:
    """The integral of the course from its start to ``t``."""
    total = number(0.0)
    for (r, p), c in course.items():
        if is_zero(r):
            total = total + c * t ** (p + 1) / (p + 1)
            continue
        decay, part = exp(r * t), number(0.0)
        for power in range(p, -1, -1):
            factor = number(1.0)
            for k in range(power + 1, p + 1):
                factor = factor * number(-float(k)) / r
            part = part + factor * (t**power if power else 1.0) * decay / r
        whole = number(1.0)
        for k in range(1, p + 1):
            whole = whole * number(-float(k)) / r
        total = total + c * (part - whole / r)
    return total
