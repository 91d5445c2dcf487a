"""Driven inputs: constant values, and steps and pulses of anything a model takes from outside or has as parameter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import QuantityError
from tripartite.language.model import Model
from tripartite.language.protocol import DRIVEN, Action, Bar, Drive, Protocol, counted, drive_target, let_go, stopping

_MOST_VALUES = 3
"""Values of an input that have a bar each above a figure."""


@dataclass(frozen=True, init=False)
class Constant(Protocol):
    """Inputs held at a value: ``Constant(ip3=0.5 * uM)`` or ``Constant({"astrocyte.ip3": 0.5 * uM})``."""

    values: Mapping[str, Any]

    def __init__(self, values: Mapping[str, Any] | None = None, **named: Any):
        by_path = {} if values is None else arguments.mapping(values, "values", "Constant(ip3=0.5 * uM)")
        object.__setattr__(self, "values", {**by_path, **named})

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        entries = {entry.key: entry for entry in model.system.drives}
        for key, value in model.resolved(self.values, entries, DRIVEN).items():
            yield Drive(0.0, key, units.number(value, entries[key].unit, key))


@dataclass(frozen=True)
class Steps(Protocol):
    """An input or parameter that jumps to each of ``values`` at each of ``times`` and holds it.

    The first time is 0 s, or later for a parameter or an input with a default, which it has until then, and again from
    ``stop`` on. Drugs and other factors multiply what a parameter is set to.
    """

    input: str
    times: Any
    values: Any
    stop: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        times = units.row(self.times, "s", "times")
        stopping(self.stop, times)
        if (given := counted(self.values)) not in (None, len(times)):
            raise QuantityError(
                f"Steps need as many values as times; got {len(times)} times and {given} values. Correct one of them."
            )

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"step of `{self.input}`", units.row(self.times, "s", "times")

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        target = drive_target(model, self.input)
        times = units.row(self.times, "s", "times")
        values = units.row(self.values, target.unit, target.key)
        late = len(times) and (times[0] < 0 or (times[0] > 0 and math.isnan(target.value)))
        if not len(times) or len(times) != len(values) or late or np.any(np.diff(times) <= 0):
            bare = math.isnan(target.value)
            rule = "times rising from 0 s" if bare else "times at or after 0 s that rise"
            remedy = "Correct the times."
            if bare and len(times) and times[0] > 0:
                remedy = f"`{target.key}` has no default and needs a value from 0 s on: begin with the time 0 s."
            raise QuantityError(
                f"Steps need as many values as times, {rule}; got times={self.times} and {len(values)} values. {remedy}"
            )
        for time, value in zip(times, values, strict=True):
            yield Drive(float(time), target.key, float(value))
        if self.stop is not None:
            yield let_go(target, stopping(self.stop, times))

    def bars(self, until: float) -> list[Bar]:
        """A bar with the value for each stretch that is not at rest; one for all where there are many values.

        Rest is 0 if that is among the values or the first time is later, else the first value.
        """
        times, held = units.row(self.times, "s", "times") / 1000, quantity(self.values)
        values, name = held.magnitude, self.input.rsplit(".", 1)[-1]
        rest = 0.0 if times[0] > 0 or 0.0 in values else values[0]
        spans = zip(times, [*times[1:], min(until, stopping(self.stop) / 1000)], values, strict=False)
        acting = [(start, min(stop, until), value) for start, stop, value in spans if value != rest and start < until]
        if len({value for *_, value in acting}) > _MOST_VALUES:
            ends = (written(units.Quantity(f(v for *_, v in acting), held.units)) for f in (min, max))
            return [Bar(f"{name} {' to '.join(ends)}", float(acting[0][0]), float(acting[-1][1]))]
        return [
            Bar(f"{name} {written(units.Quantity(value, held.units))}", float(start), float(stop))
            for start, stop, value in acting
        ]


@dataclass(frozen=True)
class Pulses(Protocol):
    """An input or parameter that is ``high`` for ``duration`` from each of ``starts`` on, and ``low`` otherwise.

    Without ``low`` it is what the parameter is by itself, or what the input has as default, or 0.
    """

    input: str
    high: Any
    starts: Any
    duration: Any
    low: Any = None

    def __post_init__(self) -> None:
        self._times()

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"pulse of `{self.input}`", self._times()[0]

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        target = drive_target(model, self.input)
        key, unit = target.key, target.unit
        high = units.number(self.high, unit, key)
        low = Drive(0.0, key, 0.0 if self.low is None else units.number(self.low, unit, key))
        if self.low is None and not math.isnan(target.value):
            low = let_go(target, 0.0)
        starts, duration = self._times()
        if starts[0] > 0 and isinstance(low, Drive):
            yield low
        for start in starts:
            yield Drive(float(start), key, high)
            yield replace(low, time=float(start + duration))

    def bars(self, until: float) -> list[Bar]:
        starts, duration = self._times()
        label = f"{self.input.rsplit('.', 1)[-1]} {written(units.as_quantity(self.high, '1', 'high'))}"
        return [Bar(label, s / 1000, min((s + duration) / 1000, until)) for s in starts if s / 1000 < until]

    def _times(self) -> tuple[np.ndarray, float]:
        starts = units.row(self.starts, "s", "starts")
        duration = units.number(self.duration, "s", "duration")
        if not len(starts) or duration <= 0 or np.any(starts < 0) or np.any(np.diff(starts) <= duration):
            raise QuantityError(
                f"One or more pulses last a positive time, start at or after 0 s and do not overlap; got "
                f"starts={self.starts}, duration={self.duration}. Space the starts or shorten the pulses."
            )
        return starts, duration


def quantity(values: Any) -> Any:
    """Values of an input, whose unit nobody has said, as one quantity of shape ``(count,)``."""
    several = isinstance(values, list | tuple) and values
    unit = getattr(values[0], "units", None) if several else None
    found = units.as_quantity(values, "1" if unit is None else f"{unit}", "values")
    return units.Quantity(np.atleast_1d(found.magnitude), found.units)


def written(quantity: Any) -> str:
    """A value as the label of a bar has it."""
    return units.shown(quantity, ".6g").removesuffix(" (no unit)")
