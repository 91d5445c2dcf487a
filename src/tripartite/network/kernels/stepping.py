"""The kernel of a population: inputs in, one step forward, thresholds crossed; one loop over its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import Course
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import sqrt, where
from tripartite.network.kernels.function import Function
from tripartite.network.plan.cells import CellPlan, above_row, constants_row, coupling_row, flags_row, mean_row, row
from tripartite.network.values import stream

SCALARS = ("size", "first", "now", "end", "width", "seed")


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
            whole={constants_row(plan)},
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
        self._leap()
        self._cross()
        self._store()
        self._body()

    def _leaves(self) -> None:
        plan, function = self.plan, self.function
        for position, entry in enumerate(self.system.constants):
            text = plan.names.names[entry.key]
            if entry in self.system.chances:
                function.leaf(text, 1, luck_code(plan.name, "chance", text))
            elif entry.key in plan.varying or entry.key in plan.held:
                function.leaf(text, 1, "{" + row(plan, entry.key) + "}[cell]")
            else:
                function.leaf(text, 0, "{" + constants_row(plan) + f"}}[{position}]")
        for key, leaf in plan.leaves.items():
            stored = "{" + row(plan, key) + "}[cell]"
            function.leaf(leaf.args[0], 1, plan.since(key, stored) if key in plan.clocks else stored)
        function.leaf("ending", 0, "np.int64(end)")

    def _receive(self) -> None:
        """Add what events brought: at once, or, where it came during a slow step, as it has decayed since."""
        plan = self.plan
        for event in plan.received:
            arrived = {stages: trace.name(slot) for slot, stages in plan.slots(event).items()}
            for slot in plan.slots(event):
                self.function.leaf(slot, 1, "{" + slot + "}[cell]")
                self.targets.append(("{" + slot + "}[cell]", number(0.0), 1))
            for key, gain in plan.gains(event).items():
                if key not in plan.responses(event):
                    self.values[key] = self.values[key] + gain * arrived[()]
            for key, course in plan.responses(event).items():
                for stages, c in course.items():
                    whole = c * arrived[courses.integrated(stages)]
                    self.late[key] = self.late.get(key, number(0.0)) + c * arrived[stages]
                    self.means[key] = self.means.get(key, number(0.0)) + whole / self.width
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
        for key in sorted(plan.clocks):
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
        for key in sorted(
            plan.clocks
        ):  # from within the step: a time that is up at its end is up for the next one only
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
            slopes.append([self._with_coupling(plan.stepped[i], rates[p], values) for i, p in enumerate(positions)])
        for i, key in enumerate(plan.stepped):
            self.values[key] = y0[key] + h * _combined(method.weights, [s[i] for s in slopes])

    def _with_coupling(self, key: str, rate: Any, values: Mapping[str, Any]) -> Node:
        if key not in self.plan.added:
            return trace.as_node(rate)
        text = self.plan.names.names[key] + "_coupling"
        self.function.leaf(text, 1, "{" + coupling_row(self.plan, key) + "}[cell]")
        return trace.as_node(rate + self.system.moving(key, trace.name(text), values))

    def _average(self, start: Mapping[str, Any]) -> None:
        """Means over the step: exact for linear states, of both ends for the others."""
        plan = self.plan
        for key in sorted(plan.averaged):
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
            plan = self.plan
            spread = courses.dispersion(plan.rates.get(key), plan.leaves[key], plan.constant, self.width)
            self.values[key] = self.values[key] + amplitude * sqrt(spread) * trace.name(text)
        self._follow()

    def _leap(self) -> None:
        """Random transitions: how many of each fall into the step, one after the other so that none runs short."""
        for number_ in range(len(self.system.transitions(self.values))):
            transition = self.system.transitions(self.values)[number_]
            luck = f"luck{number_}"
            pair = luck_code(self.plan.name, "transition", number_ // 2)
            self.function.leaf(luck, 1, pair if number_ % 2 == 0 else pair.replace("uniform", "uniform_beside", 1))
            hazard = transition.rate * self.width
            if transition.count is None:
                happened = trace.drawn("poisson", hazard, trace.name(luck))
            else:
                happened = trace.drawn("binomial", transition.count, hazard, trace.name(luck))
            for key, change in transition.change.items():
                self.values[key] = self.values[key] + happened * change
            self._follow()

    def _noise_values(self) -> dict[str, Any]:
        return dict(self.plan.values)

    def _cross(self) -> None:
        plan = self.plan
        self.origins = {key: trace.name(f"{plan.leaves[key].args[0]}_origin") for key in sorted(plan.clocks)}
        for key, origin in self.origins.items():
            self.function.leaf(
                origin.args[0],
                1,
                "np.int64({" + row(plan, key) + "}[cell])" if key in plan.counted else "{" + row(plan, key) + "}[cell]",
            )
        if plan.given is not None:  # thresholds see what a spike did
            self.function.leaf("handed", 1, "{" + flags_row(plan, len(plan.crossings)) + "}[cell]")
            self._jump(trace.name("handed") > 0, self.system.bring(plan.given, number(1.0), self.values)[0])
        for place, event in enumerate(plan.crossings):
            after = trace.as_node(self.system.crossings(self.values)[place])
            above, text = "{" + above_row(plan, place) + "}[cell]", f"above{place}"
            self.function.leaf(text, 1, above)
            still = where(trace.name(text) > 0, number(-1.0), after)
            fired = where(self.before[place] <= 0, after, still) > 0
            self._jump(fired, self.system.fire(event, number(1.0), self.values)[0])
            self.targets.append((above, trace.as_node(self.system.crossings(self.values)[place]) > 0, 1))
            if place in plan.announced:
                self.targets.append(("{" + flags_row(plan, place) + "}[cell]", fired, 1))

    def _jump(self, fired: Node, changed: Mapping[str, Any]) -> None:
        """Give states their new values where something happened."""
        plan = self.plan
        for key, new in changed.items():
            self.values[key] = where(fired, new, self.values[key])
            if key in plan.clocks:  # stored as the step at which it stood at zero: exact after a reset
                steps = new / (plan.width / plan.ratio)
                self.origins[key] = where(fired, trace.name("ending") - steps, self.origins[key])
        self._follow()

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
        loop = ["for cell in range(size):", *("    " + line for line in inside)]
        self.function.body = [*outside, *(loop if inside else [])]


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


def noise_stream(name: str, source: int) -> int:
    """A number that sets one source of noise apart from every other of the network."""
    return stream("noise", name, source)


def luck_code(name: str, what: str, number_: int | str) -> str:
    """The call that gives a cell its uniform random number of a step."""
    return f"uniform(seed, {stream(what, name, number_)}, (now << 32) + first + cell)"
