"""What is done for sums and means over synapses that cells read: `gather`."""

from __future__ import annotations

from dataclasses import dataclass

from tripartite.interpret.kernels import courses
from tripartite.interpret.kernels.trace import Node, name, number
from tripartite.language.functions import where
from tripartite.network.plan.cells import gathered_row, sample_row
from tripartite.network.plan.given import Gathered
from tripartite.network.plan.jobs import Cells, Change, Job, Mates, Pulled, Summed
from tripartite.network.plan.leaves import CELL, OWNER, Stored
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM
from tripartite.network.plan.reading import Reading

OWN, SYNAPSES, TRACE = "own cell", "each synapse", "summed trace"
"""Whose value is gathered, where it is no partner's."""


@dataclass(frozen=True, eq=False)
class Gathering:
    """A sum or mean with the jobs that bring it to the cells that read it."""

    gathered: Gathered
    source: str
    """Whose value it is: of the reading cell (`OWN`), of a partner by its name, of each synapse, or a `TRACE`."""
    stem: str
    """What its arrays are called after."""
    jobs: tuple[Job, ...]
    lasts: int | None = None
    """How many steps of the network it stays as it is, where it may change within a step of its reader."""

    @property
    def pulls(self) -> bool:
        """Whether cells sum over synapses that other threads own."""
        return self.source == SYNAPSES and self.gathered.role != POST


def gathering(reading: Reading, gathered: Gathered) -> Gathering:
    """How a sum or mean is made."""
    host = reading.plan.hosts[gathered.role]
    lasts = host.sampled.get(gathered.source)
    goal = (gathered_row if lasts is None else sample_row)(host, gathered.key, gathered.source)
    source, stem = _source_of(reading, gathered), gathered.source
    if source == TRACE:
        assert gathered.state is not None
        stem = reading.state_row(gathered.state)
        return Gathering(gathered, source, stem, (_trace(reading, gathered, stem, goal),))
    value = reading.at_event(gathered.value) if lasts is None else reading.over_step(gathered.value)
    if source == OWN:
        jobs = [_own(reading, gathered, stem, goal, value)]
    elif source != SYNAPSES:  # valued by partner, then collected
        changes = (Change(f"{stem}_value", source, value),)
        way = Cells(source, ("now", "width"))
        jobs = [Job(f"value_{stem}", "What each partner contributes.", way, changes)]
        jobs.append(Job(f"gather_{stem}", "Sums what partners contribute.", Mates(stem, goal), ()))
    elif gathered.role == POST:
        changes = (Change(goal, POST, value, adds=True, each=True),)
        jobs = [Job(f"gather_{stem}", "Sums over synapses.", Summed(stem), changes)]
    else:
        changes = (Change(goal, OWNER, value, adds=True, each=True),)
        jobs = [Job(f"gather_{stem}", "Sums over the synapses of a cell.", Pulled(gathered.role, stem), changes)]
    return Gathering(gathered, source, stem, tuple(jobs), lasts)


def _source_of(reading: Reading, gathered: Gathered) -> str:
    plan = reading.plan
    if gathered.state is not None and plan.level[gathered.state] == SUM:
        return TRACE
    texts = plan.leaves_of(gathered.value)
    levels = {reading.level_of(text) for text in texts} - {SHARED}
    branched = gathered.role == PRE and not texts.isdisjoint(leaf.args[0] for leaf in plan.leaves.values())
    if levels <= {gathered.role} and not branched:
        return OWN
    if len(levels) == 1 and levels <= set(reading.levels.several) and gathered.role == POST:
        return levels.pop()
    return SYNAPSES


def _own(reading: Reading, gathered: Gathered, stem: str, goal: str, value: Node) -> Job:
    """A value that all synapses of a cell have alike, as often as it has one."""
    level = gathered.role if gathered.role == POST or gathered.role in reading.levels.several else CELL
    share = name("share")
    value = where(share > 0, value, number(0.0)) if gathered.mean else value * share
    leaves = {"share": Stored(f"{stem}_{'share' if gathered.mean else 'degree'}", level)}
    summary, way = "A value times the number of synapses.", Cells(level, ("now", "width"))
    return Job(f"gather_{stem}", summary, way, (Change(goal, level, value),), leaves)


def _trace(reading: Reading, gathered: Gathered, stem: str, goal: str) -> Job:
    """Gives a cell the mean over its step of a trace summed at it, and moves the sum along."""
    assert gathered.state is not None
    own = reading.plan.own_rate(gathered.state)
    assert own is not None
    arrays = {"before": stem, "late": f"{stem}_late", "whole": f"{stem}_whole", "share": f"{stem}_share"}
    before, late, whole, share = map(name, arrays)
    h = name("elapsed")
    mean = (before * courses.response(courses.integrated((own,)), h) + whole) / h
    changes = (
        Change(goal, POST, mean * share),
        Change(stem, POST, before * courses.response((own,), h) + late),
        Change(f"{stem}_late", POST, number(0.0)),
        Change(f"{stem}_whole", POST, number(0.0)),
    )
    leaves = {text: Stored(array, POST) for text, array in arrays.items()}
    summary = "Mean and new value of a summed trace."
    return Job(f"gather_{stem}", summary, Cells(POST, ("elapsed",)), changes, leaves)
