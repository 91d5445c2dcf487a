"""Generated kernels beside the same work as a C++ loop, in turn on the same core."""

import inspect
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from networks import clocked, coba
from networks.timing import Choices, in_precision, spread
from tripartite.models import SPARSE, JiangNetwork, StimbergNetwork
from tripartite.network import Network
from tripartite.network.run.simulation import Simulation

FOLDER = Path(__file__).parent.parent / "kernels"
FLAGS = ("-O3", "-march=native", "-ffast-math", "-std=c++17")


def kernels(choices: Choices) -> dict[str, Any]:
    """ns per step of a cell and per synaptic event, ours and C++; one thread."""
    scale = 0.2 if choices.quick else 1.0
    cases: list[tuple[str, Callable[[], Network], str, str, tuple[str, ...]]] = [
        ("aeif, Heun", lambda: JiangNetwork(SPARSE, scale=scale), "neurons", "aeif.cpp", ()),
        ("lif, Heun", lambda: coba.network(round(10_000 * scale), 1000), "neurons", "lif_coba.cpp", ("-DHEUN",)),
        ("G-ChI astrocyte, RK4", StimbergNetwork, "astrocytes", "astrocyte.cpp", ()),
    ]
    found = {}
    for name, build, population, source, flags in cases:
        for precision, more in ((np.float64, ()), (np.float32, ("-DUSE_FLOAT",))):
            network = in_precision(build(), precision)
            found[f"{name}, {precision.__name__}"] = _case(network, population, source, (*flags, *more), choices)
    return found


def _case(network: Network, population: str, source: str, flags: tuple[str, ...], choices: Choices) -> dict[str, Any]:
    steps = 100 if choices.quick else 2000
    simulation = Simulation(network, threads=1)
    simulation.advance(100 if choices.quick else 1000)
    with tempfile.TemporaryDirectory() as folder:
        binary = Path(folder) / "kernel"
        subprocess.run(["g++", *FLAGS, *flags, FOLDER / source, "-o", binary], check=True)
        ours: list[tuple[float, float]] = []
        theirs: list[dict[str, Any]] = []
        for _ in range(choices.repeats):
            printed = subprocess.run([binary, str(steps), "1"], check=True, capture_output=True, text=True).stdout
            theirs.append(json.loads(printed))
            ours.append(measured(simulation, population, steps, theirs[-1]["rate_hz"]))
    found: dict[str, Any] = {"kernel": theirs[0]["kernel"], "flags": " ".join((*FLAGS, *flags))}
    for column, key in enumerate(("ns_per_neuron_step", "ns_per_synaptic_event")):
        own, other = [one[column] for one in ours], [one[key] for one in theirs]
        if any(other):
            found[key] = {
                "ours": spread(own),
                "c++": spread(other),
                "ratio": spread([a / b for a, b in zip(own, other, strict=True)]),
                "ratio_of_least": min(own) / min(other),
            }
    return found


def measured(
    simulation: Simulation, population: str, steps: int, rate: float, clock: int = clocked.MONOTONIC
) -> tuple[float, float]:
    """ns per step of a cell, and per synaptic event where the population has two projections (otherwise 0).

    Steps and deliveries alternate as in a run, and each is clocked within compiled code. Spikes are drawn at ``rate``
    (Hz), so that both sides deliver as many; `simulation` is afterwards as it was before.
    """
    memory, joined = simulation.layout.memory, simulation.layout.joined
    width, size = simulation.layout.cells[population].width, simulation.network.groups[population].size
    kept = {name: memory[name].copy() for name in memory.changing}
    step = kernel(simulation, f"step_{population}", "end", {"width": width, "seed": 0})
    events = 0
    if population != "neurons":
        stepping, delivering = clocked.steps_only(clock, simulation.now, steps, size, *step), 0.0
    else:
        generator = np.random.default_rng(simulation.now)
        lists = [_drawn(generator, one, steps, rate * width / 1000) for one in joined]
        events = sum(_events(simulation, one, cells) for one, (cells, _) in zip(joined, lists, strict=True))
        first, second = [
            (*drawn, *_delivery(simulation, one, "arrive", width), *_delivery(simulation, one, "deposit", width))
            for one, drawn in zip(joined, lists, strict=True)
        ]
        stepping, delivering = clocked.alternating(clock, simulation.now, steps, size, *step, first, second)
    for name, values in kept.items():
        memory[name][:] = values
    return stepping / steps / size * 1e9, delivering / max(1, events) * 1e9


def kernel(simulation: Simulation, name: str, after: str, values: dict[str, float]) -> tuple[Any, tuple]:
    """A generated function and what it takes after ``after``: scalars by ``values``, then its arrays."""
    function = getattr(simulation.module, name)
    parameters = list(inspect.signature(function.py_func).parameters)
    memory = simulation.layout.memory.arrays
    later = parameters[parameters.index(after) + 1 :]
    return function, tuple(values[p] if p in values else memory[p.removesuffix("_")] for p in later)


def _delivery(simulation: Simulation, joined: Any, kind: str, width: float) -> tuple[Any, tuple]:
    name = f"{kind}_{joined.plan.name}"
    if not hasattr(simulation.module, name):
        return clocked.nothing, ()
    values = {"width": width, "base": joined.plan.projection.pre.low, "delays": len(joined.delays)}
    values |= {"thread": 0, "threads": 1, "remaining": width}
    values |= dict.fromkeys(joined.work.reading.remaining.values(), width)
    return kernel(simulation, name, "now", values)


def _drawn(generator: np.random.Generator, joined: Any, steps: int, chance: float) -> tuple[np.ndarray, np.ndarray]:
    """Cells that spike, ascending within every step, and where each step begins."""
    pre = joined.plan.projection.pre
    counts = generator.binomial(pre.size, min(1.0, chance), steps)
    cells = [np.sort(generator.choice(pre.size, n, replace=False)) + pre.low for n in counts]
    return np.concatenate(cells).astype(np.int32), np.concatenate([[0], np.cumsum(counts)])


def _events(simulation: Simulation, joined: Any, cells: np.ndarray) -> int:
    """Synaptic events that spikes of ``cells`` cause."""
    cut = simulation.layout.memory[f"{joined.plan.name}_cut"]
    place = (cells - joined.plan.projection.pre.low) * len(joined.delays)
    return int((cut[place + len(joined.delays)] - cut[place]).sum())
