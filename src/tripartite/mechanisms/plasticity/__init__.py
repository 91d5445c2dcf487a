"""Rules of synaptic change, and weights that say what becomes of it."""

from tripartite.errors import room
from tripartite.mechanisms.plasticity.btsp import Btsp
from tripartite.mechanisms.plasticity.gate import AstrocyteGate
from tripartite.mechanisms.plasticity.nmda_ltp import NmdaLtp, SpineVoltage
from tripartite.mechanisms.plasticity.normalisation import NormalisedWeight, WeightNormalisation
from tripartite.mechanisms.plasticity.stdp import PairStdp
from tripartite.mechanisms.plasticity.third_factor import EligibilityWeight, GatedWeight, PostspikeGate
from tripartite.mechanisms.plasticity.tnf_scaling import ScaledRate, TnfScaling
from tripartite.mechanisms.plasticity.weights import HardBoundWeight, SoftBoundWeight, Weight

__all__ = [
    "AstrocyteGate",
    "Btsp",
    "EligibilityWeight",
    "GatedWeight",
    "HardBoundWeight",
    "NmdaLtp",
    "NormalisedWeight",
    "PairStdp",
    "PostspikeGate",
    "ScaledRate",
    "SoftBoundWeight",
    "SpineVoltage",
    "TnfScaling",
    "Weight",
    "WeightNormalisation",
]

__getattr__, __dir__ = room(__name__, __all__)
