"""The unit of the language: one biological process, its quantities and its equations."""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

from tripartite import arguments, units
from tripartite.errors import ArgumentError, DefinitionError, UnknownNameError, nearest, said
from tripartite.language.built import Kept, changed
from tripartite.language.card import Card, Table, default_text, unit_text
from tripartite.language.declarations import Declaration, Emission, Input, Output, Parameter, State, Valued
from tripartite.language.parameter_set import ParameterSet

SPIKES = ("spike", "postspike")
"""Events that need no declaration: spikes of the presynaptic and of the postsynaptic neuron."""

D = TypeVar("D", bound=Declaration)


class _Signature:
    """The constructor of a mechanism as its user writes it: every parameter and start with its value and unit."""

    def __get__(self, instance: Any, owner: type[Mechanism]) -> inspect.Signature:
        kind = inspect.Parameter.KEYWORD_ONLY
        shown = {name: _Code(units.as_code(item.value, item.unit)) for name, item in owner.declared(Valued).items()}
        return inspect.Signature([inspect.Parameter(name, kind, default=code) for name, code in shown.items()])


class _Code(str):
    """Text that is shown without quotes."""

    __repr__ = str.__str__


_EQUATIONS = ("rates", "noise", "outputs", "transitions", "crossing")
_ALIKE = 0.75
"""How like that of an equation a name must be to be a misspelt one, as `difflib` counts."""
_RESERVED = ("values", "sources", "source", "mechanisms", "inputs", "crossing", *_EQUATIONS)
_definition_checks: list[Callable[[type[Mechanism]], None]] = []


def check_on_definition(check: Callable[[type[Mechanism]], None]) -> Callable[[type[Mechanism]], None]:
    """Run ``check`` on every mechanism class when it is defined."""
    _definition_checks.append(check)
    return check


class Quantities:
    """What the equations of one mechanism see as ``q``: its own names, in the values of one reading."""

    __slots__ = ("_owner", "_values")

    def __init__(self, values: Mapping[str, Any], owner: str):
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_owner", owner)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise UnknownNameError(
                f"The equations of `{self._owner}` use `q.{name}`, which is no state, parameter or input known there "
                f"(an event only in its own `on_` function). {nearest(name, self._values)}"
            ) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise DefinitionError(
            f"The equations of `{self._owner}` set `q.{name}`; equations are pure and return what changes. "
            "Put the new value into the returned dictionary."
        )


class Mechanism(Kept):
    """One process, declared as class attributes and pure functions of ``q``.

    ``rates(q)`` returns time derivatives by state name; it may name states that the mechanism only has as
    inputs, then the rates add. ``noise(q)`` returns Itô amplitudes, ``outputs(q)`` what follows at every
    instant (the other equations may read it), ``transitions(q)`` a `Transition` by name for each random
    change of a count. ``on_spike(q)``, ``on_postspike(q)``, ``on_<input>(q)`` and
    ``on_crossing(q)`` (when ``crossing(q)`` rises through zero) return new values of own states (or `Add` and an
    amount), amounts to add to states that the mechanism has as inputs, and emitted amounts; they may read what they
    drew by chance. A derived class drops an equation by setting it to None.

    ``LiRinzel(uptake=0.8 * uM / s, ca=0.1 * uM)`` is a copy with another parameter and another start.
    """

    declarations: ClassVar[dict[str, Declaration]] = {}
    answers: ClassVar[dict[str, frozenset[str]]] = {}
    """Names that each handler (``"on_spike"``) returns, found when the class is defined."""
    __signature__ = _Signature()

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        declared = dict(cls.declarations)
        for name, item in vars(cls).items():
            if isinstance(item, Declaration):
                declared[name] = item
        cls.declarations = declared
        for name in declared:
            if name.startswith("_") or name in _RESERVED or hasattr(Mechanism, name):
                raise DefinitionError(
                    f"`{cls.__name__}` must not call a quantity `{name}`, which means something else in a mechanism "
                    "or starts with an underscore. Choose another name."
                )
        _check_spelling(cls)
        for name, item in list(vars(cls).items()):
            if item is not None and (name in _EQUATIONS or name.startswith("on_")):
                if not inspect.isfunction(item) or len(inspect.signature(item).parameters) != 1:
                    raise DefinitionError(
                        f"`{cls.__name__}.{name}` must be a function of q alone; got {said(item)}. "
                        f"Write `def {name}(q):` without self."
                    )
                setattr(cls, name, staticmethod(item))
        for check in _definition_checks:
            check(cls)

    def __init__(self, **changes: Any):
        self.values: dict[str, float] = {}
        self.sources: dict[str, str] = {}
        for name, item in self.declared(Valued).items():
            self.values[name] = item.value * units.factor(item.unit)
        for name, item in self.declared(Parameter).items():
            self.sources[name] = item.source
        self._change(changes, "set by the user")

    @classmethod
    def declared(cls, kind: type[D]) -> dict[str, D]:
        """The declarations of one kind, by name, in the order they were written."""
        return {name: item for name, item in cls.declarations.items() if isinstance(item, kind)}

    @classmethod
    def events(cls) -> list[str]:
        """Names of the events that the mechanism answers with an ``on_<name>`` function."""
        handlers = [name[3:] for name in dir(cls) if name.startswith("on_")]
        return [name for name in handlers if name != "crossing"]

    @classmethod
    def equation(cls, name: str) -> Callable[[Quantities], Any] | None:
        """The equation function of that name (``"rates"``, ``"on_spike"``...), or none."""
        return getattr(cls, name, None)

    @classmethod
    def equations(cls) -> list[Callable[[Quantities], Any]]:
        """All equation functions, in the order in which they are evaluated."""
        names = [*_EQUATIONS, *(f"on_{event}" for event in cls.events()), "on_crossing"]
        return [function for name in names if (function := cls.equation(name))]

    @classmethod
    def summary(cls) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(cls) or cls.__name__).splitlines()[0]

    def replace(self, source: str = "set by the user", **changes: Any) -> Self:
        """A copy with other parameter values or starts; ``source`` says where the new values come from."""
        if isinstance(source, Mapping):
            code = ", ".join(f"{name}=..." for name in source if isinstance(name, str)) or "uptake=..."
            raise ArgumentError(
                f"A mechanism takes its values by name; got {said(source)} (paths in a dictionary are for a `Model`). "
                f"Write `{type(self).__name__}().replace({code})`."
            )
        copy = changed(self, values=dict(self.values), sources=dict(self.sources))
        copy._change(changes, source)
        return copy

    def using(self, values: ParameterSet) -> Self:
        """A copy with the values of a named set that this mechanism declares, sources included."""
        copy = self
        values = ParameterSet.checked(values)
        for name in values.names & self.values.keys():
            copy = copy.replace(source=values.source_of(name), **{name: values[name]})
        return copy

    def quantities(self, values: Mapping[str, Any]) -> Quantities:
        """``values`` by local name, as the equations see them."""
        return Quantities(values, type(self).__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("values", "sources"):
            raise AttributeError(name)
        raise UnknownNameError(f"`{type(self).__name__}` declares no `{name}`. {nearest(name, self.declarations)}")

    def _change(self, changes: Mapping[str, Any], source: str) -> None:
        arguments.text(source, "source")
        for name, value in changes.items():
            item = self.declarations.get(name)
            path = f"{type(self).__name__}.{name}"
            if isinstance(item, Input | Output | Emission):
                raise UnknownNameError(
                    f"`{path}` is an {type(item).__name__.lower()}, not a parameter; it gets its value from "
                    "another mechanism, a wire or a protocol. Set it there."
                )
            if not isinstance(item, Valued):
                raise UnknownNameError(
                    f"`{type(self).__name__}` has no parameter or state `{name}`. {nearest(name, self.values)}"
                )
            internal = units.number(value, item.unit, path)
            item.check_range(internal, path)
            self.values[name] = internal
            if isinstance(item, Parameter):
                self.sources[name] = source

    def _noun(self) -> str:
        return "A mechanism"

    def _remedy(self, name: str) -> str:
        if name in self.values:
            return f"Make a copy: `mechanism.replace({name}=...)`."
        return f"`{type(self).__name__}` has no parameter or state `{name}`. {nearest(name, self.values)}"

    def _card(self) -> Card:
        return Card(repr(self), self.summary(), [self._valued(), self._given()])

    def _repr_html_(self) -> str:
        return self._card().html()

    def _valued(self) -> Table:
        rows = [
            (n, item.symbol, f"{getattr(self, n).magnitude:.6g}", unit_text(item.unit), item.label,
             self.sources.get(n, "start"))
            for n, item in self.declared(Valued).items()
        ]  # fmt: skip
        return Table("Parameters and starts", ("name", "symbol", "value", "unit", "meaning", "source"), rows)

    def _given(self) -> Table:
        rows = [
            (n, item.symbol, default_text(item), unit_text(item.unit), item.label, type(item).__name__.lower())
            for n, item in self.declarations.items()
            if isinstance(item, Input | Output | Emission)
        ]
        return Table("Inputs and outputs", ("name", "symbol", "default", "unit", "meaning", ""), rows)

    def __repr__(self) -> str:
        default = type(self)()
        changed = [
            f"{name}={units.shown(getattr(self, name), '.6g').removesuffix(' (no unit)')}"
            for name in self.values
            if self.values[name] != default.values[name]
        ]
        return f"{type(self).__name__}({', '.join(changed)})"


def _check_spelling(kind: type[Mechanism]) -> None:
    """Refuse functions that would never be called: their names are nearly those of equations, or they take ``q``."""
    heard = [*SPIKES, *kind.declared(Input), "crossing"]
    known = [*_EQUATIONS, *(f"on_{event}" for event in heard)]
    for name, item in vars(kind).items():
        plain = item.__func__ if isinstance(item, staticmethod) else item
        if name.startswith("_") or name in known or not (item is None or inspect.isfunction(plain)):
            continue
        first = next(iter(inspect.signature(plain).parameters), "") if plain else ""
        alike = bool(difflib.get_close_matches(name.lower(), known, n=1, cutoff=_ALIKE))
        if alike or (first == "q" and not name.startswith("on_")):
            raise DefinitionError(
                f"Of the functions of a mechanism, only its equations are called ({', '.join(_EQUATIONS)}, and `on_` "
                f"with the name of an event); `{kind.__name__}.{name}` is none. {nearest(name, known)} A function "
                f"that equations call stands outside the class, or is called `_{name}`."
            )


def _imported() -> Iterator[type[Mechanism]]:
    """All mechanisms of imported modules."""
    kinds = [Mechanism]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if getattr(sys.modules.get(kind.__module__), kind.__name__, None) is kind:
            yield kind


def providers(name: str, unit: str) -> list[str]:
    """Names of the mechanisms, of all that are imported, that have the quantity as a state or an output."""
    found = set()
    for kind in _imported():
        item = kind.declarations.get(name)
        if isinstance(item, State | Output) and units.same_dimension(item.unit, unit):
            found.add(kind.__name__)
    return sorted(found)


def carriers(targets: Collection[str]) -> list[tuple[type[Mechanism], Parameter]]:
    """Mechanisms, of all that are imported, that declare parameters which carry one of the targets, by name."""
    found = [
        (kind, item)
        for kind in _imported()
        for item in kind.declared(Parameter).values()
        if item.target is not None and item.target.name in targets and item.name in vars(kind)
    ]
    return sorted(found, key=lambda pair: (pair[0].__name__, pair[1].name))


def provided(missing: Mapping[str, str]) -> str:
    """Which mechanisms provide the inputs, given with their units, as sentences that follow another, or nothing."""
    found = {name: providers(name, unit) for name, unit in missing.items()}
    parts = [
        f"`{name}` comes from {' or '.join(f'`{kind}`' for kind in kinds[:4])}" + (" and others" if kinds[4:] else "")
        for name, kinds in found.items()
        if kinds
    ]
    return f" Among mechanisms, {'; '.join(parts)}." if parts else ""
