"""Spike trains: given, regular, Poisson, and pairings of pre- and postsynaptic spikes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import ArgumentError, QuantityError, said
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Occur, Protocol, amount_unit, event_targets, event_unit
from tripartite.protocols.releases import amounts_fit, amounts_of

_EACH = 600
"""Bytes of a planned event, at each step from the protocol to the run."""
_BLOCK = 512
"""Spikes of a random train that are expected in what is drawn at once."""


def _check_room(count: float) -> None:
    memory.check(
        _EACH * count, f"a protocol of {count:.3g} spikes", "Lower the rate, or shorten the train.", QuantityError
    )


def _send(
    model: Model, times: np.ndarray, name: str, to: str | None, until: float, amount: Any = None, each: Any = None
) -> Iterator[Action]:
    """Events at each of ``times`` (ms) with one amount for all, or ``each`` with its own."""
    for key in event_targets(model, name, to):
        plain = amount is None and each is None
        unit = event_unit(model, key) or "1" if plain else amount_unit(model, key)
        one = units.factor(unit) if amount is None else units.number(amount, unit, "amount")
        given = np.full(len(times), one) if each is None else amounts_of(each, unit, "amounts", len(times))
        yield from (Occur(float(t), key, float(a)) for t, a in zip(times, given, strict=True) if t < until)


def _no_event(value: Any, name: str, wanted: str) -> None:
    """Refuse the name of an event in the place of another argument."""
    if isinstance(value, str) and value.strip().isidentifier():
        raise ArgumentError(f"`{name}` is {wanted}; got {said(value)}. The event has a name: `event={said(value)}`.")


def _span(start: Any, stop: Any, until: float) -> tuple[float, float]:
    """Start and stop of a train (ms)."""
    _no_event(start, "start", "a time")
    _no_event(stop, "stop", "a time")
    first = 0.0 if start is None else units.number(start, "s", "start")
    last = math.inf if stop is None else units.number(stop, "s", "stop")
    if not 0 <= first < last:
        raise QuantityError(
            f"A train starts at or after 0 s and stops later; got start={start}, stop={stop}. Correct the two times."
        )
    return first, min(last, until)


@dataclass(frozen=True)
class SpikeTrain(Protocol):
    """Spikes at given ``times``; ``event="postspike"`` makes them postsynaptic, ``to`` picks one input.

    Each brings 1, in the unit in which the event is heard, or what ``amounts`` say: one for all, or one for each.
    ``SpikeTrain([5, 9] * ms, "excitation", amounts=[1, 0.5] * nS)``
    """

    times: Any
    event: str = "spike"
    to: str | None = None
    amounts: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.amounts is not None:
            amounts_fit(self.amounts, "amounts", len(units.row(self.times, "s", "times")))

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"spike train (`{self.event}`)", units.row(self.times, "s", "times")

    def ends(self) -> float:
        return max(units.row(self.times, "s", "times"), default=math.inf)

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        times = units.row(self.times, "s", "times")
        if len(times) and times.min() < 0:
            raise QuantityError(f"Spikes come at or after 0 s; got one at {times.min() / 1000:g} s. Shift the train.")
        sent = _send(model, times, self.event, self.to, until, each=self.amounts)
        yield from sorted(sent, key=lambda event: event.time)


@dataclass(frozen=True)
class RegularSpikes(Protocol):
    """Spikes at a constant ``rate`` from ``start`` (the first spike) to ``stop``; each brings ``amount``, or 1."""

    rate: Any
    start: Any = None
    stop: Any = None
    event: str = "spike"
    to: str | None = None
    amount: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._rate()
        _span(self.start, self.stop, math.inf)

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"train (`{self.event}`)", np.array([_span(self.start, self.stop, math.inf)[0]])

    def ends(self) -> float:
        return _span(self.start, self.stop, math.inf)[1]

    def _rate(self) -> float:
        rate = units.number(self.rate, "Hz", "rate")
        if rate <= 0:
            raise QuantityError(f"A regular train has a positive rate; got {self.rate}. Leave it out for silence.")
        return rate

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        rate = self._rate()
        start, stop = _span(self.start, self.stop, until)
        _check_room((stop - start) * rate)
        count = max(0, int(np.ceil((stop - start) * rate - 1e-9)))
        times = start + np.arange(count) / rate
        yield from _send(model, times, self.event, self.to, until, self.amount)


@dataclass(frozen=True)
class PoissonSpikes(Protocol):
    """A homogeneous Poisson train of ``rate``; ``seed``, the run's seed, ``event`` and ``to`` determine it.

    The train goes on for ever: a run, a stretch of one, ``start`` and ``stop`` cut their part out of it. Trains of
    one seed to one event coincide wherever they act: give each a ``seed`` of its own. Each spike
    brings ``amount``, or 1.
    """

    rate: Any
    seed: int = 0
    start: Any = None
    stop: Any = None
    event: str = "spike"
    to: str | None = None
    amount: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._rate()
        _no_event(self.seed, "seed", "a whole number")
        arguments.seed(self.seed)
        _span(self.start, self.stop, math.inf)

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"train (`{self.event}`)", np.array([_span(self.start, self.stop, math.inf)[0]])

    def _rate(self) -> float:
        rate = units.number(self.rate, "Hz", "rate")
        if rate < 0:
            raise QuantityError(f"A Poisson train has a rate of 0 Hz or more; got {self.rate}. Correct the rate.")
        return rate

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        rate = self._rate()
        own = arguments.seed(self.seed)
        start, stop = _span(self.start, self.stop, until)
        _check_room(rate * max(0.0, stop - start))
        name = self.event if self.to is None else event_targets(model, self.event, self.to)[0]
        times = _poisson(rate, start, stop, [own, seed, int.from_bytes(sha256(name.encode()).digest()[:8])])
        yield from _send(model, times, self.event, self.to, until, self.amount)

    def ends(self) -> float:
        return _span(self.start, self.stop, math.inf)[1]

    def draws_with(self, other: Protocol) -> bool:
        if not isinstance(other, PoissonSpikes):
            return False
        (begin, end), (first, last) = (_span(p.start, p.stop, math.inf) for p in (self, other))
        mine, others = ((arguments.seed(p.seed), p.event, p.to) for p in (self, other))
        return mine == others and begin < last and first < end


def _poisson(rate: float, start: float, stop: float, key: list[int]) -> np.ndarray:
    """Times (ms) from ``start`` to ``stop`` of the train of a key, drawn block after block of one length."""
    if rate == 0 or start >= stop:
        return np.zeros(0)
    length = _BLOCK / rate
    drawn = []
    for block in range(int(start / length), math.ceil(stop / length)):
        random = np.random.default_rng([*key, block])
        drawn.append(length * (block + np.sort(random.random(random.poisson(_BLOCK)))))
    times = np.concatenate(drawn)
    return times[(times >= start) & (times < stop)]


@dataclass(frozen=True)
class Pairings(Protocol):
    """``count`` pairs of a pre- and a postsynaptic spike at ``rate``; ``delay`` is t_post - t_pre.

    The first presynaptic spike comes at ``start``, moved later if the postsynaptic one would precede 0 s.
    """

    delay: Any
    count: int
    rate: Any
    start: Any = None

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        before, delay = self._spikes()
        yield "pairing", before + max(delay, 0.0)

    def ends(self) -> float:
        before, delay = self._spikes()
        return float(before[-1]) + max(delay, 0.0)

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        before, delay = self._spikes()
        yield from _send(model, before, "spike", None, until)
        yield from _send(model, before + delay, "postspike", None, until)

    def _spikes(self) -> tuple[np.ndarray, float]:
        """Times (ms) of the presynaptic spikes, and the delay of the postsynaptic ones."""
        delay = units.number(self.delay, "ms", "delay")
        rate = units.number(self.rate, "Hz", "rate")
        start, _ = _span(self.start, None, math.inf)
        count = arguments.count(self.count, "count", 1, 2**53)
        if rate <= 0 or abs(delay) * rate >= 1:
            raise QuantityError(
                f"Pairings need a positive rate and a delay shorter than one period; got rate={self.rate}, "
                f"delay={self.delay}. Correct them."
            )
        _check_room(2 * count)
        return max(start, -delay) + np.arange(count) / rate, delay
