"""What is done to a network while it runs: protocols on chosen cells, synapses and sources of spikes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError, WiringError, said
from tripartite.language.declarations import Input
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Action, Bar, Drive, Nothing, Occur, Protocol, Put, checked, merged, parts
from tripartite.network.coupling import Coupling
from tripartite.network.population import Group, Members, Population, members
from tripartite.network.projection import Projection
from tripartite.network.sources import PoissonGroup, PoissonInput, given_to, source_of

if TYPE_CHECKING:
    from tripartite.network.network import Network


class Rate(Mechanism):
    """The rate of a source of spikes, as a protocol drives it: ``On(source, Steps("rate", times, rates))``."""

    rate = Input("Hz", "rate of the source", low=0)


@dataclass(frozen=True, eq=False)
class On(Protocol):
    """A protocol in a network: what is done, and to which cells.

    ``On(neurons[:100], Steps("current", [0, 1] * s, [0, 50] * pA)) & On(astrocytes, Perturbation(...))``. ``where`` is
    a population or slice, a projection or coupling (whose parameters are perturbed), or a source whose ``rate`` is
    driven.
    Times count from the beginning of the network's life; events are rounded to steps, and what changes between two
    has its mean over that step.
    """

    where: Any
    protocol: Protocol

    def __post_init__(self) -> None:
        if not isinstance(self.where, Members | Group | Projection | Coupling | PoissonInput):
            raise NetworkError(
                f"A protocol acts on cells, a projection, a coupling or a Poisson input; got {said(self.where)}. Write "
                "`On(neurons[:100], protocol)`."
            )
        if not all(isinstance(p, Protocol) and not isinstance(p, On) for p in parts(self.protocol)):
            raise NetworkError(
                f"`On` says where a protocol acts; got {said(self.protocol)}. Write `On(cells, Dpcpx(at=20 * s))`."
            )

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        raise NetworkError(
            "`On` says where in a network a protocol acts; a model is no network. Give the protocol without `On`."
        )

    def begins(self) -> Iterator[tuple[str, np.ndarray]]:
        return self.protocol.begins()

    def draws_with(self, other: Protocol) -> bool:
        pairs = product(parts(self.protocol), parts(other.protocol)) if isinstance(other, On) else ()
        return any(first.draws_with(second) for first, second in pairs)

    def bars(self, until: float) -> list[Bar]:
        return self.protocol.bars(until)


def marked(network: Network, protocol: Protocol | None, until: float) -> list[Bar]:
    """What a figure marks of a protocol before ``until`` (s), and on which cells it acts: ``(astrocytes[:50] of 100)``.

    Nothing is said of the cells where a network has one population and all of it is meant.
    """
    found = []
    for part in parts(protocol) if protocol is not None else ():
        where = f" ({_cells_named(network, part.where)})" if isinstance(part, On) else ""
        where = where.replace(" ()", "")
        found += [Bar(f"{bar.label}{where}", bar.start, bar.stop) for bar in part.bars(until)]
    return found


def _cells_named(network: Network, where: Any) -> str:
    if not isinstance(where, Members | Group):
        return network.names.get(id(where)) or said(where)
    cells = members(where)
    given = given_to(network.groups, cells.group)
    name, size = given or network.name_of(cells.group, "a protocol"), cells.group.size
    if cells.size == size:
        return name if len(network.groups) > 1 else ""
    if cells.listed is not None:
        return f"{cells.size} of {size} {name}"
    first, last = cells.low or "", cells.high if cells.high < size else ""
    return f"{name}[{first}:{last}] of {size}"


@dataclass(frozen=True)
class Deed:
    """One action on some places of one thing: cells of a population, all synapses of a projection, a source."""

    kind: str
    """"cells", "synapses", "contacts", "group" or "input"."""
    name: str
    cells: Members | None
    """Whose values change, where each cell may have its own; None for all there are."""
    action: Action

    @property
    def index(self) -> slice | np.ndarray:
        """Where the values that change stand among all."""
        return slice(None) if self.cells is None else self.cells.index


NEEDS = ("varying", "heard", "clamped", "driven")
"""What of a plan a network must be laid out for."""


@dataclass
class Plan:
    """All that a protocol does to a network, and what the network must be laid out for."""

    deeds: list[Deed] = field(default_factory=list)
    varying: dict[str, set[str]] = field(default_factory=dict)
    """By population, constants that come to differ between cells; by coupling, parameters that change."""
    heard: dict[str, set[str]] = field(default_factory=dict)
    """By population, events that the protocol sends."""
    clamped: dict[str, set[str]] = field(default_factory=dict)
    """By population and projection, states that the protocol clamps."""
    driven: dict[str, set[str]] = field(default_factory=dict)
    """By projection, inputs of synapses that the protocol drives."""
    drivers: dict[tuple[str, str, str], list[tuple[Members | None, Protocol]]] = field(default_factory=dict)
    """By kind, name and input, the cells that are driven, and by what."""

    @property
    def needs(self) -> dict[str, dict[str, set[str]]]:
        """What a network must be laid out for."""
        return {name: getattr(self, name) for name in NEEDS}

    def covers(self, other: Plan) -> bool:
        """Whether a network laid out for this one is laid out for another."""
        pairs = zip(self.needs.values(), other.needs.values(), strict=True)
        return all(keys <= mine.get(name, set()) for mine, wanted in pairs for name, keys in wanted.items())

    def with_needs(self, other: Plan) -> Plan:
        """What a network is laid out for that serves both; nothing that the two do."""
        pairs = zip(NEEDS, self.needs.values(), other.needs.values(), strict=True)
        return Plan.needing({kind: {n: a.get(n, set()) | b.get(n, set()) for n in {**a, **b}} for kind, a, b in pairs})

    @classmethod
    def needing(cls, needs: Mapping[str, Mapping[str, Iterable[str]]]) -> Plan:
        """A plan without deeds, by what a network must be laid out for."""
        found = cls()
        for kind in NEEDS:
            getattr(found, kind).update({name: set(keys) for name, keys in needs[kind].items()})
        return found


def planned(network: Network, protocol: Protocol | None, until: float, seed: int) -> Plan:
    """The actions of a protocol before ``until`` (ms)."""
    plan = Plan()
    for part in parts(protocol) if protocol is not None else ():
        if isinstance(part, Nothing):
            continue
        if not isinstance(part, On):
            part = _everywhere(network, part)
        _take(plan, network, part, until, seed)
    return plan


def _everywhere(network: Network, protocol: Any) -> On:
    if not isinstance(protocol, Protocol):
        raise NetworkError(
            f"What is done to a network is a protocol; got {said(protocol)}. Write `On(cells, protocol)`."
        )
    names = list(network.groups)
    if len(names) > 1:
        raise NetworkError(
            f"A protocol acts on chosen cells of a network; got {said(protocol)} alone. Write for instance "
            f"`On({names[0]}, protocol)`; there are {', '.join(f'`{n}`' for n in names)}."
        )
    return On(network.groups[names[0]], protocol)


def _take(plan: Plan, network: Network, part: On, until: float, seed: int) -> None:
    kind, name, cells, model = _place(network, part.where)
    shown = repr(network.inputs[int(name)]) if kind == "input" else network.names.get(id(part.where), name)
    if clamped := part.protocol.clamps(model):
        model = model.clamping(clamped)
        plan.clamped.setdefault(name, set()).update(clamped)
    if part.protocol.equipped(model) is not model:
        raise NetworkError(
            f"A network is built before a protocol acts on it; {said(part.protocol)} needs more than `{shown}` "
            "has. Build "
            f"the cells with it: `tool = {type(part.protocol).__name__}(...)`, `Population(tool.equipped(model), ...)`."
        )
    for action, protocol in _actions(model, part.protocol, until, seed, shown):
        if kind == "synapses" and isinstance(action, Occur):
            raise WiringError(
                f"Events of synapses come from cells; a protocol changes their parameters, drives their inputs and "
                f"clamps their states, and `{action.key}` is an event. Send it to cells, or from a source of spikes."
            )
        if kind == "synapses" and isinstance(action, Drive) and action.key in {e.key for e in model.system.drives}:
            plan.driven.setdefault(name, set()).add(action.key)
        if kind == "contacts" and not _of_parameter(model, action):
            raise WiringError(
                f"Contacts take their inputs from cells; a protocol can only change their parameters, and "
                f"`{action.key}` is driven or an event. Act on the cells, or use `Perturbation`."
            )
        if kind == "contacts":
            plan.varying.setdefault(name, set()).add(action.key.rsplit(".", 1)[-1])
        if kind in ("group", "input") and not isinstance(action, Drive):
            raise WiringError(f"Only the `rate` of a source of spikes can be changed; got {action}. Use `Steps`.")
        if kind in ("group", "input") and isinstance(action, Drive):
            _check_rate(network, kind, name, action)
        if isinstance(action, Drive | Put):
            _drive(plan, (kind, name), cells, shown, action, protocol)
        plan.deeds.append(Deed(kind, name, cells, action))
        if cells is None:
            continue
        if isinstance(action, Occur):
            plan.heard.setdefault(name, set()).add(action.key)
        elif not cells.whole and not isinstance(action, Put):
            plan.varying.setdefault(name, set()).add(action.key)


def _actions(
    model: Model, protocol: Protocol, until: float, seed: int, shown: str
) -> Iterator[tuple[Action, Protocol]]:
    """What each part of a protocol does."""
    for part in parts(protocol):
        for action in checked(model, part, until, seed, f" of `{shown}`"):
            yield action, part


def _of_parameter(model: Model, action: Action) -> bool:
    return not isinstance(action, Occur) and action.key in {entry.key for entry in model.system.parameters}


def _check_rate(network: Network, kind: str, name: str, action: Drive) -> None:
    """A driven rate can be kept with the step of the network."""
    since = f" from {action.time / 1000:g} s on"
    if kind == "input":
        network.inputs[int(name)].check(action.value, network.step, since)
    else:
        source = source_of(network.groups[name])
        assert isinstance(source, PoissonGroup)
        source.check(action.value, network.step, name, since)


def _place(network: Network, where: Any) -> tuple[str, str, Members | None, Model]:
    """Kind, name, cells of a model, and the model that a protocol sees."""
    if isinstance(where, Projection):
        found = [i for i, p in enumerate(network.projections) if p is where]
        if not found:
            raise NetworkError(f"A protocol acts on projections of the network; {said(where)} is not one of them.")
        return "synapses", f"synapses{found[0]}", None, where.model
    if isinstance(where, Coupling):
        found = [i for i, c in enumerate(network.couplings) if c is where]
        if not found:
            raise NetworkError(f"A protocol acts on couplings of the network; {said(where)} is not one of them.")
        return "contacts", f"coupling{found[0]}", None, as_model(where.mechanism)
    if isinstance(where, PoissonInput):
        found = [i for i, p in enumerate(network.inputs) if p is where]
        if not found:
            raise NetworkError(f"A protocol acts on inputs of the network; {said(where)} is not one of them.")
        return "input", str(found[0]), None, _source()
    if isinstance(where, PoissonGroup) and (given := given_to(network.groups, where)):
        return "group", given, None, _source()
    cells = members(where)
    name = network.name_of(cells.group, "a protocol")
    if isinstance(cells.group, Population):
        return "cells", name, cells, cells.group.model
    if isinstance(cells.group, PoissonGroup) and cells.size == cells.group.size:
        return "group", name, None, _source()
    raise NetworkError(
        f"A protocol drives the rate of a whole Poisson group; got {cells.size} cells of {said(cells.group)}. Use two "
        "groups."
    )


@cache
def _source() -> Model:
    return as_model(Rate())


def _drive(
    plan: Plan, place: tuple[str, str], cells: Members | None, shown: str, action: Drive | Put, protocol: Protocol
) -> None:
    """Take note of who drives an input: one protocol alone, in any cell."""
    key = action.key
    others = plan.drivers.setdefault((*place, key), [])
    for driven, other in others:
        both = None if cells is None or driven is None else cells.common(driven)
        if other is not protocol and (cells is None or both is not None):
            where = "" if both is None else f" of {both.text}"
            raise NetworkError(
                f"A quantity is driven by one protocol; `{key}`{where} of `{shown}` by both {said(other)} and "
                f"{said(protocol)}. Choose cells that do not overlap, or {merged(action)}."
            )
    if not any(driven == cells and other is protocol for driven, other in others):
        others.append((cells, protocol))


def check_ranges(values: np.ndarray, declared: Any, name: str) -> None:
    """Values of a perturbed parameter must stay in its range."""
    for extreme in (np.min(values), np.max(values)):
        declared.check_range(float(extreme), name)
