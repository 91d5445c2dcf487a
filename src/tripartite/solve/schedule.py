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
from tripartite.language.protocol import Action, Drive, Occur, Protocol, Scale, checked, combined, parts
from tripartite.solve.records import ASSIGN, MULTIPLY, OCCUR


@dataclass(frozen=True)
class Schedule:
    """Actions of one run in order of time, and the values of all driven inputs at the start."""

    time: np.ndarray
    kind: np.ndarray
    index: np.ndarray
    value: np.ndarray
    starts: dict[str, float]

    def on_grid(self, step: float, names: Sequence[str]) -> Schedule:
        """The same for a method of fixed steps (ms): what changes within a step has its mean over it.

        **Arguments** names: of the constants, by position.
        """
        times = [grid.position(time, step) for time in self.time]
        rows = [(t, k, i, v) for t, k, i, v in zip(times, self.kind, self.index, self.value, strict=True) if k == OCCUR]
        for index in np.unique(self.index[self.kind != OCCUR]):
            mine = np.flatnonzero((self.index == index) & (self.kind != OCCUR))
            own, kind = [times[row] for row in mine], self.kind[mine[0]]
            values = [1.0 if kind == MULTIPLY else self.starts[names[int(index)]], *self.value[mine]]

            def value(time: float, own: list[float] = own, values: list[float] = values) -> float:
                return values[bisect_right(own, time)]

            grid.warn_short(names[int(index)], own, value, step)
            rows += [(n, kind, index, grid.mean(n, own, value)) for n in sorted(grid.changes(own))]
        rows.sort(key=lambda row: (row[0], row[1] == OCCUR))
        table = np.array(rows, dtype=float).reshape(-1, 4)
        kinds, places = table[:, 1].astype(np.int64), table[:, 2].astype(np.int64)
        return Schedule(table[:, 0] * step, kinds, places, table[:, 3].copy(), self.starts)

    def constants_over(self, base: np.ndarray, times: np.ndarray) -> dict[int, np.ndarray]:
        """Values of the constants that change, at ``times`` (ms), by position; ``base`` is ``(constant,)``."""
        found = {}
        for position in np.unique(self.index[self.kind != OCCUR]):
            mine = (self.index == position) & (self.kind != OCCUR)
            values = np.where(self.kind[mine] == MULTIPLY, base[position] * self.value[mine], self.value[mine])
            steps = np.concatenate([[base[position]], values])
            found[int(position)] = steps[np.searchsorted(self.time[mine], times, side="right")]
        return found

    def shares_over(self, times: np.ndarray) -> dict[int, np.ndarray]:
        """How much of a change of its base value each changing constant shows at ``times`` (ms)."""
        found = {}
        for position in np.unique(self.index[self.kind != OCCUR]):
            mine = (self.index == position) & (self.kind != OCCUR)
            steps = np.concatenate([[1.0], np.where(self.kind[mine] == MULTIPLY, self.value[mine], 0.0)])
            found[int(position)] = steps[np.searchsorted(self.time[mine], times, side="right")]
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
    starts |= {a.key: a.value for a in actions if isinstance(a, Drive) and a.time <= 0}
    rows = [(a.time, OCCUR, event[a.key], a.amount) for a in actions if isinstance(a, Occur)]
    rows += [(a.time, ASSIGN, constant[a.key], a.value) for a in actions if isinstance(a, Drive) and a.time > 0]
    rows += [(t, MULTIPLY, constant[key], factor) for t, key, factor in _factors(actions)]
    rows = [row for row in rows if row[0] < until]
    # At one instant constants change before events happen.
    rows.sort(key=lambda row: (row[0], row[1] == OCCUR))
    _check_drives(model, starts)
    table = np.array(rows, dtype=float).reshape(-1, 4)
    return Schedule(
        table[:, 0].copy(),
        table[:, 1].astype(np.int64),
        table[:, 2].astype(np.int64),
        table[:, 3].copy(),
        starts,
    )


def _actions(model: Model, protocol: Protocol, until: float, seed: int) -> list[Action]:
    """Everything a protocol does; an input driven by two of its members is an error."""
    found: list[Action] = []
    driver: dict[str, Protocol] = {}
    for member in parts(protocol):
        mine = checked(model, member.actions(model, until, seed))
        for key in {a.key for a in mine if isinstance(a, Drive)} if not isinstance(member, Held) else ():
            if key in driver:
                raise SolveError(
                    f"An input is driven by one protocol; `{key}` by both {said(driver[key])} and {said(member)}. Drop "
                    "one, or put the values of both into one `Steps`."
                )
            driver[key] = member
        found += mine
    return found


def _factors(actions: Iterable[Action]) -> list[tuple[float, str, float]]:
    """The factor of all perturbations of each parameter, wherever it changes."""
    scales = [a for a in actions if isinstance(a, Scale)]
    found = []
    for key in dict.fromkeys(a.key for a in scales):
        mine = [a for a in scales if a.key == key]
        for time in sorted({t for a in mine for t in (a.time, a.stop) if math.isfinite(t)}):
            found.append((time, key, combined(a for a in mine if a.time <= time < a.stop)))
    return found


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
