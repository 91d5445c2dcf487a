"""Networks as large as memory allows, each in a process of its own; run as a script it prints one of them."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from networks import coba, plastic
from networks.timing import Choices
from tripartite.network import Network
from tripartite.network.rules import FixedTotalNumber
from tripartite.network.run.simulation import Simulation

SMALLER = 1000
"""By how much a quick run divides the number of connections."""
WARM, STEPS = 600, 200
"""Steps before and during the measurement."""


def large(choices: Choices) -> dict[str, Any]:
    """2e8 stored synapses, static and plastic, and 1e9 connections of which parallel ones are merged."""
    cases = ("static", "plastic", "merged")
    found = {}
    for case in cases:
        command = [sys.executable, __file__, case, str(SMALLER if choices.quick else 1)]
        run = subprocess.run(command, capture_output=True, text=True)
        found[case] = json.loads(run.stdout) if run.returncode == 0 else {"failed": run.stderr[-500:] or "killed"}
    return found


def network(case: str, smaller: int) -> Network:
    """The network of a case, with so many times fewer connections."""
    if case == "merged":
        share = [FixedTotalNumber(n // smaller) for n in (800_000_000, 200_000_000)]
        cells = round(10_000 / smaller**0.5)
        return coba.network(cells, 1_000_000_000 // smaller // cells, (share[0], share[1]))
    make = {"static": coba.network, "plastic": plastic.network}[case]
    return make(1_000_000 // smaller, 200)


def main(case: str, smaller: int) -> dict[str, Any]:
    """Build, run until the transient is over, measure."""
    made = network(case, smaller)
    begun = time.perf_counter()
    simulation = Simulation(made, threads=2)
    built = time.perf_counter()
    coba.advance(simulation, WARM)
    begin = time.perf_counter()
    spikes = coba.advance(simulation, STEPS)
    done = time.perf_counter()
    found = coba.stored(simulation)
    return {
        **found,
        "cells": made.groups["neurons"].size,
        "build_s": built - begun,
        "million_per_s": found["connections"] / (built - begun) / 1e6,
        "s_per_biological_s": (done - begin) / (STEPS * 1e-4),
        "rate_hz": spikes / made.groups["neurons"].size / (STEPS * 1e-4),
        "peak_memory_gib": peak(),
    }


def peak() -> float | None:
    """Largest memory of this process (GiB) where the system tells; that of `getrusage` includes the parent's."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 2**20 for line in lines if line.startswith("VmHWM")), None)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
