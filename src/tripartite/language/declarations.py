"""What a mechanism declares: states, parameters, inputs, outputs and emissions, each with unit and meaning."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from tripartite import arguments, sources, units
from tripartite.errors import ArgumentError, DefinitionError, QuantityError, RangeError, WiringError, said
from tripartite.language.targets import Target, as_target

_FAR = 0.01  # of a range, or of the largest value: more than rounding and the error of a sound step


@dataclass(frozen=True)
class Declaration:
    """A named quantity; reading it from a mechanism instance gives its value with unit."""

    unit: str
    meaning: str
    name: str = field(default="", init=False)

    def __post_init__(self) -> None:
        _check_texts(self.unit, self.meaning)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @property
    def symbol(self) -> str:
        """The paper's symbol, written before a colon in the meaning (``"O_P: largest uptake"``), or the name."""
        match = re.match(r"(\w+): ", self.meaning)
        return match.group(1) if match else self.name

    @property
    def label(self) -> str:
        """The meaning without the paper's symbol."""
        return re.sub(r"^\w+: ", "", self.meaning)


class Ranged:
    """What has a range, in its unit, in which its values have a meaning."""

    unit: str
    low: float | None
    high: float | None

    @property
    def span(self) -> str:
        """The range in words, empty if there is none."""
        low, high = self.low, self.high
        if low is None:
            return "" if high is None else f"≤ {high:g}"
        return f"≥ {low:g}" if high is None else f"{low:g} to {high:g}"

    def check_range(
        self, internal: float, name: str, when: str = "", remedy: str = "Check the value and its unit."
    ) -> None:
        """Raise `RangeError` unless the internal value lies between ``low`` and ``high``; ``when``: since or until."""
        value = units.from_internal(internal, self.unit)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        slack = 1e-12 * max(abs(value), 1.0)
        if not low - slack <= value <= high + slack:
            shown = "" if self.unit == "1" else f" {self.unit}"
            raise RangeError(f"`{name}` must lie in [{low:g}, {high:g}]{shown}; got {value:g}{shown}{when}. {remedy}")


def astray(item: Any, values: np.ndarray) -> tuple[int, str] | None:
    """Of internal values of a state the one that is far out of its range: its place in them, and it in words."""
    if not isinstance(item, Ranged) or (item.low is None and item.high is None) or not values.size:
        return None
    scale = units.factor(item.unit)
    low = -math.inf if item.low is None else item.low * scale
    high = math.inf if item.high is None else item.high * scale
    lowest, highest = float(values.min()), float(values.max())
    size = high - low if math.isfinite(high - low) else max(abs(lowest), abs(highest))
    if not max(low - lowest, highest - high) > _FAR * size:
        return None
    place = int(values.argmin() if low - lowest > highest - high else values.argmax())
    shown = "" if item.unit == "1" else f" {item.unit}"
    return place, f"{values.ravel()[place] / scale:.4g}{shown}, out of its range ({item.span}{shown})"


@dataclass(frozen=True)
class Valued(Ranged, Declaration):
    """A declaration with a value in ``unit`` and a range in which the value has a meaning."""

    value: float = 0.0
    low: float | None = None
    high: float | None = None

    def __new__(cls, value: Any = None, *rest: Any, **named: Any) -> Self:
        if arguments.unit_of(value) is not None:
            _check_numbers(next((text for text in rest if isinstance(text, str)), cls.__name__), value)
        return super().__new__(cls)

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        return units.from_internal(instance.values[self.name], self.unit) * units.unit(self.unit)

    def __set__(self, instance: Any, value: Any) -> None:
        raise instance._refusal(self.name, value)

    def but(self, **changes: Any) -> Any:
        """The same declaration with other content, for a derived mechanism."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "name"}
        return type(self)(**{**fields, **changes})


@dataclass(frozen=True, init=False)
class State(Valued):
    """A quantity that changes in time; ``value`` is where it starts.

    With ``supersedes`` it takes the place of parameters of its name in the other mechanisms of its compartment.
    """

    supersedes: bool = False

    def __init__(
        self,
        value: float,
        unit: str,
        meaning: str,
        low: float | None = None,
        high: float | None = None,
        supersedes: bool = False,
    ):
        _fill(self, unit, meaning, value, low, high)
        object.__setattr__(self, "supersedes", arguments.flag(supersedes, "supersedes"))


@dataclass(frozen=True, init=False)
class Parameter(Valued):
    """A quantity that stays; ``source`` names bibliography key and place, or ``assumed: why``.

    ``target`` names what carries it, for drugs and knock-outs: ``"SERCA"``, or `HalfConcentration` or `BindingRate`
    of it.
    """

    source: str = ""
    target: Target | None = None

    def __init__(
        self,
        value: float,
        unit: str,
        meaning: str,
        source: str,
        low: float | None = None,
        high: float | None = None,
        target: str | Target | None = None,
    ):
        sources.check(source)
        _fill(self, unit, meaning, value, low, high)
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "target", as_target(target))


@dataclass(frozen=True)
class Input(Ranged, Declaration):
    """A quantity from outside: a state, output or emission of the same name, wires (their sum), or a protocol.

    A mechanism with a function ``on_<name>(q)`` takes the input as an event. What a protocol gives lies between
    ``low`` and ``high``; a concentration is not negative unless ``low`` says so. What nobody gives is ``default``, in
    ``unit``; without one, somebody must. The default of an event is 0, nothing is sent, or none.
    """

    low: float | None = None
    high: float | None = None
    default: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        _check_numbers(self.meaning, *bounds)
        if bounds != sorted(bounds):
            raise DefinitionError(
                f"A range goes from its lower to its upper bound; got {bounds} for {said(self.meaning)}. Exchange them."
            )
        if self.low is None and units.same_dimension(self.unit, "uM"):
            object.__setattr__(self, "low", 0.0)
        if self.default is not None:
            _check_value(self.meaning, self.default, self.low, self.high)

    def within(self, other: Ranged) -> Input:
        """The input with a range, in its unit, in which ``other`` has a meaning, too, and the default of either."""
        scale = units.factor(other.unit) / units.factor(self.unit)
        lows = [b for b in (self.low, None if other.low is None else other.low * scale) if b is not None]
        highs = [b for b in (self.high, None if other.high is None else other.high * scale) if b is not None]
        default, added = self.default, getattr(other, "default", None)
        if added is not None:
            if default is not None and not math.isclose(default, added * scale, rel_tol=1e-12):
                raise WiringError(
                    f"What several mechanisms read has one default; `{self.name}` has {default:g} {self.unit} and "
                    f"{added:g} {other.unit}. Correct one of them, or give the inputs different names."
                )
            default = added * scale if default is None else default
        low, high = max(lows, default=None), min(highs, default=None)
        found = replace(self, low=None, high=None, default=None)
        for name, content in {"name": self.name, "low": low, "high": high, "default": default}.items():
            object.__setattr__(found, name, content)
        return found


@dataclass(frozen=True)
class Output(Declaration):
    """A quantity that follows at every instant from states, parameters and inputs (``outputs(q)``).

    With ``supersedes`` it takes the place of parameters of its name in the other mechanisms of its compartment. With
    ``adds`` several mechanisms of a compartment may declare it, and it is the sum of what they give.
    """

    supersedes: bool = field(default=False, kw_only=True)
    adds: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("supersedes", "adds"):
            object.__setattr__(self, name, arguments.flag(getattr(self, name), name))


@dataclass(frozen=True, init=False)
class Chance(Declaration):
    """A random number, uniform between 0 and 1 and drawn anew at every event; only events may read it."""

    low: ClassVar[float] = 0.0
    high: ClassVar[float] = 1.0

    def __init__(self, meaning: str):
        _check_texts("1", meaning)
        for name, content in {"unit": "1", "meaning": meaning, "name": ""}.items():
            object.__setattr__(self, name, content)


@dataclass(frozen=True)
class Emission(Declaration):
    """An amount sent out at an event, to every mechanism that listens with ``on_<name>(q)``.

    Several mechanisms of a compartment may declare it: what they send at one instant is summed and delivered once.
    """


def _fill(declaration: Valued, unit: str, meaning: str, value: float, low: Any, high: Any) -> None:
    _check_texts(unit, meaning)
    _check_numbers(meaning, *(bound for bound in (low, high) if bound is not None))
    _check_value(meaning, value, low, high, math.inf in (low, high) or -math.inf in (low, high))
    pairs = {"unit": unit, "meaning": meaning, "value": value, "low": low, "high": high, "name": ""}
    for name, content in pairs.items():
        object.__setattr__(declaration, name, content)


def _check_value(meaning: str, value: Any, low: Any, high: Any, refused: bool = False) -> None:
    _check_numbers(meaning, value)
    bottom, top = -math.inf if low is None else low, math.inf if high is None else high
    if refused or not (math.isfinite(value) and bottom <= value <= top):
        raise DefinitionError(
            f"A declared value is finite and lies in its range [{bottom:g}, {top:g}]; got {value} for {said(meaning)}. "
            "Correct the value or the range."
        )


def _check_numbers(meaning: str, *numbers: Any) -> None:
    for number in numbers:
        plain = arguments.plain(number) if isinstance(number, int | float) else None
        if plain is None or math.isnan(plain):
            raise DefinitionError(
                f'A declaration gives value and unit apart, as in `0.1, "uM"`; got {said(number)} for {said(meaning)}. '
                "Write a plain number in that unit."
            )


def _check_texts(unit: str, meaning: str) -> None:
    try:
        arguments.text(meaning, "meaning")
    except ArgumentError:
        raise DefinitionError(
            f"A declaration says in words what it means; got {said(meaning)}. Describe the quantity."
        ) from None
    try:
        units.unit(unit)
        arguments.text(unit, "unit")
    except (QuantityError, ArgumentError) as reason:
        raise DefinitionError(f"{reason} It was declared for {said(meaning)}.") from None
