"""How one population is read: which states follow closed forms, what it receives, and its rows in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from tripartite.errors import WiringError
from tripartite.interpret.kernels import Names, courses, trace
from tripartite.interpret.kernels.courses import Course, Rates, integrated
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.events import Add
from tripartite.language.system import System
from tripartite.network.plan.words import RESERVED
from tripartite.network.population import Population


@dataclass
class CellPlan:
    """How one population is stored and stepped.

    A *row* is an array with one place per cell and one more that stays zero, for synapses without astrocyte.
    """

    name: str
    population: Population
    ratio: int
    """Steps of the network per step of the population."""
    width: float
    """Step of the population (ms)."""
    varying: set[str]
    """Constants with a value per cell."""
    real: str = ""
    """The type of the cells' numbers in the kernel, where it is not float64."""
    clamped: frozenset[str] = frozenset()
    """States that a protocol clamps."""
    held: set[str] = field(default_factory=set)
    """Driven inputs with a value per cell, set between steps."""
    summed: dict[str, list[str]] = field(default_factory=dict)
    """Of each of them, names of the sums and means over synapses that it is, all added up."""
    sampled: dict[str, int] = field(default_factory=dict)
    """Of those sums and means that may change within a step of the cells, how many of the network's they stay."""
    received: list[str] = field(default_factory=list)
    """Events that projections or sources send."""
    added: set[str] = field(default_factory=set)
    """States to whose rates couplings add."""
    averaged: set[str] = field(default_factory=set)
    """Quantities whose mean over the step somebody needs."""
    announced: set[int] = field(default_factory=set)
    """Crossings (by number) of which spikes are kept."""

    def __post_init__(self) -> None:
        self.system: System = self.population.model.clamping(self.clamped).system
        self.names = Names(self.system, reserved=RESERVED)
        self.values = self.names.values()
        self.leaves = {e.key: self.values[e.key] for e in self.system.states}
        self.classify()

    @property
    def crossings(self) -> list[int]:
        """Positions of the crossing events among the events of the system."""
        return [i for i, e in enumerate(self.system.events) if e.crossing_of is not None]

    @property
    def given(self) -> str | None:
        """The event at which cells hear spikes that are given to them, which counts as a crossing behind the others."""
        return self.population.heard

    @property
    def senders(self) -> range:
        """The numbers of all crossings, given spikes included."""
        return range(len(self.crossings) + (self.given is not None))

    def sends(self, key: str) -> bool:
        """Whether cells send an event, or pass it on as one that is given to them."""
        return key == self.given or key in {e.key for e in self.system.emissions}

    def crossings_of(self, emission: str) -> list[int]:
        """The crossings (by number) that send an emission."""
        if emission == self.given:
            return [len(self.crossings)]
        found = [place for place, sent in enumerate(self._emitted()) if emission in sent]
        if not found:
            raise WiringError(
                f"A cell sends `{emission}` when it crosses a threshold; nothing in `{self.name}` does. "
                "Add a mechanism with `crossing` and `on_crossing`."
            )
        return found

    def amount_at(self, crossing: int, emissions: Collection[str]) -> Node:
        """What emissions bring together when they are sent at a crossing (by number)."""
        if crossing == len(self.crossings):
            return number(1.0)
        sent = self._emitted()[crossing]
        return trace.as_node(sum((sent[key] for key in emissions), start=number(0.0)))

    def _emitted(self) -> list[dict[str, Any]]:
        """What each crossing sends."""
        return [self.system.fire(event, number(1.0), self.values)[1] for event in self.crossings]

    def classify(self) -> None:
        """Tell states with a closed form from those that need a method, and clocks from both."""
        rates = dict(zip(self.leaves, map(trace.as_node, self.system.rates(self.values)), strict=True))
        self.rates = {key: rate for key, rate in rates.items() if key in self.added or not courses.is_zero(rate)}
        self.noisy = {self.system.states[position].key for position, _ in self.system.noises(self.values)}
        reached = {key for event in self.received for key in self.gains(event)}
        self.clocks = {k for k, r in self.rates.items() if r.op == "number" and r.args[0] == 1} - reached
        moving = {key: r for key, r in self.rates.items() if key not in self.clocks | self.added | self.noisy}
        self.courses: dict[str, Course] = courses.courses(moving, self.leaves, self.leaves, self.constant)
        self.counted = {key for key in self.clocks if self.real and self._only_to_zero(key)}
        """Clocks that only ever restart, which can be kept as whole steps."""
        self.stepped = [key for key in self.rates if key not in self.courses and key not in self.clocks]

    def constant(self, node: Node) -> bool:
        fixed = {self.names.names[e.key] for e in self.system.parameters}
        return all(n.args[0] in fixed for n in trace.order([node]) if n.op == "name")

    def _only_to_zero(self, key: str) -> bool:
        new = [self.system.fire(i, number(1.0), self.values)[0].get(key, 0.0) for i in range(len(self.system.events))]
        return all(_number(trace.as_node(value)) == 0 for value in new)

    def since(self, key: str, stored: Any, now: Any = "now") -> str:
        """Code of what a clock shows at step ``now`` of the network; stored is the step at which it stood at zero."""
        apart, real = f"({now} - {stored})", self.real if key in self.counted else ""
        if real:
            apart = f"{real}(np.int32(np.int32({now}) - {stored}))"
        steps = apart if self.ratio == 1 else f"{apart} / {real}({self.ratio})"
        return f"{steps} * {real}({self.width!r})"

    def shown(self, stored: Any, now: Any) -> Any:
        """The same for arrays."""
        return (now - stored) / self.ratio * self.width

    def gains(self, event: str) -> dict[str, Node]:
        """What one unit of an event or emission adds to each state it reaches.

        **Raises** `WiringError` unless handlers add (`Add`, or to states of others) in proportion to the amount alone.
        """
        happenings = self.system.happenings
        if not (asked := happenings.reached(event)):
            raise WiringError(
                f"Nothing in `{self.name}` listens to `{event}`. It listens to "
                f"{', '.join(f'`{key}`' for key in happenings.listeners) or 'none'}."
            )
        amount = trace.name("amount")
        variable = {self.names.names[e.key] for e in self.system.states} | {"amount"}
        found: dict[str, Node] = {}
        for part, name, key, answer in happenings.answers(asked, amount, self.values):
            added = trace.as_node(answer.amount) if isinstance(answer, Add) else number(1.0)
            (gain,) = trace.pull_back([(added, number(1.0))], [amount])
            nothing = trace.substitute(added, {amount: number(0.0)})
            used = {n.args[0] for n in trace.order([gain]) if n.op == "name"}
            if not isinstance(answer, Add) or used & variable or not courses.is_zero(nothing):
                raise WiringError(
                    f"What many synapses send to a cell must add up: the amount times a number. `{part.label}` in "
                    f"`{self.name}` makes something else of `{name}` when `{event.rsplit('.', 1)[-1]}` comes. Write "
                    f'`{{"{name}": Add(gain * q.{event.rsplit(".", 1)[-1]})}}` with a gain that reads no state, or put '
                    "the mechanism into the synapse and sum its state."
                )
            found[key] = found[key] + gain if key in found else gain
        return found

    def slots(self, event: str) -> dict[str, Rates]:
        """Rows in which an event is summed until the next step, each weighted by the response of some stages.

        In a slow population: what is left of it in linear states at the end of the step, and the integrals of that.
        """
        stem, late = f"{self.name}_{event.replace('.', '_')}", self.responses(event)
        found: dict[str, Rates] = {} if late.keys() >= self.gains(event).keys() else {f"{stem}_sum": ()}
        ends = [stages for course in late.values() for stages in course]
        for i, stages in enumerate(dict.fromkeys([*ends, *(integrated(s) for s in ends)])):
            found[f"{stem}_late{i}"] = stages
        return found

    def responses(self, event: str) -> dict[str, Course]:
        """In a slow population, the courses of linear states after one unit of an event within the step."""
        found: dict[str, Course] = {}
        for key, gain in self.gains(event).items():
            if self.ratio == 1 or key not in self.courses:
                continue
            for other, course in self.courses.items():
                for stages, c in course.items():
                    (slope,) = trace.pull_back([(c, number(1.0))], [self.leaves[key]])
                    if not courses.is_zero(slope):
                        mine = found.setdefault(other, {})
                        mine[stages] = mine.get(stages, number(0.0)) + gain * slope
        return found

    def receive(self, event: str) -> None:
        """Prepare to receive an event."""
        if event in self.received:
            return
        if event == self.given:
            raise WiringError(
                f"An event that is given to cells comes from one source; the spikes of `{self.name}` do. Give them all "
                "in its `spikes`."
            )
        self.gains(event)  # refuses what does not add up
        self.received.append(event)
        if self.ratio > 1:
            self.classify()


def _number(node: Node) -> float | None:
    return node.args[0] if node.op == "number" else None


THERE = "there"
"""What stands for a quantity of a cell that is 1 in every cell, and 0 where synapses without one look."""


def row(plan: CellPlan, key: str) -> str:
    """Name of the row of a state, varying constant or held input."""
    return f"{plan.name}_{key.replace('.', '_')}"


def constants_row(plan: CellPlan) -> str:
    """Name of the array of constants that all cells share."""
    return f"{plan.name}_constants"


def flags_row(plan: CellPlan, crossing: int) -> str:
    """Which cells have just passed a crossing (by number), or been given a spike."""
    return f"{plan.name}_flags{crossing}"


def rate_row(group: str) -> str:
    """Where the rate of a Poisson group stands, or of a population that is given the spikes of one."""
    return f"{group}_rate"


def mean_row(plan: CellPlan, key: str) -> str:
    return f"{row(plan, key)}_mean"


def coupling_row(plan: CellPlan, key: str) -> str:
    return f"{row(plan, key)}_coupling"


def gathered_row(plan: CellPlan, key: str, source: str) -> str:
    """Where a sum or mean over synapses is left for an input: in its row, if that has no other source."""
    return row(plan, key) if len(plan.summed[key]) == 1 else f"{row(plan, key)}_{source}"


def sample_row(plan: CellPlan, key: str, source: str) -> str:
    """Where one that changes within the step of the cells is left as it is at a time."""
    return f"{gathered_row(plan, key, source)}_now"


def samples_row(plan: CellPlan, key: str, source: str) -> str:
    """Where these are added up until the cells step, which read their mean."""
    return f"{gathered_row(plan, key, source)}_samples"


def cut_row(ratio: int) -> str:
    """When steps of so many steps of the network were cut last, and will be next."""
    return f"cut{ratio}"


def above_row(plan: CellPlan, crossing: int) -> str:
    """Whether a crossing (by number) was above zero when it was last looked at."""
    return f"{plan.name}_above{crossing}"
