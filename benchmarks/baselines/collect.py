"""Run one baseline over several seeds and store what it printed, as the reference of a comparison.

    python collect.py --python ../nest/bin/python --out statistics/nest_coba.json nest_coba.py --seconds 1

The file holds the versions, the command and one entry per seed; it is rewritten after every seed, so a stopped
collection keeps what is done. Times are left out: a collection may share the machine.
"""

import argparse
import concurrent.futures
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
TIMES = ("build_s", "warmup_s", "simulate_s", "process_s", "s_per_biological_s", "peak_memory_gib", "threads")


def one(python: str, command: list[str], seed: int) -> dict:
    """The last line a baseline prints for one seed, parsed; raises RuntimeError with its errors if it fails."""
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"}  # spinning threads starve each other on a shared machine
    run = subprocess.run(
        [python, FOLDER / command[0], *command[1:], "--seed", str(seed)],
        capture_output=True,
        text=True,
        env=environment,
    )
    if run.returncode:
        raise RuntimeError(
            f"A baseline must end without an error; seed {seed} of `{' '.join(command)}` returned {run.returncode}. "
            f"Run it by hand; it wrote: {run.stderr[-2000:]}"
        )
    return json.loads(run.stdout.strip().splitlines()[-1])


def main() -> None:
    """Run the seeds, some at a time, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=sys.executable, help="of the environment of the baseline")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5, help="run seeds 1 to this number")
    parser.add_argument("--parallel", type=int, default=1, help="seeds at a time")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="the baseline and its arguments, without --seed")
    args = parser.parse_args()
    command = args.command
    runs: list[dict] = []
    with concurrent.futures.ThreadPoolExecutor(args.parallel) as pool:
        jobs = [pool.submit(one, args.python, command, seed) for seed in range(1, args.seeds + 1)]
        for job in concurrent.futures.as_completed(jobs):
            runs.append({k: v for k, v in job.result().items() if k not in TIMES})
            record = {
                "command": " ".join(command),
                "simulator": runs[0]["simulator"],
                "platform": f"{platform.system()} {platform.machine()}",
                "seeds": sorted(r["seed"] for r in runs),
                "runs": sorted(runs, key=lambda r: r["seed"]),
            }
            args.out.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
