"""What a fit searches: free quantities of a model between bounds, and the residuals they leave."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import (
    ArgumentError,
    DimensionError,
    QuantityError,
    RangeError,
    SolveError,
    UnknownNameError,
    nearest,
    said,
)
from tripartite.fit.reading import Direct, Reading
from tripartite.language import Compartment, Mechanism, Model, Protocol, Recording
from tripartite.language.card import Card, Table
from tripartite.language.model import as_model
from tripartite.language.protocol import Nothing, warn_unreached
from tripartite.solve.simulation import Job
from tripartite.solve.solvers import Solver, Tsit5

Values = Mapping[str, float]

_SECOND = units.unit("s")
_TOO_FAR = 10.0  # residual of a run that failed, in spreads of the recording


@dataclass(frozen=True)
class Free:
    """A quantity to be found between two bounds, searched by its logarithm where ``low`` is above zero.

    ``high`` may name another free quantity that this one does not exceed: ``rise=Free(0.1 * s, "decay")``.

    **Raises** `QuantityError`, `DimensionError` and `RangeError` for bounds that are none.
    """

    low: Any
    high: Any

    def __post_init__(self) -> None:
        low = self._bound(self.low, "low")
        if isinstance(self.high, str) and self.high.strip().replace(".", "_").isidentifier():
            return
        high = self._bound(self.high, "high")
        if high.dimensionality != low.dimensionality:
            raise DimensionError(
                f"Both bounds of a free quantity have one dimension; got {units.shown(low)} and {units.shown(high)}. "
                "Correct the unit of one."
            )
        if not self.number(self.low) < self.number(self.high):
            raise RangeError(
                f"A free quantity lies between two bounds, the lower first; got {units.shown(low)} and "
                f"{units.shown(high)}. Exchange or widen them; hold it by `problem.fix(...)`."
            )

    def _bound(self, value: Any, name: str) -> Any:
        found = units.as_quantity(value, "1", name)
        units.number(found, f"{found.units}", name)
        return found

    @property
    def ceiling(self) -> str | None:
        """The free quantity that this one does not exceed, where ``high`` names one."""
        named = isinstance(self.high, str) and self.high.strip().replace(".", "_").isidentifier()
        return self.high if named else None

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

    Time 0 of the run is the first time of the recording. Frames that are missing are no points of the fit:
    ``problem.recording`` holds those that are.

    **Arguments**
    ``model``: a model, a compartment or a mechanism.
    ``recording``: of one course; a variable of a result will do.
    ``free``: bounds by name. A name that neither ``place`` nor ``protocol`` takes is the path of a
    parameter, a start or a driven input of the model.
    ``place``: a function from free quantities, by the names of its arguments, to values by path:
    ``place=lambda decay: {"bouton.unbinding": 1 / decay}``.
    ``protocol``: a protocol, or a function from free quantities to one:
    ``protocol=lambda onset: SpikeTrain(onset, event="gliorelease")``.
    ``fixed``: free quantities held at a number in their unit.

    **Raises** errors that say what is wrong with any of them; `DimensionError` where a variable read `Direct` has
    another dimension than the recording.
    """

    def __init__(
        self,
        model: Model | Compartment | Mechanism,
        recording: Recording,
        reading: Reading,
        free: Mapping[str, Free],
        *,
        protocol: Protocol | Callable[..., Protocol] | None = None,
        place: Callable[..., Mapping[str, Any]] | None = None,
        solver: Solver = Tsit5(rtol=1e-9, atol=1e-12),
        fixed: Values | None = None,
    ):
        self.model, self.recording = as_model(model), _one_course(recording)
        self.reading = arguments.instance(reading, Reading, "reading", 'Direct("astrocyte.ca")')
        self.all, self.protocol, self.place = _free(free), protocol, place
        self.solver = arguments.instance(solver, Solver, "solver", "Tsit5(rtol=1e-8)")
        self.fixed = {name: _held(name, value) for name, value in _mapping(fixed or {}, "fixed").items()}
        self.free = {name: item for name, item in self.all.items() if name not in self.fixed}
        self._units = {name: item.unit for name, item in self.all.items()}
        self._log = {name: item.logarithmic for name, item in self.all.items()}
        self._ceilings = {n: item.ceiling for n, item in self.all.items() if item.ceiling is not None}
        self._placed = _arguments(place)
        if isinstance(protocol, Protocol):
            warn_unreached(protocol, 1000 * float(self.recording.times[-1] - self.recording.times[0]))
        self._timed = [] if isinstance(protocol, Protocol) else _arguments(protocol)
        for name in (*self.fixed, *self._placed, *self._timed, *self._ceilings.values()):
            if name not in self.all:
                raise UnknownNameError(f"`{name}` is no free quantity. {nearest(name, self.all)}")
        self._ratio = {name: self._in_unit_of(name, above) for name, above in self._ceilings.items()}
        self._bounds = {name: self._between(name) for name in self.all}
        self._scale = self._shown_per_variable()

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
        self.known(name)
        return self._bounds[name]

    def known(self, name: str) -> str:
        """``name``, one of the free quantities."""
        if not isinstance(name, str) or name not in self.all:
            offered = nearest(name if isinstance(name, str) else "", self.all)
            raise UnknownNameError(f"{said(name)} is no free quantity. {offered}")
        return name

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
        """Prediction ``(member, point)``, scale and baseline ``(member,)``; NaN where a run failed.

        What is scaled is the variable in the unit of the recording where it was read `Direct`, else in its own.
        """
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
        spread = float(np.std(self.recording.values)) or float(np.max(np.abs(self.recording.values))) or 1.0
        far = _TOO_FAR * spread * self.recording.weights
        return np.where(np.isfinite(difference), difference, far)

    def _simulate(self, numbers: dict[str, np.ndarray], count: int, times: np.ndarray) -> np.ndarray:
        quantity = {name: numbers[name] * self._units[name] for name in self.all}
        timed = {name: quantity[name][0] for name in self._timed}
        protocol = self.protocol(**timed) if callable(self.protocol) else self.protocol or Nothing()
        vary = {n: q for n, q in quantity.items() if n not in (*self._placed, *self._timed)}
        if self.place is not None:
            vary |= _mapping(self.place(**{name: quantity[name] for name in self._placed}), "place(...)")
        since = (times - self.recording.times[0]) * _SECOND
        # One variable is read; `simulate` would label them all, which costs more than the run.
        job = Job(self.model, protocol, since[-1], self.solver, None, since, vary, [0] * count)
        return self._scale * job.run(job.save, _Quiet).read(self.reading.variable)

    def _shown_per_variable(self) -> float:
        """What the variable is multiplied with to be in the unit of the recording, where it was recorded itself."""
        model = self.protocol.equipped(self.model) if isinstance(self.protocol, Protocol) else self.model
        entries = {e.key: e for e in (*model.system.states, *model.system.outputs)}
        if callable(self.protocol) and self.reading.variable not in entries:
            return 1.0  # the protocol may bring what is read with it
        unit = entries[model.resolve(self.reading.variable, entries, "variable")].unit
        recorded = self.recording.unit
        if not isinstance(self.reading, Direct):
            return 1.0
        if not units.same_dimension(unit, recorded):
            raise DimensionError(
                f"A variable that is read `Direct` has the dimension of the recording; `{self.reading.variable}` is "
                f"in {unit}, the recording in {recorded}. Give the recording its unit, "
                f'`Recording(times, values, unit="{unit}")`, or read it `Scaled` or `Linear`.'
            )
        return units.factor(unit) / units.factor(recorded)

    def _in_unit_of(self, name: str, above: str) -> float:
        """A number of ``above`` times this is one in the unit of ``name``."""
        if above in self._ceilings:
            raise RangeError(
                f"`{name}` does not exceed `{above}`, which must have a bound of its own; it names "
                f"`{self._ceilings[above]}`. Give `{above}` a number."
            )
        if self._units[name].dimensionality != self._units[above].dimensionality:
            raise DimensionError(
                f"`{name}` and `{above}`, which it does not exceed, have one dimension; they are in "
                f"{units.shown(self._units[name])} and {units.shown(self._units[above])}. Correct the bounds."
            )
        return float(units.Quantity(1.0, self._units[above]).to(self._units[name]).magnitude)

    def _between(self, name: str) -> tuple[float, float]:
        item, above = self.all[name], self._ceilings.get(name)
        under = [self.fixed[n] / self._ratio[n] for n, c in self._ceilings.items() if c == name and n in self.fixed]
        low = max([item.number(item.low), *under])
        if above is None:
            return low, item.number(item.high)
        high = self.fixed[above] if above in self.fixed else self._between(above)[1]
        return low, high * self._ratio[name]

    def _span(self, name: str, known: Values) -> tuple[float, float]:
        low, high = self._bounds[name]
        above = self._ceilings.get(name)
        high = known[above] * self._ratio[name] if above is not None and above in known else high
        if low > high:
            raise RangeError(f"`{name}` lies between its bounds; got {low:g} to {high:g}. Correct what is fixed.")
        return low, high


class _Quiet:
    """In place of a progress bar."""

    to = staticmethod(lambda time: None)


def _arguments(function: Callable[..., Any] | None) -> list[str]:
    if function is None:
        return []
    remedy = "Write for instance `lambda onset: SpikeTrain(onset)`."
    if not callable(function):
        raise SolveError(f"`protocol` and `place` are functions of free quantities; got {said(function)}. {remedy}")
    try:
        taken = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        taken = None
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    if taken is None or any(p.kind not in named for p in taken):
        raise SolveError(
            f"The arguments of `protocol` and `place` are names of free quantities; {said(function)} does "
            f"not name them. {remedy}"
        )
    return [p.name for p in taken]


def _one_course(recording: Any) -> Recording:
    found = Recording.of(recording)
    if found.values.ndim != 1:
        raise ArgumentError(
            f"A fit takes one course; got a recording of shape {found.values.shape}. Choose one: "
            f"`recording[{said(found.places[0])}]`."
            if found.places
            else f"A fit takes one course; got a recording of shape {found.values.shape}. Choose one."
        )
    return found.present() if np.any(np.isnan(found.values)) else found


def _free(free: Any) -> dict[str, Free]:
    found = _mapping(free, "free")
    if not found:
        raise ArgumentError('`free` names what is searched; got nothing. Write `{"decay": Free(0.1 * s, 10 * s)}`.')
    for name, item in found.items():
        arguments.instance(item, Free, f'free["{name}"]', "Free(0.1 * s, 10 * s)")
    return found


def _mapping(found: Any, name: str) -> dict[str, Any]:
    if not isinstance(found, Mapping) or not all(isinstance(key, str) for key in found):
        raise ArgumentError(
            f"`{name}` is a dictionary by name; got {said(found)}. Write for instance "
            '`{"decay": Free(0.1 * s, 10 * s)}`.'
        )
    return dict(found)


def _held(name: str, value: Any) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | np.integer | np.floating)
        or not np.isfinite(value)
    ):
        raise QuantityError(
            f"A quantity is held at a number in the unit of its bounds; got {name}={said(value)}. Write for "
            f"instance `fix({name}=1.0)`."
        )
    return float(value)
