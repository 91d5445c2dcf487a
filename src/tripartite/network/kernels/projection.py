"""All kernels of one projection, by the occasion at which they run: a function for each job of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from tripartite.network.kernels.function import Function
from tripartite.network.kernels.walks import kernel
from tripartite.network.plan.gathering import TRACE
from tripartite.network.plan.jobs import Job
from tripartite.network.plan.work import Work

Key = TypeVar("Key")


class Kernels:
    """The kernels of a projection, named as the jobs in its `Work`; ``functions`` in the order of the text."""

    def __init__(self, work: Work, merged: bool):
        self._work, self._merged = work, merged
        self.functions: list[Function] = []
        self.arrivals = [self._all(arrival.jobs) for arrival in work.arrivals]
        self.answers = [self._some(job) for job in work.answers]
        self.heard = {partner: [self._all(jobs) for jobs in lists] for partner, lists in work.heard.items()}
        self.advance, self.restart = self._all(work.advance), self._all(work.restart)
        self.release = self._some(work.release)
        self.sweep, self.follow = self._all(work.sweep), self._all(work.follow)
        traces_first = sorted(work.gathered, key=lambda gathering: gathering.source != TRACE)
        self.gathered = [(gathering, [self._one(job) for job in gathering.jobs]) for gathering in traces_first]

    def _one(self, job: Job) -> Function:
        self.functions.append(kernel(self._work, job, self._merged))
        return self.functions[-1]

    def _some(self, job: Job | None) -> Function | None:
        return None if job is None else self._one(job)

    def _all(self, jobs: Mapping[Key, Job]) -> dict[Key, Function]:
        return {key: self._one(job) for key, job in jobs.items()}
