"""What the experimenter does: stimuli and perturbations, composed with ``&``."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import ArgumentError, DefinitionError, QuantityError, RangeError, UnknownNameError, said
from tripartite.language.built import Owned
from tripartite.language.declarations import Parameter, Ranged, Valued
from tripartite.language.model import Model, as_model
from tripartite.language.paths import fits
from tripartite.language.system import Entry


@dataclass(frozen=True)
class Occur:
    """An outside event at ``time`` (ms) with an amount, to the event input ``key``."""

    time: float
    key: str
    amount: float = 1.0


@dataclass(frozen=True)
class Drive:
    """From ``time`` (ms) on, the driven input or parameter ``key`` has this internal value."""

    time: float
    key: str
    value: float


@dataclass(frozen=True)
class Free:
    """From ``time`` (ms) on, the parameter ``key`` that a `Drive` holds has its own value again."""

    time: float
    key: str


@dataclass(frozen=True)
class Put:
    """At ``time`` (ms) the state ``key`` gets this internal value."""

    time: float
    key: str
    value: float


@dataclass(frozen=True)
class Scale:
    """From ``time`` to ``stop`` (ms), the parameter ``key`` is multiplied by ``factor``."""

    time: float
    stop: float
    key: str
    factor: float


@dataclass(frozen=True)
class Compete(Scale):
    """A `Scale` by a drug that competes for its site, by 1 + dose / affinity of it or by one over that.

    Drugs at one site hinder the agonist, not each other: what they add to 1 adds up (Gaddum).
    """


def combined(scales: Iterable[Scale]) -> float:
    """The factor of all that act on a parameter at one time: they multiply, those that compete as one."""
    acting = list(scales)
    competing = [a.factor for a in acting if isinstance(a, Compete)]
    together = competing[0] if len(competing) == 1 else _gaddum(competing)
    return together * math.prod(a.factor for a in acting if not isinstance(a, Compete))


def _gaddum(factors: list[float]) -> float:
    """The factor of several that compete, each of which raises by 1 + x or leaves 1 / (1 + x)."""
    raising = math.fsum(factor - 1 for factor in factors if factor > 1)
    leaving = math.fsum(1 / factor - 1 if factor else math.inf for factor in factors if factor < 1)
    return (1 + raising) / (1 + leaving)


Action = Occur | Drive | Free | Put | Scale

DRIVEN = "unwired input"


@dataclass(frozen=True)
class Bar:
    """A stretch of time (s) to be marked above a figure."""

    label: str
    start: float
    stop: float


class Protocol(metaclass=Owned):
    """What is done to a model during a run; ``a & b`` does both.

    A subclass is a frozen dataclass that answers ``actions``; times inside actions are in ms.
    """

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        """Everything that happens before ``until`` (ms), at least; ``seed`` varies random protocols."""
        raise DefinitionError(
            f"A protocol says what happens; `{type(self).__name__}` does not. Define `actions(model, until, seed)`."
        )

    def bars(self, until: float) -> list[Bar]:
        """Stretches to mark above a figure of a run that ends at ``until`` (s)."""
        return []

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        """What it does, in words, and when each of it begins (ms): what a run ends before gets a warning."""
        return iter(())

    def remedy(self) -> str:
        """What to do about a value of it that lies out of the range of what it acts on."""
        return "Check the value and its unit."

    def ends(self) -> float:
        """When (ms) the last of its events comes, where all come at given times; infinity else."""
        return math.inf

    def draws_with(self, other: Protocol) -> bool:
        """Whether its random numbers are those of another protocol, so that both do the same or nearly so."""
        return False

    def equipped(self, model: Model) -> Model:
        """The model with what the protocol needs in it, such as a genetic tool; the model itself if it lacks nothing.

        `simulate` asks for it; cells of a network are built as ``Population(protocol.equipped(model), ...)``.
        """
        return model

    def clamps(self, model: Model) -> frozenset[str]:
        """Keys of the states of a model that it clamps."""
        return frozenset()

    def __bool__(self) -> bool:
        raise DefinitionError(
            f"Protocols are joined by `&`; got {said(self)} where True or False is asked for, as `and`, `or` and `not` "
            "do, which would drop one of them. Write `a & b`, and `protocol is None` for one that may be missing."
        )

    def __and__(self, other: Protocol) -> Together:
        if not isinstance(other, Protocol):
            raise QuantityError(f"Protocols combine with protocols; got {said(other)}. Wrap it in a protocol.")
        for first, second in product(parts(self), parts(other)):
            if first.draws_with(second):
                warnings.warn(
                    f"Random trains of one seed to one event coincide, and are not two; got {said(first)} and "
                    f"{said(second)}. Give each a `seed` of its own.",
                    stacklevel=2,
                )
        return Together((*parts(self), *parts(other)))


@dataclass(frozen=True)
class Together(Protocol):
    """Several protocols at once."""

    members: tuple[Protocol, ...]

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        for member in self.members:
            yield from member.actions(model, until, seed)

    def bars(self, until: float) -> list[Bar]:
        return [bar for member in self.members for bar in member.bars(until)]

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        for member in self.members:
            yield from member.begins()

    def equipped(self, model: Model) -> Model:
        for member in self.members:
            model = member.equipped(model)
        return model

    def clamps(self, model: Model) -> frozenset[str]:
        return frozenset().union(*(member.clamps(model) for member in self.members))


@dataclass(frozen=True)
class Nothing(Protocol):
    """No stimulus."""

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        return iter(())


@dataclass(frozen=True)
class Perturbation(Protocol):
    """A change of the model from ``at`` to ``stop``: parameters multiplied by a factor.

    ``Perturbation("no SERCA", {"astrocyte.uptake": 0.0}, at=20 * s)``; paths as in ``model.replace``.
    """

    label: str
    factors: Mapping[str, float]
    at: Any = field(kw_only=True)
    stop: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        self._span()
        if isinstance(self.factors, Mapping) and not self.factors:
            raise ArgumentError(
                'A perturbation changes something; got no factors. Write for instance `{"uptake": 0.0}`, or leave it '
                "out: an untreated control is the model without a protocol."
            )

    def targets(self, model: Model) -> dict[str, float]:
        """Factor by parameter key; a model without the parameter is an error, and so are two paths of one."""
        model = as_model(model)
        keys = [entry.key for entry in model.system.parameters]
        arguments.text(self.label, "label")
        factors = model.resolved(arguments.mapping(self.factors, "factors", '{"uptake": 0.0}'), keys)
        return {key: units.number(factor, "1", f"factor of {key}") for key, factor in factors.items()}

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        start, stop = self._span()
        for key, factor in self.targets(model).items():
            entry = next(e for e in model.system.parameters if e.key == key)
            assert isinstance(entry.declaration, Valued)
            entry.declaration.check_range(entry.value * factor, key)
            yield Scale(start, stop, key, factor)

    def bars(self, until: float) -> list[Bar]:
        start, stop = self._span()
        return [Bar(self.label, start / 1000, min(stop / 1000, until))] if start / 1000 < until else []

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield f"perturbation {said(self.label)}", np.array([self._span()[0]])

    def _span(self) -> tuple[float, float]:
        start = units.number(self.at, "s", "at")
        stop = math.inf if self.stop is None else units.number(self.stop, "s", "stop")
        if not 0 <= start < stop:
            raise QuantityError(
                f"A perturbation starts at or after 0 s and stops later; got at={self.at}, stop={self.stop}. "
                "Exchange or correct the two times."
            )
        return start, stop


def checked(model: Model, protocol: Protocol, until: float, seed: int, whose: str = "") -> list[Action]:
    """The actions of a protocol; **raises** `RangeError` for a value of an input, or an amount, out of its range.

    ``whose``: what follows the name of the input, where the model is one of several.
    """
    system = model.system
    driven = {entry.key: entry.declaration for entry in (*system.drives, *system.parameters, *system.states)}
    heard = {p.keys[n]: p.mechanism.declarations.get(n) for p in system.parts for n in p.mechanism.events()}
    found = list(protocol.actions(model, until, seed))
    for action in found:
        declared = heard.get(action.key) if isinstance(action, Occur) else driven.get(action.key)
        if isinstance(declared, Ranged) and isinstance(action, Drive | Occur | Put):
            value = action.amount if isinstance(action, Occur) else action.value
            declared.check_range(value, action.key, f" at {action.time / 1000:g} s{whose}", protocol.remedy())
    return found


def warn_unreached(protocol: Protocol | None, until: float, rule: str = "", level: int = 3) -> None:
    """Say what of a protocol begins at or after ``until`` (ms), and so does nothing.

    **Arguments** rule: what is done, in place of the sentence about the end of a run; level: how many calls above is
    the line of the user.
    """
    remedy = "Begin at 0 s." if rule else "Begin earlier, or let the run go on."
    rule = rule or f"A run does what begins before its end at {until / 1000:g} s"
    for what, times in protocol.begins() if isinstance(protocol, Protocol) else ():
        late = times[times >= until * (1 - 1e-12)]
        if len(late):
            share = f", {len(late)} of {len(times)}," if len(times) > 1 else ""
            warnings.warn(
                f"{rule}; the {what}{share} begins at {late.min() / 1000:g} s and does nothing. {remedy}",
                stacklevel=level,
            )


def check_factor(values: Any, factor: float, name: str) -> None:
    """Raise `RangeError` for a factor that changes nothing, since the parameter is 0 wherever it acts."""
    if factor not in (0.0, 1.0) and not np.any(values):
        raise RangeError(
            f"A perturbation multiplies a parameter, and `{name}` is 0: {factor:g} times 0 is 0. Set it to the value "
            "that it is to have, by `Steps`."
        )


def event_targets(model: Model, name: str, to: str | None) -> list[str]:
    """Keys of the outside event inputs called ``name``, or the single one that ``to`` names."""
    keys = [event.key for event in model.system.events if event.outside]
    arguments.identifier(name, "event")
    if to is not None:
        return [model.resolve(to, keys, "event input")]
    found = [key for key in keys if key.rsplit(".", 1)[-1] == name]
    if not found:
        raise UnknownNameError(
            f"The protocol sends `{name}` events, but no mechanism of the model listens to them from outside. "
            f"It listens to {', '.join(f'`{key}`' for key in keys) or 'none'}. Add a mechanism with `on_{name}`."
        )
    return found


def event_unit(model: Model, key: str) -> str | None:
    """The unit in which the listeners of an event take its amount; None where all of them take none."""
    for part in model.system.parts:
        for name in part.mechanism.events():
            if part.keys.get(name) == key and name in part.mechanism.declarations:
                return part.mechanism.declarations[name].unit
    return None


def amount_unit(model: Model, key: str) -> str:
    """The same for events that bring an amount; **raises** `QuantityError` where nobody would read it."""
    unit = event_unit(model, key)
    if unit is None:
        raise QuantityError(
            f"An amount is read by who hears the event; `{key}` is heard as an instant alone. Leave the amount out, or "
            f"declare `{key.rsplit('.', 1)[-1]}` as an `Input` of the mechanism that hears it."
        )
    return unit


def drive_target(model: Model, path: str) -> Entry:
    """The unwired input that ``path`` names, or else the parameter.

    The value of an input is its default, NaN where there is none.
    """
    inputs = {entry.key: entry for entry in model.system.drives}
    parameters = {entry.key: entry for entry in model.system.parameters}
    if any(fits(path, key) for key in inputs):
        return inputs[model.resolve(path, inputs, DRIVEN)]
    known = any(fits(path, key) for key in (*parameters, *model.superseded))
    both = parameters if known else {**inputs, **parameters}
    key = model.resolve(path, both, "parameter" if known else f"{DRIVEN} or parameter")
    model.check_free(key)
    return parameters[key]


def merged(action: Action) -> str:
    """What to write in place of two protocols that do the same to one quantity."""
    return (
        "put the values of both into one `Clamp`, which takes lists: `Clamp(name, [v1, v2] * mV, at=[1, 3] * s, "
        "stop=[2, 4] * s)`"
        if isinstance(action, Put)
        else "put the values of both into one `Steps`"
    )


def counted(values: Any) -> int | None:
    """How many values of a quantity there are; none where that is not to be told before its unit is known."""
    held = values.magnitude if isinstance(values, units.Quantity) else values
    if isinstance(held, list | tuple):
        return len(held)
    return held.size if isinstance(held, np.ndarray) else 1 if isinstance(held, int | float) else None


def stopping(stop: Any, times: np.ndarray | None = None) -> float:
    """When a course that begins at each of ``times`` (ms) stops, in ms; infinity for none."""
    if stop is None:
        return math.inf
    found = units.number(stop, "s", "stop")
    if times is not None and len(times) and found <= times.max():
        raise QuantityError(
            f"A course stops after its last time, {times.max() / 1000:g} s; got stop={stop}. Correct one of them."
        )
    return found


def let_go(target: Entry, time: float) -> Action:
    """What ends the course of an input or parameter at ``time`` (ms): it is what it was without one."""
    if isinstance(target.declaration, Parameter):
        return Free(time, target.key)
    if math.isnan(target.value):
        raise QuantityError(
            f"A course that stops leaves a parameter, or an input with a default; `{target.key}` has none. Leave "
            "`stop` out, or let the last value be the one that it is to have."
        )
    return Drive(time, target.key, target.value)


def parts(protocol: Protocol) -> tuple[Protocol, ...]:
    """The protocols that one is made of."""
    return protocol.members if isinstance(protocol, Together) else (protocol,)
