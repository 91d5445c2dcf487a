"""Astrocytes without synapses: stochastic microdomains, and cells beside those of NEST."""

from __future__ import annotations

from typing import Any

import numpy as np

import tripartite as tp
from networks.timing import Choices, baseline, seconds, spread
from tripartite.language import Protocol
from tripartite.language.protocol import Nothing
from tripartite.mechanisms import LiRinzel, ReceptorNoise, StochasticLiRinzel
from tripartite.models import NestAstrocyte
from tripartite.network import Average, Network, On, Population, RungeKutta4, States
from tripartite.protocols import Constant
from tripartite.units import ms, s, uM

CELLS, BIOLOGICAL = 10_000, 100.0
STEPS = (5.0,)
"""Steps (ms) of the microdomains; rates of their rises at 1 ms are claims of `shuai-jung2002-puffs`."""
FORMS = {
    "every receptor counted": StochasticLiRinzel(),
    "Langevin noise": tp.Compartment(LiRinzel(), ReceptorNoise(channels=20)),
}


def astrocytes(choices: Choices) -> dict[str, Any]:
    """Seconds for 100 s of 10,000 microdomains of 20 receptors; ns per step of NEST's astrocyte and of ours."""
    found: dict[str, Any] = {"cells": CELLS, "biological_s": 1.0 if choices.quick else BIOLOGICAL}
    for name, form in FORMS.items():
        for step in STEPS:
            found[f"{name}, {step:g} ms"] = _microdomains(form, step, found["biological_s"], choices)
    resolution = 0.1
    ours = Network(astrocytes=Population(NestAstrocyte(), CELLS, method=RungeKutta4()), step=resolution * ms)
    span = 0.2 if choices.quick else 2.0
    taken = _taken(ours, Nothing(), span, 1, choices)
    found["as in NEST"] = {
        "resolution_ms": resolution,
        "ns_per_step": spread([t / (CELLS * span * 1000 / resolution) * 1e9 for t in taken]),
        "nest": baseline(
            choices.nest, "nest_astrocytes.py", "--cells", CELLS, "--seconds", span, "--resolution", resolution
        ),
    }
    return found


def _microdomains(form: Any, step: float, span: float, choices: Choices) -> dict[str, Any]:
    cells = Population(form, CELLS)
    network = Network(cells=cells, step=step * ms)
    protocol = On(cells, Constant(ip3=0.3 * uM))
    taken = {threads: _taken(network, protocol, span, threads, choices) for threads in (1, 2)}
    shown = States(cells[:2000], "ca", every=20 * ms)
    ca = network.run(until=span * s, record=shown, protocol=protocol).data["cells_0_2000.ca"].values
    rises = ((ca[:-1] <= 0.2) & (ca[1:] > 0.2)).sum(axis=0)
    return {
        "one_thread_s": spread(taken[1]),
        "two_threads_s": spread(taken[2]),
        "rises_per_100_s": float(rises.mean() * 100 / span),
        "error_of_rises": float(rises.std() / np.sqrt(len(rises)) * 100 / span),
    }


def _taken(network: Network, protocol: Protocol, span: float, threads: int, choices: Choices) -> list[float]:
    """Seconds of computing for every repeat of a stretch, compiled beforehand, with one mean recorded."""
    group = next(iter(network.groups.values()))
    record = Average(group, "ca", every=100 * ms)
    network.start(threads=threads).run(0.1 * s, record, protocol=protocol)
    found = []
    for _ in range(1 if choices.quick else choices.repeats):
        simulation = network.start(threads=threads)
        found.append(seconds(lambda: simulation.run(span * s, record, protocol=protocol, progress=False)))  # noqa: B023
    return found
