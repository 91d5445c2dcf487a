"""What is done when presynaptic spikes come: `arrive`, `deposit` and `reach`.

`arrive` updates what a presynaptic cell shares among its synapses, once, and leaves amounts; `deposit` and
`reach` bring them to postsynaptic cells and to partners.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.network.plan.happenings import Amount, added, happening, kept
from tripartite.network.plan.jobs import Along, Branches, Change, Job
from tripartite.network.plan.leaves import Stored
from tripartite.network.plan.levels import POST, PRE, SHARED, SYNAPSE, paired
from tripartite.network.plan.reading import Reading


@dataclass
class Arrival:
    """What the spikes of one list do, sorted by the level at which it happens."""

    suffix: str
    """Sets the kernels of several lists apart."""
    exports: dict[str, tuple[str, Node]] = field(default_factory=dict)
    """Arrays of amounts that `arrive` leaves for this list, with their level and what they hold."""
    new: dict[str, list[tuple[str, Node]]] = field(default_factory=dict)
    to_post: list[Amount] = field(default_factory=list)
    to_partner: dict[str, list[Amount]] = field(default_factory=dict)
    """What all synapses of a pair send alike, by partner."""
    kept_for: dict[str, list[Amount]] = field(default_factory=dict)
    """What differs from synapse to synapse and is kept there until the partner's step, by partner."""


@dataclass(frozen=True)
class Arriving:
    """The jobs for one list of presynaptic spikes."""

    arrive: Job | None
    deposit: Job | None
    reach: dict[str, Job]
    """By partner."""

    @property
    def jobs(self) -> dict[str, Job]:
        """All that there are, by name: what a cell shares, and what each role gets."""
        found = {"arrive": self.arrive, POST: self.deposit, **self.reach}
        return {name: job for name, job in found.items() if job is not None}


def arrival(reading: Reading, place: int, exported: int) -> Arrival:
    """What the list with number ``place`` does; ``exported``: how many arrays lists before it leave."""
    plan, found = reading.plan, Arrival(suffix_of(place))
    jumps, sent = happening(reading, reading.lists[PRE][place])
    export = _Exporter(reading, found.exports, exported)
    found.new = {level: [] for level in reading.levels}
    for key, node in jumps.items():
        found.new[plan.level[key]].append((key, node))
    found.to_post = [export.of(a) for a in sent if a.role == POST]
    for a in sent:
        if a.role != POST:
            alike = reading.known_at(a.value) in (SHARED, PRE, paired(a.role)) and a.role in reading.levels.several
            by_role = found.to_partner if alike else found.kept_for
            by_role.setdefault(a.role, []).append(export.of(a))
    found.new[SYNAPSE] = [(key, export.replaced(node)) for key, node in found.new[SYNAPSE]]
    return found


class _Exporter:
    """Replaces everything that is known before the synapses by arrays that `arrive` leaves."""

    def __init__(self, reading: Reading, exports: dict[str, tuple[str, Node]], exported: int):
        self.reading, self.exports, self.exported = reading, exports, exported
        self._names: dict[int, str] = {}

    def of(self, amount: Amount) -> Amount:
        return Amount(amount.role, amount.rows, self.replaced(amount.value))

    def replaced(self, node: Node) -> Node:
        early = {
            part
            for part in trace.order([node])
            if part.op != "number" and self.reading.known_at(part) not in (SHARED, SYNAPSE)
        }
        return trace.substitute(node, {part: self._export(part) for part in _tops(node, early)})

    def _export(self, node: Node) -> Node:
        if id(node) not in self._names:
            name = f"{self.reading.name}_out{self.exported + len(self.exports)}"
            self.exports[name] = self.reading.known_at(node), node
            self._names[id(node)] = name
        return trace.name(self._names[id(node)])


def arriving(reading: Reading, arrival: Arrival) -> Arriving:
    """All that is done for one list of spikes."""
    reach = {partner: _reach(reading, arrival, partner) for partner in arrival.to_partner}
    return Arriving(_arrive(reading, arrival), _deposit(reading, arrival), reach)


def _arrive(reading: Reading, arrival: Arrival) -> Job | None:
    """What the synapses of a presynaptic cell, or of it and one partner, share."""
    changes = [Change(name, level, node) for name, (level, node) in arrival.exports.items()]
    for level in (PRE, *map(paired, reading.levels.several)):
        changes += _set(reading, arrival, level)
        changes += reading.looked(level)
    summary = "What the synapses of a cell share, at its spike."
    return _job(f"arrive_{reading.name}{arrival.suffix}", summary, Branches(), changes)


def _deposit(reading: Reading, arrival: Arrival) -> Job | None:
    """Amounts for postsynaptic cells, and what each synapse has for itself."""
    changes = [change for a in arrival.to_post for change in added(a.rows, a.value, POST)]
    changes += [change for amounts in arrival.kept_for.values() for a in amounts for change in kept(reading, a)]
    changes += _set(reading, arrival, SYNAPSE)
    changes += reading.looked(SYNAPSE) if changes else []
    summary = "Amounts for postsynaptic cells, at a spike."
    return _job(f"deposit_{reading.name}{arrival.suffix}", summary, Along(), changes)


def _reach(reading: Reading, arrival: Arrival, partner: str) -> Job:
    """Amounts for a partner, for as many synapses as each pair has."""
    copies, until = trace.name("copies"), reading.remaining[partner]
    sent = [c for a in arrival.to_partner[partner] for c in added(a.rows, a.value, partner, until, each=False)]
    changes = [Change(c.row, c.level, c.value * copies, adds=True) for c in sent]
    leaves: Mapping = {"copies": Stored(f"{reading.name}_{partner}_copies", paired(partner))}
    summary = f"Amounts for the partner `{partner}`, at a spike."
    return Job(f"reach_{partner}_{reading.name}{arrival.suffix}", summary, Along(partner), tuple(changes), leaves)


def _job(name: str, summary: str, way: Branches | Along, changes: list[Change]) -> Job | None:
    return Job(name, summary, way, tuple(changes)) if changes else None


def _set(reading: Reading, arrival: Arrival, level: str) -> list[Change]:
    """New states of a level, and those that the event leaves alone but that move along with the others."""
    done = {key for key, _ in arrival.new[level]}
    changes = [change for new in arrival.new[level] for change in reading.jump(*new)]
    return changes + [reading.set(key, reading.moved[key]) for key in reading.lazy(level) if key not in done]


def _tops(root: Node, chosen: set[Node]) -> list[Node]:
    """The topmost of the chosen nodes below ``root``."""
    found: list[Node] = []
    stack = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node in chosen:
            found.append(node)
        else:
            stack += [a for a in node.args if isinstance(a, Node)]
    return found


def suffix_of(place: int) -> str:
    """What sets the kernels of one of several lists apart."""
    return f"_{place}" if place else ""
