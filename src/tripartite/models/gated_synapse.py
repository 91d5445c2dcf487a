"""A synapse that learns from spike timing only while its astrocyte lets it."""

from __future__ import annotations

from collections.abc import Iterable

from tripartite import arguments
from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import AstrocyteGate, PairStdp, PostspikeGate, Weight


class GatedSynapse(Model):
    """Plasticity whose gate follows the calcium of the astrocyte.

    ``plasticity``: rule and weight, which read ``gate``; by default pair STDP with the gate read at the postsynaptic
    spike. ``[PairStdp(), EligibilityWeight()]`` leaves a trace, ``[PairStdp(), GatedWeight()]`` reads the gate when
    the pair is complete. ``calcium``: mechanisms of the astrocyte that make its calcium; without any, a protocol
    drives ``astrocyte.ca``.
    """

    def __init__(self, plasticity: Iterable[Mechanism] | None = None, *calcium: Mechanism):
        astrocyte = Compartment(*calcium, AstrocyteGate())
        gated = [PairStdp(), PostspikeGate(), Weight()] if plasticity is None else plasticity
        synapse = Compartment(
            *arguments.several(gated, Mechanism, "plasticity", "[PairStdp(), PostspikeGate(), Weight()]")
        )
        super().__init__(astrocyte=astrocyte, synapse=synapse, wiring=[astrocyte.gate >> synapse.gate])
