"""Time networks beside NEST, Brian2, brainevent and C++ loops, in one run.

Writes its part of RESULTS.md and the raw numbers to networks.json; parts that are not run keep theirs. Baselines run
in the environments whose Python is given (see README.md), and are left out where it is not.
"""

import argparse
import json
import shlex
import sys
import time
from pathlib import Path

from _page import machine, write_part
from networks import report
from networks.astrocytes import astrocytes
from networks.cold import cold
from networks.kernels import kernels
from networks.large import large
from networks.morphology import morphology
from networks.published import coba, jiang, stimberg
from networks.scaling import building, scaling
from networks.timing import Choices

FOLDER = Path(__file__).parent
PARTS = {
    **{"stimberg": stimberg, "jiang": jiang, "coba": coba, "kernels": kernels, "scaling": scaling},
    **{"building": building, "large": large, "cold": cold, "morphology": morphology},
    "astrocytes": astrocytes,
}
LONG = {"stimberg": 2.0, "jiang": 1.0, "jiang_warmup": 0.5, "coba": 1.0}
SHORT = {"stimberg": 0.1, "jiang": 0.05, "jiang_warmup": 0.05, "coba": 0.2}


def options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts to run; all but `large` when not given")
    parser.add_argument("--large", action="store_true", help="also 2e8 stored synapses and 1e9 connections")
    parser.add_argument("--quick", action="store_true", help="tiny durations and sizes; prints and writes nothing")
    parser.add_argument("--repeats", type=int, default=5, help="of what is not a baseline")
    for name in ("nest", "brian2", "brainevent"):
        parser.add_argument(f"--{name}", metavar="PYTHON", help=f"Python of an environment with {name}")
    for name, value in LONG.items():
        parser.add_argument(f"--{name.replace('_', '-')}-seconds", type=float, help=f"biological; {value:g} by default")
    return parser.parse_args()


def main() -> None:
    """Run the chosen parts, each of which is kept as soon as it is measured."""
    args = options()
    given = {name: getattr(args, f"{name}_seconds") for name in LONG}
    seconds = {k: v if v is not None else (SHORT if args.quick else LONG)[k] for k, v in given.items()}
    choices = Choices(args.quick, args.repeats, args.nest, args.brian2, args.brainevent, seconds)
    raw = FOLDER / "networks.json"
    kept = json.loads(raw.read_text(encoding="utf-8")) if raw.exists() and not args.quick else {}
    for name in args.only or [n for n in PARTS if n != "large" or args.large]:
        print(f"{name} ...", file=sys.stderr, flush=True)
        begun = time.perf_counter()
        measured = PARTS[name](choices)
        kept[name] = {
            "measured": measured,
            "command": _command(),
            "seconds": time.perf_counter() - begun,
            "machine": machine("numpy", "numba"),
        }
        print(report.text({name: kept[name]}), flush=True)
        if not args.quick:
            raw.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            write_part("Networks", report.text(kept))


def _command() -> str:
    """The command line as README.md has it, whatever the places of interpreters."""
    words = [str(Path("..", *Path(w).parts[-3:])) if w.endswith("bin/python") else w for w in sys.argv[1:]]
    return shlex.join([".venv/bin/python", "benchmarks/network.py", *words])


if __name__ == "__main__":
    main()
