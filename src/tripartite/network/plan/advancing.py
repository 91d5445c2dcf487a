"""What is done at the steps of a projection: `advance` states and thresholds, `release` what these send."""

from __future__ import annotations

from dataclasses import dataclass, field

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import sqrt, where
from tripartite.network.plan.between import by_method
from tripartite.network.plan.happenings import Amount, rows_of, sending
from tripartite.network.plan.jobs import Change, Everywhere, Job
from tripartite.network.plan.leaves import Drawn, Leaf, Stored
from tripartite.network.plan.levels import SUM, SYNAPSE
from tripartite.network.plan.reading import Reading
from tripartite.network.values import stream


def advance(reading: Reading, level: str) -> Job:
    """All elements of a level: states by the method of the projection, noise, transitions, then thresholds."""
    plan = reading.plan
    step = _Step(reading, [key for key in plan.leaves if key in plan.stepped and plan.level[key] == level])
    step.advance()
    step.shake()
    step.leap()
    changes, values = step.cross(level), step.values
    changed, lazy = [k for k in values if k not in plan.stepped], reading.lazy(level)
    if changed and lazy:
        values |= {k: reading.moved[k] for k in lazy if k not in changed}
        changes += reading.looked(level)
    changes += [Change(reading.state_row(key), level, node) for key, node in values.items()]
    name, summary = f"advance_{reading.name}_{level}", "States that follow no closed form, and thresholds."
    return Job(name, summary, Everywhere(level, ("elapsed",)), tuple(changes), step.leaves)


@dataclass
class _Step:
    """One step of the states of a level: ``values`` are what they have become so far."""

    reading: Reading
    keys: list[str]
    values: dict[str, Node] = field(default_factory=dict)
    leaves: dict[str, Leaf] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan, self.h = self.reading.plan, trace.name("elapsed")
        begun = {self.plan.leaves[key]: trace.name(self.reading.begun_row(key)) for key in self.reading.watched}
        self.begun = self._at(number(0.0), {}) | begun

    def advance(self) -> None:
        self.values = by_method(self.reading, self.keys, self.h, self.plan.step_rates, self._seen)

    def _at(self, time: Node, stepped: dict[str, Node]) -> dict[Node, Node]:
        """What leaves stand for at a time after the beginning of the step, but not before they were last looked at."""
        plan, h = self.plan, self.h
        found = {plan.leaves[key]: node for key, node in stepped.items()}
        for key in plan.lazy:
            if plan.level[key] != SUM:
                elapsed = trace.name(f"elapsed_{plan.level[key]}")
                since = where(_undisturbed(plan.level[key]), elapsed - h + time, number(0.0))
                found[plan.leaves[key]] = trace.substitute(self.reading.moved[key], {elapsed: since})
        return found

    def _seen(self, time: Node, stepped: dict[str, Node]) -> dict[Node, Node]:
        """The same for what is advanced: of states that may be looked at within the step the mean over it."""
        return self._at(time, stepped) | self._means()

    def _means(self) -> dict[Node, Node]:
        means = {}
        for key in self.reading.summed_up:
            whole = trace.name(self.reading.whole_row(key)) + self.reading.integral(key)
            means[self.plan.leaves[key]] = whole / trace.name("elapsed")
        return means

    def _middle(self) -> dict[Node, Node]:
        """Lazy states in the middle of the step."""
        return self._at(0.5 * self.h, {})

    def shake(self) -> None:
        """Noise."""
        for source, (key, amplitude) in enumerate(self.plan.noises):
            if key in self.keys:
                text = f"noise{source}"
                self.leaves[text] = Drawn("normal", stream("noise", self.reading.name, source))
                plan = self.plan
                spread = courses.dispersion(plan.rates.get(key), plan.leaves[key], plan.constant, self.h)
                size = trace.substitute(amplitude, self.begun) * sqrt(spread)
                self.values[key] = self.values[key] + size * trace.name(text)

    def leap(self) -> None:
        """How many of each transition fall into the step, one after the other so that none runs short."""
        for place, leap in enumerate(self.plan.leaps):
            if not leap.change.keys() <= set(self.keys):
                continue
            text = f"leap{place}"
            self.leaves[text] = Drawn("uniform", stream("transition", self.reading.name, place))
            hazard = self._now(leap.rate, self._means() if self.plan.ratio > 1 else self._middle()) * self.h
            if leap.count is None:
                happened = trace.drawn("poisson", hazard, trace.name(text))
            else:
                happened = trace.drawn("binomial", self._now(leap.count), hazard, trace.name(text))
            change = {key: self._now(node) for key, node in leap.change.items()}
            for key, node in change.items():
                self.values[key] = self.values[key] + happened * node

    def _now(self, node: Node, means: dict[Node, Node] | None = None) -> Node:
        """A value at the end of the step, but for what is seen by its mean, or as it is in the middle."""
        known = {self.plan.leaves[key]: moved for key, moved in self.reading.moved.items()} | (means or {})
        return trace.substitute(node, known | {self.plan.leaves[key]: value for key, value in self.values.items()})

    def cross(self, level: str) -> list[Change]:
        """Thresholds that were below at the end of the last step and are passed at either end of this one."""
        reading, values = self.reading, self.values
        changes = []
        for crossing in self.plan.crossings:
            if crossing.level != level:
                continue
            above = reading.above_row(crossing)
            before = trace.substitute(crossing.condition, self.begun)
            after = self._now(crossing.condition)
            text = f"above_{crossing.key.replace('.', '_')}"
            self.leaves[text] = Stored(above, level)
            risen = where(before > 0, number(1.0), after)
            fired = where(trace.name(text) > 0, number(-1.0), risen) > 0
            news = {key: self._now(node) for key, node in crossing.jumps.items()}
            sent = {key: self._now(node) for key, node in crossing.emitted.items()}
            for key, new in news.items():
                values[key] = where(fired, new, values.get(key, reading.moved[key]))
            changes.append(Change(above, level, self._now(crossing.condition) > 0))
            for emission, amount in sent.items():
                changes.append(Change(reading.left_row(crossing, emission), level, where(fired, amount, number(0.0))))
        return changes


def _undisturbed(level: str) -> Node:
    """Whether nobody looked at the states of a level since the step began."""
    return trace.name(f"elapsed_{level}") > trace.name("elapsed") - 0.5 * trace.name("width")


def restart(reading: Reading, level: str) -> Job:
    """Begins the integrals of a level anew for the next step, and keeps what thresholds saw at its beginning."""
    mine = [key for key in reading.summed_up if reading.plan.level[key] == level]
    changes: list[Change] = []
    if mine:
        changes += [reading.set(key, reading.moved[key]) for key in reading.lazy(level)]
        changes.append(Change(reading.last_row(level), level, trace.name("now")))
        changes += [Change(reading.whole_row(key), level, number(0.0)) for key in mine]
    watched = [key for key in reading.watched if reading.plan.level[key] == level]
    changes += [Change(reading.begun_row(key), level, reading.moved[key]) for key in watched]
    name = f"restart_{reading.name}_{level}"
    return Job(name, "Begins what is kept of a step anew.", Everywhere(level), tuple(changes))


def restarted(reading: Reading) -> list[str]:
    """Levels with integrals over a step, or with thresholds that look at its beginning."""
    return list(dict.fromkeys(reading.plan.level[key] for key in (*reading.summed_up, *reading.watched)))


def release(reading: Reading) -> Job | None:
    """Delivers what thresholds sent."""
    leaves: dict[str, Leaf] = {}
    sent = []
    for crossing in reading.plan.crossings:
        for wire in reading.plan.sent:
            if wire.by == crossing.key:
                name = reading.left_row(crossing, wire.emission)
                leaves[name] = Stored(name, crossing.level)
                value = reading.plan.parted(trace.name(name), wire.role)
                sent.append(Amount(wire.role, rows_of(reading, wire.role, wire.event), value))
    if not sent:
        return None
    way = Everywhere(SYNAPSE, (*reading.remaining.values(), "remaining"))
    summary = "What thresholds of synapses sent."
    return Job(f"release_{reading.name}", summary, way, tuple(sending(reading, sent)), leaves)
