"""COBA on the connections and starts of the baselines, with our engine."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from tests.oracles.network_statistics import baseline, numbers
from tripartite.models.coba_network import coba_parts
from tripartite.network import Euler, Heun, Network, Population, Projection, Spikes, post
from tripartite.network.methods import Method
from tripartite.network.rules import Explicit
from tripartite.units import Quantity, ms, pA, s

MOVED = 0.1
"""In mV: s.d. by which starts are moved in repetitions; resets make cells forget smaller ones."""
BRIAN = {"method": Euler(), "refractory": 4.9}
"""Brian2's example takes Euler steps, and counts the step of the spike as the first of the refractory period."""
NEST = {"method": Heun(), "refractory": 5.0}
"""NEST follows the equations with an adaptive method, and its refractory period begins after the spike."""


@cache
def drawn(seed: int) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Starts and edges of a seed."""
    coba = baseline("coba")
    return coba.initial(seed), *coba.connections(seed)


def coba(seed: int, drive: float, method: Method, refractory: float, moved: int, **changed: Any) -> Network:
    """The network of one seed; ``moved`` numbers the repetitions (0: starts as given); ``changed``: of the neuron."""
    start, source, target = drawn(seed)
    noise = np.random.default_rng([seed, moved]).standard_normal(len(start["v"])) if moved else 0
    values = {
        "v": Quantity(start["v"] + MOVED * noise, "mV"),
        "g_e": Quantity(start["g_e"], "nS"),
        "g_i": Quantity(start["g_i"], "nS"),
    }
    parts = coba_parts()
    model = parts["neuron"].replace({"bias_current": drive * pA, "refractory": refractory * ms, **changed})
    neurons = Population(model, len(start["v"]), values=values, method=method)
    connections = []
    for name, low, high, event in (("excitatory", 0, 3200, "excitation"), ("inhibitory", 3200, 4000, "inhibition")):
        own = (source >= low) & (source < high)
        synapse = parts[name].compartments["synapse"]
        connections.append(
            Projection(
                neurons[low:high],
                neurons,
                synapse=parts[name],
                rule=Explicit(source[own] - low, target[own]),
                delay=0.1 * ms,
                wiring=[synapse.conductance >> post[event]],
            )
        )
    return Network(neurons=neurons, connections=connections)


def coba_numbers(seed: int, drive: float, moved: int, **how: Any) -> dict[str, float]:
    """Statistics of a run of 2 s as the baselines print them, and the time of the last spike (ms)."""
    network = coba(seed, drive, moved=moved, **how)
    data = network.run(until=2 * s, record=[Spikes(network.groups["neurons"])], progress=False).data
    who, when = data["neurons.spike.cells"].values, data["neurons.spike.times"].values * 1e3
    # Times are multiples of the step in floating point; the window of the baselines begins at a multiple too.
    when = np.round(when, 6)
    found = numbers(baseline("measures").spikes(who, when, 3200, 4000, 100.0, 2000.0))
    return found | {"last": float(when.max())}
