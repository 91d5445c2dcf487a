"""Small networks that the tests of this folder run."""

from __future__ import annotations

from typing import Any

import tripartite as tp
from tripartite.mechanisms import Efficacy, FixedUtilization, TsodyksDepression
from tripartite.models import AdexNeuron, NestAstrocyte
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, post, total
from tripartite.network.rules import BernoulliWithPool, PairwiseBernoulli
from tripartite.network.sources import PoissonInput
from tripartite.parameters import jiang2025
from tripartite.units import Hz, ms, nS


def ensheathed(neurons: int = 300, astrocytes: int = 300, **options: Any) -> Network:
    """Adaptive neurons, their depressing synapses, and astrocytes that answer with slow inward current."""
    cells = Population(AdexNeuron().using(jiang2025.SPARSE_NEURON), neurons)
    glia = Population(NestAstrocyte().using(jiang2025.NETWORK_ASTROCYTE), astrocytes, step=1 * ms)
    synapse = tp.Compartment(TsodyksDepression(), FixedUtilization(), Efficacy()).using(jiang2025.EXCITATORY_SYNAPSE)
    edges = Projection(
        cells[: 2 * neurons // 3],
        cells,
        glia,
        synapse=synapse,
        rule=PairwiseBernoulli(0.1),
        attach=BernoulliWithPool(0.5, 10),
        delay=2 * ms,
        wiring=[
            synapse.conductance >> post.excitation,
            synapse.release >> astrocyte.release,
            total(astrocyte.sic) >> post.sic,
        ],
    )
    inputs = [PoissonInput(cells, "excitation", 2000 * Hz, 1 * nS)]
    return Network(neurons=cells, astrocytes=glia, connections=[edges], inputs=inputs, seed=1, **options)
