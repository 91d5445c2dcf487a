"""Linear states whose coefficients switch, at known times, when states with a closed form pass thresholds.

Between two events a state that follows x' = r x + c passes each threshold once at most: its distance g from it, which
begins at g0 with the slope v, is zero at t* = ln(1 - r g0 / v) / r, or -g0 / v without a rate. In between the switched
state is linear, so that its mean, and with noise its variance, follow closed forms piece by piece (as in
graupner_brunel2012).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import ZERO, Course
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import absolute, log, sqrt, where

MOST = 3
"""Conditions that one state may have: the time between two events falls into one more piece."""


_NEAR, _TERMS = 0.02, 8
"""Where log(1 + z) / z is taken from its series, and of how many terms: both are good to some 1e-14 there."""


@dataclass(frozen=True)
class Passing:
    """A condition on a quantity that follows g' = own g + constant: it changes once at most, where g is zero."""

    name: Node
    start: Node
    """The quantity when it was last looked at; the condition holds where it is positive."""
    slope: Node
    """Its derivative then, whose sign it keeps."""
    own: Node
    closed: bool
    """Whether the condition holds at zero, too."""

    def time(self, until: Node) -> Node:
        """When it changes, at the latest ``until``."""
        towards = where(self.start > 0, -self.slope, where(self.start < 0, self.slope, absolute(self.slope)))
        away = towards > 0
        ahead = where(away, -self.start, number(0.0)) / where(away, self.slope, number(1.0))  # at its first speed
        z = self.own * ahead
        found = ahead * _logarithm(z)
        return where(away, where(z > -1, where(found < until, found, until), until), until)

    def holds(self, middle: Node, time: Node) -> Node:
        """Whether it holds in a piece around ``middle``, when it changes at ``time``."""
        before = self.start >= 0 if self.closed else self.start > 0
        return where(middle < time, where(before, number(1.0), number(0.0)), self.slope) > 0


def _logarithm(z: Node) -> Node:
    """log(1 + z) / z, also near zero."""
    series = number(0.0)
    for term in reversed(range(_TERMS)):
        series = 1 / (term + 1) - z * series
    near = absolute(z) < _NEAR
    return where(near, series, log(where(z > -1, 1 + z, number(1.0))) / where(near, number(1.0), z))


@dataclass(frozen=True)
class Switched:
    """A state x' = own x + rest with noise of a variance per time, all three by conditions."""

    leaf: Node
    own: Node
    rest: Node
    variance: Node
    passings: tuple[Passing, ...]

    def after(self, until: Node) -> tuple[Node, Node]:
        """Mean and variance of the state at ``until`` after it was last looked at."""
        mean, variance = self.leaf, ZERO
        for width, own, rest, noise in self._pieces(until):
            mean = mean * courses.response((own,), width) + rest * courses.response((ZERO, own), width)
            variance = variance * courses.response((2 * own,), width) + noise * courses.response((ZERO, 2 * own), width)
        return mean, variance

    def integral(self, until: Node) -> Node:
        """The integral of the state, which is one without noise, from when it was last looked at to ``until``."""
        state, total = self.leaf, ZERO
        for width, own, rest, _ in self._pieces(until):
            course = {(own,): state, (ZERO, own): rest}
            state, total = courses.value(course, width), total + courses.integral(course, width)
        return total

    def _pieces(self, until: Node) -> Iterator[tuple[Node, Node, Node, Node]]:
        """Length, coefficients and variance of each time in which no condition changes."""
        times = [passing.time(until) for passing in self.passings]
        edges = [number(0.0), *_ascending(times), until]
        for begin, end in itertools.pairwise(edges):
            middle = (begin + end) / 2
            held = {p.name: p.holds(middle, time) for p, time in zip(self.passings, times, strict=True)}
            own, rest, noise = (trace.substitute(node, held) for node in (self.own, self.rest, self.variance))
            yield end - begin, own, rest, noise

    def value(self, until: Node, luck: Node) -> Node:
        """The state at ``until``, with a standard normal number."""
        mean, variance = self.after(until)
        return mean if courses.is_zero(self.variance) else mean + sqrt(variance) * luck


def switched(
    key: str,
    rate: Node,
    amplitudes: Sequence[Node],
    leaves: Mapping[str, Node],
    known: Mapping[str, Course],
    constant: Callable[[Node], bool],
) -> Switched | None:
    """How a state moves between events, if it is linear but for conditions on states with a closed form; else none.

    **Arguments** rate and amplitudes of the noise of the state ``key``; leaves of all states; known: closed forms;
    constant: whether an expression stays the same between events.
    """
    variance = number(0.0)
    for amplitude in amplitudes:
        variance = variance + amplitude * amplitude
    passings, held = [], {}
    for place, condition in enumerate(c for c in courses.conditions(rate, variance) if not constant(c)):
        name = trace.name(f"{leaves[key].args[0]} passes {place}")
        passing = _passing(name, condition, leaves, known, constant)
        if passing is None or place >= MOST:
            return None
        passings.append(passing)
        held[condition] = name
    rate, variance = trace.substitute(rate, held), trace.substitute(variance, held)
    (own,) = trace.pull_back([(rate, number(1.0))], [leaves[key]])
    rest = trace.substitute(rate, {leaves[key]: number(0.0)})
    if not all(constant(node) for node in (own, rest, variance)):
        return None
    return Switched(leaves[key], own, rest, variance, tuple(passings))


def _passing(
    name: Node,
    condition: Node,
    leaves: Mapping[str, Node],
    known: Mapping[str, Course],
    constant: Callable[[Node], bool],
) -> Passing | None:
    left, right = condition.args if condition.op in (">", ">=") else reversed(condition.args)
    apart = left - right
    read = [other for other, leaf in leaves.items() if leaf in trace.order([apart])]
    if len(read) != 1 or read[0] not in known:
        return None
    leaf, course = leaves[read[0]], known[read[0]]
    (per,) = trace.pull_back([(apart, number(1.0))], [leaf])
    simple = {stages for stages in course if len(stages) == 1}
    if not (constant(per) and constant(trace.substitute(apart, {leaf: number(0.0)})) and len(simple) == 1):
        return None
    ((own,),) = simple
    if course[own,] is not leaf or set(course) - {(own,), (ZERO, own), (own, ZERO)}:
        return None
    given = course.get((ZERO, own), course.get((own, ZERO), number(0.0)))
    return Passing(name, apart, per * (own * leaf + given), own, condition.op in (">=", "<="))


def _ascending(times: list[Node]) -> list[Node]:
    """The same times in order."""
    found: list[Node] = []
    for time in times:
        for place, other in enumerate(found):
            found[place], time = where(time < other, time, other), where(time < other, other, time)
        found.append(time)
    return found
