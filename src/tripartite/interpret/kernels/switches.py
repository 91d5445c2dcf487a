"""Conditions whose change makes rates jump: which they are, and rates that hold them until a step has ended.

An adaptive method is as good as its rates are smooth, and sees them at a few places only. Where `where` makes them
jump as states move, the condition becomes a *switch*: a constant of the kernels, its mode, says whether it holds, so
that every stage of a step follows one smooth course; and a crossing value says where on it the condition changes, so
that it is found as thresholds are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

import numpy as np

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import COMPARISONS, Node
from tripartite.language.functions import where

FAILS, HOLDS, FREE = 0.0, 1.0, 2.0
"""Modes of a switch: held as false, held as true, or read anew wherever rates are wanted, as it is written."""

_MODE = "held"
_MODE_NAME = re.compile(rf"{_MODE}\d+")
_POINTS = 64  # random places at which rates are compared
_ROUNDS = 30  # of the secant method, which needs one where a condition is linear
_JUMP = 1e-5  # of the difference beside a change: what rounding and roots leave of a corner is less
_ROUNDING = 1e-10  # of the rates themselves


def mode(number: int) -> str:
    """The name of a switch's mode among those of a kernel."""
    return f"{_MODE}{number}"


def numbers(names: Set[str]) -> list[int]:
    """The numbers of the switches whose modes are among ``names``, in order."""
    return sorted(int(name.removeprefix(_MODE)) for name in names if _MODE_NAME.fullmatch(name))


def switches(
    rates: Sequence[Node], states: Sequence[Node], typical: Mapping[str, float], signed: Set[str] = frozenset()
) -> list[Node]:
    """The conditions on moving states at which rates jump, each after those that it reads.

    A corner (``where(x > 0, x, 0)``) is none: the rates are the same on both sides of it, which error control can
    follow.

    **Arguments** states: names of the states, in the order of ``rates``; typical: a value of every name; signed: names
    that may have either sign.
    """
    conditions = [node for node in trace.order(rates) if node.op in COMPARISONS]
    moving = {s for s, rate in zip(states, rates, strict=True) if not (rate.op == "number" and rate.args[0] == 0)}
    candidates = [c for c in conditions if moving & set(_names(c))]
    return [c for c in candidates if _jumps(c, conditions, rates, moving, _anywhere(typical, signed))]


def held(roots: Iterable[Node], found: Sequence[Node]) -> list[Node]:
    """``roots`` with the switches ``found`` in the modes that they are given."""
    replaced = _replaced(found)
    return [trace.substitute(root, replaced) for root in roots]


def values(found: Sequence[Node]) -> list[Node]:
    """Of every switch a value that rises through zero where it changes; 1 or 2 as it fails or holds if it is free."""
    replaced = _replaced(found)
    made = []
    for number, condition in enumerate(found):
        now = _inside(condition, replaced)
        high, low = now.args if condition.op in (">", ">=") else reversed(now.args)
        above, given = high - low, trace.name(mode(number))
        made.append(where(given > 1.5, where(now, 2.0, 1.0), where(given > 0.5, -above, above)))
    return made


def _replaced(found: Sequence[Node]) -> dict[Node, Node]:
    replaced: dict[Node, Node] = {}
    for number, condition in enumerate(found):
        given = trace.name(mode(number))
        now = where(_inside(condition, replaced), 1.0, 0.0)
        replaced[condition] = where(given > 1.5, now, given) > 0.5
    return replaced


def _inside(condition: Node, replaced: Mapping[Node, Node]) -> Node:
    """A condition that reads those before it in the modes that they are given."""
    return trace.rebuilt(condition, *(trace.substitute(side, replaced) for side in condition.args))


def _names(root: Node) -> Iterator[Node]:
    return (node for node in trace.order([root]) if node.op == "name")


def _anywhere(typical: Mapping[str, float], signed: Set[str]) -> dict[str, np.ndarray]:
    """Random places around typical values; what may have either sign has both."""
    random = np.random.default_rng(0)
    found = {name: (value or 1.0) * 10 ** random.uniform(-1, 1, _POINTS) for name, value in typical.items()}
    return found | {name: found[name] * random.choice([-1.0, 1.0], _POINTS) for name in sorted(signed)}


def _jumps(
    condition: Node,
    conditions: Sequence[Node],
    rates: Sequence[Node],
    moving: Set[Node],
    anywhere: Mapping[str, np.ndarray],
) -> bool:
    """Whether rates differ as a condition holds or fails, at any of some random places where it changes.

    All other conditions hold or fail by chance there, so that one which is true in a narrow window hides nothing.
    At a corner rates differ beside such a place and not there. Where none is found, they are taken to jump.
    """
    flags = {other: trace.name(f"@{i}") for i, other in enumerate(conditions)}
    high, low = (trace.substitute(side, flags) for side in condition.args)
    seen = [trace.substitute(rate, flags) for rate in rates]
    random = np.random.default_rng(1)
    anywhere = {**anywhere, **{flag.args[0]: random.random(_POINTS) < 0.5 for flag in flags.values()}}
    with np.errstate(all="ignore"):
        there, beside = _change(high - low, anywhere, moving)
        yes, no = _either(seen, flags[condition], there)
        near, far = _either(seen, flags[condition], beside)
        differ = np.abs(yes - no)
        corner = (differ <= _JUMP * np.abs(near - far)) | (differ <= _ROUNDING * (np.abs(yes) + np.abs(no)))
    defined = np.isfinite(yes) | np.isfinite(no)
    return not defined.any() or bool((defined & ~(corner & np.isfinite(differ))).any())


def _either(rates: Sequence[Node], flag: Node, values: Mapping[str, np.ndarray]) -> np.ndarray:
    """Rates as a flag is true and as it is false, ``(2, rate, place)``."""
    shape = values[flag.args[0]].shape
    both = [trace.evaluate_all(rates, {**values, flag.args[0]: np.full(shape, true)}) for true in (True, False)]
    return np.array([[np.broadcast_to(rate, shape) for rate in found] for found in both])


def _change(value: Node, values: Mapping[str, np.ndarray], moving: Set[Node]) -> tuple[dict[str, np.ndarray], ...]:
    """The places, with one name moved to where ``value`` is zero, and those a hundredth of its way back.

    A moving state is moved if one will do, by the secant method; there are none where no name will.
    """
    for name in sorted(_names(value), key=lambda name: name not in moving):
        key = name.args[0]
        if key.startswith("@"):
            continue
        given = last = values[key]
        here = last * 1.01
        before, now = (trace.evaluate(value, {**values, key: x}) for x in (last, here))
        usual = np.abs(before)
        for _ in range(_ROUNDS):
            step = np.where(now == 0, 0.0, now * (here - last) / np.where(now == before, np.nan, now - before))
            last, before, here = here, now, here - step
            now = trace.evaluate(value, {**values, key: here})
        found = np.abs(now) <= 1e-12 * usual
        if found.any():
            beside = here + 0.01 * (given - here)
            return tuple({k: row[found] for k, row in {**values, key: x}.items()} for x in (here, beside))
    return tuple({k: row[:0] for k, row in values.items()} for _ in range(2))
