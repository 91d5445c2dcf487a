"""A synapse that learns from spike timing only while its astrocyte lets it."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import AstrocyteGate, EligibilityStdp, GatedStdp


class GatedSynapse(Model):
    """A rule of plasticity whose gate follows the calcium of the astrocyte.

    ``rule``: `GatedStdp` by default, which reads the gate at the postsynaptic spike. ``calcium``:
    mechanisms of the astrocyte that make its calcium; without any, a protocol drives ``astrocyte.ca``.
    """

    def __init__(self, rule: GatedStdp | EligibilityStdp | None = None, *calcium: Mechanism):
        astrocyte = Compartment(*calcium, AstrocyteGate())
        synapse = Compartment(GatedStdp() if rule is None else rule)
        super().__init__(astrocyte=astrocyte, synapse=synapse, wiring=[astrocyte.gate >> synapse.gate])
