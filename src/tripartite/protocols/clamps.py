"""Clamps: states held at values, as by a voltage clamp or a buffer, and then let go."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import QuantityError
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Drive, Free, Protocol, Put, counted
from tripartite.language.system import free_key
from tripartite.protocols.inputs import quantity, written


@dataclass(frozen=True)
class Clamp(Protocol):
    """A state held at each of ``values`` from each of the times ``at`` on, until ``stop``.

    ``Clamp("v", -40 * mV, at=0.1 * s, stop=0.3 * s)``. ``stop`` is one time, after the last value, or one for each
    value; between them, and from the last on, the state moves again, from where it was held. While it is held nothing
    moves it: no rate, no noise, no event and no reset. What it gives to others goes on; its thresholds are crossed.
    """

    state: str
    values: Any
    at: Any = field(kw_only=True)
    stop: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        arguments.text(self.state, "state")
        times, stops = self._times()
        if (count := counted(self.values)) not in (None, len(times)):
            raise QuantityError(
                f"A clamp needs as many values as times; got {len(times)} times and {count} values. Correct one of "
                "them."
            )
        if not len(times) or times[0] < 0 or np.any(times >= stops) or np.any(stops[:-1] > times[1:]):
            raise QuantityError(
                "A clamp begins at or after 0 s, at times that rise, and each value stops before the next begins; got "
                f"at={self.at}, stop={self.stop}. Sort them, or correct `stop`."
            )

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"clamp of `{self.state}`", self._times()[0]

    def clamps(self, model: Model) -> frozenset[str]:
        states = [entry.key for entry in model.system.states]
        return frozenset({model.resolve(self.state, states, "state")})

    def equipped(self, model: Model) -> Model:
        return model.clamping(self.clamps(model))

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        (key,) = self.clamps(model)
        unit = next(entry.unit for entry in model.system.states if entry.key == key)
        times, stops = self._times()
        for time, stop, value in zip(times.tolist(), stops.tolist(), units.row(self.values, unit, key), strict=True):
            yield Put(time, key, float(value))
            yield Drive(time, free_key(key), 0.0)
            if math.isfinite(stop):
                yield Free(stop, free_key(key))

    def bars(self, until: float) -> list[Bar]:
        times, stops = self._times()
        label = f"{self.state.rsplit('.', 1)[-1]} clamped"
        if len(times) == 1:
            held = quantity(self.values)
            label += f" at {written(units.Quantity(held.magnitude[0], held.units))}"
        edges = [(t / 1000, min(s / 1000, until)) for t, s in zip(times, stops, strict=True) if t / 1000 < until]
        return [Bar(label, *edge) for edge in edges]

    def _times(self) -> tuple[np.ndarray, np.ndarray]:
        """When each value begins and stops (ms)."""
        times = units.row(self.at, "s", "at")
        if self.stop is None:
            return times, np.append(times[1:], math.inf)
        stops = units.row(self.stop, "s", "stop")
        if len(stops) not in (1, len(times)):
            raise QuantityError(
                f"A clamp stops once, or once for each value; got {len(stops)} times for {len(times)} values. Give one."
            )
        return times, np.append(times[1:], stops) if len(stops) == 1 else stops
