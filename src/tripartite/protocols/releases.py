"""Releases of a given amount, such as bursts of noradrenaline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tripartite import units
from tripartite.errors import QuantityError
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Occur, Protocol, event_targets, event_unit


@dataclass(frozen=True)
class Releases(Protocol):
    """Events that carry an amount: ``Releases("noradrenaline_release", [20, 90] * s, 79 * uM)``.

    They reach every input called ``event``, or the single one that ``to`` names.
    """

    event: str
    times: Any
    amount: Any
    to: str | None = None

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        times = self._times()
        for key in event_targets(model, self.event, self.to):
            unit = event_unit(model, key)
            amount = units.number(self.amount, unit, "amount")
            if amount < 0:
                raise QuantityError(f"A release adds an amount of 0 or more; got {self.amount}. Correct it.")
            yield from (Occur(float(time), key, amount) for time in times if time < until)

    def begins(self) -> Iterator[tuple[str, Any]]:
        yield f"release (`{self.event}`)", self._times()

    def ends(self) -> float:
        return max(self._times(), default=math.inf)

    def bars(self, until: float) -> list[Bar]:
        label = f"{self.event.replace('_', ' ')} {units.shown(units.as_quantity(self.amount, '1', 'amount'))}"
        return [Bar(label, t / 1000, min(t / 1000 + 0.01 * until, until)) for t in self._times() if t / 1000 < until]

    def _times(self) -> Any:
        times = units.row(self.times, "s", "times")
        if len(times) and times.min() < 0:
            raise QuantityError(f"Releases come at or after 0 s; got one at {times.min() / 1000:g} s. Shift them.")
        return times
