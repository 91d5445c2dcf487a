"""Time against size at a fixed in-degree, bytes per stored synapse, and how fast rules connect."""

import time
from typing import Any

import numpy as np

from networks import coba, plastic
from networks.kernels import measured
from networks.timing import Choices, spread
from tripartite.network import lattice
from tripartite.network.rules import (
    BernoulliWithPool,
    Cells,
    DistanceDependent,
    FixedInDegree,
    FixedOutDegree,
    FixedTotalNumber,
    Gaussian,
    PairwiseBernoulli,
)
from tripartite.network.run.simulation import Simulation
from tripartite.units import um

IN_DEGREE = 80


def scaling(choices: Choices) -> dict[str, Any]:
    """COBA of 1,000 to 1,000,000 cells with 80 synapses onto each; one core, and two."""
    sizes = (1000, 4000) if choices.quick else (1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
    rows = [_size(cells, choices) for cells in sizes]
    events = np.log([row["events_per_s"] for row in rows])
    slopes = {
        key: float(np.polyfit(events, np.log([row[key] for row in rows]), 1)[0])
        for key in ("one_thread_s", "two_threads_s")
    }
    return {"in_degree": IN_DEGREE, "rows": rows, "slopes": slopes, "bytes": _bytes(choices)}


def _size(cells: int, choices: Choices) -> dict[str, Any]:
    """A network after 0.1 s, run for about as many steps of cells at every size but for 0.05 s at least."""
    warm, steps = 1000, int(np.clip(2e8 / cells, 500, 20_000))
    if choices.quick:
        warm, steps = 500, 500
    found: dict[str, Any] = {"cells": cells}
    network = coba.network(cells, IN_DEGREE)
    for threads, name in ((1, "one_thread_s"), (2, "two_threads_s")):
        begun = time.perf_counter()
        simulation = Simulation(network, threads=threads)
        found[f"build_{name}"] = time.perf_counter() - begun
        coba.advance(simulation, warm)
        begun = time.perf_counter()
        spikes = coba.advance(simulation, steps)
        found[name] = (time.perf_counter() - begun) / (steps * 1e-4)
        if threads == 1:
            rate = spikes / cells / (steps * 1e-4)
            found |= {"rate_hz": rate, "events_per_s": rate * cells * IN_DEGREE, **coba.stored(simulation)}
            repeats, some = choices.repeats, max(20, min(2000, steps // 5))
            taken = [measured(simulation, "neurons", some, rate) for _ in range(repeats)]
            found["ns_per_neuron_step"] = spread([one for one, _ in taken])
            found["ns_per_synaptic_event"] = spread([two for _, two in taken])
        del simulation
    return found


def _bytes(choices: Choices) -> dict[str, Any]:
    """Bytes of everything a projection stores, per stored synapse."""
    cells, degree = (500, 100) if choices.quick else (10_000, 1000)
    networks = {"static": coba.network(cells, degree), "plastic (STDP)": plastic.network(cells, degree)}
    return {name: coba.stored(Simulation(network, threads=2)) for name, network in networks.items()}


def building(choices: Choices) -> dict[str, Any]:
    """Millions of connections per second: by each rule alone, and of a whole network until it could start."""
    cells, degree = (2000, 50) if choices.quick else (50_000, 400)
    side = int(cells**0.5)
    plane = Cells(side * side, lattice(side, side, 20 * um).to("um").magnitude)
    around = Cells(cells)
    wide = 20 * (degree / np.pi) ** 0.5
    rules: dict[str, tuple[Any, Cells]] = {
        "PairwiseBernoulli": (PairwiseBernoulli(degree / cells), around),
        "FixedInDegree": (FixedInDegree(degree), around),
        "FixedInDegree, no multapses": (FixedInDegree(degree, multapses=False), around),
        "FixedOutDegree": (FixedOutDegree(degree), around),
        "FixedTotalNumber": (FixedTotalNumber(degree * cells), around),
        "FixedTotalNumber, no multapses": (FixedTotalNumber(degree * cells, multapses=False), around),
        "DistanceDependent, Gaussian": (DistanceDependent(Gaussian(0.5, wide * um)), plane),
    }
    found = {}
    for name, (rule, where) in rules.items():
        rule.connect(where, where, 0, 0, False)
        found[name] = _speed(lambda rule=rule, where=where: len(rule.connect(where, where, 1, 0, False)), choices)
    edges = PairwiseBernoulli(degree / cells).connect(around, around, 0, 0, False)
    attach = BernoulliWithPool(0.5, 10)
    attach.attach(edges, around, around, around, 0, 0)
    found["BernoulliWithPool (attachment)"] = _speed(
        lambda: len(attach.attach(edges, around, around, around, 1, 0)), choices
    )
    whole = coba.network(cells, degree)
    Simulation(whole, threads=2)
    found["whole network, two threads"] = _speed(
        lambda: sum(joined.edges for joined in Simulation(whole, threads=2).layout.joined), choices
    )
    return found


def _speed(build: Any, choices: Choices) -> dict[str, Any]:
    taken, edges = [], 0
    for _ in range(choices.repeats):
        begun = time.perf_counter()
        edges = build()
        taken.append(edges / (time.perf_counter() - begun) / 1e6)
    return {"connections": edges, "million_per_s": {"most": max(taken), **spread(taken)}}
