"""All that is done for one projection while a network runs, and what its connections have to be sorted into for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tripartite.network.plan import advancing, answers, arrivals, between, gathering
from tripartite.network.plan.jobs import Along, Everywhere, Into, Job, Pulled, Summed
from tripartite.network.plan.leaves import CELL, Leaf, Stored
from tripartite.network.plan.levels import POST, PRE, SYNAPSE, paired
from tripartite.network.plan.reading import Reading
from tripartite.network.plan.synapses import SynapsePlan


@dataclass
class Lists:
    """Which lists of the connections kernels walk over or look things up in."""

    into: set[str] = field(default_factory=set)
    """Roles whose cells find their synapses when they spike."""
    around: set[str] = field(default_factory=set)
    """Roles whose cells sum over their synapses."""
    branch_of: bool = False
    """Whether a synapse finds its branch, and so its presynaptic cell."""
    mate_of: set[str] = field(default_factory=set)
    """Partners that a synapse finds."""
    pair_of: set[str] = field(default_factory=set)
    """Partners with which a synapse finds its pair."""
    pairs_into: set[str] = field(default_factory=set)
    """Partners whose cells find their pairs when they spike."""
    reached: set[str] = field(default_factory=set)
    """Partners to which presynaptic spikes bring what all synapses of a pair send alike."""
    pairs: set[str] = field(default_factory=set)
    """Partners with which presynaptic cells have pairs at all."""


class Work:
    """The jobs of one projection, by the occasion at which they are done."""

    def __init__(self, plan: SynapsePlan):
        self.plan = plan
        self.reading = reading = Reading(plan)
        self.exports: dict[str, str] = {}
        """Arrays of amounts that `arrive` leaves to other kernels, by level."""
        sorted_out = []
        for place in range(len(reading.lists[PRE])):
            found = arrivals.arrival(reading, place, len(self.exports))
            self.exports |= {name: level for name, (level, _) in found.exports.items()}
            sorted_out.append(found)
        self.arrivals = [arrivals.arriving(reading, found) for found in sorted_out]
        """For each list of presynaptic spikes."""
        self.answers = [answers.answer(reading, place) for place in range(len(reading.lists[POST]))]
        """For each list of postsynaptic spikes."""
        self.heard = {
            partner: [answers.hear(reading, partner, place) for place in range(len(reading.lists[partner]))]
            for partner in plan.levels.partners
        }
        """For each list of events of a partner, by level."""
        self.advance = {level: advancing.advance(reading, level) for level in sorted(plan.advanced)}
        self.restart = {level: advancing.restart(reading, level) for level in advancing.restarted(reading)}
        self.release = advancing.release(reading)
        self.swept = {role: between.swept(reading, role) for role in plan.projection.stations}
        """Levels that the steps of the cells in a role move along."""
        moved = {level for levels in self.swept.values() for level in levels}
        self.sweep = {level: between.sweep(reading, level) for level in plan.levels if level in moved}
        self.follow = {
            group: between.follow(reading, *group, keys) for group, keys in between.followers(reading).items()
        }
        """By level, and the roles whose steps move its states along."""
        self.gathered = [gathering.gathering(reading, gathered) for gathered in plan.gathered]
        self.leaves: dict[str, Leaf] = {
            **reading.leaves(self.exports),
            "copies": Stored(reading.multiplicity, SYNAPSE),
        }
        """What every name stands for."""
        self.lists = self._lists()

    def __iter__(self) -> Iterator[Job]:
        for arrival in self.arrivals:
            yield from arrival.jobs.values()
        yield from self._at_other_spikes()
        for jobs in (self.advance, self.restart, self.sweep, self.follow):
            yield from jobs.values()
        if self.release is not None:
            yield self.release
        for gathering_ in self.gathered:
            yield from gathering_.jobs

    def _at_other_spikes(self) -> Iterator[Job]:
        yield from (job for job in self.answers if job is not None)
        for lists in self.heard.values():
            for jobs in lists:
                yield from jobs.values()

    def _walking(self) -> list[Job]:
        """What walks over synapses when spikes come."""
        deposits = [arrival.deposit for arrival in self.arrivals if arrival.deposit is not None]
        return [*deposits, *self._at_other_spikes()]

    def touched(self, job: Job) -> set[str]:
        """Index sets whose elements a job reads or changes."""
        leaves = {**self.leaves, **job.leaves}
        read = {leaves[text].at for text in job.texts if text in leaves}
        return {at for at in read if isinstance(at, str)} | {change.level for change in job.changes}

    def reads_directly(self, role: str) -> bool:
        """Whether kernels that run while spikes arrive read cells of a role that other threads step."""
        if role == POST:
            return False
        host, foreign = self.plan.hosts[role], self.plan.foreign
        for text in {text for job in self._walking() for text in job.texts if text in foreign}:
            other, key, mean = foreign[text]
            if self.plan.hosts[other] is host and not mean and not self.reading.same_for_all(other, key):
                return True
        return False

    def kept_rows(self, role: str) -> list[tuple[str, str]]:
        """Pairs of rows: what synapses keep for the cells in a role, and where it goes."""
        released = [] if self.release is None else [self.release]
        deposits = [arrival.deposit for arrival in self.arrivals if arrival.deposit is not None]
        jobs = [*deposits, *released, *self._at_other_spikes()]
        return list(dict.fromkeys((c.row, c.goal) for job in jobs for c in job.changes if c.kept_for == role))

    def left_rows(self) -> list[str]:
        """What thresholds leave until it is released."""
        return [] if self.release is None else list(self.release.leaves)

    def last_rows(self) -> list[str]:
        """Arrays of the steps at which lazy states were last looked at."""
        return [self.reading.last_row(level) for level in self.plan.levels if self.reading.lazy(level)]

    def _lists(self) -> Lists:
        levels, found = self.plan.levels, Lists()
        found.around |= {role for role in (PRE, *levels.partners) if self.kept_rows(role)}
        found.reached |= {partner for arrival in self.arrivals for partner in arrival.reach}
        found.pairs |= {p for p in levels.several if p in self.plan.paired | found.reached}
        for job in self:
            touched, way = self.touched(job), job.way
            match way:
                case Everywhere(level) if level != SYNAPSE:
                    continue
                case Along(partner) if partner:
                    continue
                case Into(role, level) if level == role or level == paired(role):
                    found.pairs_into |= {role} if level == paired(role) else set()
                    continue
                case Into(role, _):
                    if role == POST and not any(c.each or c.level == SYNAPSE for c in job.changes):
                        continue
                    found.into.add(role)
                    touched = touched - {role}
                case Pulled(role):
                    found.around.add(role)
                    found.branch_of |= not touched.isdisjoint((PRE, CELL))
                case Everywhere() | Along() | Summed():
                    pass
                case _:
                    continue
            found.mate_of |= {p for p in levels.several if p in touched}
            found.pair_of |= {p for p in levels.several if paired(p) in touched}
        return found
