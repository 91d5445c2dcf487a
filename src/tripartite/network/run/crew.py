"""The threads that run a network: as many as get on fastest beside whatever else the machine does.

Cells are dealt out in parts, and every thread of a crew takes some of them, one after the other between two meetings.
Which thread runs a part changes no number, so the crew may grow and shrink while a network runs: one that waits for
others at every step is slower than one that does all by itself.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tripartite.interpret.kernels import cores

_TURN, _TRIAL = 0.25, 0.05
"""How long (s) a crew runs before its speed is looked at, and how long another one is tried."""
_FREE = 0.9
"""The share of its time that a thread of a crew runs where nobody else wants the cores."""
_LONGEST = 8.0
"""The longest time (s) between two trials."""


class Crew:
    """How many threads run the parts of a network now, and what is known of their speeds."""

    def __init__(self, parts: int):
        self.parts = parts
        self.most = self.size = min(parts, cores.COUNT)
        self.pace: dict[int, float] = {}
        """Time (s) of a step with each number of threads, when it was last looked at."""
        self.rest = _TURN
        self.tried = time.perf_counter()
        self.begun = False
        self._pool: tuple[int, ThreadPoolExecutor] | None = None

    def shares(self, size: int) -> list[tuple[int, int]]:
        """The parts of each thread: the first, and the one behind the last."""
        cuts = [self.parts * k // size for k in range(size + 1)]
        return list(itertools.pairwise(cuts))

    def run(self, steps: int, go: Callable[[int, int, int, int], int]) -> int:
        """Run up to ``steps`` steps by ``go(mine, beyond, crew, steps)``, which returns how many it came.

        Fewer are done where it stops earlier, and where it is time to look at speeds.
        """
        if self.most == 1:
            return go(0, self.parts, 1, steps)
        trial = self._trial()
        size = self.size if trial is None else trial
        wanted = min(steps, self._affordable(size, _TURN if trial is None else _TRIAL))
        began = time.perf_counter()
        done, busy = self._together(size, wanted, go)
        lasted = time.perf_counter() - began
        if self.begun and done == wanted:
            self._judge(size, lasted / done, busy / (size * lasted), trial is not None)
        self.begun = True  # the first turn also compiles or loads the code
        return done

    def _together(self, size: int, steps: int, go: Callable[[int, int, int, int], int]) -> tuple[int, float]:
        """How many steps were done, and for how long threads ran meanwhile."""

        def work(share: tuple[int, int]) -> tuple[int, float]:
            began = time.thread_time()
            return go(*share, size, steps), time.thread_time() - began

        if size == 1:
            return work((0, self.parts))
        found = list(self._threads().map(work, self.shares(size)))
        return found[0][0], sum(ran for _, ran in found)

    def _threads(self) -> ThreadPoolExecutor:
        """Threads of this crew alone: those that wait for each other must all be running. A forked process has none."""
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = os.getpid(), ThreadPoolExecutor(self.most)
        return self._pool[1]

    def _affordable(self, size: int, length: float) -> int:
        """How many steps are likely to take so long."""
        pace = self.pace.get(size) or min(self.pace.values(), default=0.0)
        return max(16, int(length / pace)) if pace else 16

    def _trial(self) -> int | None:
        """Another size, if it is time to try one."""
        if not self.pace or time.perf_counter() - self.tried < self.rest:
            return None
        return 1 if self.size > 1 else self.most

    def _judge(self, size: int, pace: float, share: float, trial: bool) -> None:
        """Keep the faster of two; whoever has the cores for itself is not doubted."""
        now = time.perf_counter()
        self.pace[size] = pace
        if trial:
            better = pace < self.pace.get(self.size, pace)
            self.size, self.tried = size if better else self.size, now
            self.rest = _TURN if better else min(2 * self.rest, _LONGEST)
        elif size > 1 and share > _FREE:
            self.tried, self.rest = now, _TURN
