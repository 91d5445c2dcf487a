"""The cores of this process, and threads that share them.

Compiled code runs on threads of our own: those of Numba hang in a forked process and stop one that calls them twice at
a time.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

COUNT = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_BLOCKS = 4  # for each core, since some take longer than others


def pool(workers: int) -> ThreadPoolExecutor:
    """So many threads, kept for the next call."""
    return _pool(workers, os.getpid())


@cache
def _pool(workers: int, process: int) -> ThreadPoolExecutor:
    """Threads of this process; a forked one has none of its parent's."""
    return ThreadPoolExecutor(workers)


def share(drive: Callable[[int, int], object], parts: int) -> None:
    """Call ``drive(low, high)`` for blocks of so many parts, on all cores."""
    workers = min(COUNT, parts)
    if workers < 2:
        drive(0, parts)
        return
    blocks = min(parts, _BLOCKS * workers)
    bounds = [parts * block // blocks for block in range(blocks + 1)]
    list(pool(workers).map(drive, bounds[:-1], bounds[1:]))
