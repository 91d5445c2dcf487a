"""Closed forms on a trace: states whose rates are linear with constant coefficients, as functions of time.

A course is a sum of terms c D, kept as ``{rates: c}`` of traced values. D is the divided difference of exp(r t)
over its rates: what a unit pulse has become at t after one stage of each rate, in whatever order. It has a value
for rates that are equal, nearly so, or zero; sums of single exponentials have not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from tripartite.interpret.kernels.trace import COMPARISONS, Node, evaluate, name, number, order, pull_back, substitute
from tripartite.language.functions import absolute, exp, where

Rates = tuple[Node, ...]
Course = dict[Rates, Node]
ZERO = number(0.0)
"""The one rate of zero in all courses."""


def courses(
    rates: Mapping[str, Node],
    names: Mapping[str, Node],
    starts: Mapping[str, Node],
    constant: Callable[[Node], bool],
) -> dict[str, Course]:
    """The courses of all states that have one, by key.

    **Arguments** rates: dx/dt by key in terms of ``names``, the leaves that stand for the states; starts: where
    each begins; constant: whether a coefficient stays the same between events.
    """
    found: dict[str, Course] = {}
    waiting = dict(rates)
    leaves = {id(leaf): key for key, leaf in names.items()}
    known = [ZERO]
    progress = True
    while progress:
        progress = False
        for key in list(waiting):
            read = sorted({leaves[id(n)] for n in order([waiting[key]]) if id(n) in leaves} - {key})
            if not found.keys() >= set(read):
                continue
            course = _course(waiting[key], names, key, read, starts[key], found, constant, known)
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
    found: Mapping[str, Course],
    constant: Callable[[Node], bool],
    known: list[Node],
) -> Course | None:
    moving = [names[key], *(names[other] for other in read)]
    own, *others = pull_back([(rate, number(1.0))], moving)
    rest = substitute(rate, dict.fromkeys(moving, number(0.0)))
    # What a condition asks of a state has no slope, and yet the course changes with it.
    if not all(constant(node) for node in (own, rest, *others, *conditions(rate))):
        return None
    own = _known(known, own)
    course: Course = {(own,): start}
    if not is_zero(rest):
        _add(course, _with(known, (known[0],), own), rest)
    for other, slope in zip(read, others, strict=True):
        for stages, c in found[other].items():
            _add(course, _with(known, stages, own), slope * c)
    return course


def _add(course: Course, stages: Rates, part: Node) -> None:
    course[stages] = course[stages] + part if stages in course else part


def _known(known: list[Node], r: Node) -> Node:
    """The rate met before that equals ``r``, or ``r`` itself."""
    found = next((other for other in known if same(other, r)), None)
    if found is None:
        known.append(r)
    return r if found is None else found


def _with(known: list[Node], stages: Rates, own: Node) -> Rates:
    """One more stage, all in the order in which their rates were met."""
    return tuple(sorted((*stages, own), key=known.index))


def same(a: Node, b: Node) -> bool:
    """Whether two expressions are one function of their names, however they are written.

    Compared where all names are near 1, and for names of any sign and size; conditions, each holding or not by
    itself, are the same only where they are written alike.
    """
    if a is b:
        return True
    holds = {node: name(f"holds {n}") for n, node in enumerate(conditions(a, b))}
    a, b = substitute(a, holds), substitute(b, holds)
    names = sorted({n.args[0] for n in order([a, b]) if n.op == "name"})
    for trial in range(12):
        random = np.random.default_rng(trial)
        drawn = random.uniform(0.5, 1.5, len(names))
        if trial >= 4:
            drawn = random.choice([-1.0, 1.0], len(names)) * 10.0 ** random.uniform(-2, 2, len(names))
        values = {name: float(v) for name, v in zip(names, drawn, strict=True)}
        values |= {node.args[0]: bool(random.integers(2)) for node in holds.values()}
        with np.errstate(all="ignore"):
            found = evaluate(a, values), evaluate(b, values)
        if not np.isclose(*found, rtol=1e-12 if trial < 4 else 1e-9, atol=0, equal_nan=True):
            return False
    return True


def conditions(*nodes: Node) -> list[Node]:
    """Every comparison in expressions."""
    return [node for node in order(nodes) if node.op in COMPARISONS]


def is_zero(node: Node) -> bool:
    return node.op == "number" and node.args[0] == 0


def value(course: Course, t: Node) -> Node:
    """The course at time ``t`` after its start."""
    total = number(0.0)
    for stages, c in course.items():
        total = total + c * response(stages, t)
    return total


def integral(course: Course, t: Node) -> Node:
    """The integral of the course from its start to ``t``."""
    return value({integrated(stages): c for stages, c in course.items()}, t)


def integrated(stages: Rates) -> Rates:
    """The stages whose response is the integral of that of ``stages``."""
    return (ZERO, *stages)


def dispersion(rate: Node | None, state: Node, constant: Callable[[Node], bool], t: Node) -> Node:
    """The variance that noise of amplitude 1 gives a state within ``t``; its rate, where linear, draws it back."""
    (own,) = [ZERO] if rate is None else pull_back([(rate, number(1.0))], [state])
    return response((ZERO, 2 * own), t) if constant(own) else t


def response(stages: Rates, t: Node) -> Node:
    """The divided difference of exp(r t) over the rates of all stages; 1 without any."""
    last = len(stages) - 1
    if last < 0:
        return number(1.0)
    if all(r is stages[0] for r in stages):
        decay = exp(stages[0] * t)
        return decay * t**last / math.factorial(last) if last else decay
    z = [r * t for r in stages]
    if last == 1 and is_zero(z[0]):
        return t * _growth(z[1])
    z = _descending(z)
    return exp(z[0]) * t**last * _difference([number(0.0), *(x - z[0] for x in z[1:])])


def _descending(z: list[Node]) -> list[Node]:
    z = list(z)
    for end in range(len(z) - 1, 0, -1):
        for i in range(end):
            a, b = z[i], z[i + 1]
            if a is not b:
                z[i], z[i + 1] = where(a < b, b, a), where(a < b, a, b)
    return z


def _growth(z: Node) -> Node:
    """(exp(z) - 1) / z, smooth through its value 1 at z = 0."""
    # Near zero the quotient loses all digits; the series is exact to 5e-17 where it is taken.
    near = absolute(z) < 0.5
    far = where(near, number(1.0), z)
    return where(near, _polynomial(z, [1 / math.factorial(n + 1) for n in range(14)]), (exp(z) - 1) / far)


def _polynomial(z: Node, coefficients: list[float]) -> Node:
    total = number(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        total = c + z * total
    return total


def _difference(y: list[Node]) -> Node:
    """The divided difference of exp over points that fall from the first one, 0."""
    count = len(y)
    above = [exp(x) for x in y]
    for size in range(2, count + 1):
        found = []
        for i in range(count - size + 1):
            gaps = [x - y[i] for x in y[i + 1 : i + size]]
            if size == 2:
                found.append(exp(y[i]) * _growth(gaps[0]))
                continue
            # Points within 1 of each other: their quotient loses digits, the series is exact to 2e-16.
            near = gaps[-1] > -1.0
            far = (above[i] - above[i + 1]) / where(near, number(1.0), -gaps[-1])
            found.append(where(near, exp(y[i]) * _series(gaps), far))
        above = found
    return above[0]


def _series(gaps: list[Node], terms: int = 19) -> Node:
    """The same near 0: the sum of h_k / (k + p)!, with the complete symmetric polynomials h_k of p gaps."""
    h: list[Node] = [number(1.0), *[number(0.0)] * (terms - 1)]
    for gap in gaps:
        for k in range(1, terms):
            h[k] = h[k] + gap * h[k - 1]
    total = number(0.0)
    for k in range(terms - 1, -1, -1):
        total = total + h[k] * (1 / math.factorial(k + len(gaps)))
    return total
