"""Rules of synaptic change."""

from tripartite.errors import room
from tripartite.mechanisms.plasticity.gate import AstrocyteGate
from tripartite.mechanisms.plasticity.nmda_ltp import NmdaLtp, SpineVoltage
from tripartite.mechanisms.plasticity.stdp import EligibilityStdp, GatedStdp
from tripartite.mechanisms.plasticity.tnf_scaling import ScaledRate, TnfScaling

__all__ = [
    "AstrocyteGate",
    "EligibilityStdp",
    "GatedStdp",
    "NmdaLtp",
    "ScaledRate",
    "SpineVoltage",
    "TnfScaling",
]

__getattr__, __dir__ = room(__name__, __all__)
