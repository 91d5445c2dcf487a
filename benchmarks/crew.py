"""Time networks on two threads beside one, on a machine to themselves and with one of its cores busy.

Wall time, in turn; the page says how busy the machine was otherwise, and results count for a quiet one. Writes its part
of RESULTS.md.
"""

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from _page import machine, table, write_part
from networks import coba, plastic

from tripartite.network.run.crew import Crew
from tripartite.network.run.simulation import Simulation

WAYS = ("one thread", "two threads", "two threads, always both")
STEPS = 1000


class Both(Crew):
    """A crew that never asks whether fewer threads get on faster."""

    def _trial(self) -> int | None:
        return None


def started(network: Any, way: str) -> Simulation:
    """The network after its transient."""
    simulation = Simulation(network, threads=1 if way == WAYS[0] else 2)
    if way == WAYS[2]:
        simulation.crew = Both(simulation.threads)
    coba.advance(simulation, STEPS)
    return simulation


@contextmanager
def busy(core: int | None) -> Iterator[None]:
    """Another program that wants a core all the time."""
    if core is None:
        yield
        return
    other = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    os.sched_setaffinity(other.pid, {core})
    try:
        yield
    finally:
        other.kill()
        other.wait()


def used() -> float:
    """Seconds for which cores have run anything."""
    words = Path("/proc/stat").read_text().split()
    return sum(int(words[k]) for k in (1, 2, 3, 6, 7)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Every network, without and with another program, ways in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="about how long a run takes on one thread")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    args = parser.parse_args()
    core = max(os.sched_getaffinity(0))
    lines, others, lasted = [], 0.0, 0.0
    for name, network in (("plastic", plastic.network(4000, 100)), ("static", coba.network(4000, 80))):
        running = {way: started(network, way) for way in WAYS}
        begun = time.perf_counter()
        coba.advance(running[WAYS[0]], STEPS)
        steps = max(STEPS, int(args.seconds / (time.perf_counter() - begun) * STEPS))
        for title, taken_by in (("nothing added", None), ("one core kept busy", core)):
            taken: dict[str, list[float]] = {way: [] for way in WAYS}
            with busy(taken_by):
                for _ in range(args.rounds):
                    for way, simulation in running.items():
                        begun, before, own = time.perf_counter(), used(), time.process_time()
                        coba.advance(simulation, steps)
                        took = time.perf_counter() - begun
                        taken[way].append(took)
                        lasted += took
                        others += used() - before - (time.process_time() - own) - (took if taken_by is not None else 0)
            middle = {way: statistics.median(values) for way, values in taken.items()}
            ratios = [f"{statistics.median(b / a for a, b in zip(taken[WAYS[0]], taken[w], strict=True)):.2f}"
                      for w in WAYS[1:]]  # fmt: skip
            lines.append((name, title, *(f"{middle[way] / steps * 1e3:.3f}" for way in WAYS), *ratios))
            print(*lines[-1], sep="\t", file=sys.stderr, flush=True)
    head = ("network", "machine", *(f"ms per step, {way}" for way in WAYS), "two / one", "always both / one")
    text = (
        f"COBA of 4,000 cells, plastic (pair STDP, 100 synapses onto a cell) and static (80). Medians of {args.rounds} "
        f"runs in turn; ratios of runs made one after the other. `always both`: without looking whether one thread is "
        f"faster.\n\n{table(head, lines)}\n\n`{shlex.join(['.venv/bin/python', 'benchmarks/crew.py', *sys.argv[1:]])}` "
        f"{machine('numpy', 'numba')} Other programs got {max(0.0, others / lasted):.1f} cores meanwhile (0 is quiet)."
    )
    print(text)
    if args.write:
        write_part("Threads beside other programs", text)


if __name__ == "__main__":
    main()
