"""How a projection is read: where quantities of a synapse and its partners stand, and what they are at a look."""

from __future__ import annotations

from functools import cached_property

from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.trace import Node
from tripartite.network.plan.bindings import Occasion
from tripartite.network.plan.cells import constants_row, mean_row, row
from tripartite.network.plan.jobs import Change
from tripartite.network.plan.leaves import CELL, Clock, Drawn, Elapsed, Leaf, Stored, Told
from tripartite.network.plan.levels import PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.plan.stepped import Crossing
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.values import stream


class Reading:
    """Names of the arrays of one projection, and how equations find what is in them."""

    def __init__(self, plan: SynapsePlan):
        self.plan, self.name, self.levels = plan, plan.name, plan.levels
        self.lists: dict[str, list[list[Occasion]]] = {
            role: list(plan.lists(role).values()) for role in plan.projection.stations
        }
        """Events of the synapse that each list of spikes of a role brings about, in the order of the synapse."""
        self.moved = {key: self._moved(key) for key in plan.leaves}
        """Every state as it is now, moved from when it was last looked at."""
        self._levels = self._known_levels()

    # Names of arrays

    def state_row(self, key: str) -> str:
        """Of a state, or of a parameter that differs between synapses."""
        return f"{self.name}_{key.replace('.', '_')}"

    @property
    def constants(self) -> str:
        return f"{self.name}_constants"

    def last_row(self, level: str) -> str:
        """The step at which an element was last looked at."""
        return f"{self.name}_{level}_last"

    def whole_row(self, key: str) -> str:
        """The integral of a state since the step of the projection began, until it was last looked at."""
        return f"{self.state_row(key)}_whole"

    def begun_row(self, key: str) -> str:
        """A state as it was when the step of the projection began, or when it jumped last within it."""
        return f"{self.state_row(key)}_begun"

    def above_row(self, crossing: Crossing) -> str:
        """Whether a threshold was passed when it was last looked at."""
        return f"{self.name}_above_{crossing.key.replace('.', '_')}"

    def left_row(self, crossing: Crossing, emission: str) -> str:
        """What a threshold sends, until it is delivered at the next step of the network."""
        return f"{self.name}_left_{crossing.key.replace('.', '_')}_{emission.replace('.', '_')}"

    def kept_row(self, role: str, goal: str) -> str:
        """What synapses keep for cells in a role until these step and take it into their row ``goal``."""
        return f"{self.name}_for_{role}_{goal}"

    @property
    def multiplicity(self) -> str:
        """How many equal synapses a stored one stands for, where equal ones are merged."""
        return f"{self.name}_multiplicity"

    def fraction_row(self, place: str) -> str:
        """What part of a synapse belongs to the cell in a place that shares it."""
        return f"{self.name}_{self.plan.fractions[place]}"

    # What is read where

    def leaves(self, exports: dict[str, str]) -> dict[str, Leaf]:
        """What every name stands for; ``exports``: arrays of amounts that kernels leave to each other, by level."""
        plan, found = self.plan, dict[str, Leaf]()
        for position, entry in enumerate(plan.constants):
            apart = entry.key in plan.per_synapse
            found[plan.names.names[entry.key]] = (
                Stored(self.state_row(entry.key), SYNAPSE) if apart else Stored(self.constants, position)
            )
        found |= {text: Stored(self.fraction_row(place), SYNAPSE) for place, text in plan.fractions.items()}
        for key, leaf in plan.leaves.items():
            if plan.level[key] != SUM:
                found[leaf.args[0]] = Stored(self.state_row(key), plan.level[key])
        for key in self.summed_up:
            found[self.whole_row(key)] = Stored(self.whole_row(key), plan.level[key])
        for key in self.watched:
            found[self.begun_row(key)] = Stored(self.begun_row(key), plan.level[key])
        for level in self.levels.index:
            found[f"elapsed_{level}"] = Elapsed(self.last_row(level), level)
        for text, quantity in plan.foreign.items():
            found[text] = self._foreign(*quantity)
        found |= {name: Stored(name, level) for name, level in exports.items()}
        found |= {text: Told() for text in ("remaining", *self.remaining.values())}
        return found | self.drawn

    def _foreign(self, role: str, key: str, mean: bool) -> Leaf:
        host = self.plan.hosts[role]
        if not mean and self.same_for_all(role, key):
            return Stored(constants_row(host), host.system.constant_position[key])
        at: str | int = CELL if role == PRE else role
        if role in self.levels.lone:
            at = self.plan.projection.stations[role].low
        if mean:
            return Stored(mean_row(host, key), at)
        return Clock(row(host, key), at, host, key) if key in host.clocks else Stored(row(host, key), at)

    def same_for_all(self, role: str, key: str) -> bool:
        """Whether a quantity of the cells in a role is a constant that they share."""
        host = self.plan.hosts[role]
        constants = {e.key for e in host.system.constants}
        return key in constants and key not in host.varying | host.held

    @property
    def remaining(self) -> dict[str, str]:
        """What the time until a partner's step ends is called."""
        return {role: f"remaining_{role}" for role in (PRE, *self.levels.partners)}

    @cached_property
    def drawn(self) -> dict[str, Leaf]:
        """The random numbers of a synapse, by name."""
        found: dict[str, Leaf] = {}
        for text in sorted(self.plan.luck):
            found[text] = Drawn("uniform", stream("chance", self.name, text))
        for key in self.plan.switched:
            found[self.noise_of(key)] = Drawn("normal", stream("noise", self.name, key))
        return found

    def noise_of(self, key: str) -> str:
        """The name of the normal number that moves a state with noise along."""
        return f"noise_{self.plan.leaves[key].args[0]}"

    def _known_levels(self) -> dict[str, str]:
        plan = self.plan
        found = {plan.names.names[key]: SYNAPSE for key in plan.per_synapse}
        found |= dict.fromkeys((*self.drawn, *plan.fractions.values()), SYNAPSE)
        found |= {self.whole_row(key): plan.level[key] for key in self.summed_up}
        found |= {self.begun_row(key): plan.level[key] for key in self.watched}
        found |= {f"elapsed_{level}": level for level in self.levels}
        return found | {leaf.args[0]: plan.level[key] for key, leaf in plan.leaves.items()}

    def level_of(self, text: str) -> str:
        """The level of what a name stands for; of quantities of a cell, the role."""
        if text in self._levels:
            return self._levels[text]
        if text not in self.plan.foreign:
            return SHARED
        role, key, mean = self.plan.foreign[text]
        return SHARED if role in self.levels.lone or (not mean and self.same_for_all(role, key)) else role

    def known_at(self, node: Node) -> str:
        """Where on the way of a presynaptic spike a value is known: to all, its cell, one of its pairs, a synapse."""
        levels = {self.level_of(text) for text in self.plan.leaves_of(node)}
        roles = frozenset[str]().union(*(self.levels.roles[level] for level in levels))
        ways = [SHARED, PRE, *(paired(p) for p in self.levels.several if p in self.plan.paired)]
        return next((way for way in ways if roles <= self.levels.roles[way]), SYNAPSE)

    # What becomes of states between two looks

    def lazy(self, level: str) -> list[str]:
        """States of a level that move by their closed form when somebody looks."""
        return [k for k in self.plan.leaves if k in self.plan.lazy and self.plan.level[k] == level]

    @cached_property
    def summed_up(self) -> list[str]:
        """Lazy states whose mean over a step matters: what is advanced reads them, and they may be looked at within."""
        plan = self.plan
        hazards = [leap.rate for leap in plan.leaps if plan.ratio > 1]
        read = {text for rate in (*plan.step_rates.values(), *hazards) for text in plan.leaves_of(rate)}
        return self._looked_at_within(read)

    @cached_property
    def watched(self) -> list[str]:
        """Lazy states that thresholds read, and that may be looked at within a step without a jump."""
        return self._looked_at_within({t for c in self.plan.crossings for t in self.plan.leaves_of(c.condition)})

    def _looked_at_within(self, read: set[str]) -> list[str]:
        plan = self.plan
        found = [key for key in plan.leaves if key in plan.lazy and plan.leaves[key].args[0] in read]
        swept = {plan.level[key] for key in plan.lazy if plan.clocked_by(key)}
        return [key for key in found if plan.level[key] != SUM and (plan.ratio > 1 or plan.level[key] in swept)]

    def looked(self, level: str) -> list[Change]:
        """What is kept of the lazy states of a level, besides their values, when they are looked at now."""
        if not self.lazy(level):
            return []
        found = [Change(self.last_row(level), level, trace.name("now"))]
        for key in self.summed_up:
            if self.plan.level[key] == level:
                found.append(Change(self.whole_row(key), level, self.integral(key), adds=True))
        return found

    def set(self, key: str, value: Node) -> Change:
        """A new value of a state."""
        return Change(self.state_row(key), self.plan.level[key], value)

    def jump(self, key: str, value: Node) -> list[Change]:
        """The same at an event."""
        found = [self.set(key, value)]
        return [*found, Change(self.begun_row(key), self.plan.level[key], value)] if key in self.watched else found

    def integral(self, key: str) -> Node:
        """The integral of a lazy state since it was last looked at."""
        return self._integral(key, trace.name(f"elapsed_{self.plan.level[key]}"))

    def _integral(self, key: str, time: Node) -> Node:
        if key in self.plan.switched:
            return self.plan.switched[key].integral(time)
        return courses.integral(self.plan.courses[key], time)

    def _moved(self, key: str) -> Node:
        plan = self.plan
        elapsed = trace.name(f"elapsed_{plan.level[key]}")
        if key in plan.switched:
            return plan.switched[key].value(elapsed, trace.name(self.noise_of(key)))
        if key not in plan.courses or plan.level[key] == SUM:
            return plan.leaves[key]
        return courses.value(plan.courses[key], elapsed)

    def at_event(self, node: Node) -> Node:
        """A value of the moment of an event: every state moved from when it was last looked at."""
        return trace.substitute(node, {self.plan.leaves[k]: v for k, v in self.moved.items()})

    def over_step(self, node: Node) -> Node:
        """A value over the step of the network that begins: of every state that follows a closed form its mean."""
        plan, h = self.plan, trace.name("width")
        now = {plan.leaves[key]: moved for key, moved in self.moved.items()}
        means = dict(now)
        for key in plan.lazy:
            if plan.level[key] != SUM:
                whole = trace.substitute(self._integral(key, h), now)
                means[plan.leaves[key]] = whole / h
        return trace.substitute(node, means)

    @property
    def mergeable(self) -> bool:
        """Whether synapses between the same two cells are all alike, so that one can stand for several."""
        plan = self.plan
        alike = not plan.per_synapse and SYNAPSE not in plan.level.values() and not plan.seeded
        return plan.placement.merges and alike
