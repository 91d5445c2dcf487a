"""What a fit searches: free quantities of a model between bounds, and the residuals they leave."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
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
from tripartite.fit.free import Free
from tripartite.fit.reading import Direct, Reading
from tripartite.language import Compartment, Mechanism, Model, Protocol, Recording
from tripartite.language.built import Owned
from tripartite.language.card import Card, Table
from tripartite.language.model import as_model
from tripartite.language.protocol import Nothing, warn_unreached
from tripartite.solve.simulation import Job
from tripartite.solve.solvers import Solver, Tsit5

Values = Mapping[str, float]

_SECOND = units.unit("s")
EDGE = 1e-6  # of the unit cube: how near its faces the search comes
_TOO_FAR = 10.0  # residual of a run that failed, in spreads of the recording


class Problem(metaclass=Owned):
    """A model with free quantities under a protocol, to be compared with a recording.

    Time 0 of the run is the first time of the recording, whether that frame is missing or not: of the stretch
    ``recording.between(55, 75)`` it is 55 s, and an onset of 1.5 s is at 56.5 s on the clock of the recording.
    ``problem.start`` is that time. Frames that are missing are no points of the fit: ``problem.recording`` holds those
    that are.

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

    **Raises** errors that say what is wrong with any of them, found by setting up runs in the middle and at the ends of
    the bounds; `DimensionError` where a variable read `Direct` has another dimension than the recording; `RangeError`
    where bounds let nothing begin before the recording ends.
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
        self.model, self._given = as_model(model), _one_course(recording)
        self.recording = self._given.present() if np.any(np.isnan(self._given.values)) else self._given
        self.reading = arguments.instance(reading, Reading, "reading", 'Direct("astrocyte.ca")')
        self.all, self.protocol, self.place = _free(free), protocol, place
        self.solver = arguments.instance(solver, Solver, "solver", "Tsit5(rtol=1e-8)")
        self.fixed = {
            name: _held(name, value) for name, value in _mapping({} if fixed is None else fixed, "fixed").items()
        }
        self.free = {name: item for name, item in self.all.items() if name not in self.fixed}
        self._units = {name: item.unit for name, item in self.all.items()}
        self._log = {name: item.logarithmic for name, item in self.all.items()}
        self._ceilings = {n: item.ceiling for n, item in self.all.items() if item.ceiling is not None}
        self._placed = _arguments(place)
        self._timed = [] if isinstance(protocol, Protocol) else _arguments(protocol)
        for name in (*self.fixed, *self._placed, *self._timed, *self._ceilings.values()):
            if name not in self.all:
                raise UnknownNameError(f"`{name}` is no free quantity. {nearest(name, self.all)}")
        self._ratio = {name: self._in_unit_of(name, above) for name, above in self._ceilings.items()}
        self._bounds = {name: self._between(name) for name in self.all}
        self._check_begins()
        self._variable, self._scale = self._read()

    @property
    def start(self) -> float:
        """Time 0 of the run, on the clock of the recording (s)."""
        return float(self._given.times[0])

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
            self.model, self._given, self.reading, self.all, protocol=self.protocol, place=self.place,
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

    def timed(self) -> dict[str, float]:
        """The free quantities that the protocol takes, with a frame of the recording in their unit; 0 for no time."""
        frame = units.Quantity(self.recording.frame or float(np.median(np.diff(self.recording.times))), "s")
        return {
            name: float(frame.to(self._units[name]).magnitude) if frame.is_compatible_with(self._units[name]) else 0.0
            for name in self._timed
            if name in self.free
        }

    def values(self, z: np.ndarray) -> dict[str, float]:
        """Numbers by name at a point of the unit cube in which the search runs."""
        found = dict(self.fixed)
        place = dict(zip(self.free, z, strict=True))
        for name in sorted(self.free, key=lambda n: n in self._ceilings):
            low, high = self._span(name, found)
            part = float(place[name])
            found[name] = low * (high / low) ** part if self._log[name] else low + part * (high - low)
        return found

    def looked_at(self, values: Any) -> dict[str, float]:
        """Numbers by name that somebody gives, one for every free quantity."""
        given = arguments.mapping(values, "values", '{"decay": 0.5}')
        for name in self.free:
            if name not in given:
                raise ArgumentError(f"A point has a number for every free quantity; `{name}` has none. Give all.")
        return {**self.fixed, **{name: _held(self.known(name), value) for name, value in given.items()}}

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
        job = self._job(numbers, count, times)
        return self._scale * job.run(job.save, _Quiet).read(self._variable)

    def _job(self, numbers: dict[str, np.ndarray], count: int, times: np.ndarray) -> Job:
        quantity = {name: numbers[name] * self._units[name] for name in self.all}
        protocol = self._protocol({name: numbers[name][0] for name in self._timed})
        vary = {n: q for n, q in quantity.items() if n not in (*self._placed, *self._timed)}
        if self.place is not None:
            vary |= _mapping(self.place(**{name: quantity[name] for name in self._placed}), "place(...)")
        since = times - self.start
        # One variable is read; `simulate` would label them all, which costs more than the run.
        until, save = float(since[-1]) * _SECOND, since * _SECOND
        return Job(self.model, protocol, until, self.solver, None, save, vary, [0] * count)

    def _protocol(self, values: Values) -> Protocol:
        """The protocol where the free quantities that it takes have these numbers."""
        if not callable(self.protocol):
            return Nothing() if self.protocol is None else self.protocol
        made = self.protocol(**{name: values[name] * self._units[name] for name in self._timed})
        return arguments.instance(made, Protocol, "protocol(...)", "lambda onset: SpikeTrain(onset)")

    def _at(self, place: float) -> dict[str, float]:
        """Numbers by name where every free quantity lies at one part of its reach."""
        return self.values(np.full(len(self.free), place))

    def _check_begins(self) -> None:
        """What begins after the recording is an error where bounds leave it no other time, else a warning."""
        span = float(self.recording.times[-1]) - self.start
        try:
            first, last = (self._protocol(self._at(place)) for place in (EDGE, 1 - EDGE))
            spans = list(zip(first.begins(), last.begins(), strict=False))
        except (QuantityError, DimensionError) as reason:
            if not self._timed:
                raise
            listed = " and ".join(
                f"`{name}` from {' to '.join(units.shown(end * self._units[name]) for end in self._bounds[name])}"
                for name in self._timed
            )
            raise type(reason)(
                f"A protocol takes free quantities in their units; with {listed} it is none: {reason} Correct the "
                "bounds: `Free(5 * s, 10 * s)` for a time."
            ) from reason
        for (what, early), (_, late) in spans:
            ends = sorted((float(np.min(early, initial=np.inf)) / 1000, float(np.min(late, initial=np.inf)) / 1000))
            if span <= ends[0] < ends[1]:
                raise RangeError(
                    f"Time 0 of a fit is the first time of the recording, here {self.start:g} s on its clock, and the "
                    f"run ends {span:g} s later; the {what} begins {ends[0]:g} to {ends[1]:g} s after time 0, "
                    "wherever its bounds let it, and does nothing. Count the bounds from time 0."
                )
        if not self._timed:
            warn_unreached(first, 1000 * span, level=4)

    def _read(self) -> tuple[str, float]:
        """Key of the variable that is read, and what it is multiplied with to be in the unit of the recording."""
        middle, *ends = (self._at(place) for place in (0.5, 0.0, 1.0))
        own = [name for name in self.all if name not in (*self._placed, *self._timed)]
        tried = [middle, *({**middle, **{name: end[name] for name in own}} for end in ends)]
        numbers = {name: np.array([values[name] for values in tried]) for name in self.all}
        # The protocol may bring what is read with it.
        model = self._job(numbers, len(tried), self.recording.times).model
        entries = {e.key: e for e in (*model.system.states, *model.system.outputs)}
        key = model.resolve(self.reading.variable, entries, "variable")
        unit, recorded = entries[key].unit, self.recording.unit
        if not isinstance(self.reading, Direct):
            return key, 1.0
        if not units.same_dimension(unit, recorded):
            raise DimensionError(
                f"A variable that is read `Direct` has the dimension of the recording; `{key}` is "
                f"in {unit}, the recording in {recorded}. Give the recording its unit, "
                f'`Recording(times, values, unit="{unit}")`, or read it `Scaled` or `Linear`.'
            )
        return key, units.factor(unit) / units.factor(recorded)

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
    except Exception:  # what only seems to be a function raises what it likes
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
    return found


def _free(free: Any) -> dict[str, Free]:
    found = _mapping(free, "free")
    if not found:
        raise ArgumentError('`free` names what is searched; got nothing. Write `{"decay": Free(0.1 * s, 10 * s)}`.')
    for name, item in found.items():
        arguments.instance(item, Free, f'free["{name}"]', "Free(0.1 * s, 10 * s)")
    return found


def _mapping(found: Any, name: str) -> dict[str, Any]:
    return arguments.mapping(found, name, '{"decay": Free(0.1 * s, 10 * s)}')


def _held(name: str, value: Any) -> float:
    plain = None if arguments.unit_of(value) is not None else arguments.plain(value)
    if plain is None or plain.ndim or not np.isfinite(plain):
        raise QuantityError(
            f"A quantity is held at a number in the unit of its bounds; got {name}={said(value)}. Write for "
            f"instance `fix({name}=1.0)`."
        )
    return float(plain)
