"""How one projection is read: what every synaptic variable depends on, where it lives and when it moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tripartite.errors import NetworkError, WiringError
from tripartite.interpret.kernels import courses, trace
from tripartite.interpret.kernels.courses import Course
from tripartite.interpret.kernels.trace import Node, number
from tripartite.network.plan import given
from tripartite.network.plan.bindings import Bindings, Occasion, Quantity
from tripartite.network.plan.given import Gathered
from tripartite.network.plan.levels import SUM, paired
from tripartite.network.plan.stepped import Crossing, Leap
from tripartite.network.plan.switched import Switched, switched


@dataclass
class SynapsePlan(Bindings):
    """One projection, laid out.

    ``level`` says for every state on which of the ``levels`` it lives, or that it is a "sum": a trace summed at the
    cell that reads it.
    """

    ratio: int = 1
    """Steps of the network per step of those states that follow no closed form."""
    level: dict[str, str] = field(default_factory=dict)
    needs: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.values = self._values()
        self._read()
        self._place()

    # What the equations say

    def _read(self) -> None:
        self.rates = self._rates(self.values)
        self.jumps: dict[Occasion, dict[str, Node]] = {}
        self.emitted: dict[Occasion, dict[str, Node]] = {}
        self.luck: set[str] = set()
        """Names of random numbers that events draw."""
        for occasion in self.occasions:
            changed, emitted = self._brought(occasion, self._amount(occasion))
            self.jumps[occasion] = {k: trace.as_node(v) for k, v in changed.items()}
            self.emitted[occasion] = {k: trace.as_node(v) for k, v in emitted.items()}
        self.crossings = self._crossings()
        self.noises = [(self.system.states[p].key, trace.as_node(a)) for p, a in self.system.noises(self.values)]
        self.leaps = [Leap.of(transition) for transition in self.system.transitions(self.values)]
        self.moved_by = {k: [o for o, jump in self.jumps.items() if k in jump] for k in self.leaves}
        self.gathered = given.gathered(self)
        self.sent = given.sent(self)

    def _brought(self, occasion: Occasion, amount: Node) -> tuple[dict[str, Any], dict[str, Any]]:
        luck = self._luck(f"luck{self.occasions.index(occasion)}")
        return self.system.bring(occasion.event, amount, self.values | luck)

    def _luck(self, name: str) -> dict[str, Node]:
        """What an event draws, by names of its own."""
        found = {entry.key: trace.name(f"{name}_{n}") for n, entry in enumerate(self.system.chances)}
        self.luck |= {node.args[0] for node in found.values()}
        return found

    def _crossings(self) -> list[Crossing]:
        conditions = [trace.as_node(g) for g in self.system.crossings(self.values)]
        places = [place for place, event in enumerate(self.system.events) if event.crossing_of is not None]
        found = []
        for place, condition in zip(places, conditions, strict=True):
            changed, emitted = self.system.fire(place, number(1.0), self.values | self._luck(f"risen{place}"))
            jumps, sent = ({k: trace.as_node(v) for k, v in given.items()} for given in (changed, emitted))
            found.append(Crossing(self.system.events[place].key, condition, jumps, sent))
        return found

    @property
    def random(self) -> set[str]:
        """States with noise or random transitions, which each synapse has for itself."""
        return {key for key, _ in self.noises} | {key for leap in self.leaps for key in leap.change}

    @property
    def seeded(self) -> bool:
        """Whether synapses draw random numbers."""
        return bool(self.luck or self.random)

    def _besides(self) -> list[Node]:
        """What is read of states by noise, transitions and thresholds."""
        found = [amplitude for _, amplitude in self.noises]
        found += [node for leap in self.leaps for node in leap.nodes]
        return found + [node for crossing in self.crossings for node in crossing.nodes]

    def _noted(self) -> list[tuple[str, list[Node]]]:
        """Random states, with what their noise and transitions read."""
        found = [(key, [amplitude]) for key, amplitude in self.noises]
        return found + [(key, leap.nodes) for leap in self.leaps for key in leap.change]

    def _amount(self, occasion: Occasion) -> Node:
        """What an event brings; of a cell that shares the synapse, that part of it."""
        if occasion.role in self.fractions and not self._weighed(occasion):
            raise WiringError(
                f"Cells that share a synapse give it parts of what they send; `{occasion.event}` of the synapse, sent "
                f"by `{occasion.role}`, does the same whatever it brings. Multiply what it does by `q."
                f"{occasion.event.rsplit('.', 1)[-1]}`."
            )
        return self.parted(self._whole_amount(occasion), occasion.role)

    def _weighed(self, occasion: Occasion) -> bool:
        """Whether what an event does depends on how much it brings."""
        placeholder = trace.name("amount")
        changed, emitted = self._brought(occasion, placeholder)
        return any(placeholder in trace.order([trace.as_node(n)]) for n in (*changed.values(), *emitted.values()))

    def _whole_amount(self, occasion: Occasion) -> Node:
        """What a cell sends, which has to be one number: lists of spikes carry no amounts."""
        if not occasion.emissions:
            return number(1.0)
        amount = self.hosts[occasion.role].amount_at(occasion.crossing, occasion.emissions)
        if amount.op == "number":
            return amount
        if self._weighed(occasion):
            raise NetworkError(
                f"Events that reach a synapse bring one amount, always the same; `{' and '.join(occasion.emissions)}` "
                f"of the cells in the role `{occasion.role}`, to which `{occasion.event}` listens, brings one that "
                "differs. Let the synapse read the quantity itself, through an input."
            )
        return number(1.0)

    # Where everything lives

    def _place(self) -> None:
        text_of = {self.leaves[k].args[0]: k for k in self.leaves}
        apart = {self.names.names[k] for k in self.per_synapse} | set(self.fractions.values())
        needs = {k: frozenset({"synapse"} if k in self.per_synapse else ()) for k in self.leaves}
        for key in needs:
            for occasion in self.moved_by[key]:
                needs[key] |= self.levels.of_role(occasion.role)

        def of(node: Node) -> frozenset[str]:
            found: frozenset[str] = frozenset()
            for text in self.leaves_of(node):
                if text in text_of:
                    found |= needs[text_of[text]]
                elif text in self.foreign:
                    found |= self.levels.of_role(self.foreign[text].role)
                elif text in apart or text in self.luck:
                    found |= {"synapse"}
            return found

        for key in self.random:
            needs[key] |= {"synapse"}
        self._modes()
        while True:
            old = dict(needs)
            for key, nodes in self._noted():  # what is seen at both ends of a step is kept with who looks at it
                for text in frozenset[str]().union(*map(self.leaves_of, nodes)) & text_of.keys():
                    if text_of[text] in self.stepped:
                        needs[text_of[text]] |= needs[key]
            for crossing in self.crossings:  # what a threshold changes together is kept together
                read = {t for node in crossing.nodes for t in self.leaves_of(node)} & text_of.keys()
                held = {*crossing.jumps, *(text_of[t] for t in read if text_of[t] in self.stepped)}
                together = frozenset[str]().union(*map(of, crossing.nodes), *(needs[k] for k in held))
                crossing.needs = together
                needs |= dict.fromkeys(held, together)
            for key in needs:
                for node in (self.rates[key], *(self.jumps[e][key] for e in self.moved_by[key])):
                    needs[key] |= of(node)
                for text in self.leaves_of(self.rates[key]):  # what moves together is kept together
                    if text in text_of:
                        needs[text_of[text]] |= needs[key]
            if needs == old:
                break
        self.needs = needs
        for key in needs:
            self.level[key] = self.placement.level(needs[key], self.levels, key in self._summable())
        for crossing in self.crossings:
            crossing.level = self.placement.level(crossing.needs, self.levels, False)

    def _summable(self) -> set[str]:
        """States that only ever decay, jump by an amount and are summed at one cell: they can live there as a sum."""
        found = set()
        for key in self.leaves:
            gathered = [g for g in self.gathered if g.state == key]
            text = self.leaves[key].args[0]
            readers = [r for k, r in self.rates.items() if k != key]
            readers += [n for jump in self.jumps.values() for k, n in jump.items() if k != key]
            readers += [n for sent in self.emitted.values() for n in sent.values()]
            readers += [g.value for g in self.gathered if g.state != key]
            readers += self._besides()
            if key in self.stepped | self.clamped or any(key in crossing.jumps for crossing in self.crossings):
                continue
            if len(gathered) != 1 or any(text in self.leaves_of(n) for n in readers):
                continue
            own = self.own_rate(key)
            leaf, zero = self.leaves[key], number(0.0)
            jumps = [self.jumps[event][key] for event in self.moved_by[key]]
            additive = all(courses.same(leaf + trace.substitute(jump, {leaf: zero}), jump) for jump in jumps)
            if own is not None and additive and key not in self.per_synapse:
                found.add(key)
        return found

    def own_rate(self, key: str) -> Node | None:
        """The decay rate of a state that decays by itself, at a rate all synapses share; else none."""
        rate = self.rates[key]
        if courses.is_zero(rate):
            return None
        own = trace.pull_back([(rate, number(1.0))], [self.leaves[key]])[0]
        shared = {self.names.names[e.key] for e in self.constants if e.key not in self.per_synapse}
        if not self.leaves_of(own) <= shared or not courses.same(own * self.leaves[key], rate):
            return None
        return own

    # When everything moves

    def _modes(self) -> None:
        """States that no event moves and that read slow partners advance with them, by their means."""
        crossed = {key for crossing in self.crossings for key in crossing.jumps}
        self.steady = {
            key
            for key in self.leaves
            if not self.moved_by[key]
            and key not in self.random | crossed
            and any(t in self.foreign for t in self.leaves_of(self.rates[key]))
        }
        while True:
            texts = {self.leaves[k].args[0] for k in self.leaves if k not in self.steady and self._moves(k)}
            wrong = {k for k in self.steady if self.leaves_of(self.rates[k]) & texts}
            rates = {
                k: r for k, r in self.rates.items() if k not in self.steady | self.random and not courses.is_zero(r)
            }
            self.courses = self._courses(rates)
            self.switched = self._switched((rates.keys() - self.courses.keys()) | self.random)
            self.stepped = (self.random | (rates.keys() - self.courses.keys())) - self.switched.keys()
            read = {text for key in self.stepped for text in self.leaves_of(self.rates[key])}
            wrong |= {k for k in self.steady if self.leaves[k].args[0] in read}  # moves with what reads it
            if not wrong:
                break
            self.steady -= wrong
        self._clock()
        self.steady_courses = self._courses(self.mean_rates)
        self.numerical = {*self.mean_rates} - {*self.steady_courses}
        self._step()

    def _switched(self, keys: Iterable[str]) -> dict[str, Switched]:
        """States that are linear but for conditions on states with a closed form.

        What is random is so only where events alone look at it: whoever follows it has to see one path.
        """
        leapt = {key for leap in self.leaps for key in leap.change}
        found = {}
        for key in sorted(set(keys) - leapt):
            if key in self.random and self._followed(key):
                continue
            amplitudes = [amplitude for other, amplitude in self.noises if other == key]
            made = switched(key, self.rates[key], amplitudes, self.leaves, self.courses, self.constant)
            if made is not None:
                found[key] = made
        return found

    def _followed(self, key: str) -> bool:
        """Whether a state is read between events: by the rates of others, by thresholds or by cells."""
        readers = [rate for other, rate in self.rates.items() if other != key]
        readers += [gathered.value for gathered in self.gathered]
        return any(self.leaves[key].args[0] in self.leaves_of(node) for node in (*readers, *self._besides()))

    @property
    def lazy(self) -> set[str]:
        """States that are moved only when somebody looks."""
        return {*self.courses, *self.switched}

    def _step(self) -> None:
        """When states that follow no closed form are advanced, and by which rates: by means over that step."""
        nodes = [*(self.rates[key] for key in self.stepped), *self._besides()]
        read = {self.foreign[t].role for node in nodes for t in self.leaves_of(node) if t in self.foreign}
        self.ratio = min([self.ratio, *(self.hosts[role].ratio for role in read)])
        sizes = {t for key, amplitude in self.noises if key in self.stepped for t in self.leaves_of(amplitude)}
        if any(self.leaves[key].args[0] in sizes for key in self.lazy):
            self.ratio = 1  # the variance over a longer step is none of a mean
        alike = [role for role in read if self.hosts[role].ratio == self.ratio]
        rates = self._rates(self._values(means=alike))
        self.step_rates = {key: rates[key] for key in self.leaves if key in self.stepped}
        self.averaged |= self._means(self.step_rates.values())

    @property
    def advanced(self) -> set[str]:
        """Levels that are advanced step by step."""
        return {self.level[key] for key in self.stepped} | {crossing.level for crossing in self.crossings}

    def _clock(self) -> None:
        """Steady states that read each other move together, with those partners of theirs that step most often.

        Of partners with that step they see the mean over it, of slower ones what they show.
        """
        together = {k: {k} for k in self.leaves if k in self.steady}
        for key in together:
            for other in list(together):
                if self.leaves[other].args[0] in self.leaves_of(self.rates[key]):
                    joined = together[key] | together[other]
                    together |= dict.fromkeys(joined, joined)
        self.clock: dict[str, tuple[str, ...]] = {}
        self.mean_rates: dict[str, Node] = {}
        for key, others in together.items():
            read = {role for other in others for role in self.clocked_by(other)}
            least = min(self.hosts[role].ratio for role in read)
            roles = tuple(sorted(role for role in read if self.hosts[role].ratio == least))
            self.clock[key] = roles
            self.mean_rates[key] = self._rates(self._values(means=roles))[key]
        self.averaged = self._means(self.mean_rates.values())
        """Quantities of which the mean over a step is needed."""

    def _means(self, rates: Iterable[Node]) -> set[Quantity]:
        read = {self.foreign[t] for rate in rates for t in self.leaves_of(rate) if t in self.foreign}
        return {quantity for quantity in read if quantity.mean}

    def _moves(self, key: str) -> bool:
        return bool(self.moved_by[key]) or not courses.is_zero(self.rates[key])

    def _courses(self, rates: dict[str, Node]) -> dict[str, Course]:
        leaves = {k: self.leaves[k] for k in rates}
        return courses.courses(rates, leaves, leaves, self.constant)

    def constant(self, node: Node) -> bool:
        """Whether an expression stays the same between events: it reads no state of the synapse."""
        return self.leaves_of(node).isdisjoint(leaf.args[0] for leaf in self.leaves.values())

    @property
    def paired(self) -> set[str]:
        """Partners whose pairs with presynaptic cells have states or thresholds of their own."""
        levels = {*self.level.values(), *(crossing.level for crossing in self.crossings)}
        return {p for p in self.levels.several if paired(p) in levels}

    def pace(self, key: str) -> set[int]:
        """Over how many steps of the network each of those moves that move over longer ones and read a parameter."""
        return self._read_over({self.names.names[key]})

    def pace_of(self, population: str, key: str) -> set[int]:
        """The same of a constant of the cells of a population."""
        return self._read_over(
            {
                text
                for text, (role, own, mean) in self.foreign.items()
                if own == key and not mean and self.hosts[role].name == population
            }
        )

    def _read_over(self, texts: set[str]) -> set[int]:
        followed = {
            self.hosts[roles[0]].ratio for k, roles in self.clock.items() if self.leaves_of(self.mean_rates[k]) & texts
        }
        for gathered in self.gathered:
            if gathered.state is not None and self.level[gathered.state] == SUM:
                rate = self.own_rate(gathered.state)
                if rate is not None and self.leaves_of(rate) & texts:
                    followed.add(self.hosts[gathered.role].ratio)
        if any(self.leaves_of(node) & texts for node in (*self.step_rates.values(), *self._besides())):
            followed.add(self.ratio)
        return followed

    def lasts(self, gathered: Gathered) -> int:
        """How many steps of the network a sum or mean stays as it is; as many as its reader takes, if it changes then.

        What cells show is held between their steps; states that events move, or that follow their closed form, and
        parameters, which a protocol may change, may be others at any time.
        """
        states = {leaf.args[0]: key for key, leaf in self.leaves.items()}
        crossed = {key for crossing in self.crossings for key in crossing.jumps}
        reader, found = self.hosts[gathered.role].ratio, set[int]()
        for text in self.leaves_of(gathered.value):
            key = states.get(text)
            if text in self.foreign:
                found.add(self.hosts[self.foreign[text].role].ratio)
            elif key is None or (self.level[key] != SUM and (self.moved_by[key] or key in self.lazy)):
                found.add(1)
            elif key in self.clock:
                found.add(self.hosts[self.clock[key][0]].ratio)
            elif key in self.stepped | crossed:
                found.add(self.ratio)
        if reader == 1 or found <= {reader}:
            return reader
        return found.pop() if len(found) == 1 else 1

    def clocked_by(self, key: str) -> set[str]:
        """Roles whose steps a state follows because its rate reads them."""
        return {self.foreign[t].role for t in self.leaves_of(self.rates[key]) if t in self.foreign}
