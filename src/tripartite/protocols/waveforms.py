"""Courses of inputs and parameters: ramps, recorded traces, sines and noise, each held over short stairs."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import QuantityError, RecordingError
from tripartite.language.declarations import Parameter
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Drive, Protocol, drive_target, let_go, stopping
from tripartite.language.recording import Recording
from tripartite.language.system import Entry
from tripartite.protocols.inputs import quantity

_EACH = 600
"""Bytes of a planned change, at each step from the protocol to the run."""
_STAIRS = 1000
"""Stairs of all ramps together, where none is said."""
_PER_PERIOD = 200
"""Stairs of a period, where none is said."""


@dataclass(frozen=True)
class Ramps(Protocol):
    """An input or parameter that goes in a straight line from each of ``values`` to the next, and stays at the last.

    Two equal times make a jump. The first time is 0 s, or later for a parameter or an input with a default, which it
    has until then, and again from ``stop`` on. Drugs and other factors multiply what a parameter is set to.
    The course is held over stairs of at most ``step`` (a thousandth of the whole), over each at its mean: off by up to
    half a stair at an instant, and by the square of ``step`` in what the input causes.
    """

    input: str
    times: Any
    values: Any
    step: Any = field(default=None, kw_only=True)
    stop: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        stopping(self.stop, self._times())

    @classmethod
    def recorded(cls, input: str, recording: Any) -> Ramps:
        """The course of a `Recording` of one place, or of a DataArray over ``time``, as the input.

        **Raises** `RecordingError` for several courses or missing frames.
        """
        found = Recording.of(recording)
        if found.values.ndim != 1 or not np.all(np.isfinite(found.values)):
            missing = int(np.sum(~np.isfinite(found.values)))
            raise RecordingError(
                f"An input follows one course without missing frames; got an array of {found.values.shape} with "
                f"{missing} of them missing. Choose a place, or let a line go through gaps by `recording.present()`."
            )
        return cls(input, found.times * units.unit("s"), found.values * units.unit(found.unit))

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"ramp of `{self.input}`", self._times()[:1]

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        target = drive_target(model, self.input)
        times, values = self._times(), units.row(self.values, target.unit, target.key)
        late = times[0] > 0 and math.isnan(target.value)
        if len(times) < 2 or len(times) != len(values) or late:
            raise QuantityError(
                f"Ramps need as many values as times, two or more{', times rising from 0 s' if late else ''}; got "
                f"{len(times)} times from {times[0] / 1000:g} s and {len(values)} values. "
                + (f"`{target.key}` has no default: give it a value at 0 s." if late else "Correct them.")
            )
        step = _length(self.step, "step", (times[-1] - times[0]) / _STAIRS)
        flat = np.diff(values) == 0
        counts = np.where(flat, 1, np.ceil(np.diff(times) / step * (1 - 1e-12))).astype(float)
        _check_room(np.sum(counts[times[:-1] < until]))
        for begin, end, first, last, count in zip(times, times[1:], values, values[1:], counts, strict=False):
            if end > begin and begin < until:
                share = np.arange(count) / count
                at = (first + (last - first) * (share + 0.5 / count)).tolist()
                yield from map(Drive, (begin + (end - begin) * share).tolist(), [target.key] * len(at), at)
        yield Drive(float(times[-1]), target.key, float(values[-1]))
        if self.stop is not None:
            yield let_go(target, stopping(self.stop, times))

    def bars(self, until: float) -> list[Bar]:
        """To the last time where it is at rest again there (at 0, or where it began), else as long as it holds."""
        times, values = self._times(), quantity(self.values).magnitude
        back = values[-1] in (0.0, values[0])
        return _bar(self.input, float(times[0]), float(times[-1]) if back else stopping(self.stop, times), until)

    def _times(self) -> np.ndarray:
        times = units.row(self.times, "s", "times")
        if not len(times) or times[0] < 0 or np.any(np.diff(times) < 0) or np.any(times[2:] == times[:-2]):
            raise QuantityError(
                f"Ramps have times at or after 0 s that rise, of which at most two are equal; got times={self.times}. "
                "Sort them."
            )
        return times


@dataclass(frozen=True)
class AbstractCourse(Protocol, ABC):
    """An input that follows a course from ``start`` to ``stop``; before and after, it has its default, or ``mean``.

    Without ``mean``, the course is about the default, or 0. A parameter needs a ``mean``; before and after, it has
    its own value.
    """

    input: str
    mean: Any = field(default=None, kw_only=True)
    start: Any = field(default=None, kw_only=True)
    stop: Any = field(default=None, kw_only=True)

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"course of `{self.input}`", np.array([self._span()[0]])

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        target = drive_target(model, self.input)
        start, stop = self._span()
        default = 0.0 if math.isnan(target.value) else target.value
        if self.mean is None and isinstance(target.declaration, Parameter):
            raise QuantityError(
                f"The course of a parameter is about a `mean`; `{target.key}` has none. Give it: "
                f"`mean={units.as_code(units.from_internal(target.value, target.unit), target.unit)}`."
            )
        mean = default if self.mean is None else units.number(self.mean, target.unit, "mean")
        rest = Drive(0.0, target.key, mean) if math.isnan(target.value) else let_go(target, 0.0)
        if start > 0 and isinstance(rest, Drive):
            yield rest
        if start < until:
            width = min(self._width(), min(stop, until) - start)
            count = math.ceil((min(stop, until) - start) / width * (1 - 1e-12))
            _check_room(count)
            times = start + width * np.arange(count)
            at = (mean + self._about(target, seed, np.append(times, min(stop, times[-1] + width)) - start)).tolist()
            yield from map(Drive, times.tolist(), [target.key] * count, at)
        if stop < until:
            yield replace(rest, time=stop)

    def bars(self, until: float) -> list[Bar]:
        return _bar(self.input, *self._span(), until)

    def _span(self) -> tuple[float, float]:
        start = 0.0 if self.start is None else units.number(self.start, "s", "start")
        stop = math.inf if self.stop is None else units.number(self.stop, "s", "stop")
        if not 0 <= start < stop:
            raise QuantityError(
                f"A course starts at or after 0 s and stops later; got start={self.start}, stop={self.stop}. Correct "
                "the two times."
            )
        return start, stop

    @abstractmethod
    def _width(self) -> float:
        """Length of a stair (ms)."""

    @abstractmethod
    def _about(self, target: Entry, seed: int, edges: np.ndarray) -> np.ndarray:
        """The course less its mean on every stair between two ``edges`` (ms from the start), as internal numbers."""


@dataclass(frozen=True)
class Sine(AbstractCourse):
    """An input that swings by ``amplitude`` about ``mean`` at ``frequency``, from ``start`` to ``stop``.

    It begins upwards at ``mean``, or at ``phase`` (radians). It is held over stairs of at most ``step`` (a 200th of a
    period), over each at its mean: of what it causes at its frequency, that takes the part (2π step / period)² / 12,
    1e-4 of a 200th. Before and after, the input has its default, or ``mean`` where it has none.
    """

    amplitude: Any
    frequency: Any
    phase: Any = field(default=0.0, kw_only=True)
    step: Any = field(default=None, kw_only=True)

    def remedy(self) -> str:
        return (
            f"Its sine (amplitude={self.amplitude}, mean={_given(self.mean)}) goes there: take a "
            "smaller `amplitude`, or a `mean` further inside."
        )

    def _width(self) -> float:
        return _length(self.step, "step", 1 / self._rate() / _PER_PERIOD)

    def _rate(self) -> float:
        rate = units.number(self.frequency, "Hz", "frequency")
        if rate <= 0:
            raise QuantityError(f"A sine has a positive frequency; got {self.frequency}. Use `Constant` for none.")
        return rate

    def _about(self, target: Entry, seed: int, edges: np.ndarray) -> np.ndarray:
        amplitude = units.number(self.amplitude, target.unit, "amplitude")
        phase = math.remainder(units.number(self.phase, "1", "phase"), 2 * math.pi)
        turns = self._rate() * edges
        middle = np.sin(2 * math.pi * (turns[1:] + turns[:-1]) / 2 + phase)
        return amplitude * middle * np.sinc(np.diff(turns))


@dataclass(frozen=True)
class WhiteNoise(AbstractCourse):
    """An input with independent normal values, each held for ``every``: mean ``mean``, standard deviation ``sd``.

    Its strength at low frequencies is that of white noise with the two-sided density sd² every. The values are fixed
    by ``seed``, the seed of the run and the input; they are the same in all cells that one protocol drives
    (`MembraneNoise` gives each its own) and longer runs begin alike. Outside of ``start`` to ``stop`` the input has
    its default, or ``mean``.
    """

    sd: Any
    every: Any
    seed: int = field(default=0, kw_only=True)

    def remedy(self) -> str:
        return (
            f"Its noise (sd={self.sd}, mean={_given(self.mean)}) goes there: take a smaller `sd`, or a `mean` further "
            "inside."
        )

    def _width(self) -> float:
        return _length(self.every, "every")

    def _about(self, target: Entry, seed: int, edges: np.ndarray) -> np.ndarray:
        sd = units.number(self.sd, target.unit, "sd")
        if sd < 0:
            raise QuantityError(f"A standard deviation is 0 or more; got sd={self.sd}. Correct it.")
        name = int.from_bytes(sha256(target.key.encode()).digest()[:8])
        return sd * np.random.default_rng([arguments.seed(self.seed), seed, name]).standard_normal(len(edges) - 1)


@dataclass(frozen=True)
class OrnsteinUhlenbeckNoise(WhiteNoise):
    """An input that wanders about ``mean`` with the standard deviation ``sd`` and forgets in ``time_constant``.

    The values are those of the process, from its stationary distribution on, at times ``every`` apart, each held
    until the next: covariances at these times are exact, sd² exp(-t / time_constant). Seeds, cells and what is
    outside of ``start`` to ``stop`` are as for `WhiteNoise`.
    """

    time_constant: Any = field(kw_only=True)

    def _about(self, target: Entry, seed: int, edges: np.ndarray) -> np.ndarray:
        kept = math.exp(-self._width() / _length(self.time_constant, "time_constant"))
        values = super()._about(target, seed, edges)
        values[1:] *= math.sqrt(1 - kept**2)
        for place in range(1, len(values)):
            values[place] += kept * values[place - 1]
        return values


def _given(mean: Any) -> str:
    return "the default, or 0" if mean is None else f"{mean}"


def _length(given: Any, name: str, default: float = math.nan) -> float:
    """A positive time (ms)."""
    if given is None and not math.isnan(default):
        return default
    found = units.number(given, "s", name)
    if found <= 0:
        raise QuantityError(f"`{name}` is a positive time; got {given}. Correct it.")
    return found


def _check_room(count: float) -> None:
    memory.check(_EACH * count, f"a course of {count:.3g} stairs", "Take longer stairs.", QuantityError)


def _bar(name: str, start: float, stop: float, until: float) -> list[Bar]:
    label = name.rsplit(".", 1)[-1]
    return [Bar(label, start / 1000, min(stop / 1000, until))] if start / 1000 < until else []
