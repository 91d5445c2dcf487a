"""Time synaptic events in networks of growing size, static and plastic; in turn with another version, if one is given.

CPU time of one thread, so that what else runs on the machine shows as little as it can; still, who shares its memory
and its last cache shows. Writes its part of RESULTS.md.
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
from typing import Any

import numpy as np
from _page import machine, table, write_part

IN_DEGREE = 80
WARM, STEPS, REPEATS = 600, 100, 5


def one(case: str, cells: int, precision: str) -> dict[str, float]:
    """ns of CPU per synaptic event: of deliveries alone where they are static, and of everything in a run."""
    from networks import clocked, coba, plastic
    from networks.kernels import measured
    from networks.timing import in_precision

    from tripartite.network.run.simulation import Simulation

    network = {"static": coba.network, "plastic": plastic.network}[case](cells, IN_DEGREE)
    network = in_precision(network, np.dtype(precision).type)
    simulation = Simulation(network, threads=1)
    coba.advance(simulation, WARM)
    steps = int(np.clip(1e8 / cells, STEPS, 5000))
    taken = []
    for _ in range(REPEATS):
        begun = time.process_time()
        spikes = coba.advance(simulation, steps)
        taken.append((time.process_time() - begun) / max(1, spikes) / IN_DEGREE * 1e9)
    rate = spikes / cells / (steps * 1e-4)
    found = {"everything": statistics.median(taken), "rate_hz": rate}
    if case == "static":
        each = [measured(simulation, "neurons", steps, rate, clocked.OF_THREAD)[1] for _ in range(REPEATS)]
        found["delivery"] = statistics.median(each)
    return found


def fresh(source: str, *arguments: Any) -> dict[str, float]:
    """The same in a process of its own, of the version whose package lies in ``source``."""
    paths = os.pathsep.join([source, str(Path(__file__).parent)])
    command = [sys.executable, __file__, "--one", *map(str, arguments)]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    return json.loads(run.stdout)


def main() -> None:
    """Every case and size, versions in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=3, metavar=("CASE", "CELLS", "PRECISION"), help="print this one and end")
    parser.add_argument("--cells", nargs="+", type=int, default=[1000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--cases", nargs="+", default=["static", "plastic"])
    parser.add_argument("--precision", default="float64")
    parser.add_argument("--beside", metavar="SRC", help="folder with the package of another version")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    args = parser.parse_args()
    if args.one:
        print(json.dumps(one(args.one[0], int(args.one[1]), args.one[2])))
        return
    sources = [str(Path(__file__).parent.parent / "src"), *([args.beside] if args.beside else [])]
    lines, slopes = [], []
    for case in args.cases:
        costs: list[list[float]] = [[] for _ in sources]
        events = []
        for cells in args.cells:
            rounds = [[fresh(source, case, cells, args.precision) for source in sources] for _ in range(args.rounds)]
            middle = [
                {key: statistics.median(r[k][key] for r in rounds) for key in rounds[0][k]} for k in range(len(sources))
            ]
            events.append(middle[0]["rate_hz"] * cells * IN_DEGREE)
            for k, found in enumerate(middle):
                costs[k].append(found["everything"] * events[-1])
            row = [case, f"{cells:,}", f"{middle[0]['rate_hz']:.1f}"]
            for key in ("delivery", "everything"):
                row += [f"{found[key]:.2f}" if key in found else "" for found in middle]
                if len(sources) > 1:
                    ratios = [r[0][key] / r[1][key] for r in rounds] if key in middle[0] else []
                    row.append(f"{statistics.median(ratios):.2f}" if ratios else "")
            lines.append(tuple(row))
            print(*row, sep="\t", file=sys.stderr, flush=True)
        if len(events) > 1:
            found = [float(np.polyfit(np.log(events), np.log(cost), 1)[0]) for cost in costs]
            slopes.append(f"{case} {', before '.join(f'{slope:.3f}' for slope in found)}")
    kinds = ("now", "before", "ratio") if args.beside else ("",)
    head = ("", "cells", "spikes/s", *(f"{what} {kind}".strip() for what in
            ("delivery", "everything") for kind in kinds))  # fmt: skip
    text = (
        f"ns of CPU time of one thread per synaptic event ({args.precision}): deliveries alone, steps of cells in turn "
        f"with them, and everything that a run does. COBA with 200 pA and {IN_DEGREE} synapses onto every cell; "
        f"plastic: pair STDP on the excitatory ones. Medians of {args.rounds} processes of each version in turn.\n\n"
        f"{table(head, lines)}\n\nSlope of log time (everything) over log events: {'; '.join(slopes)}.\n\n"
        f"`{_command()}` {machine('numpy', 'numba')} Load of the machine (processes that want a core, mean over "
        f"15 minutes): {os.getloadavg()[2]:.1f}."
    )
    print(text)
    if args.write:
        write_part("Deliveries", text)


def _command() -> str:
    words = [f"../{Path(w).parent.name}/{Path(w).name}" if w.startswith("/") else w for w in sys.argv[1:]]
    return shlex.join(["taskset", "-c", "0", ".venv/bin/python", "benchmarks/deliveries.py", *words])


if __name__ == "__main__":
    main()
