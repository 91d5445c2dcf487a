"""Compartments and the wires between them: what a user simulates, perturbs and fits."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Self

from tripartite import arguments, sources, units
from tripartite.errors import ArgumentError, UnknownNameError, WiringError, named, nearest, said
from tripartite.language import remedies
from tripartite.language.built import Kept, changed
from tripartite.language.card import Card, Table, default_text, unit_text
from tripartite.language.compartment import Compartment, Port, Wire
from tripartite.language.declarations import Parameter, State
from tripartite.language.mechanism import Mechanism
from tripartite.language.parameter_set import ParameterSet
from tripartite.language.paths import fits, resolve
from tripartite.language.system import Delay, Join, Part, System
from tripartite.language.wiring import Joined, Laid, Place, beginnings, check_wire, joined


class Model(Kept):
    """Named compartments and explicit wiring.

    ``Model(bouton=bouton, cleft=cleft, wiring=[bouton.release >> cleft.release])``

    A model in the place of a compartment joins with its values, its wires and what it holds. One of a single
    compartment becomes that compartment: ``Model(neuron=AdexNeuron())`` has ``neuron.v``. Of one of several each
    has both names: ``Model(left=TripartiteSynapse())`` has ``left_bouton``, ``left_cleft`` and so on. Wires to it are
    written with what was given: ``astrocyte.sic >> neuron.sic``, ``left.bouton.release >> neuron.excitation``.
    """

    def __init__(self, *, wiring: Iterable[Wire] = (), **compartments: Compartment | Mechanism | Model):
        self.compartments: dict[str, Compartment] = {}
        self.wiring: list[Laid] = []
        self.held: frozenset[str] = frozenset()
        """Keys of parameters and starts that `hold` fixed."""
        self.clamped: frozenset[str] = frozenset()
        """Keys of states that a protocol may clamp."""
        taken = [_taken(name, item) for name, item in compartments.items()]
        if not taken:
            raise WiringError("A model needs a compartment; got none. Write `Model(astrocyte=Compartment(...))`.")
        for given, within in zip(compartments, taken, strict=True):
            for name, compartment in within.compartments.items():
                if name in self.compartments:
                    raise WiringError(
                        f"Compartments of a model have names of their own; `{name}` is one of those that `{given}` "
                        "brings, and another one. Rename one of the two."
                    )
                self.compartments[name] = compartment
            self.held |= within.held
        names = {id(compartment): name for name, compartment in self.compartments.items()}
        if len(names) < len(self.compartments):
            raise WiringError(
                f"Every compartment of a model is an object of its own; {', '.join(self.compartments)} share one, so "
                "that a wire would not know its end. Build one for each name."
            )
        for laid in (wire for within in taken for wire in within.wiring):
            self._connect(laid)
        for wire in arguments.several(
            wiring, Wire, "wiring", "[source_compartment.quantity >> target_compartment.input]"
        ):
            for port in (wire.source, wire.target):
                if id(port.compartment) not in names:
                    raise WiringError(
                        f"A wire joins compartments of its model; `{port.name}` belongs to {said(port.compartment)}, "
                        "which is not in the model. Give the model the very compartment, or model, that you wired: "
                        "what `replace` and `using` return are others."
                    )
            source, target = ((names[id(port.compartment)], port.name) for port in (wire.source, wire.target))
            self._connect(Laid(source, target, wire.in_ms()))
        self._check_held()

    def _check_held(self) -> None:
        """What `hold` fixed is still there: no wire and no mechanism took its place."""
        for key in sorted(self.held & self.superseded.keys() if self.held else ()):
            raise WiringError(
                f"`{key}` is held; `{self.superseded[key]}` would take its place. Do not hold it, or leave out the "
                "wire or the mechanism that brings the other."
            )

    def _connect(self, wire: Laid) -> None:
        check_wire(self.compartments, self.wiring, wire)
        self.wiring.append(wire)

    def _wired(self, place: Place) -> list[Place]:
        """Where the wires without delay to an input begin."""
        return beginnings(self.wiring, place)

    @cached_property
    def system(self) -> System:
        """The model laid flat."""
        return System(
            [
                Part(name, mechanism, self._keys(name, mechanism))
                for name, compartment in self.compartments.items()
                for mechanism in compartment.mechanisms
            ],
            self._joins(),
            [Delay(self._key(w.source), ".".join(w.target), w.delay) for w in self.wiring if w.delay],
            self.clamped,
        )

    def clamping(self, states: Iterable[str]) -> Self:
        """The model with more states, by key, that a protocol may clamp; itself if these are so already."""
        more = self.clamped.union(states)
        if more == self.clamped:
            return self
        clone = changed(self, clamped=more)
        vars(clone).pop("system", None)
        return clone

    def _keys(self, compartment: str, mechanism: Mechanism) -> dict[str, str]:
        keys = {}
        for name in {**mechanism.declarations, **dict.fromkeys(mechanism.events())}:
            item = mechanism.declarations.get(name)
            own = isinstance(item, Parameter) and not self.compartments[compartment].supersedes(name)
            wired = not isinstance(item, State) and bool(self._wired((compartment, name)))
            place = f"{compartment}.{type(mechanism).__name__}" if own and not wired else compartment
            keys[name] = self._key((compartment, name)) if wired else f"{place}.{name}"
        return keys

    def _key(self, place: Place) -> str:
        """Where a chain of wires begins: at what no wire leads to, or at what is a sum."""
        while len(begins := self._wired(place)) == 1 and place[1] not in self.compartments[place[0]].sources:
            if any(wire.target == place and wire.delay for wire in self.wiring):
                break
            place = begins[0]
        return ".".join(place)

    def _joins(self) -> dict[str, Join]:
        """Inputs with several sources: wires, or wires and an emission of the compartment."""
        found = {}
        for place in dict.fromkeys(wire.target for wire in self.wiring if not wire.delay):
            if (key := ".".join(place)) == self._key(place):
                held = self.compartments[place[0]]
                given = {name: item for name, (_, item) in held.sources.items()}
                item = {**held.parameters, **held.inputs, **given}[place[1]]
                found[key] = Join(item.unit, item.meaning, tuple(self._key(begin) for begin in self._wired(place)))
        return found

    @cached_property
    def superseded(self) -> dict[str, str]:
        """Key of what takes the place of a parameter, by the key that the parameter would have."""
        return {
            key: part.keys[name]
            for part in self.system.parts
            for name in part.mechanism.declared(Parameter)
            if part.keys[name] != (key := f"{part.label}.{name}")
        }

    def giver(self, key: str) -> Part:
        """The part that gives a state or an output."""
        place, name = key.split(".")
        owner, _ = self.compartments[place].sources[name]
        mechanism = self.compartments[place].mechanisms[owner]
        return next(p for p in self.system.parts if p.compartment == place and p.mechanism is mechanism)

    def resolve(self, path: str, keys: Iterable[str], kind: str = "parameter") -> str:
        """The one of ``keys`` that ``path`` names."""
        keys = list(keys)
        try:
            return resolve(path, keys, f"The model has no {kind}")
        except UnknownNameError:
            if any(fits(path, key) for key in keys):
                raise
            gone = [k for k in self.superseded if fits(path, k)]
            if kind == "parameter" and len(gone) == 1:
                raise UnknownNameError(f"`{gone[0]}` is no parameter here: {self.instead(gone[0])}.") from None
            if not (what := remedies.of(self, path)):
                raise
            raise UnknownNameError(f"The model has no {kind} {named(path)}: {what}") from None

    def resolved(self, given: Mapping[str, Any], keys: Iterable[str], kind: str = "parameter") -> dict[str, Any]:
        """What is given by path, by key; **raises** `ArgumentError` for two paths of one quantity."""
        keys = list(keys)
        found: dict[str, str] = {}
        for path in given:
            key = self.resolve(path, keys, kind)
            if key in found:
                raise ArgumentError(
                    f"A quantity is given once; `{key}` comes twice, as `{found[key]}` and as `{path}`. Leave one out."
                )
            found[key] = path
        return {key: given[path] for key, path in found.items()}

    def instead(self, key: str) -> str:
        """What takes the place of the parameter ``key``, and what can be changed in its place, in words."""
        found = self.superseded[key]
        place, name = found.split(".")
        if found in self.system.joins:
            return f"what the wires to `{found}` bring takes its place. Change what they begin at"
        if name not in self.compartments[place].sources:
            return f"the input `{found}` takes its place. Drive it by a protocol"
        part = self.giver(found)
        own = [part.keys[n] for n in part.mechanism.declared(Parameter) if part.keys[n].startswith(f"{part.label}.")]
        listed = " or ".join(f"`{k}`" for k in own) or f"what `{part.label}` depends on"
        return f"`{found}`, which `{part.label}` gives, takes its place. Change {listed}"

    def parameters(self) -> dict[str, Any]:
        """Value with unit of every parameter, by key."""
        return {e.key: units.from_internal(e.value, e.unit) * units.unit(e.unit) for e in self.system.parameters}

    def replace(self, changes: Mapping[str, Any] | None = None, source: str = "set by the user", **named: Any) -> Self:
        """A copy with other parameters or starts: ``model.replace({"astrocyte.uptake": 0.8 * uM / s})``.

        Where one alone has the name, ``model.replace(uptake=0.8 * uM / s)``.
        """
        keys = [entry.key for entry in (*self.system.parameters, *self.system.states)]
        compartments = {name: list(c.mechanisms) for name, c in self.compartments.items()}
        changes = {} if changes is None and named else changes
        if isinstance(changes, Mapping) and (twice := sorted(changes.keys() & named.keys())):
            raise ArgumentError(f"A quantity is given once; `{twice[0]}` comes twice. Leave one out.")
        if not isinstance(changes, Mapping):
            raise UnknownNameError(
                f"Changes come as a dictionary by path; got {said(changes)}. Write "
                f'`replace({{"uptake": 0.8 * uM / s}})`.'
            )
        for key, value in self.resolved({**changes, **named}, keys).items():
            self.check_free(key)
            place, *_, name = key.split(".")
            owner = self._owner(key)
            mechanism = compartments[place][owner]
            compartments[place][owner] = mechanism.replace(source=source, **{name: value})
        return self._with({name: Compartment(*ms) for name, ms in compartments.items()})

    def hold(self, changes: Mapping[str, Any], source: str = "set by the user") -> Self:
        """A copy as by `replace`, whose changed values nothing may set again: whoever tries gets an error.

        An experiment that sweeps a parameter would otherwise overwrite what its user has set. Drugs and other factors
        multiply the value that is held.
        """
        keys = [entry.key for entry in (*self.system.parameters, *self.system.states)]
        copy = self.replace(changes, source)
        return changed(copy, held=self.held | {self.resolve(path, keys) for path in changes})

    def check_free(self, key: str) -> None:
        """**Raises** `WiringError` if `hold` fixed the parameter or start ``key``."""
        if key in self.held:
            raise WiringError(
                f"`{key}` is held at {units.shown(self[key], 'g')}; something is about to set it to another value. "
                "Leave it as it is, or change what sets it."
            )

    def _owner(self, key: str) -> int:
        place, *middle, name = key.split(".")
        for index, mechanism in enumerate(self.compartments[place].mechanisms):
            if middle and type(mechanism).__name__ == middle[0]:
                return index
            if not middle and name in mechanism.declared(State):
                return index
        raise AssertionError(key)

    def using(self, values: ParameterSet) -> Self:
        """A copy with a named set of values; every name of the set must belong to a mechanism of the model."""
        known = {n for c in self.compartments.values() for m in c.mechanisms for n in m.values}
        for name in sorted(ParameterSet.checked(values).names - known):
            raise UnknownNameError(
                f"The set `{values.name}` gives `{name}`, which no mechanism of the model declares. "
                f"{nearest(name, known)} Use `set.without({said(name)})` to leave it out."
            )
        for key in sorted(key for key in self.held if key.rsplit(".", 1)[-1] in values.names):
            self.check_free(key)
        return self._with(
            {name: Compartment(*(m.using(values) for m in c.mechanisms)) for name, c in self.compartments.items()}
        )

    def add(self, **mechanisms: Mechanism | list[Mechanism] | tuple[Mechanism, ...]) -> Self:
        """A copy with more mechanisms in a compartment: one, or a list of those that need each other.

        ``model.add(astrocyte=Gcamp())``, ``model.add(astrocyte=[TotalCalcium(), StoreOperatedEntry()])``
        """
        compartments = dict(self.compartments)
        for name, added in mechanisms.items():
            if name not in compartments:
                raise UnknownNameError(f"The model has no compartment `{name}`. {nearest(name, compartments)}")
            listed = added if isinstance(added, list | tuple) else [added]
            compartments[name] = Compartment(*compartments[name].mechanisms, *listed)
        return self._with(compartments)

    def _with(self, compartments: dict[str, Compartment]) -> Self:
        clone = changed(self, compartments=compartments, wiring=[])
        vars(clone).pop("system", None)
        vars(clone).pop("superseded", None)
        for laid in self.wiring:
            clone._connect(laid)
        clone._check_held()
        return clone

    @property
    def sources(self) -> dict[str, str]:
        """Where every parameter value comes from, by key."""
        return {entry.key: entry.source for entry in self.system.parameters}

    def cite(self) -> str:
        """The reference list of everything the model's parameters rest on."""
        return sources.cite(self.sources.values())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "compartments" not in vars(self) or hasattr(type(self), name):
            raise AttributeError(name)
        if name in self.compartments:
            return self.compartments[name]
        if ports := self._ports(name):
            if len(ports) > 1:
                listed = " or ".join(f"`model.{place}.{name}`" for place in ports)
                raise UnknownNameError(
                    f"A wire begins and ends in one compartment; several have `{name}`. Write {listed}."
                )
            return Port(self.compartments[ports[0]], name)
        found = [e.key for e in (*self.system.parameters, *self.system.states) if fits(name, e.key)]
        how = nearest(name, [known for known in dir(self) if not known.startswith("_")])
        if found:
            place = found[0].partition(".")[0]
            how = f'Read it as `model["{found[0]}"]`; for a wire to it write `model.{place}.{name}`.'
        raise UnknownNameError(f"A model has no attribute `{name}`. {how}")

    def _ports(self, name: str) -> list[str]:
        """Compartments with the state, output, emission or input ``name``; of several those that no wire gives it."""
        having = [place for place, held in self.compartments.items() if name in held.sources or name in held.inputs]
        own = [place for place in having if self._key((place, name)) == f"{place}.{name}"]
        return having if len(having) == 1 else own

    def __dir__(self) -> list[str]:
        ports = {name for held in self.compartments.values() for name in (*held.sources, *held.inputs)}
        alone = {name for name in ports if len(self._ports(name)) == 1}
        return sorted({*super().__dir__(), *self.compartments, *alone})

    def _noun(self) -> str:
        return "A model"

    def _remedy(self, name: str) -> str:
        keys = [entry.key for entry in (*self.system.parameters, *self.system.states)]
        found = [key for key in keys if fits(name, key)]
        if found:
            return f'Make a copy: `model.replace({{"{found[0]}": ...}})`.'
        return (
            'Make a copy: `model.replace({"compartment.parameter": ...})` for values, `model.add(...)` for mechanisms. '
            f"{nearest(name, keys)}"
        )

    def __getitem__(self, path: str) -> Any:
        """Value with unit of a parameter or of a start: ``model["astrocyte.uptake"]``."""
        entries = {e.key: e for e in (*self.system.parameters, *self.system.states)}
        entry = entries[self.resolve(path, entries)]
        return units.from_internal(entry.value, entry.unit) * units.unit(entry.unit)

    def _ipython_key_completions_(self) -> list[str]:
        return [entry.key for entry in (*self.system.parameters, *self.system.states)]

    def _repr_html_(self) -> str:
        return self._card().html()

    def _card(self) -> Card:
        entries = [(e, "parameter", e.source) for e in self.system.parameters]
        entries += [(e, "start", "") for e in self.system.states]
        values = [
            (e.key, f"{units.from_internal(e.value, e.unit):.6g}", unit_text(e.unit), e.declaration.label, kind, source)
            for e, kind, source in entries
        ]
        parts = [(n, repr(m), m.summary()) for n, c in self.compartments.items() for m in c.mechanisms]
        inputs = [
            (e.key, default_text(e.declaration), unit_text(e.unit), e.declaration.label) for e in self.system.drives
        ]
        wires = [(str(wire),) for wire in self.wiring]
        tables = [
            Table("Mechanisms", ("compartment", "mechanism", ""), parts),
            Table("Inputs to drive by a protocol", ("name", "default", "unit", "meaning"), inputs),
            Table("Wires", ("",), wires),
            Table("Values", ("name", "value", "unit", "meaning", "", "source"), values),
        ]
        about = (inspect.getdoc(self) or "").partition("\n\n")[0].replace("\n", " ") if type(self) is not Model else ""
        return Card(type(self).__name__, about, tables)

    def __repr__(self) -> str:
        lines = [f"  {name}={compartment!r}," for name, compartment in self.compartments.items()]
        wires = [f"    {wire}," for wire in self.wiring]
        tail = ["  wiring=[", *wires, "  ],"] if wires else []
        return "\n".join([f"{type(self).__name__}(", *lines, *tail, ")"])


def _taken(name: str, item: Any) -> Joined:
    """What a model takes in under a name."""
    if isinstance(item, Model):
        return joined(name, item.compartments, item.wiring, item.held)
    if isinstance(item, Mechanism):
        item = Compartment(item)
    if isinstance(item, Compartment):
        return Joined({name: item})
    hint = "Build one of them."
    if isinstance(item, type):
        hint = "Write it with parentheses."
    elif hasattr(type(item), "run"):
        hint = "What a network is made of are models, those of its populations and projections; give one of these."
    raise WiringError(f"`{name}` must be a compartment, a mechanism or a model; got {said(item)}. {hint}")


def as_model(item: Model | Compartment | Mechanism) -> Model:
    """A model of one compartment, called ``cell``, around a compartment or a mechanism."""
    if isinstance(item, Model):
        return item
    if isinstance(item, Compartment | Mechanism):
        return Model(cell=item)
    remedy = "Build one first."
    if isinstance(item, type):
        remedy = "Write it with parentheses."
    elif hasattr(type(item), "run"):
        remedy = "A network runs by its method `run`; its populations have the models of its cells."
    raise WiringError(f"A model, a compartment or a mechanism can be simulated; got {said(item)}. {remedy}")
