"""Release, cleft and receptors of the synapse."""

from tripartite.errors import room
from tripartite.mechanisms.synapse.cleft import CleftGlutamate
from tripartite.mechanisms.synapse.coagonist import CoagonistSites
from tripartite.mechanisms.synapse.efficacy import Efficacy, PlasticEfficacy, StaticSynapse
from tripartite.mechanisms.synapse.facilitation import ActiveResources, FacilitatingUtilization
from tripartite.mechanisms.synapse.glutamate_receptors import Ampa, Nmda
from tripartite.mechanisms.synapse.kampa_nmda import KampaNmda
from tripartite.mechanisms.synapse.mean_gliotransmission import MeanPresynapticReceptor, PeriodicPresynapticReceptor
from tripartite.mechanisms.synapse.presynaptic_nmda import PresynapticNmda
from tripartite.mechanisms.synapse.presynaptic_receptor import PresynapticReceptor
from tripartite.mechanisms.synapse.transmitter_pulse import AmpaKinetics, GabaAKinetics, NmdaKinetics, TransmitterPulse
from tripartite.mechanisms.synapse.trapping_nmda import TrappingNmda
from tripartite.mechanisms.synapse.tsodyks_depression import TsodyksDepression
from tripartite.mechanisms.synapse.tsodyks_markram import FixedUtilization, MeanTsodyksMarkram, TsodyksMarkram

__all__ = [
    "ActiveResources",
    "Ampa",
    "AmpaKinetics",
    "CleftGlutamate",
    "CoagonistSites",
    "Efficacy",
    "FacilitatingUtilization",
    "FixedUtilization",
    "GabaAKinetics",
    "KampaNmda",
    "MeanPresynapticReceptor",
    "MeanTsodyksMarkram",
    "Nmda",
    "NmdaKinetics",
    "PeriodicPresynapticReceptor",
    "PlasticEfficacy",
    "PresynapticNmda",
    "PresynapticReceptor",
    "StaticSynapse",
    "TransmitterPulse",
    "TrappingNmda",
    "TsodyksDepression",
    "TsodyksMarkram",
]

__getattr__, __dir__ = room(__name__, __all__)
