"""A model laid flat: packed states and constants, and its equations over the values of any reading.

This is the waist of the package: the four readings and every engine see a model only through `System`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tripartite import units
from tripartite.errors import WiringError
from tripartite.language.declarations import Chance, Declaration, Emission, Input, Output, Parameter, State, Valued
from tripartite.language.mechanism import Mechanism, Quantities
from tripartite.language.transitions import Clock, Transition


@dataclass(frozen=True)
class Entry:
    """One named quantity of a model: ``astrocyte.ca``, or ``astrocyte.LiRinzel.uptake`` for a parameter."""

    key: str
    declaration: Declaration
    value: float = 0.0
    source: str = ""

    @property
    def unit(self) -> str:
        return self.declaration.unit


@dataclass(frozen=True)
class Part:
    """A mechanism in its place: where each of its local names is found among the keys of the model."""

    compartment: str
    mechanism: Mechanism
    keys: Mapping[str, str]

    @property
    def label(self) -> str:
        return f"{self.compartment}.{type(self.mechanism).__name__}"

    def quantities(self, values: Mapping[str, Any]) -> Quantities:
        """The local view ``q`` of values given by key; names without a value stay unknown."""
        return self.mechanism.quantities({n: values[k] for n, k in self.keys.items() if k in values})


@dataclass(frozen=True)
class Event:
    """What makes states jump: an outside event input, or a threshold crossing of one part."""

    key: str
    crossing_of: int | None = None


@dataclass
class System:
    """The packed form of a model.

    ``states`` order the vector y; ``constants`` (parameters, then inputs driven by protocols, whose values are
    their defaults or NaN) order the vector c; ``values`` are dictionaries by key in whatever reading.
    """

    parts: Sequence[Part]
    states: list[Entry] = field(default_factory=list)
    parameters: list[Entry] = field(default_factory=list)
    drives: list[Entry] = field(default_factory=list)
    outputs: list[Entry] = field(default_factory=list)
    emissions: list[Entry] = field(default_factory=list)
    chances: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._collect()
        self._output_order = self._sort_outputs()
        self._listeners = self._collect_listeners()

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make`` returns, made once for this system: compiled code and the like."""
        if name not in self.made:
            self.made[name] = make()
        return self.made[name]

    @cached_property
    def constants(self) -> list[Entry]:
        """Parameters, driven inputs, then what each event draws anew: the order of the vector c."""
        return [*self.parameters, *self.drives, *self.chances]

    @cached_property
    def crossing_count(self) -> int:
        """How many of the events are threshold crossings; they come after the outside events."""
        return sum(event.crossing_of is not None for event in self.events)

    @cached_property
    def state_position(self) -> dict[str, int]:
        """Position of each state in the vector y."""
        return {entry.key: position for position, entry in enumerate(self.states)}

    @cached_property
    def constant_position(self) -> dict[str, int]:
        """Position of each parameter and driven input in the vector c."""
        return {entry.key: position for position, entry in enumerate(self.constants)}

    def values(self, y: Any, c: Any) -> dict[str, Any]:
        """States and constants by key, from the packed vectors (first axis: quantity), with the outputs.

        **Arguments** y of shape ``(state, ...)``, c of shape ``(constant, ...)``: arrays or sequences.
        """
        values = {entry.key: y[i] for i, entry in enumerate(self.states)}
        values |= {entry.key: c[i] for i, entry in enumerate(self.constants)}
        return values | self.output_values(values)

    def output_values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Everything that follows at this instant from states and constants, by key."""
        known = dict(values)
        found = {}
        for part in self._output_order:
            for name, value in part.mechanism.equation("outputs")(part.quantities(known)).items():  # type: ignore[misc]
                known[part.keys[name]] = found[part.keys[name]] = value
        return found

    def rates(self, values: Mapping[str, Any]) -> list[Any]:
        """Time derivative of every state in packed order: the sum of what all mechanisms return for it.

        **Raises** `WiringError` for a rate of an output, here as in `noises`.
        """
        total: dict[str, Any] = {}
        for part in self.parts:
            rates = part.mechanism.equation("rates")
            for name, rate in (rates(part.quantities(values)) if rates else {}).items():
                key = self._addable(part, name)
                total[key] = rate if key not in total else total[key] + rate
        return [total.get(entry.key, 0.0) for entry in self.states]

    def noises(self, values: Mapping[str, Any]) -> list[tuple[int, Any]]:
        """Itô amplitude of every independent source of noise: (state position, amplitude).

        As with rates, what is added to a driven input changes nothing: a protocol holds it.
        """
        position = self.state_position
        found = []
        for part in self.parts:
            noise = part.mechanism.equation("noise")
            for name, amplitude in (noise(part.quantities(values)) if noise else {}).items():
                if (key := self._addable(part, name)) in position:
                    found.append((position[key], amplitude))
        return found

    def _addable(self, part: Part, name: str) -> str:
        """Key of what a rate or noise adds to."""
        key = part.keys[name]
        if any(entry.key == key for entry in self.outputs):
            raise WiringError(
                f"A rate or a noise adds to a state, or to an input that a protocol holds; `{part.label}` adds to "
                f"`{key}`, which is an output here: it follows from other quantities. Take a mechanism with a state "
                f"`{name}`, or leave `{type(part.mechanism).__name__}` out."
            )
        return key

    def transitions(self, values: Mapping[str, Any]) -> list[Transition]:
        """Every random change of counts, with what it changes by key."""
        found = []
        for part in self.parts:
            transitions = part.mechanism.equation("transitions")
            for each in (transitions(part.quantities(values)) if transitions else {}).values():
                change = {part.keys[name]: value for name, value in each.change.items()}
                found.append(Transition(each.count, each.rate, change))
        return found

    @cached_property
    def timed(self) -> System:
        """The system in which transitions are threshold crossings of clocks; itself if it has none.

        Its states and constants begin with those of this system.
        """
        moving = [part for part in self.parts if part.mechanism.equation("transitions")]
        if not moving:
            return self
        clocks = []
        for part in moving:
            clock = Clock(part.mechanism)
            own = {name: f"{part.label}.{name}" for name in clock.declarations}
            clocks.append(Part(part.compartment, clock, {**part.keys, **own}))
        return System([*self.parts, *clocks])

    def crossings(self, values: Mapping[str, Any]) -> list[Any]:
        """The value whose rise through zero triggers each crossing event, in the order of ``events``."""
        parts = [self.parts[e.crossing_of] for e in self.events if e.crossing_of is not None]
        return [part.mechanism.equation("crossing")(part.quantities(values)) for part in parts]  # type: ignore[misc]

    def fire(self, event: int, amount: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """New state values and emitted amounts, by key, after event number ``event``.

        All mechanisms that answer the same event read the values before it. What they emit is delivered
        afterwards, one emission after the other; its listeners read the values that were left before it.
        """
        root = self.events[event]
        known = dict(values)
        changed: dict[str, Any] = {}
        emitted: dict[str, Any] = {}
        if root.crossing_of is not None:
            waves = [[(self.parts[root.crossing_of], "crossing", None)]]
        else:
            waves = [[(part, name, amount) for part, name in self._listeners.get(root.key, [])]]
        while waves:
            news: dict[str, Any] = {}
            sent: dict[str, Any] = {}
            for part, name, value in waves.pop(0):
                local = dict(known) if value is None else {**known, part.keys[name]: value}
                self._answer(part, name, local, news, sent)
            known |= news
            known |= self.output_values(known)
            changed |= news
            for key, value in sent.items():
                if key in emitted:
                    raise WiringError(
                        f"Emissions must not trigger each other in a circle; `{key}` would, after `{root.key}`. "
                        "Cut one of the wires, or let a state stand between."
                    )
                emitted[key] = value
                waves.append([(part, name, value) for part, name in self._listeners.get(key, [])])
        return changed, emitted

    def _answer(self, part: Part, name: str, values: Mapping[str, Any], news: dict, sent: dict) -> None:
        answer = part.mechanism.equation(f"on_{name}")(part.quantities(values))  # type: ignore[misc]
        for local, value in answer.items():
            target = sent if isinstance(part.mechanism.declarations.get(local), Emission) else news
            target[part.keys[local]] = value

    def _collect(self) -> None:
        emitted = {p.keys[n] for p in self.parts for n in p.mechanism.declared(Emission)}
        kinds = (State, Output, Input)
        given = {p.keys[n] for p in self.parts for kind in kinds for n in p.mechanism.declared(kind)}
        outside: dict[str, None] = {}
        for position, part in enumerate(self.parts):
            mechanism = part.mechanism
            for name, item in mechanism.declared(Valued).items():
                if isinstance(item, Parameter) and part.keys[name] in given:
                    continue  # a state, an output or an input takes its place
                entries = self.states if isinstance(item, State) else self.parameters
                source = mechanism.sources.get(name, "")
                entries.append(Entry(part.keys[name], item, mechanism.values[name], source))
            for kind, entries in ((Output, self.outputs), (Emission, self.emissions), (Chance, self.chances)):
                entries.extend(Entry(part.keys[n], item) for n, item in mechanism.declared(kind).items())
            outside |= {part.keys[e]: None for e in mechanism.events() if part.keys[e] not in emitted}
            if mechanism.equation("crossing"):
                self.events.append(Event(f"{part.label}.crossing", position))
        self.events[:0] = [Event(key) for key in outside]
        self._collect_drives({*outside, *emitted})

    def _collect_drives(self, events: set[str]) -> None:
        known = {e.key for e in (*self.states, *self.outputs)} | events
        found: dict[str, Input] = {}
        for part in self.parts:
            for name, item in part.mechanism.declared(Input).items():
                if part.keys[name] not in known:
                    found.setdefault(part.keys[name], item)
        for part in self.parts:  # the range of an input suits all that read it
            for name, item in part.mechanism.declarations.items():
                if isinstance(item, Input | Parameter) and part.keys[name] in found:
                    found[part.keys[name]] = found[part.keys[name]].within(item)
        for key, item in found.items():
            default = math.nan if item.default is None else item.default * units.factor(item.unit)
            if item.default is not None:
                item.check_range(default, key, " (its default)")
            self.drives.append(Entry(key, item, default))

    def _collect_listeners(self) -> dict[str, list[tuple[Part, str]]]:
        listeners: dict[str, list[tuple[Part, str]]] = {}
        for part in self.parts:
            for name in part.mechanism.events():
                listeners.setdefault(part.keys[name], []).append((part, name))
        return listeners

    def _sort_outputs(self) -> list[Part]:
        waiting = [part for part in self.parts if part.mechanism.equation("outputs")]
        pending = {part.keys[n] for part in waiting for n in part.mechanism.declared(Output)}
        order: list[Part] = []
        while waiting:
            ready = [p for p in waiting if not pending & _read(p)]
            if not ready:
                names = ", ".join(f"`{part.label}`" for part in waiting)
                raise WiringError(
                    f"Outputs must not depend on each other in a circle; {names} do. Let a state stand in the circle."
                )
            order += ready
            pending -= {p.keys[n] for p in ready for n in p.mechanism.declared(Output)}
            waiting = [p for p in waiting if p not in ready]
        return order


def _read(part: Part) -> set[str]:
    """Keys that the outputs of a part may read from others."""
    return {part.keys[name] for kind in (Input, Parameter) for name in part.mechanism.declared(kind)}
