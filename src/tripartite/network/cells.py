"""The kernel of a population: inputs in, one step forward, thresholds crossed; one loop over its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tripartite import units
from tripartite.errors import NetworkError, WiringError
from tripartite.interpret.kernels import Names, courses, trace
from tripartite.interpret.kernels.courses import Course
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import exp, sqrt, where
from tripartite.language.system import System
from tripartite.network.function import RESERVED, Function
from tripartite.network.population import Population
from tripartite.network.values import given, stream

SCALARS = ("size", "first", "now", "width", "seed")


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
    held: set[str] = field(default_factory=set)
    """Driven inputs with a value per cell, set between steps."""
    received: dict[str, list[Node]] = field(default_factory=dict)
    """Events that projections or sources send, with the decay rates of the slow states they reach."""
    added: set[str] = field(default_factory=set)
    """States to whose rates couplings add."""
    averaged: set[str] = field(default_factory=set)
    """Quantities whose mean over the step somebody needs."""
    announced: set[int] = field(default_factory=set)
    """Crossings (by number) of which spikes are kept."""
    amounts: set[str] = field(default_factory=set)
    """Emissions whose amount somebody needs."""

    def __post_init__(self) -> None:
        self.names = Names(self.system, reserved=RESERVED)
        self.values = self.names.values()
        self.leaves = {e.key: self.values[e.key] for e in self.system.states}
        self.classify()

    @property
    def system(self) -> System:
        return self.population.model.system

    @property
    def crossings(self) -> list[int]:
        """Positions of the crossing events among the events of the system."""
        return [i for i, e in enumerate(self.system.events) if e.crossing_of is not None]

    def crossing_of(self, emission: str) -> int:
        """The crossing (by number) that sends an emission."""
        for place, event in enumerate(self.crossings):
            _, emitted = self.system.fire(event, number(1.0), self.values)
            if emission in emitted:
                return place
        raise WiringError(
            f"A cell sends `{emission}` when it crosses a threshold; nothing in `{self.name}` does. "
            "Add a mechanism with `crossing` and `on_crossing`."
        )

    def classify(self) -> None:
        """Tell states with a closed form from those that need a method, and clocks from both."""
        rates = dict(zip(self.leaves, map(trace.as_node, self.system.rates(self.values)), strict=True))
        self.rates = {key: rate for key, rate in rates.items() if not courses.is_zero(rate)}
        noisy = {self.system.states[position].key for position, _ in self.system.noises(self.values)}
        reached = {key for event in self.received for key in self.jump(event)[0]}
        self.clocks = {k for k, r in self.rates.items() if r.op == "number" and r.args[0] == 1} - reached
        fixed = {self.names.names[e.key] for e in self.system.parameters if e.key not in self.varying}
        moving = {key: r for key, r in self.rates.items() if key not in self.clocks | self.added | noisy}
        numbers = {
            self.names.names[e.key]: given(self.population.values, e.key, e.declaration, e.value)  # type: ignore
            for e in self.system.parameters
            if e.key not in self.varying
        }

        def constant(node: Node) -> bool:
            return all(n.args[0] in fixed for n in trace.order([node]) if n.op == "name")

        def apart(node: Node) -> bool:
            return abs(trace.evaluate(node, numbers) * self.width) > 1e-6

        self.courses: dict[str, Course] = courses.courses(moving, self.leaves, self.leaves, constant, apart)
        if self.ratio > 1:
            self._keep_received_apart()
        self.counted = {key for key in self.clocks if self.real and self._only_to_zero(key)}
        """Clocks that only ever restart, which can be kept as whole steps."""
        self.stepped = [key for key in self.rates if key not in self.courses and key not in self.clocks]

    def _only_to_zero(self, key: str) -> bool:
        new = [self.system.fire(i, number(1.0), self.values)[0].get(key, 0.0) for i in range(len(self.system.events))]
        return all(_number(trace.as_node(value)) == 0 for value in new)

    def _keep_received_apart(self) -> None:
        """In a slow population, a state that reads another one which events reach within the step is stepped."""
        reached = {key for event in self.received for key in self.jump(event)[0]}
        for key in list(self.courses):
            read = {n for n in trace.order([self.rates[key]]) if n.op == "name"}
            if any(self.leaves[other] in read for other in reached - {key}):
                del self.courses[key]

    def own_rate(self, key: str) -> Node | None:
        """The decay rate of a state with a closed form of its own, else none."""
        if key not in self.courses or key not in self.rates:
            return None
        return trace.pull_back([(self.rates[key], number(1.0))], [self.leaves[key]])[0]

    def jump(self, event: str) -> tuple[dict[str, Node], dict[str, Node]]:
        """New states and emissions after an event of amount ``amount``."""
        place = next((i for i, e in enumerate(self.system.events) if e.key == event), None)
        if place is None:
            raise WiringError(
                f"Nothing in `{self.name}` listens to `{event}`. It listens to "
                f"{', '.join(f'`{e.key}`' for e in self.system.events if e.crossing_of is None) or 'none'}."
            )
        changed, emitted = self.system.fire(place, trace.name("amount"), self.values)
        return ({k: trace.as_node(v) for k, v in changed.items()}, {k: trace.as_node(v) for k, v in emitted.items()})

    def gains(self, event: str) -> dict[str, Node]:
        """What one unit of an event adds to each state it reaches."""
        changed, emitted = self.jump(event)
        found = {}
        for key, new in changed.items():
            gain, slope = trace.pull_back([(new, number(1.0))], [trace.name("amount"), self.leaves[key]])
            used = {n.args[0] for n in trace.order([gain]) if n.op == "name"}
            states = {self.names.names[e.key] for e in self.system.states} | {"amount"}
            at_zero = trace.substitute(new, {trace.name("amount"): number(0.0)})
            if emitted or used & states or not courses.same(at_zero, self.leaves[key]) or _number(slope) != 1:
                raise WiringError(
                    f"What many synapses send to a cell must add up: `on_{event.rsplit('.', 1)[-1]}` in `{self.name}` "
                    f"does not just add to `{key}`. Put the mechanism into the synapse and sum its state."
                )
            found[key] = gain
        return found

    def amount(self, event: str, value: Any) -> float:
        """The amount of an event as an internal number."""
        for part in self.system.parts:
            for name in part.mechanism.events():
                if part.keys[name] == event:
                    item = part.mechanism.declarations.get(name)
                    return units.number(value, item.unit if item else "1", f"{self.name}.{event}")
        raise AssertionError(event)

    def slots(self, event: str) -> list[str]:
        """Rows in which an event is summed until the next step: plainly, then weighted by each decay."""
        stem = f"{self.name}_{event.replace('.', '_')}"
        return [f"{stem}_sum", *(f"{stem}_late{i}" for i in range(len(self.received[event])))]

    def receive(self, event: str) -> None:
        """Prepare to receive an event."""
        if event in self.received:
            return
        gains = self.gains(event)
        self.received[event] = []
        if self.ratio > 1:
            self.classify()
            rates: list[Node] = []
            for key in gains:
                own = self.own_rate(key)
                if own is not None and not any(courses.same(own, other) for other in rates):
                    rates.append(own)
            self.received[event] = rates


def step_function(plan: CellPlan) -> Function:
    """The kernel ``step_<population>``."""
    return _Writer(plan).function


class _Writer:
    """Puts the kernel together: `values` are the quantities of a cell as they are at each point of the step."""

    def __init__(self, plan: CellPlan):
        self.plan, self.system, self.name = plan, plan.system, plan.name
        self.function = Function(
            f"step_{plan.name}",
            SCALARS,
            f"One step of `{plan.name}`: inputs, equations, thresholds.",
            plan.name,
            plan.real,
        )
        self.function.leaf("span", 0, "width")
        self.targets: list[tuple[str, Node, int]] = []
        self.width = trace.name("span")
        self.values: dict[str, Any] = dict(plan.values)
        self._leaves()
        self.before = [trace.as_node(g) for g in self.system.crossings(self.values)]
        self.means: dict[str, Node] = {}
        self.late: dict[str, Node] = {}
        self._receive()
        start = dict(self.values)
        self._advance()
        self._average(start)
        self._disturb()
        self._cross()
        self._store()
        self._body()

    def _leaves(self) -> None:
        plan, function = self.plan, self.function
        for position, entry in enumerate(self.system.constants):
            text = plan.names.names[entry.key]
            if entry.key in plan.varying or entry.key in plan.held:
                function.leaf(text, 1, "{" + row(plan, entry.key) + "}[cell]")
            else:
                function.leaf(text, 0, "{" + f"{plan.name}_constants" + f"}}[{position}]")
        for key, leaf in plan.leaves.items():
            stored = "{" + row(plan, key) + "}[cell]"
            if key in plan.counted:
                function.leaf(leaf.args[0], 1, f"{plan.real}(np.int32(np.int32(now) - {stored})) * {plan.real}(width)")
            else:
                function.leaf(leaf.args[0], 1, f"(now - {stored}) * width" if key in plan.clocks else stored)
        function.leaf("ending", 0, "np.int64(now + 1)")

    def _receive(self) -> None:
        """Add what events brought: at once, or, where it came during a slow step, as it has decayed since."""
        plan = self.plan
        for event, rates in plan.received.items():
            rows = plan.slots(event)
            arrived = [trace.name(slot) for slot in rows]
            for slot in rows:
                self.function.leaf(slot, 1, "{" + slot + "}[cell]")
                self.targets.append(("{" + slot + "}[cell]", number(0.0), 1))
            for key, gain in plan.gains(event).items():
                own = plan.own_rate(key) if plan.ratio > 1 else None
                if own is None:
                    self.values[key] = self.values[key] + gain * arrived[0]
                    continue
                late = arrived[1 + next(i for i, r in enumerate(rates) if courses.same(r, own))]
                self.late[key] = self.late.get(key, number(0.0)) + gain * late
                integral = (late - arrived[0]) / own if not courses.is_zero(own) else None
                if integral is None:
                    raise NetworkError(
                        f"`{key}` collects events without decaying; give `{plan.name}` the step of the network."
                    )
                self.means[key] = self.means.get(key, number(0.0)) + gain * integral / self.width
        self._follow()

    def _follow(self) -> None:
        """Let outputs follow the states."""
        self.values |= self.system.output_values(self.values)

    def _advance(self) -> None:
        plan = self.plan
        h = self.width / plan.population.method.substeps
        begun = {key: self.values[key] for key in plan.leaves}
        for substep in range(plan.population.method.substeps):
            self._substep(begun, h, h * substep if substep else number(0.0))
        for key, course in plan.courses.items():
            self.values[key] = _from(course, plan, begun, self.width) + self.late.get(key, number(0.0))
        for key in plan.clocks:
            self.values[key] = begun[key] + self.width
        self._follow()

    def _at(self, begun: Mapping[str, Node], stepped: Mapping[str, Node], time: Node) -> dict[str, Any]:
        """All quantities at a stage: linear states where they are then, or their mean if events came meanwhile."""
        plan = self.plan
        values = dict(self.values) | dict(stepped)
        for key, course in plan.courses.items():
            if key in self.means:
                mean = _integral(course, plan, begun, self.width) / self.width
                values[key] = mean + self.means[key]
            else:
                values[key] = _from(course, plan, begun, time)
        for key in plan.clocks:  # from within the step: a time that is up at its end is up for the next one only
            values[key] = begun[key] + time * (1 - 2.0 ** (-12 if plan.real else -40))
        return values | self.system.output_values(values)

    def _substep(self, begun: Mapping[str, Node], h: Node, offset: Node) -> None:
        plan = self.plan
        method = plan.population.method
        positions = [self.system.state_position[key] for key in plan.stepped]
        slopes: list[list[Node]] = []
        y0 = {key: self.values[key] for key in plan.stepped}
        for fraction, weights in method.stages:
            y = {
                key: y0[key] + h * _combined(weights, [s[i] for s in slopes]) if any(weights) else y0[key]
                for i, key in enumerate(plan.stepped)
            }
            values = self._at(begun, y, offset + h * fraction if fraction else offset)
            rates = self.system.rates(values) if plan.stepped else []
            slopes.append([self._with_coupling(plan.stepped[i], rates[p]) for i, p in enumerate(positions)])
        for i, key in enumerate(plan.stepped):
            self.values[key] = y0[key] + h * _combined(method.weights, [s[i] for s in slopes])

    def _with_coupling(self, key: str, rate: Any) -> Node:
        if key not in self.plan.added:
            return trace.as_node(rate)
        text = self.plan.names.names[key] + "_coupling"
        self.function.leaf(text, 1, "{" + coupling_row(self.plan, key) + "}[cell]")
        return trace.as_node(rate + trace.name(text))

    def _average(self, start: Mapping[str, Any]) -> None:
        """Means over the step: exact for linear states, of both ends for the others."""
        plan = self.plan
        for key in plan.averaged:
            if key in plan.courses:
                mean = _integral(plan.courses[key], plan, {k: start[k] for k in plan.leaves}, self.width) / self.width
                mean = mean + self.means.get(key, number(0.0))
            else:
                mean = (start[key] + self.values[key]) / 2
            self.targets.append(("{" + mean_row(plan, key) + "}[cell]", trace.as_node(mean), 1))

    def _disturb(self) -> None:
        values = self._noise_values()
        for source, (position, amplitude) in enumerate(self.system.noises(values)):
            key = self.system.states[position].key
            text = f"noise{source}"
            stream = noise_stream(self.plan.name, source)
            self.function.leaf(text, 1, f"normal(seed, {stream}, (now << 32) + first + cell)")
            self.values[key] = self.values[key] + amplitude * sqrt(self.width) * trace.name(text)
        self._follow()

    def _noise_values(self) -> dict[str, Any]:
        return dict(self.plan.values)

    def _cross(self) -> None:
        plan = self.plan
        self.origins = {key: trace.name(f"{plan.leaves[key].args[0]}_origin") for key in plan.clocks}
        for key, origin in self.origins.items():
            self.function.leaf(
                origin.args[0],
                1,
                "np.int64({" + row(plan, key) + "}[cell])" if key in plan.counted else "{" + row(plan, key) + "}[cell]",
            )
        for place, event in enumerate(plan.crossings):
            after = trace.as_node(self.system.crossings(self.values)[place])
            fired = where(self.before[place] <= 0, after, number(-1.0)) > 0
            changed, emitted = self.system.fire(event, number(1.0), self.values)
            for key, new in changed.items():
                self.values[key] = where(fired, new, self.values[key])
                if key in plan.clocks:  # stored as the step at which it stood at zero: exact after a reset
                    self.origins[key] = where(fired, trace.name("ending") - new / self.width, self.origins[key])
            self._follow()
            if place in plan.announced:
                flag = "{" + f"{plan.name}_flags{place}" + "}[cell]"
                self.targets.append((flag, where(fired, number(1), number(0)), 1))
            for key in plan.amounts & emitted.keys():
                target = "{" + amount_row(plan, key) + "}[cell]"
                self.targets.append((target, where(fired, emitted[key], number(0.0)), 1))

    def _store(self) -> None:
        plan = self.plan
        for key, leaf in plan.leaves.items():
            new = trace.as_node(self.values[key])
            if key in plan.clocks:
                new, leaf = self.origins[key], trace.name(f"{leaf.args[0]}_origin")
            if new is not leaf:
                self.targets.append(("{" + row(plan, key) + "}[cell]", new, 1))

    def _body(self) -> None:
        outside, inside = self.function.nested(self.targets, 2)
        self.function.body = [*outside, "for cell in range(size):", *("    " + line for line in inside)]


def _number(node: Node) -> float | None:
    return node.args[0] if node.op == "number" else None


def _combined(weights: Any, slopes: list[Node]) -> Node:
    total = number(0.0)
    for weight, slope in zip(weights, slopes, strict=True):
        total = total + slope * weight if weight else total
    return total


def _from(course: Course, plan: CellPlan, begun: Mapping[str, Node], time: Node) -> Node:
    """A course at ``time`` when it started at ``begun``."""
    return trace.substitute(courses.value(course, time), {plan.leaves[k]: trace.as_node(v) for k, v in begun.items()})


def _integral(course: Course, plan: CellPlan, begun: Mapping[str, Node], time: Node) -> Node:
    return trace.substitute(
        courses.integral(course, time), {plan.leaves[k]: trace.as_node(v) for k, v in begun.items()}
    )


def row(plan: CellPlan, key: str) -> str:
    """Name of the row of a state, varying constant or held input."""
    return f"{plan.name}_{key.replace('.', '_')}"


def mean_row(plan: CellPlan, key: str) -> str:
    return f"{row(plan, key)}_mean"


def coupling_row(plan: CellPlan, key: str) -> str:
    return f"{row(plan, key)}_coupling"


def amount_row(plan: CellPlan, key: str) -> str:
    return f"{row(plan, key)}_amount"


def noise_stream(name: str, source: int) -> int:
    """A number that sets one source of noise apart from every other of the network."""
    return stream("noise", name, source)


__all__ = ["CellPlan", "exp", "step_function"]
