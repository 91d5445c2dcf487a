"""Releases of a given amount, such as bursts of noradrenaline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import QuantityError
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Occur, Protocol, amount_unit, counted, event_targets


def amounts_of(given: Any, unit: str, name: str, count: int) -> np.ndarray:
    """What each of ``count`` events brings (internal unit), given one amount for all or one for each."""
    found = units.row(given, unit, name)
    _check_count(len(found), name, count)
    return np.repeat(found, count) if len(found) == 1 else found


def amounts_fit(given: Any, name: str, count: int) -> None:
    """**Raises** `QuantityError` for a list of amounts that is neither one nor as many as there are events."""
    if (found := counted(given)) is not None:
        _check_count(found, name, count)


def _check_count(found: int, name: str, count: int) -> None:
    if found not in (1, count):
        raise QuantityError(
            f"`{name}` is one amount, or one for each event; got {found} for {count} events. Correct one of them."
        )


@dataclass(frozen=True)
class Releases(Protocol):
    """Events that carry an amount: ``Releases("noradrenaline_release", [20, 90] * s, 79 * uM)``.

    ``amount`` is that of all, or one for each: ``[79, 40] * uM``. They reach every input called ``event``, or the
    single one that ``to`` names.
    """

    event: str
    times: Any
    amount: Any
    to: str | None = None

    def __post_init__(self) -> None:
        amounts_fit(self.amount, "amount", len(units.row(self.times, "s", "times")))

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        times = self._times()
        for key in event_targets(model, self.event, self.to):
            unit = amount_unit(model, key)
            amounts = amounts_of(self.amount, unit, "amount", len(times))
            if np.any(amounts < 0):
                raise QuantityError(f"A release adds an amount of 0 or more; got {self.amount}. Correct it.")
            sent = zip(times.tolist(), amounts.tolist(), strict=True)
            yield from (Occur(time, key, amount) for time, amount in sent if time < until)

    def begins(self) -> Iterator[tuple[str, Any]]:
        yield f"release (`{self.event}`)", self._times()

    def ends(self) -> float:
        return max(self._times(), default=math.inf)

    def bars(self, until: float) -> list[Bar]:
        label = self.event.replace("_", " ")
        amount = None if isinstance(self.amount, list | tuple) else units.as_quantity(self.amount, "1", "amount")
        if amount is not None and np.ndim(amount.magnitude) == 0:
            label += f" {units.shown(amount)}"
        return [Bar(label, t / 1000, min(t / 1000 + 0.01 * until, until)) for t in self._times() if t / 1000 < until]

    def _times(self) -> Any:
        times = units.row(self.times, "s", "times")
        if len(times) and times.min() < 0:
            raise QuantityError(f"Releases come at or after 0 s; got one at {times.min() / 1000:g} s. Shift them.")
        return times
