"""Whether something fits into memory, asked before it is made."""

from __future__ import annotations

import os
from pathlib import Path

from tripartite.errors import TripartiteError


def available() -> float:
    """Free memory (bytes): what the system says is available, else three quarters of all there is."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return 1024.0 * next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return 0.75 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return float("inf")


def check(wanted: float, what: str, remedy: str, error: type[TripartiteError]) -> None:
    """**Raises** ``error`` if ``wanted`` bytes are more than are free; ``what`` needs them, ``remedy`` needs fewer."""
    free = available()
    if not wanted <= free:
        raise error(
            f"What is made fits into the memory of the machine; {what} needs about {shown(wanted)}, and {shown(free)} "
            f"are free. {remedy}"
        )


def shown(count: float) -> str:
    """Bytes as text."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.1f} MiB"
