"""From a protocol to a plan: planned actions as sorted arrays over the packed positions of a system."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import SolveError, WiringError, said
from tripartite.language import grid
from tripartite.language.mechanism import provided
from tripartite.language.model import Model
from tripartite.language.protocol import (
    Action,
    Drive,
    Free,
    Occur,
    Protocol,
    Put,
    Scale,
    checked,
    combined,
    merged,
    parts,
)
from tripartite.language.system import Entry
from tripartite.solve.records import CHANGE, OCCUR, PUT

ROWS = ("time", "kind", "index", "value", "share")
"""What a planned action consists of, each an array over all of them."""


@dataclass(frozen=True)
class Schedule:
    """Actions of one run in order of time, and the values of all driven inputs at the start.

    A constant that changes is ``value`` plus ``share`` of its base value from then on: a factor is a share, what
    a course gives has none.
    """

    time: np.ndarray
    kind: np.ndarray
    index: np.ndarray
    value: np.ndarray
    share: np.ndarray
    starts: dict[str, float]

    @classmethod
    def of(cls, rows: list[tuple], starts: dict[str, float], width: float = 1.0) -> Schedule:
        """A schedule of ``rows`` of time (in ``width`` ms), kind, index, value and share, in any order."""
        # At one instant constants change before events happen.
        rows.sort(key=lambda row: (row[0], row[1] == OCCUR))
        time, kind, index, value, share = np.array(rows, dtype=float).reshape(-1, 5).T.copy()
        return cls(time * width, kind.astype(np.int64), index.astype(np.int64), value, share, starts)

    def on_grid(self, step: float, entries: Sequence[Entry]) -> Schedule:
        """The same for a method of fixed steps (ms): what changes within a step has its mean over it.

        **Arguments** entries: the constants, by position.
        """
        times = [grid.position(time, step) for time in self.time]
        table = zip(times, self.kind, self.index, self.value, self.share, strict=True)
        rows = [row for row in table if row[1] != CHANGE]
        for index, mine in self._changes():
            entry, own = entries[index], [times[row] for row in mine]
            base = self.starts.get(entry.key, entry.value)
            values, shares = [0.0, *self.value[mine]], [1.0, *self.share[mine]]
            if entry.key in self.starts:
                values[0], shares[0] = base, 0.0

            def value(time: float, own: list[float] = own, values: list[float] = values) -> float:
                return values[bisect_right(own, time)]

            def share(time: float, own: list[float] = own, shares: list[float] = shares) -> float:
                return shares[bisect_right(own, time)]

            def shown(time: float, value: grid.Value = value, share: grid.Value = share, base: float = base) -> float:
                return value(time) + share(time) * base if base else value(time)

            grid.warn_short(entry.key, own, shown, step)
            steps = sorted(grid.changes(own))
            rows += [(n, CHANGE, index, grid.mean(n, own, value), grid.mean(n, own, share)) for n in steps]
        return Schedule.of(rows, self.starts, step)

    def _changes(self) -> Iterator[tuple[int, np.ndarray]]:
        """Each constant that changes, by position, and the rows of its changes."""
        changes = np.flatnonzero(self.kind == CHANGE)
        for position in np.unique(self.index[changes]):
            yield int(position), changes[self.index[changes] == position]

    def constants_over(self, base: np.ndarray, times: np.ndarray) -> dict[int, np.ndarray]:
        """Values of the constants that change, at ``times`` (ms), by position; ``base`` is ``(constant,)``."""
        found = {}
        for position, mine in self._changes():
            share, value = self.share[mine], self.value[mine]
            values = np.where(share == 0, value, base[position] * share + value)
            steps = np.concatenate([[base[position]], values])
            found[position] = steps[np.searchsorted(self.time[mine], times, side="right")]
        return found

    def shares_over(self, times: np.ndarray) -> dict[int, np.ndarray]:
        """How much of a change of its base value each changing constant shows at ``times`` (ms)."""
        found = {}
        for position, mine in self._changes():
            steps = np.concatenate([[1.0], self.share[mine]])
            found[position] = steps[np.searchsorted(self.time[mine], times, side="right")]
        return found


def as_protocol(protocol: Any) -> Protocol:
    """``protocol``, which is one."""
    if not isinstance(protocol, Protocol):
        raise SolveError(
            f"What is done to a model is a Protocol; got {said(protocol)}. "
            "Write for instance `Constant(ip3=0.5 * uM)` or `SpikeTrain([1, 2] * s)`."
        )
    return protocol


def schedule(model: Model, protocol: Protocol, until: float, seed: int) -> Schedule:
    """The actions of ``protocol`` on ``model`` up to ``until`` (ms)."""
    system = model.system
    constant = system.constant_position
    event = {e.key: position for position, e in enumerate(system.events)}
    actions = _actions(model, protocol, until, seed)
    starts = {entry.key: entry.value for entry in system.drives if not math.isnan(entry.value)}
    inputs = {entry.key for entry in system.drives}
    starts |= {a.key: a.value for a in actions if isinstance(a, Drive) and a.time <= 0 and a.key in inputs}
    changes = [a for a in actions if not (isinstance(a, Drive) and a.time <= 0 and a.key in inputs)]
    rows = [(a.time, OCCUR, event[a.key], a.amount, 0.0) for a in actions if isinstance(a, Occur)]
    state = system.state_position
    rows += [(a.time, PUT, state[a.key], a.value, 0.0) for a in actions if isinstance(a, Put)]
    rows += [(time, CHANGE, constant[key], value, share) for time, key, value, share in _changes(changes)]
    _check_drives(model, starts)
    return Schedule.of([row for row in rows if row[0] < until], starts)


def _actions(model: Model, protocol: Protocol, until: float, seed: int) -> list[Action]:
    """Everything a protocol does; an input driven by two of its members is an error."""
    found: list[Action] = []
    driver: dict[str, Protocol] = {}
    for member in parts(protocol):
        mine = checked(model, member, until, seed)
        driven = {a.key: a for a in mine if isinstance(a, Put | Drive)}
        for key in sorted(driven) if not isinstance(member, Held) else ():
            if key in driver:
                raise SolveError(
                    f"A quantity is driven by one protocol; `{key}` by both {said(driver[key])} and {said(member)}. "
                    f"Drop one, or {merged(driven[key])}."
                )
            driver[key] = member
        found += mine
    return found


def _changes(actions: Iterable[Action]) -> Iterator[tuple[float, str, float, float]]:
    """Every change of a constant: time, key, value, and share of its base value.

    What factors multiply is what a course gives, where there is one, or else the base value.
    """
    held: dict[str, list[Drive | Free]] = {}
    scaled: dict[str, list[Scale]] = {}
    for action in actions:
        if isinstance(action, Drive | Free):
            held.setdefault(action.key, []).append(action)
        elif isinstance(action, Scale):
            scaled.setdefault(action.key, []).append(action)
    for key in dict.fromkeys([*held, *scaled]):
        courses = sorted(held.get(key, []), key=lambda a: a.time)
        factors = [(-math.inf, 1.0), *_factors(scaled.get(key, []))]
        begins, turns = [a.time for a in courses], [time for time, _ in factors]
        for time in sorted({*begins, *turns[1:]}):
            place, factor = bisect_right(begins, time), factors[bisect_right(turns, time) - 1][1]
            course = courses[place - 1] if place else None
            yield (time, key, course.value * factor, 0.0) if isinstance(course, Drive) else (time, key, 0.0, factor)


def _factors(scales: Sequence[Scale]) -> list[tuple[float, float]]:
    """The factor of all perturbations of a parameter, whenever it changes."""
    times = sorted({t for a in scales for t in (a.time, a.stop) if math.isfinite(t)})
    return [(time, combined(a for a in scales if a.time <= time < a.stop)) for time in times]


def _check_drives(model: Model, starts: dict[str, float]) -> None:
    missing = [entry for entry in model.system.drives if entry.key not in starts]
    if missing:
        listed = ", ".join(f"`{entry.key}` ({entry.unit})" for entry in missing)
        name = missing[0].key
        raise WiringError(
            f"Every input needs a source from 0 s on; {listed} has none. Add a mechanism that provides it, wire "
            f'it, or drive it: `Constant({{"{name}": {units.as_code(1, missing[0].unit)}}})`.'
            + provided({entry.key.rsplit(".", 1)[-1]: entry.unit for entry in missing})
        )


@dataclass(frozen=True)
class Held(Protocol):
    """Driven inputs, by key, at internal values: stands in for inputs that an ensemble varies."""

    values: tuple[tuple[str, float], ...]

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        return (Drive(0.0, key, value) for key, value in self.values)
