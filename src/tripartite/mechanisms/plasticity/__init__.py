"""Rules of synaptic change."""

from tripartite.mechanisms.plasticity.gate import AstrocyteGate
from tripartite.mechanisms.plasticity.nmda_ltp import NmdaLtp, SpineVoltage
from tripartite.mechanisms.plasticity.stdp import EligibilityStdp, GatedStdp

__all__ = [
    "AstrocyteGate",
    "EligibilityStdp",
    "GatedStdp",
    "NmdaLtp",
    "SpineVoltage",
]
