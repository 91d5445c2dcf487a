"""How long a branching astrocyte takes in which calcium and IP3 diffuse."""

from __future__ import annotations

from typing import Any

import numpy as np

import tripartite as tp
from networks.timing import Choices, seconds, spread
from tripartite.language.protocol import Nothing
from tripartite.mechanisms import GlutamateReceptor, Ip3Metabolism, LiRinzel
from tripartite.network import Average, Diffusion, Network, On, Population, RungeKutta4
from tripartite.protocols import Constant
from tripartite.units import ms, s, uM, um

SHAPE: dict[str, Any] = {"branches": 6, "generations": 3, "pieces": 4, "leaflets": 5}
STEP, FINE, BIOLOGICAL = 10.0, 1.0, 100.0
"""Steps (ms) that are timed and that they are compared with; duration (s)."""


def astrocyte(step: float) -> tuple[Network, Any]:
    """G-ChI in every compartment of a made astrocyte, glutamate at the leaflets; the network and what is done to it."""
    shape = tp.Morphology.tree(**SHAPE)
    cell = tp.Compartment(LiRinzel(), Ip3Metabolism(), GlutamateReceptor())
    cells = Population(cell.using(tp.parameters.stimberg2019.EXAMPLE_4), shape, step=step * ms, method=RungeKutta4())
    links = [Diffusion(cells, ca=20 * um**2 / s, ip3=280 * um**2 / s)]
    glutamate = dict.fromkeys(shape.regions, 0.0) | {"leaflet": 2.0}
    stimulus = Nothing()
    for region, level in glutamate.items():
        stimulus &= On(cells[region], Constant(glutamate=level * uM))
    return Network(astrocyte=cells, connections=links, step=step * ms), stimulus


def morphology(choices: Choices) -> dict[str, Any]:
    """Seconds for 100 s of about a thousand compartments, on one thread and two, and the error of the step."""
    duration = 2.0 if choices.quick else BIOLOGICAL
    network, stimulus = astrocyte(STEP)
    record = Average(network.groups["astrocyte"], "ca", every=100 * ms)
    found: dict[str, Any] = {
        "compartments": network.groups["astrocyte"].size,
        "step_ms": STEP,
        "biological_s": duration,
    }
    for threads, name in ((1, "one_thread_s"), (2, "two_threads_s")):
        network.start(threads=threads).run(STEP * ms, record, protocol=stimulus)
        taken = []
        for _ in range(1 if choices.quick else choices.repeats):
            simulation = network.start(threads=threads)
            taken.append(seconds(lambda: simulation.run(duration * s, record, protocol=stimulus, progress=False)))  # noqa: B023
        found[name] = spread(taken)
    fine, same = astrocyte(FINE)
    exact = fine.run(until=duration * s, record=Average(fine.groups["astrocyte"], "ca", every=100 * ms), protocol=same)
    coarse = network.run(until=duration * s, record=record, protocol=stimulus)
    a, b = (run["astrocyte.ca.mean"].values for run in (coarse, exact))
    found["largest_error"] = float(np.max(np.abs(a - b)) / np.ptp(b))
    found["mean_ca_uM"] = [float(b.min()), float(b.max())]
    return found
