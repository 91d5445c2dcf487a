"""A synapse whose NMDA receptors need two partners: the postsynaptic neuron and the astrocyte."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    Ampa,
    DSerine,
    FixedUtilization,
    Nmda,
    NmdaLtp,
    SpineVoltage,
    ThresholdExocytosis,
    TsodyksMarkram,
    Weight,
)


class NmdaSynapse(Model):
    """Glutamate from the bouton and D-serine from the astrocyte meet at the spine's NMDA receptors;
    a postsynaptic spike lifts their magnesium block, and calcium through them potentiates.

    ``calcium``: mechanisms of the astrocyte that make its calcium, such as those of `GChi`. Without any,
    ``astrocyte.ca`` is an input that a protocol drives, as an experimenter does who clamps it.
    """

    def __init__(self, *calcium: Mechanism):
        bouton = Compartment(TsodyksMarkram(), FixedUtilization())
        astrocyte = Compartment(*calcium, ThresholdExocytosis())
        around = Compartment(DSerine())
        spine = Compartment(SpineVoltage(), Ampa(), Nmda(), NmdaLtp(), Weight())
        super().__init__(
            bouton=bouton,
            astrocyte=astrocyte,
            around=around,
            spine=spine,
            wiring=[
                bouton.release >> spine.release,
                astrocyte.gliorelease >> around.gliorelease,
                around.dserine >> spine.dserine,
            ],
        )
