"""What drugs and knock-outs have in common: the parameters they act on, and how much is left of them over time."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar

import numpy as np

from tripartite import sources, units
from tripartite.errors import NoTargetError, QuantityError, RangeError, said
from tripartite.language.declarations import Parameter, Valued
from tripartite.language.mechanism import Mechanism, carriers
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Action, Bar, Compete, Protocol, Scale
from tripartite.language.system import Part
from tripartite.language.targets import BindingRate, HalfConcentration, Target

Effect = Callable[[Any], Any]
"""The factor on a parameter at a concentration of the drug, in units of its affinity."""

_PART = 0.02  # of its whole change, that a gradual effect makes in one step at most
_RATIO = 0.04  # change of the logarithm of the factor in one step at most
_ARRIVED = 1e-3  # of its limit, within which a course has arrived
_LASTING = 40.0  # time constants after which a course has arrived, to rounding


def left(x: Any) -> Any:
    """What is left of a receptor, pump or channel when ``x`` times its affinity is there: 1 / (1 + x)."""
    return 1 / (1 + x)


def raised(x: Any) -> Any:
    """Rise of the agonist concentration of half effect under a competitive antagonist: 1 + x (Gaddum, Schild).

    Under several it is 1 plus the sum of their ``x``: their factors on one parameter do not multiply.
    """
    return 1 + x


class AbstractTargeted(Protocol, ABC):
    """A perturbation that names what it acts on; it finds the parameters that carry it in any model.

    A subclass states ``label``, ``acts_on`` (in words) and ``molecules``, the names that parameters have as ``target``,
    and defines `stretches`. It acts on what the target does, unless it competes (`AbstractAntagonist`).
    """

    label: ClassVar[str]
    acts_on: ClassVar[str]
    molecules: ClassVar[tuple[str, ...]]
    acts: ClassVar[type[Scale]] = Scale
    """How its factor combines with those of others on one parameter."""

    @abstractmethod
    def stretches(self, effect: Effect) -> Iterator[tuple[float, float, float]]:
        """Start and stop (ms) of every stretch of a run, and the factor on a parameter with this effect."""

    @abstractmethod
    def strongest(self, effect: Effect) -> float:
        """The factor once the perturbation has its full effect."""

    @property
    def dosed(self) -> str:
        """The perturbation and its amount, in words."""
        return self.label

    def effects(self, model: Model) -> dict[str, Effect]:
        """Effect by parameter key; **raises** `NoTargetError` for a model without any target."""
        model = as_model(model)
        held = {entry.key for entry in model.system.parameters}  # without those that a state supersedes
        found = {part.keys[item.name]: effect for part, item, effect in self._places(model)}
        found = {key: effect for key, effect in found.items() if key in held}
        if not found and (missed := self.missed(model)):
            raise NoTargetError(f"{self.label} acts on {self.acts_on}, by parameters. {' '.join(missed)}")
        if not found:
            wanted = " or ".join(f"`{kind.__name__}` ({item.name})" for kind, item, _ in self.sites())
            raise NoTargetError(
                f"{self.label} acts on {self.acts_on}; the model of "
                f"{', '.join(part.label for part in model.system.parts)} has none. "
                f"{f'Add {wanted}, name' if wanted else 'Name'} "
                f"{' or '.join(f'`target={said(name)}`' for name in self.molecules)} at a parameter of your own, or "
                "write a `Perturbation` of the parameter you mean."
            )
        return found

    def missed(self, model: Model) -> list[str]:
        """Parameters that it would act on, were it not for what takes their place and it does not act on."""
        model = as_model(model)
        places = [(part, f"{part.label}.{item.name}") for part, item, _ in self._places(model)]
        reached = {part.label for part, key in places if key in part.keys.values()}
        keys = [key for _, key in places]
        return [
            f"It leaves `{key}` as it is: {model.instead(key)} by a `Perturbation`."
            for key in keys
            if key in model.superseded and not _given_by(model, model.superseded[key], reached)
        ]

    @classmethod
    def sites(cls) -> list[tuple[type[Mechanism], Parameter, Effect]]:
        """Mechanisms, of all that are imported, with the parameters that it acts on, and how."""
        import_module("tripartite.mechanisms")
        kinds = dict.fromkeys(kind for kind, _ in carriers(cls.molecules))
        return [(kind, *found) for kind in kinds for found in cls._of(kind)]

    @classmethod
    def _of(cls, kind: type[Mechanism]) -> list[tuple[Parameter, Effect]]:
        """Parameters of a mechanism that it acts on."""
        return [(item, left) for item in cls._carrying(kind) if type(item.target) is Target]

    @classmethod
    def _carrying(cls, kind: type[Mechanism]) -> list[Parameter]:
        carried = [item for item in kind.declared(Parameter).values() if item.target is not None]
        return [item for item in carried if item.target.name in cls.molecules]  # type: ignore[union-attr]

    def _places(self, model: Model) -> list[tuple[Part, Parameter, Effect]]:
        """Every parameter that it acts on, in every part of the model that has it."""
        return [(part, *found) for part in model.system.parts for found in self._of(type(part.mechanism))]

    def targets(self, model: Model) -> dict[str, float]:
        """Factor at full effect by parameter key; **raises** `NoTargetError` for a model without any target."""
        return {key: self.strongest(effect) for key, effect in self.effects(model).items()}

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        yield self.label, np.array([min(start for start, *_ in self.stretches(left))])

    def explain(self, model: Model) -> str:
        """What it changes in a model, one parameter a line."""
        lines = [f"  {key} × {factor:.3g}" for key, factor in self.targets(model).items()]
        missed = [f"  {line}" for line in self.missed(model)]
        return "\n".join([f"{self.dosed} acts on {self.acts_on}:", *lines, *missed])

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        entries = {entry.key: entry for entry in model.system.parameters}
        for key, effect in self.effects(model).items():
            declared = entries[key].declaration
            assert isinstance(declared, Valued)
            declared.check_range(entries[key].value * self.strongest(effect), key)
            for start, stop, factor in self.stretches(effect):
                if start < stop:
                    yield self.acts(start, stop, key, factor)


@dataclass(frozen=True)
class AbstractDrug(AbstractTargeted):
    """A drug in the bath from ``at`` to ``stop``, at ``dose``, binding with ``affinity``.

    Its concentration at the receptors reaches the dose with the time constant ``onset`` and leaves with
    ``washout``; both are 0 s unless given. Binding is at equilibrium with it. A gradual effect is made of steps
    (`staircase`): the factor on a parameter is within 2.1 % of its course, and within 1 % of the whole effect.
    """

    at: Any = field(kw_only=True)
    stop: Any = field(default=None, kw_only=True)
    dose: Any = field(default="1 uM", kw_only=True)
    affinity: Any = field(default="1 uM", kw_only=True)
    onset: Any = field(default="0 s", kw_only=True)
    washout: Any = field(default="0 s", kw_only=True)

    source: ClassVar[str] = "assumed: order of magnitude"
    """Where the default affinity comes from."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        sources.check(cls.source)

    def __post_init__(self) -> None:
        for _ in self.stretches(left):  # which refuses times and amounts that are none
            break

    @property
    def relative(self) -> float:
        """The dose in units of the affinity."""
        dose = units.number(self.dose, "uM", "dose")
        affinity = units.number(self.affinity, "uM", "affinity")
        if dose < 0 or affinity <= 0:
            raise RangeError(
                f"A dose is not negative and an affinity positive; got dose={self.dose}, "
                f"affinity={self.affinity}. Give two concentrations."
            )
        return dose / affinity

    @property
    def unblocked(self) -> float:
        """Fraction of the action that is left at the full dose."""
        return left(self.relative)

    @property
    def dosed(self) -> str:
        return f"{self.label} {units.shown(units.as_quantity(self.dose, 'uM', 'dose'))}"

    def strongest(self, effect: Effect) -> float:
        return effect(self.relative)

    def stretches(self, effect: Effect) -> Iterator[tuple[float, float, float]]:
        start, stop = span(self.at, self.stop)
        onset, washout = time_constant(self.onset, "onset"), time_constant(self.washout, "washout")
        full = self.relative
        yield from staircase(lambda t: effect(full * -np.expm1(-t / onset)), start, stop, onset, effect(full))
        if math.isfinite(stop) and washout > 0:
            reached = full if onset == 0 else full * -math.expm1(-(stop - start) / onset)
            yield from staircase(lambda t: effect(reached * np.exp(-t / washout)), stop, math.inf, washout, 1.0)

    def bars(self, until: float) -> list[Bar]:
        return bar(self.dosed, *span(self.at, self.stop), until)


@dataclass(frozen=True)
class AbstractAntagonist(AbstractDrug):
    """A drug that competes with the agonist of its target: it raises half concentrations and slows binding.

    A mechanism that has neither loses the blocked part of what the target does. Several antagonists of one receptor,
    with x and y times their affinity, act as 1 + x + y (Gaddum).
    """

    acts: ClassVar[type[Scale]] = Compete

    @classmethod
    def _of(cls, kind: type[Mechanism]) -> list[tuple[Parameter, Effect]]:
        competing: list[tuple[Parameter, Effect]] = [
            (item, raised if isinstance(item.target, HalfConcentration) else left)
            for item in cls._carrying(kind)
            if isinstance(item.target, HalfConcentration | BindingRate)
        ]
        return competing or super()._of(kind)


@dataclass(frozen=True)
class AbstractKnockout(AbstractTargeted):
    """A gene that is missing from ``at`` on: ``remaining`` of its product is left, nothing by default.

    By default it is missing from the beginning, but a run still starts where the model says; let it settle first.
    """

    at: Any = field(default="0 s", kw_only=True)
    stop: Any = field(default=None, kw_only=True)
    remaining: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        for _ in self.stretches(left):  # which refuses times and shares that are none
            break

    def strongest(self, effect: Effect) -> float:
        remaining = units.number(self.remaining, "1", "remaining")
        if not 0 <= remaining <= 1:
            raise RangeError(f"What remains of a gene product is a fraction; got {self.remaining}. Give 0 to 1.")
        return remaining

    def stretches(self, effect: Effect) -> Iterator[tuple[float, float, float]]:
        yield (*span(self.at, self.stop), self.strongest(effect))

    def bars(self, until: float) -> list[Bar]:
        return bar(self.label, *span(self.at, self.stop), until)


def _given_by(model: Model, key: str, labels: set[str]) -> bool:
    """Whether one of the parts of these labels gives the quantity ``key``."""
    place, name = key.split(".")
    return name in model.compartments[place].sources and model.giver(key).label in labels


def span(at: Any, stop: Any) -> tuple[float, float]:
    """Start and stop in ms; no stop is infinity."""
    start = units.number(at, "s", "at")
    end = math.inf if stop is None else units.number(stop, "s", "stop")
    if not 0 <= start < end:
        raise QuantityError(
            f"A perturbation starts at or after 0 s and stops later; got at={at}, stop={stop}. "
            "Exchange or correct the two times."
        )
    return start, end


def time_constant(value: Any, name: str) -> float:
    """A time constant in ms, 0 or more."""
    found = units.number(value, "s", name)
    if found < 0:
        raise RangeError(f"A time constant is not negative; got {name}={value}. Give 0 s for an effect at once.")
    return found


def bar(label: str, start: float, stop: float, until: float) -> list[Bar]:
    """The mark above a figure, of times in ms, for a run that ends at ``until`` (s)."""
    return [Bar(label, start / 1000, min(stop / 1000, until))] if start / 1000 < until else []


def staircase(
    course: Callable[[np.ndarray], np.ndarray], start: float, stop: float, width: float, limit: float
) -> Iterable[tuple[float, float, float]]:
    """A monotone course that begins at ``start`` as stretches of constant value, until ``stop``.

    A step changes the value by a fiftieth of the whole change and by 4 % of the value itself, at most, and holds the
    middle of its ends: it is within 1 % of the change and 2.1 % of the value. The last begins where the course is
    within 0.1 % of its limit (of its beginning, where the limit is 0) and 1 % of the whole change.

    **Arguments** course: value, 0 or more, at times since the start; width: its time constant, all in ms; limit: where
    it goes.
    """
    if width == 0:
        return [(start, stop, limit)]
    end = min(stop - start, _LASTING * width)
    times = np.concatenate([[0.0], end * np.geomspace(1e-10, 1, 4001)])
    values = np.asarray(course(times), dtype=float)
    change = values[-1] - values[0]
    if change == 0:
        return [(start, stop, limit)]
    near = min(_ARRIVED * (limit or values[0]), _PART / 2 * abs(change))
    moving = int(np.searchsorted(-np.abs(values - limit), -near))  # the first that has arrived
    times, values = times[: moving + 1], values[: moving + 1]
    logs = np.log(np.maximum(values, values[values > 0].min()))  # an effect may be none, or all
    path = np.abs(values - values[0]) / (_PART * abs(change)) + np.abs(logs - logs[0]) / _RATIO
    edges = np.interp(np.linspace(0, path[-1], int(np.ceil(path[-1])) + 1), path, times)
    bounds = np.asarray(course(edges), dtype=float)
    heights = (bounds[1:] + bounds[:-1]) / 2
    steps = [(start + a, start + b, float(h)) for a, b, h in zip(edges[:-1], edges[1:], heights, strict=True)]
    lasts = [(start + edges[-1], stop, limit)] if moving < len(path) and start + edges[-1] < stop else []
    return [step for step in steps if step[0] < step[1]] + lasts
