"""COBA of any size at any in-degree, with the same drive per cell and the same activity."""

from typing import Any

from networks.timing import DRIVEN
from tripartite.language import Compartment, Model, ParameterSet
from tripartite.mechanisms import StaticSynapse
from tripartite.models import CobaNeuron
from tripartite.network import Network, Population, Projection, Uniform, post
from tripartite.network.rules import PairwiseBernoulli
from tripartite.parameters import brette2007
from tripartite.units import ms, mV, nS


def network(cells: int, in_degree: int, rules: tuple[Any, Any] | None = None) -> Network:
    """A fifth of the cells inhibit; weights are those of COBA times 80 / ``in_degree``.

    **Arguments** rules: of the excitatory and the inhibitory connections, by default `PairwiseBernoulli` both.
    """
    neuron = CobaNeuron().using(brette2007.NEURON).using(DRIVEN)
    start = {"v": Uniform(-65 * mV, -50 * mV), "g_e": Uniform(20 * nS, 60 * nS), "g_i": Uniform(80 * nS, 320 * nS)}
    neurons = Population(neuron, cells, values=start)
    first, second = rules or (PairwiseBernoulli(in_degree / cells),) * 2
    excitatory = cells * 4 // 5
    return Network(
        neurons=neurons,
        connections=[
            _joined(neurons[:excitatory], neurons, first, 6 * 80 / in_degree, "excitation"),
            _joined(neurons[excitatory:], neurons, second, 67 * 80 / in_degree, "inhibition"),
        ],
    )


def _joined(pre: Any, neurons: Population, rule: Any, weight: float, event: str) -> Projection:
    scaled = ParameterSet("scaled", "assumed: the same drive at another in-degree", weight=weight * nS)
    synapse = Compartment(StaticSynapse()).using(scaled)
    return Projection(
        pre,
        neurons,
        synapse=Model(synapse=synapse),
        rule=rule,
        delay=0.1 * ms,
        wiring=[synapse.conductance >> post[event]],
    )


def stored(simulation: Any) -> dict[str, float]:
    """Connections, synapses that are stored for them, and bytes of all arrays of projections per stored synapse."""
    arrays = simulation.layout.memory.arrays
    edges = sum(joined.edges for joined in simulation.layout.joined)
    kept = sum(len(arrays[f"{joined.plan.name}_target"]) for joined in simulation.layout.joined)
    names = tuple(f"{joined.plan.name}_" for joined in simulation.layout.joined)
    size = sum(array.nbytes for name, array in arrays.items() if name.startswith(names))
    return {"connections": edges, "stored": kept, "bytes_per_stored": size / max(1, kept)}


def advance(simulation: Any, steps: int) -> int:
    """Run steps; returns the number of spikes of the neurons."""
    simulation.take_spikes("neurons_spikes0")
    end, spikes = simulation.now + steps, 0
    while simulation.now < end:
        simulation.advance(end - simulation.now)
        spikes += len(simulation.take_spikes("neurons_spikes0")[1])
    return spikes
