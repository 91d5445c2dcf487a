"""How times are taken: runs of a network, baselines in their own environments, spread over repeats."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tripartite.language import ParameterSet
from tripartite.network import Network, Spikes
from tripartite.units import pA, s

BASELINES = Path(__file__).parent.parent / "baselines"
DRIVEN = ParameterSet(
    "driven", "assumed: keeps COBA active for ever, as in an example of brainevent", bias_current=200 * pA
)


@dataclass(frozen=True)
class Choices:
    """What the command line asked for."""

    quick: bool = False
    repeats: int = 5
    nest: str | None = None
    brian2: str | None = None
    brainevent: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def in_precision(network: Network, kind: Any) -> Network:
    """The network, calculated in another precision, for which published ones have no argument."""
    object.__setattr__(network, "precision", kind)
    return network


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least, median and number of repeated measurements."""
    return {"least": min(values), "median": statistics.median(values), "repeats": len(values)}


def timed(
    network: Network, threads: int, biological: float, warmup: float, repeats: int, transient: float = 0.0
) -> dict[str, Any]:
    """Seconds of computing per biological second of a built and compiled network, from ``warmup`` s on.

    Every repeat runs the same stretch again, on a branch, and keeps all spikes, as the other simulators do.
    The first ``transient`` s of it do not count for the rate.
    """
    network.start(threads=threads).run(10 * network.step / 1000 * s)
    begun = time.perf_counter()
    simulation = network.start(threads=threads)
    built = time.perf_counter() - begun
    if warmup:
        simulation.run(warmup * s, Spikes(next(iter(network.groups.values()))))
    taken = []
    for _ in range(repeats):
        branch = simulation.branch()
        begun = time.perf_counter()
        result = branch.run(biological * s, Spikes(network.groups["neurons"]), progress=False)
        taken.append((time.perf_counter() - begun) / biological)
    neurons, times = network.groups["neurons"].size, result.data["neurons.spike.times"].values
    late = times >= warmup + transient
    return {
        "threads": threads,
        "precision": network.precision.__name__,
        "biological_s": biological,
        "warmup_s": warmup,
        "build_s": built,
        "memory_gib": simulation.layout.memory.bytes / 2**30,
        "s_per_biological_s": spread(taken),
        "rate_hz": float(late.sum() / neurons / (biological - transient)),
    }


def baseline(python: str | None, script: str, *arguments: Any) -> dict[str, Any] | None:
    """What a baseline prints, without its time courses; nothing where its environment is not given.

    **Raises** `RuntimeError` with what it wrote when it fails.
    """
    if python is None:
        return None
    command = [python, str(BASELINES / script), *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(
            f"A baseline ends without an error; `{' '.join(command)}` returned {run.returncode}. Run it by hand, or "
            f"leave its environment out. It wrote: {run.stderr[-2000:]}"
        )
    printed = json.loads(run.stdout.strip().splitlines()[-1])
    return {key: value for key, value in printed.items() if not isinstance(value, dict)}
