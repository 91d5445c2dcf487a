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
from tripartite.language.events import Happenings
from tripartite.language.functions import sqrt
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


_FREE = "assumed: a state moves unless a protocol clamps it"


def free_key(state: str) -> str:
    """Key of the parameter that says how far a state is free to move: 1, and 0 while it is clamped."""
    return f"{state}.free"


@dataclass(frozen=True)
class Join:
    """An input to which several wires lead, or one beside an emission of its compartment: it is their sum."""

    unit: str
    meaning: str
    sources: tuple[str, ...]
    """Keys of what the wires bring."""


@dataclass(frozen=True)
class Delay:
    """A wire over which events take their time: what is sent arrives ``time`` (ms) later."""

    source: str
    target: str
    time: float


@dataclass(frozen=True)
class Event:
    """What makes states jump: an outside event input, a threshold crossing of one part, or what a wire brings late."""

    key: str
    crossing_of: int | None = None
    needed: bool = True
    """Whether somebody has to send it: not if all that answer it give it a default."""
    late: bool = False

    @property
    def outside(self) -> bool:
        """Whether it is for a protocol to send."""
        return self.crossing_of is None and not self.late


@dataclass
class System:
    """The packed form of a model.

    ``states`` order the vector y; ``constants`` (parameters, then inputs driven by protocols, whose values are
    their defaults or NaN) order the vector c; ``values`` are dictionaries by key in whatever reading.
    """

    parts: Sequence[Part]
    joins: Mapping[str, Join] = field(default_factory=dict)
    """Inputs with several sources, by key."""
    delays: Sequence[Delay] = ()
    clamped: frozenset[str] = frozenset()
    """States that a protocol may hold still, by key; the last of the parameters say how far each is free to move."""
    states: list[Entry] = field(default_factory=list)
    parameters: list[Entry] = field(default_factory=list)
    drives: list[Entry] = field(default_factory=list)
    outputs: list[Entry] = field(default_factory=list)
    emissions: list[Entry] = field(default_factory=list)
    chances: list[Entry] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    made: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.free = {key: free_key(key) for key in sorted(self.clamped)}
        self._collect()
        self._output_order = self._sort_outputs()
        self.happenings = Happenings(self.parts, self.joins, self._state, self.free)
        self._check_joins()

    def __reduce__(self) -> tuple:
        """A copy, in this process or another, is made anew of its parts: compiled code stays where it is."""
        return System, (self.parts, self.joins, self.delays, self.clamped)

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

    @cached_property
    def takers(self) -> dict[str, list[tuple[str, Input]]]:
        """What takes a quantity or an event as an input with a range, by its key: labels, and what they declare."""
        found: dict[str, list[tuple[str, Input]]] = {}
        for part in self.parts:
            for name, item in part.mechanism.declared(Input).items():
                if item.low is not None or item.high is not None:
                    found.setdefault(part.keys[name], []).append((part.label, item))
        return found

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
        found: dict[str, Any] = {}
        for giver in self._output_order:
            for key, value in giver.evaluate(known).items():
                known[key] = found[key] = found[key] + value if key in found else value
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
        return [
            self.moving(entry.key, total[entry.key], values) if entry.key in total else 0.0 for entry in self.states
        ]

    def moving(self, key: str, change: Any, values: Mapping[str, Any]) -> Any:
        """What is left of a change of a state: nothing while it is clamped."""
        return change * values[self.free[key]] if key in self.free else change

    def noises(self, values: Mapping[str, Any]) -> list[tuple[int, Any]]:
        """Itô amplitude of every independent source of noise: (state position, amplitude).

        As with rates, what is added to a driven input changes nothing: a protocol holds it. Over a step of which a
        state is free for a part, the variance is that part, and so the amplitude its root.
        """
        position = self.state_position
        found = []
        for part in self.parts:
            noise = part.mechanism.equation("noise")
            for name, amplitude in (noise(part.quantities(values)) if noise else {}).items():
                if (key := self._addable(part, name)) in position:
                    size = amplitude * sqrt(values[self.free[key]]) if key in self.free else amplitude
                    found.append((position[key], size))
        return found

    def _addable(self, part: Part, name: str) -> str:
        """Key of what a rate, a noise or a jump adds to."""
        key = part.keys[name]
        if kind := self._fixed.get(key):
            raise WiringError(
                f"A rate, a noise or a jump adds to a state, or to an input that a protocol holds; `{part.label}` adds "
                f"to `{key}`, which is {kind} here. Take a mechanism with a state `{name}`, or leave "
                f"`{type(part.mechanism).__name__}` out."
            )
        return key

    @cached_property
    def _fixed(self) -> dict[str, str]:
        """What nothing adds to by its name in words, by key."""
        found = {entry.key: "an output, which follows from other quantities," for entry in self.outputs}
        found |= {event.key: "an event" for event in self.events}
        return found | {entry.key: "an emission" for entry in self.emissions}

    def _state(self, part: Part, name: str) -> str | None:
        """Key of the state that a mechanism adds to as one of its inputs, none if a protocol holds it."""
        key = self._addable(part, name)
        return key if key in self.state_position else None

    def transitions(self, values: Mapping[str, Any]) -> list[Transition]:
        """Every random change of counts, with what it changes by key."""
        found = []
        for part in self.parts:
            transitions = part.mechanism.equation("transitions")
            for each in (transitions(part.quantities(values)) if transitions else {}).values():
                change = {part.keys[name]: value for name, value in each.change.items()}
                change = {key: self.moving(key, value, values) for key, value in change.items()}
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
        return System([*self.parts, *clocks], self.joins, self.delays, self.clamped)

    def crossings(self, values: Mapping[str, Any]) -> list[Any]:
        """The value whose rise through zero triggers each crossing event, in the order of ``events``."""
        parts = [self.parts[e.crossing_of] for e in self.events if e.crossing_of is not None]
        return [part.mechanism.equation("crossing")(part.quantities(values)) for part in parts]  # type: ignore[misc]

    def fire(self, event: int, amount: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """New state values and emitted amounts, by key, after event number ``event``.

        All mechanisms that answer the same event read the values before it; what they add to a state adds to what
        its owner sets. What they emit is delivered afterwards, one emission after the other, each when all that could
        send it have been asked, and once: its listeners read the values that were left before it.
        """
        root = self.events[event]
        crossing = None if root.crossing_of is None else self.parts[root.crossing_of]
        changed, sent = self.happenings.fire(root.key, amount, values, crossing, self.output_values)
        return changed, {root.key: amount, **sent} if root.key in self._passed else sent

    def bring(self, key: str, amount: Any, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The same after an event, or an emission that comes from outside, by its key."""
        return self.happenings.fire(key, amount, values, None, self.output_values)

    def _collect(self) -> None:
        heard = {part.keys[event] for part in self.parts for event in part.mechanism.events()}
        emitted = {p.keys[n] for p in self.parts for n in p.mechanism.declared(Emission)}
        emitted |= self.joins.keys() & heard
        kinds = (State, Output, Input)
        given = {p.keys[n] for p in self.parts for kind in kinds for n in p.mechanism.declared(kind)}
        outside: dict[str, bool] = {}
        for position, part in enumerate(self.parts):
            mechanism = part.mechanism
            for name, item in mechanism.declared(Valued).items():
                if isinstance(item, Parameter) and part.keys[name] in given:
                    continue  # a state, an output or an input takes its place
                entries = self.states if isinstance(item, State) else self.parameters
                source = mechanism.sources.get(name, "")
                entries.append(Entry(part.keys[name], item, mechanism.values[name], source))
            for kind, entries in ((Output, self.outputs), (Emission, self.emissions), (Chance, self.chances)):
                known = {entry.key for entry in entries}
                found = {part.keys[n]: item for n, item in mechanism.declared(kind).items()}
                entries.extend(Entry(key, item) for key, item in found.items() if key not in known)
            for event in mechanism.events():
                if (key := part.keys[event]) not in emitted:
                    needed = getattr(mechanism.declared(Input).get(event), "default", None) is None
                    outside[key] = outside.get(key, False) or needed
            if mechanism.equation("crossing"):
                self.events.append(Event(f"{part.label}.crossing", position))
        for key, free in self.free.items():
            self.parameters.append(Entry(free, Parameter(1.0, "1", f"free to move: `{key}`", _FREE, 0, 1), 1.0, _FREE))
        late = dict.fromkeys(delay.target for delay in self.delays)
        asked = [Event(key, needed=needed) for key, needed in outside.items() if key not in late]
        self.events[:0] = [*asked, *(Event(key, needed=False, late=True) for key in late)]
        sent = {entry.key for entry in self.emissions}
        for key, join in self.joins.items():
            if key not in emitted:
                self.outputs.append(Entry(key, Output(join.unit, join.meaning)))
            elif key not in sent:
                self.emissions.append(Entry(key, Emission(join.unit, join.meaning)))
        self._passed = {*late, *(delay.source for delay in self.delays)} & {e.key for e in self.events}
        known = {entry.key for entry in self.emissions}
        self.emissions += [Entry(key, self._brought(key)) for key in sorted(self._passed - known)]
        self._collect_drives({*outside, *emitted, *late})

    def _brought(self, key: str) -> Emission:
        """What an event brings, as its listeners declare it."""
        heard = ((part, n) for part in self.parts for n in part.mechanism.events() if part.keys[n] == key)
        for part, name in heard:
            if item := part.mechanism.declarations.get(name):
                return Emission(item.unit, item.meaning)
        return Emission("1", "spikes")

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

    def _check_joins(self) -> None:
        """Of the sources of one input, either all are events or none is; only events are delayed."""
        events = {e.key for e in (*self.events, *self.emissions)}
        heard = {entry.key for entry in self.emissions} | self.happenings.listeners.keys()
        for delay in self.delays:
            for what, found in ((f"`{delay.source}` is", events), (f"`{delay.target}` takes", heard)):
                if what.split("`")[1] not in found:
                    raise WiringError(
                        f"A wire with a delay brings events; {what} a quantity. Leave the delay out, or put mechanisms "
                        "between whose states lag behind."
                    )
        for key, join in self.joins.items():
            for source in join.sources:
                if (source in events) != (key in events):
                    kinds = ("events", "a quantity") if key in events else ("a quantity", "events")
                    raise WiringError(
                        f"All wires to one input bring what it takes; `{key}` takes {kinds[0]}, `{source}` is "
                        f"{kinds[1]}. Remove that wire."
                    )

    def _sort_outputs(self) -> list[_Giver]:
        """Givers of outputs, each after all that give what it reads."""
        waiting = [_of(part) for part in self.parts if part.mechanism.equation("outputs")]
        outputs = {entry.key for entry in self.outputs}
        waiting += [_sum(key, join) for key, join in self.joins.items() if key in outputs]
        order: list[_Giver] = []
        while waiting:
            pending = {key for giver in waiting for key in giver.gives}
            ready = [giver for giver in waiting if not pending & giver.reads]
            if not ready:
                names = ", ".join(f"`{giver.label}`" for giver in waiting)
                raise WiringError(
                    f"Outputs must not depend on each other in a circle; {names} do. Let a state stand in the circle."
                )
            order += ready
            waiting = [giver for giver in waiting if giver not in ready]
        return order


@dataclass(frozen=True)
class _Giver:
    """What gives outputs: a part, or an input with several sources, which gives their sum."""

    label: str
    gives: frozenset[str]
    reads: frozenset[str]
    evaluate: Callable[[Mapping[str, Any]], dict[str, Any]]


def _of(part: Part) -> _Giver:
    def evaluate(known: Mapping[str, Any]) -> dict[str, Any]:
        found = part.mechanism.equation("outputs")(part.quantities(known))  # type: ignore[misc]
        return {part.keys[name]: value for name, value in found.items()}

    given = frozenset(part.keys[name] for name in part.mechanism.declared(Output))
    read = frozenset(part.keys[name] for kind in (Input, Parameter) for name in part.mechanism.declared(kind))
    return _Giver(part.label, given, read, evaluate)


def _sum(key: str, join: Join) -> _Giver:
    def evaluate(known: Mapping[str, Any]) -> dict[str, Any]:
        first, *others = (known[source] for source in join.sources)
        return {key: sum(others, start=first)}

    return _Giver(key, frozenset({key}), frozenset(join.sources), evaluate)
