"""A well-mixed space in which what its mechanisms give adds and inputs find their source by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tripartite import units
from tripartite.errors import DimensionError, UnknownNameError, WiringError, nearest, said
from tripartite.language.built import Kept
from tripartite.language.card import Card, Table, default_text, unit_text
from tripartite.language.declarations import Declaration, Emission, Input, Output, Parameter, State
from tripartite.language.mechanism import SPIKES, Mechanism
from tripartite.language.parameter_set import ParameterSet


@dataclass(frozen=True)
class Wire:
    """A connection ``source >> target`` between two compartments.

    ``Wire(bouton.release, spine.release, delay=2 * ms)`` is one over which events take their time.
    """

    source: Port
    target: Port
    delay: Any = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        for name in ("source", "target"):
            if not hasattr(getattr(self, name), "compartment"):
                raise WiringError(
                    f"A wire joins quantities of compartments; got {said(getattr(self, name))} as its {name}. Write "
                    "`Wire(bouton.release, spine.release, delay=2 * ms)`."
                )
        if self.in_ms() < 0:
            raise WiringError(f"Delays are not negative; got {said(self.delay)}. Correct the sign.")

    def in_ms(self) -> float:
        """The delay as a number; 0 for a wire without any."""
        return 0.0 if self.delay is None else units.number(self.delay, "ms", "delay")


@dataclass(frozen=True)
class Port:
    """A named quantity of a compartment, as in ``bouton.release >> cleft.release``."""

    compartment: Compartment
    name: str

    def __rshift__(self, target: Port) -> Wire:
        if not isinstance(target, Port):
            raise WiringError(
                f"A wire leads to an input of a compartment; got {said(target)}. "
                "Write `source_compartment.quantity >> target_compartment.input`."
            )
        return Wire(self, target)

    def __rrshift__(self, source: Any) -> Wire:
        raise WiringError(
            f"A wire starts at a quantity of a compartment; got {said(source)}. "
            "Write `source_compartment.quantity >> target_compartment.input`."
        )


class Compartment(Kept):
    """Mechanisms that share one space: ``Compartment(LiRinzel(), Ip3Metabolism())``.

    ``compartment.name`` is a port for wiring. A state has one owner; any mechanism may add to its rate, and to the
    state itself at an event.
    """

    def __init__(self, *mechanisms: Mechanism):
        if not mechanisms:
            raise WiringError("A compartment holds one mechanism or more; got none. Write `Compartment(LiRinzel())`.")
        for mechanism in mechanisms:
            if not isinstance(mechanism, Mechanism):
                hint = "Write it with parentheses." if isinstance(mechanism, type) else "Give mechanisms only."
                raise WiringError(f"A compartment holds mechanisms; got {said(mechanism)}. {hint}")
        self.mechanisms = tuple(mechanisms)
        self.sources: dict[str, tuple[int, Declaration]] = {}
        for index, mechanism in enumerate(mechanisms):
            self._add(index, mechanism)
        self.inputs = self._find_inputs()
        self.parameters = self._find_parameters()
        self.events = {event for m in mechanisms for event in m.events()}

    def _add(self, index: int, mechanism: Mechanism) -> None:
        if type(mechanism) in [type(m) for m in self.mechanisms[:index]]:
            raise WiringError(
                f"A compartment holds one mechanism of a kind; `{type(mechanism).__name__}` comes twice. "
                "Put the second one into another compartment, or derive a class under another name."
            )
        for kind in (State, Output, Emission):
            for name, item in mechanism.declared(kind).items():
                if name in self.sources:
                    self._join(name, mechanism, item)
                else:
                    self.sources[name] = (index, item)

    def _join(self, name: str, mechanism: Mechanism, item: Declaration) -> None:
        """Let a mechanism give what another one gives, too: an emission, or an output that adds."""
        index, other = self.sources[name]
        owners = f"both `{type(self.mechanisms[index]).__name__}` and `{type(mechanism).__name__}`"
        if isinstance(item, Output) and isinstance(other, Output) and (item.adds or other.adds):
            if (item.adds, item.supersedes) != (other.adds, other.supersedes):
                raise WiringError(
                    f"Outputs of one name add up if each is declared so; `{name}` is declared by {owners}, with "
                    "different `adds` or `supersedes`. Declare them alike, or rename one of them."
                )
        elif not (isinstance(item, Emission) and isinstance(other, Emission)):
            raise WiringError(
                f"A quantity has one owner in its compartment; `{name}` is declared by {owners}. Put one of them into "
                f"another compartment, or make `{name}` an Input of the one that only adds to it."
            )
        if not units.same_dimension(item.unit, other.unit):
            raise DimensionError(
                f"What several mechanisms give adds up in one dimension; `{name}` is declared by {owners}, in "
                f"{other.unit} and in {item.unit}. Rename one of the two."
            )

    def _find_inputs(self) -> dict[str, Input]:
        """Inputs that no mechanism of this compartment answers."""
        missing: dict[str, Input] = {}
        for mechanism in self.mechanisms:
            for name, item in mechanism.declared(Input).items():
                other = self.sources[name][1] if name in self.sources else missing.setdefault(name, item)
                if not units.same_dimension(item.unit, other.unit):
                    raise DimensionError(
                        f"`{type(mechanism).__name__}` takes `{name}` in {item.unit}, but in this compartment "
                        f"`{name}` is measured in {other.unit}. Rename one of the two."
                    )
            for name in mechanism.events():
                if name in SPIKES and name not in self.sources:
                    missing.setdefault(name, Input("1", f"{name} of the neuron"))
        return missing

    def _find_parameters(self) -> dict[str, Parameter]:
        """Parameters by name, as far as no state or output of this compartment takes their place."""
        found: dict[str, Parameter] = {}
        for mechanism in self.mechanisms:
            for name, item in mechanism.declared(Parameter).items():
                if not self.supersedes(name):
                    found.setdefault(name, item)
                elif not units.same_dimension(item.unit, self.sources[name][1].unit):
                    raise DimensionError(
                        f"What takes the place of a parameter has its dimension; `{name}` of "
                        f"`{type(mechanism).__name__}` is in {item.unit}, what supersedes it in "
                        f"{self.sources[name][1].unit}. Rename one of the two."
                    )
        return found

    def supersedes(self, name: str) -> bool:
        """Whether a state or output of this compartment takes the place of the parameter ``name``."""
        return name in self.sources and getattr(self.sources[name][1], "supersedes", False)

    def replace(self, **changes: Any) -> Compartment:
        """A copy in which parameters or starts that exactly one mechanism declares have new values."""
        mechanisms = list(self.mechanisms)
        for name, value in changes.items():
            owners = [i for i, m in enumerate(mechanisms) if name in m.values]
            if len(owners) != 1:
                several = " and ".join(f"`{type(mechanisms[i]).__name__}`" for i in owners)
                remedy = "Give the value to the mechanism you mean, or to all by `using` with a set."
                known = {n for m in mechanisms for n in m.values}
                raise UnknownNameError(
                    f"One mechanism of the compartment must declare `{name}`; {several or 'none'} "
                    f"{'do' if several else 'does'}. {remedy if several else nearest(name, known)}"
                )
            mechanisms[owners[0]] = mechanisms[owners[0]].replace(**{name: value})
        return Compartment(*mechanisms)

    def using(self, values: ParameterSet) -> Compartment:
        """A copy with the values of a named set; every name of the set must belong to a mechanism here."""
        declared = {name for m in self.mechanisms for name in m.values}
        for name in sorted(ParameterSet.checked(values).names - declared):
            raise UnknownNameError(
                f"The set `{values.name}` gives `{name}`, which no mechanism here declares. "
                f"{nearest(name, declared)} Use `set.without({said(name)})` to leave it out."
            )
        return Compartment(*(m.using(values) for m in self.mechanisms))

    def __add__(self, mechanism: Mechanism) -> Compartment:
        return Compartment(*self.mechanisms, mechanism)

    def __getattr__(self, name: str) -> Port:
        if name.startswith("_") or "sources" not in vars(self) or "inputs" not in vars(self):
            raise AttributeError(name)
        known = {*self.sources, *self.inputs, *self.parameters}
        if name not in known:
            held = ", ".join(type(m).__name__ for m in self.mechanisms)
            raise UnknownNameError(f"The compartment of {held} has no `{name}`. {nearest(name, known)}")
        return Port(self, name)

    def _noun(self) -> str:
        return "A compartment"

    def _remedy(self, name: str) -> str:
        known = {n for m in self.mechanisms for n in m.values}
        if name in known:
            return f"Make a copy: `compartment.replace({name}=...)`."
        return f"It has no parameter or state `{name}`. {nearest(name, known)}"

    def _repr_html_(self) -> str:
        inputs = [(n, default_text(item), unit_text(item.unit), item.label) for n, item in self.inputs.items()]
        tables = [
            Table("Mechanisms", ("mechanism", ""), [(repr(m), m.summary()) for m in self.mechanisms]),
            Table("Inputs to wire or to drive", ("name", "default", "unit", "meaning"), inputs),
        ]
        return Card("Compartment", "", tables).html()

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.sources, *self.inputs, *self.parameters})

    def __repr__(self) -> str:
        return f"Compartment({', '.join(map(repr, self.mechanisms))})"
