"""What a fit searches: free quantities of a model between bounds, and the residuals they leave."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import RangeError, SolveError, UnknownNameError, nearest
from tripartite.fit.reading import Reading, Recording
from tripartite.language import Model, Protocol
from tripartite.language.card import Card, Table
from tripartite.language.protocol import Nothing
from tripartite.solve.simulation import Job
from tripartite.solve.solvers import Solver, Tsit5

Values = Mapping[str, float]

_SECOND = units.unit("s")
_TOO_FAR = 10.0  # residual of a run that failed, in spreads of the recording


@dataclass(frozen=True)
class Free:
    """A quantity to be found between two bounds, searched by its logarithm where ``low`` is above zero.

    ``high`` may name another free quantity that this one does not exceed: ``rise=Free(0.1 * s, "decay")``.
    """

    low: Any
    high: Any

    @property
    def unit(self) -> Any:
        """The unit of the lower bound, in which all values of the quantity are given."""
        return units.as_quantity(self.low, "1", "low").units

    @property
    def logarithmic(self) -> bool:
        return self.number(self.low) > 0

    def number(self, value: Any) -> float:
        """``value`` as a number in the unit of this quantity."""
        return float(units.as_quantity(value, "1", "bound").to(self.unit).magnitude)


class Problem:
    """A model with free quantities under a protocol, to be compared with a recording.

    Time 0 of the run is the first time of the recording.

    **Arguments**
    ``free``: bounds by name. A name that neither ``place`` nor ``protocol`` takes is the path of a
    parameter, a start or a driven input of the model.
    ``place``: a function from free quantities, by the names of its arguments, to values by path:
    ``place=lambda decay: {"bouton.unbinding": 1 / decay}``.
    ``protocol``: a protocol, or a function from free quantities to one:
    ``protocol=lambda onset: SpikeTrain(onset, event="gliorelease")``.
    ``fixed``: free quantities held at a number in their unit.
    """

    def __init__(
        self,
        model: Model,
        recording: Recording,
        reading: Reading,
        free: Mapping[str, Free],
        *,
        protocol: Protocol | Callable[..., Protocol] | None = None,
        place: Callable[..., Mapping[str, Any]] | None = None,
        solver: Solver = Tsit5(rtol=1e-9, atol=1e-12),
        fixed: Values | None = None,
    ):
        self.model, self.recording, self.reading = model, recording, reading
        self.all, self.protocol, self.place, self.solver = dict(free), protocol, place, solver
        self.fixed = dict(fixed or {})
        self.free = {name: item for name, item in free.items() if name not in self.fixed}
        self._units = {name: item.unit for name, item in free.items()}
        self._log = {name: item.logarithmic for name, item in free.items()}
        self._ceilings = {n: item.high for n, item in free.items() if item.high in free}
        self._bounds = {name: self._between(name) for name in free}
        self._placed = _arguments(place)
        self._timed = [] if isinstance(protocol, Protocol) else _arguments(protocol)
        for name in (*self.fixed, *self._placed, *self._timed, *self._ceilings.values()):
            if name not in self.all:
                raise UnknownNameError(f"`{name}` is no free quantity. {nearest(name, self.all)}")

    def _card(self) -> Card:
        rows = [
            (name, f"{low:g}", f"{high:g}", units.shown(units.unit(str(self._units[name]))),
             f"fixed at {self.fixed[name]:g}" if name in self.fixed else "")
            for name, (low, high) in self._bounds.items()
        ]  # fmt: skip
        about = f"{type(self.model).__name__} against {len(self.recording.times)} points by {self.reading!r}"
        return Card("Problem", about, [Table("Free quantities", ("quantity", "from", "to", "unit", ""), rows)])

    def _repr_html_(self) -> str:
        return self._card().html()

    def __repr__(self) -> str:
        return self._card().text()

    def fix(self, **values: float) -> Problem:
        """The problem with some quantities held at numbers in their unit; those bounded by them follow."""
        return Problem(
            self.model, self.recording, self.reading, self.all, protocol=self.protocol, place=self.place,
            solver=self.solver, fixed={**self.fixed, **values},
        )  # fmt: skip

    def bounds(self, name: str) -> tuple[float, float]:
        """Smallest and largest number, in its unit, that a quantity may take."""
        return self._bounds[name]

    def values(self, z: np.ndarray) -> dict[str, float]:
        """Numbers by name at a point of the unit cube in which the search runs."""
        found = dict(self.fixed)
        place = dict(zip(self.free, z, strict=True))
        for name in sorted(self.free, key=lambda n: n in self._ceilings):
            low, high = self._span(name, found)
            part = float(place[name])
            found[name] = low * (high / low) ** part if self._log[name] else low + part * (high - low)
        return found

    def coordinates(self, values: Values) -> np.ndarray:
        """The point of the unit cube at which the quantities have these numbers, or the nearest one."""
        z = []
        for name in self.free:
            low, high = self._span(name, {**values, **self.fixed})
            value = min(max(values[name], low), high)
            reach = np.log(high / low) if self._log[name] else high - low
            along = np.log(value / low) if self._log[name] else value - low
            z.append(along / reach if reach > 0 else 0.0)
        return np.array(z)

    def scatter(self, count: int, seed: int) -> np.ndarray:
        """Points ``(count, quantity)`` spread evenly over the unit cube, by a Sobol sequence of that ``seed``.

        What the protocol takes is drawn from a few levels, since members share a run only under one protocol.
        """
        from scipy.stats import qmc

        sobol = qmc.Sobol(len(self.free), seed=seed)  # type: ignore[call-arg]
        drawn = sobol.random_base2(max(int(np.ceil(np.log2(count))), 0))[:count]
        levels = max(round(np.sqrt(count)), 1)
        for column, name in enumerate(self.free):
            if name in self._timed:
                drawn[:, column] = (np.floor(drawn[:, column] * levels) + 0.5) / levels
        return drawn

    def read(self, members: Sequence[Values]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Prediction ``(member, point)``, scale and baseline ``(member,)``; NaN where a run failed."""
        shown = self.shown(members, self.recording.times)
        scale, baseline = self.reading.scale_and_baseline(shown, self.recording)
        return scale[:, None] * shown + baseline[:, None], scale, baseline

    def shown(self, members: Sequence[Values], times: np.ndarray) -> np.ndarray:
        """The variable ``(member, time)`` at ``times`` (s, on the clock of the recording), before it is read."""
        numbers = {name: np.array([member[name] for member in members]) for name in self.all}
        found = np.empty((len(members), len(times)))
        # Members that share a protocol run as one ensemble.
        timing = np.stack([numbers[name] for name in self._timed] or [np.zeros(len(members))], axis=1)
        for row in np.unique(timing, axis=0):
            chosen = np.flatnonzero(np.all(timing == row, axis=1))
            found[chosen] = self._simulate({n: v[chosen] for n, v in numbers.items()}, len(chosen), times)
        return found

    def residuals(self, points: np.ndarray) -> np.ndarray:
        """Weighted differences ``(member, point)`` between prediction and recording over the unit cube."""
        predicted, _, _ = self.read([self.values(z) for z in np.atleast_2d(points)])
        difference = (predicted - self.recording.values) * self.recording.weights
        far = _TOO_FAR * np.std(self.recording.values) * self.recording.weights
        return np.where(np.isfinite(difference), difference, far)

    def _simulate(self, numbers: dict[str, np.ndarray], count: int, times: np.ndarray) -> np.ndarray:
        quantity = {name: numbers[name] * self._units[name] for name in self.all}
        timed = {name: quantity[name][0] for name in self._timed}
        protocol = self.protocol(**timed) if callable(self.protocol) else self.protocol or Nothing()
        vary = {n: q for n, q in quantity.items() if n not in (*self._placed, *self._timed)}
        if self.place is not None:
            vary |= self.place(**{name: quantity[name] for name in self._placed})
        since = (times - self.recording.times[0]) * _SECOND
        # One variable is read; `simulate` would label them all, which costs more than the run.
        job = Job(self.model, protocol, since[-1], self.solver, None, since, vary, [0] * count)
        return job.run(job.save, _Quiet).read(self.reading.variable)

    def _between(self, name: str) -> tuple[float, float]:
        item, above = self.all[name], self._ceilings.get(name)
        under = [self.fixed[n] for n, ceiling in self._ceilings.items() if ceiling == name and n in self.fixed]
        low = max([item.number(item.low), *under])
        if above is None:
            return low, item.number(item.high)
        return low, self.fixed[above] if above in self.fixed else self._between(above)[1]

    def _span(self, name: str, known: Values) -> tuple[float, float]:
        low, high = self._bounds[name]
        high = known.get(self._ceilings.get(name, ""), high)
        if low > high:
            raise RangeError(f"`{name}` lies between its bounds; got {low:g} to {high:g}. Correct what is fixed.")
        return low, high


class _Quiet:
    """In place of a progress bar."""

    to = staticmethod(lambda time: None)


def _arguments(function: Callable[..., Any] | None) -> list[str]:
    if function is None:
        return []
    if not callable(function):
        raise SolveError(f"`protocol` and `place` are functions of free quantities; got {function!r}. Write a lambda.")
    return list(inspect.signature(function).parameters)
