"""Time connections by distance, in CPU time of one core; in turn with another version, if one is given.

Writes its part of RESULTS.md.
"""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from _page import machine, table, write_part

SIDE, SPACING, DEGREE = 200, 20.0, 400
"""Cells along a side of the lattice, their distance (µm), and how many targets a cell is likely to have or more."""


def once() -> dict[str, list[float]]:
    """By profile: connections, ns of CPU for each, and a number that says which they are."""
    from tripartite.network import lattice
    from tripartite.network.rules import Cells, DistanceDependent, Exponential, Gaussian, Within
    from tripartite.units import um

    plane = Cells(SIDE * SIDE, lattice(SIDE, SIDE, SPACING * um).to("um").magnitude)
    wide = SPACING * (DEGREE / np.pi) ** 0.5
    found = {}
    for profile in (Gaussian(0.5, wide * um), Exponential(0.5, wide * um), Within(wide * um, 0.9)):
        rule = DistanceDependent(profile)
        rule.connect(Cells(16, plane.positions[:16]), plane, 0, 0, False)  # type: ignore[index]
        begun = time.process_time()
        edges = rule.connect(plane, plane, 1, 0, True)
        took = time.process_time() - begun
        which = int(np.bitwise_xor.reduce(edges.target.astype(np.int64) * (np.arange(len(edges)) + 1)))
        found[type(profile).__name__] = [len(edges), took / len(edges) * 1e9, which]
    return found


def fresh(source: str) -> dict[str, list[float]]:
    """The same in a process of its own, of the version whose package lies in ``source``."""
    command = [sys.executable, __file__, "--once"]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": source}, capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def main() -> None:
    """Versions in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--once", action="store_true", help="print one measurement and end")
    parser.add_argument("--beside", metavar="SRC", help="folder with the package of another version")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    args = parser.parse_args()
    if args.once:
        print(json.dumps(once()))
        return
    sources = [str(Path(__file__).parent.parent / "src"), *([args.beside] if args.beside else [])]
    rounds = [[fresh(source) for source in sources] for _ in range(args.rounds)]
    rows = []
    for name, (edges, _, which) in rounds[0][0].items():
        costs = [[r[k][name][1] for r in rounds] for k in range(len(sources))]
        row = [name, f"{edges:,}", *(f"{statistics.median(cost):.0f}" for cost in costs)]
        if args.beside:
            row.append(f"{statistics.median(b / a for a, b in zip(*costs, strict=True)):.1f}")
            row.append("yes" if rounds[0][1][name][2] == which else "no")
        rows.append((*row, f"{1e3 / statistics.median(costs[0]):.1f}"))
    more = ("before", "times faster", "same connections") if args.beside else ()
    head = ("profile", "connections", "ns of CPU for each", *more, "million per s and core")
    text = (
        f"{SIDE * SIDE:,} cells on a lattice; medians of {args.rounds} processes of each version in turn.\n\n"
        f"{table(head, rows)}\n\n"
        f"`{shlex.join(['taskset', '-c', '0', '.venv/bin/python', 'benchmarks/distance.py', *sys.argv[1:]])}` "
        f"{machine('numpy', 'numba')} Load of the machine (mean over 15 minutes): {os.getloadavg()[2]:.1f}."
    )
    print(text)
    if args.write:
        write_part("Connections by distance", text)


if __name__ == "__main__":
    main()
