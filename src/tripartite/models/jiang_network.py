"""The benchmark networks of Jiang et al. (2025): neurons, depressing synapses, astrocytes with slow inward current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripartite import arguments
from tripartite.language import Compartment, Model, ParameterSet
from tripartite.mechanisms import Efficacy, FixedUtilization, TsodyksDepression
from tripartite.models.nest_astrocyte import NestAstrocyte
from tripartite.models.neurons import AdexNeuron
from tripartite.models.parts import parts_of
from tripartite.models.scaling import scaled
from tripartite.network import Exact, Network, PoissonInput, Population, Projection, astrocyte, post, total
from tripartite.network.placement import Placement
from tripartite.network.rules import BernoulliWithPool, PairwiseBernoulli
from tripartite.parameters import jiang2025
from tripartite.units import Hz, ms, nS

EXCITATORY, INHIBITORY, ASTROCYTES = 8000, 2000, 10000


@dataclass(frozen=True)
class JiangVariant:
    """What the benchmark networks differ in: how long inhibition lasts, and how long it takes to arrive."""

    neuron: ParameterSet
    inhibitory_synapse: ParameterSet
    inhibitory_delay: Any

    def parts(self) -> dict[str, Model]:
        """The cells and synapses of the network."""
        return {
            "neuron": AdexNeuron().using(self.neuron),
            "astrocyte": NestAstrocyte().using(jiang2025.NETWORK_ASTROCYTE),
            "excitatory": _synapse(jiang2025.EXCITATORY_SYNAPSE),
            "inhibitory": _synapse(self.inhibitory_synapse),
        }


SPARSE = JiangVariant(jiang2025.SPARSE_NEURON, jiang2025.SPARSE_INHIBITORY_SYNAPSE, 1 * ms)
SYNCHRONOUS = JiangVariant(jiang2025.SYNCHRONOUS_NEURON, jiang2025.SYNCHRONOUS_INHIBITORY_SYNAPSE, 2 * ms)


def _synapse(values: ParameterSet) -> Model:
    return Model(synapse=Compartment(TsodyksDepression(), FixedUtilization(), Efficacy()).using(values))


class JiangNetwork(Network):
    """10,000 neurons, as many astrocytes, and 18 million connections.

    Half of the excitatory synapses have an astrocyte, one of the ten in the pool of their postsynaptic neuron. They
    raise its IP3, and it sends a slow inward current to that neuron, once for each such synapse.

    **Arguments** variant: `SPARSE` or `SYNCHRONOUS`; parts: as ``variant.parts()`` gives them; scale: of the numbers
    of cells, at unchanged in-degree.

    **Sources** jiang2025, benchmark models. The slow inward current has no delay of its own here: calcium, which
    changes over seconds, is held for 1 ms, the delay that the paper gives it.
    """

    def __init__(
        self,
        variant: JiangVariant = SPARSE,
        parts: Mapping[str, Model] | None = None,
        *,
        scale: float = 1.0,
        seed: int = 0,
        placement: Placement = Exact(),
    ):
        arguments.instance(variant, JiangVariant, "variant", "variant=SYNCHRONOUS")
        parts = parts_of(parts, variant.parts)
        scale, excitatory, inhibitory, number = scaled(scale, EXCITATORY, INHIBITORY, ASTROCYTES, densest=0.1)
        neurons = Population(parts["neuron"], excitatory + inhibitory)
        astrocytes = Population(parts["astrocyte"], number, step=1 * ms)
        exciting, inhibiting = (parts[name].compartments["synapse"] for name in ("excitatory", "inhibitory"))
        super().__init__(
            neurons=neurons,
            astrocytes=astrocytes,
            connections=[
                Projection(
                    neurons[:excitatory],
                    neurons,
                    astrocytes,
                    synapse=parts["excitatory"],
                    rule=PairwiseBernoulli(0.1 / scale),
                    attach=BernoulliWithPool(0.5, 10),
                    delay=2 * ms,
                    wiring=[
                        exciting.conductance >> post.excitation,
                        exciting.release >> astrocyte.release,
                        total(astrocyte.sic) >> post.sic,
                    ],
                ),
                Projection(
                    neurons[excitatory:],
                    neurons,
                    synapse=parts["inhibitory"],
                    rule=PairwiseBernoulli(0.1 / scale),
                    delay=variant.inhibitory_delay,
                    wiring=[inhibiting.conductance >> post.inhibition],
                ),
            ],
            inputs=[PoissonInput(neurons, "excitation", 2000 * Hz, 1 * nS)],
            placement=placement,
            seed=seed,
        )
