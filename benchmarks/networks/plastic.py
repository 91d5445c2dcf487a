"""A network whose every synapse has a weight of its own, moved by the times of spikes."""

from networks.timing import DRIVEN
from tripartite.language import Add, Emission, Mechanism, Parameter, State
from tripartite.language.compartment import Compartment
from tripartite.mechanisms import StaticSynapse
from tripartite.models import CobaNeuron
from tripartite.network import Network, Population, Projection, Uniform, post
from tripartite.network.rules import PairwiseBernoulli
from tripartite.parameters import brette2007
from tripartite.units import ms, mV, nS


class PairStdp(Mechanism):
    """Additive STDP of all pairs, with the conductance that the weight gives; values as `EligibilityStdp` has them."""

    before = State(0.0, "1", "P: trace of presynaptic spikes", low=0)
    after = State(0.0, "1", "M: trace of postsynaptic spikes", low=0)
    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    conductance = Emission("nS", "conductance that a spike opens")

    potentiation = Parameter(0.005, "1", "A_plus: potentiation by one pair", "song2000", low=0)
    depression = Parameter(0.00525, "1", "A_minus: depression by one pair", "song2000", low=0)
    tau_plus = Parameter(16.8, "ms", "tau_plus: window of potentiation", "bi_poo1998", low=0)
    tau_minus = Parameter(33.7, "ms", "tau_minus: window of depression", "bi_poo1998", low=0)
    start = Parameter(0.48, "nS", "g: conductance at a weight of 1", "assumed: COBA's at 1,000 inputs", low=0)

    def rates(q):
        return {"before": -q.before / q.tau_plus, "after": -q.after / q.tau_minus}

    def on_spike(q):
        return {
            "weight": q.weight - q.depression * q.after,
            "before": Add(1),
            "conductance": q.start * q.weight,
        }

    def on_postspike(q):
        return {"weight": Add(q.potentiation * q.before), "after": Add(1)}


def network(cells: int, in_degree: int) -> Network:
    """COBA whose excitatory synapses are plastic and whose inhibitory ones are few, so that the former count."""
    neuron = CobaNeuron().using(brette2007.NEURON).using(DRIVEN)
    neurons = Population(neuron, cells, values={"v": Uniform(-65 * mV, -50 * mV)})
    exciting = Compartment(PairStdp(start=0.48 * 1000 / in_degree * nS))
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
