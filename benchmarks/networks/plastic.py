"""A network whose every synapse has a weight of its own, moved by the times of spikes."""

from networks.timing import DRIVEN
from tripartite.language.compartment import Compartment
from tripartite.mechanisms import PairStdp, PlasticEfficacy, StaticSynapse, Weight
from tripartite.models import CobaNeuron
from tripartite.network import Network, Population, Projection, Uniform, post
from tripartite.network.rules import PairwiseBernoulli
from tripartite.parameters import brette2007
from tripartite.units import ms, mV, nS


def network(cells: int, in_degree: int) -> Network:
    """COBA whose excitatory synapses are plastic and whose inhibitory ones are few, so that the former count."""
    neuron = CobaNeuron().using(brette2007.NEURON).using(DRIVEN)
    neurons = Population(neuron, cells, values={"v": Uniform(-65 * mV, -50 * mV)})
    exciting = Compartment(
        PairStdp(tau_plus=16.8 * ms, tau_minus=33.7 * ms),
        Weight(),
        PlasticEfficacy(strength=0.48 * 1000 / in_degree * nS),
    )
    inhibiting = Compartment(StaticSynapse(weight=67 * nS))
    few = min(1.0, 80 / cells)
    return Network(
        neurons=neurons,
        connections=[
            Projection(
                neurons,
                neurons,
                synapse=exciting,
                rule=PairwiseBernoulli(in_degree / cells),
                delay=0.1 * ms,
                wiring=[exciting.conductance >> post.excitation],
            ),
            Projection(
                neurons[cells * 4 // 5 :],
                neurons,
                synapse=inhibiting,
                rule=PairwiseBernoulli(few),
                delay=0.1 * ms,
                wiring=[inhibiting.conductance >> post.inhibition],
            ),
        ],
    )
