"""The kernels that advance synapses step by step: `advance` states and thresholds, `release` what these send."""

from __future__ import annotations

from typing import Any

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node, number
from tripartite.language.functions import sqrt, where
from tripartite.network.kernels.between import BetweenWriter
from tripartite.network.kernels.function import Function
from tripartite.network.plan.levels import SUM, SYNAPSE
from tripartite.network.plan.stepped import Crossing
from tripartite.network.values import stream


class AdvanceWriter(BetweenWriter):
    """Writes what is done to all elements of a level at each step of the projection."""

    def above_row(self, crossing: Crossing) -> str:
        """Whether a threshold was passed when it was last looked at."""
        return f"{self.name}_above_{crossing.key.replace('.', '_')}"

    def left_row(self, crossing: Crossing, emission: str) -> str:
        """What a threshold sends, until it is delivered at the next step of the network."""
        return f"{self.name}_left_{crossing.key.replace('.', '_')}_{emission.replace('.', '_')}"

    def advance(self, level: str) -> Function:
        """The kernel of a level: states by the method of the projection, noise, transitions, then thresholds."""
        plan, at = self.plan, f"[{self.index[level]}]"
        h = trace.name("elapsed")
        keys = [key for key in plan.leaves if key in plan.stepped and plan.level[key] == level]
        begun = self._at(number(0.0), {})
        values = self._by_method(keys, h, plan.step_rates, self._seen)
        leaves = self._noise(keys, values, begun, h) | self._leap(keys, values, h)
        targets = self._cross(level, values, begun, leaves)
        changed, lazy = [k for k in values if k not in plan.stepped], self.lazy(level)
        if changed and lazy:
            values |= {k: self._moved[k] for k in lazy if k not in changed}
            targets += self.looked(level, 2)
        targets += [("{" + self.state_row(k) + "}" + at, node, 2) for k, node in values.items()]
        name = f"advance_{self.name}_{level}"
        return self._over(
            level, name, targets, "States that follow no closed form, and thresholds.", "elapsed", leaves=leaves
        )

    def restart(self, level: str) -> Function:
        """The kernel that begins the integrals of a level anew for the next step."""
        at = f"[{self.index[level]}]"
        targets = [("{" + self.state_row(k) + "}" + at, self._moved[k], 2) for k in self.lazy(level)]
        targets.append(("{" + self.last_row(level) + "}" + at, trace.name("now"), 2))
        mine = [key for key in self.summed_up if self.plan.level[key] == level]
        targets += [("{" + self.whole_row(key) + "}" + at, number(0.0), 2) for key in mine]
        return self._over(level, f"restart_{self.name}_{level}", targets, "Begins integrals over a step anew.")

    def restarted(self) -> list[str]:
        """Levels with integrals over a step."""
        return list(dict.fromkeys(self.plan.level[key] for key in self.summed_up))

    def _at(self, time: Node, stepped: dict[str, Node]) -> dict[Node, Node]:
        """What leaves stand for at a time after the beginning of the step, but not before they were last looked at."""
        plan, h = self.plan, trace.name("elapsed")
        found = {plan.leaves[key]: node for key, node in stepped.items()}
        for key in plan.lazy:
            if plan.level[key] != SUM:
                elapsed = trace.name(f"elapsed_{plan.level[key]}")
                since = where(self._undisturbed(plan.level[key]), elapsed - h + time, number(0.0))
                found[plan.leaves[key]] = trace.substitute(self._moved[key], {elapsed: since})
        return found

    def _seen(self, time: Node, stepped: dict[str, Node]) -> dict[Node, Node]:
        """The same for what is advanced: of states that may be looked at within the step the mean over it."""
        means = {}
        for key in self.summed_up:
            whole = trace.name(self.whole_row(key)) + self.integral(key)
            means[self.plan.leaves[key]] = whole / trace.name("elapsed")
        return self._at(time, stepped) | means

    def _undisturbed(self, level: str) -> Node:
        """Whether nobody looked at the states of a level since the step began."""
        return trace.name(f"elapsed_{level}") > trace.name("elapsed") - 0.5 * trace.name("width")

    def _noise(self, keys: list[str], values: dict[str, Node], begun: dict[Node, Node], h: Node) -> dict[str, str]:
        leaves = {}
        for source, (key, amplitude) in enumerate(self.plan.noises):
            if key in keys:
                text = f"noise{source}"
                leaves[text] = f"normal(seed, {stream('noise', self.name, source)}, (now << 32) + edge)"
                values[key] = values[key] + trace.substitute(amplitude, begun) * sqrt(h) * trace.name(text)
        return leaves

    def _leap(self, keys: list[str], values: dict[str, Node], h: Node) -> dict[str, str]:
        """How many of each transition fall into the step, one after the other so that none runs short."""
        leaves = {}
        for place, leap in enumerate(self.plan.leaps):
            if not leap.change.keys() <= set(keys):
                continue
            text = f"leap{place}"
            leaves[text] = f"uniform(seed, {stream('transition', self.name, place)}, (now << 32) + edge)"
            hazard = self._now(leap.rate, values) * h
            if leap.count is None:
                happened = trace.drawn("poisson", hazard, trace.name(text))
            else:
                happened = trace.drawn("binomial", self._now(leap.count, values), hazard, trace.name(text))
            change = {key: self._now(node, values) for key, node in leap.change.items()}
            for key, node in change.items():
                values[key] = values[key] + happened * node
        return leaves

    def _now(self, node: Node, values: dict[str, Node]) -> Node:
        """A value at the end of the step."""
        known = {self.plan.leaves[key]: moved for key, moved in self._moved.items()}
        return trace.substitute(node, known | {self.plan.leaves[key]: value for key, value in values.items()})

    def _cross(self, level: str, values: dict[str, Node], begun: dict[Node, Node], leaves: dict[str, str]) -> list[Any]:
        """Thresholds that were below at the end of the last step and are passed at either end of this one."""
        targets = []
        for crossing in self.plan.crossings:
            if crossing.level != level:
                continue
            at, above = f"[{self.index[level]}]", "{" + self.above_row(crossing) + "}"
            before = trace.substitute(crossing.condition, begun)
            after = self._now(crossing.condition, values)
            text = f"above_{crossing.key.replace('.', '_')}"
            leaves[text] = above + at
            risen = where(before > 0, number(1.0), after)
            fired = where(trace.name(text) > 0, number(-1.0), risen) > 0
            news = {key: self._now(node, values) for key, node in crossing.jumps.items()}
            sent = {key: self._now(node, values) for key, node in crossing.emitted.items()}
            for key, new in news.items():
                values[key] = where(fired, new, values.get(key, self._moved[key]))
            targets.append((above + at, self._now(crossing.condition, values) > 0, 2))
            for emission, amount in sent.items():
                row = "{" + self.left_row(crossing, emission) + "}"
                targets.append((row + at, where(fired, amount, number(0.0)), 2))
        return targets

    def release(self) -> Function | None:
        """The kernel that delivers what thresholds sent."""
        leaves, sent = {}, []
        for crossing in self.plan.crossings:
            for wire in self.plan.sent():
                if wire.by == crossing.key:
                    name = self.left_row(crossing, wire.emission)
                    leaves[name] = "{" + name + "}" + f"[{self.index[crossing.level]}]"
                    sent.append((wire.role, self._rows(wire.role, wire.event), trace.name(name)))
        if not sent:
            return None
        more = (*self.remaining.values(), "remaining")
        summary = "What thresholds of synapses sent."
        return self._over(SYNAPSE, f"release_{self.name}", self._sending(sent), summary, *more, leaves=leaves)
