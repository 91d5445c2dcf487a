"""Release, cleft and receptors of the synapse."""

from tripartite.mechanisms.synapse.cleft import CleftGlutamate
from tripartite.mechanisms.synapse.efficacy import Efficacy, PlasticEfficacy, StaticSynapse
from tripartite.mechanisms.synapse.glutamate_receptors import Ampa, Nmda
from tripartite.mechanisms.synapse.presynaptic_receptor import PresynapticReceptor
from tripartite.mechanisms.synapse.tsodyks_depression import TsodyksDepression
from tripartite.mechanisms.synapse.tsodyks_markram import FixedUtilization, MeanTsodyksMarkram, TsodyksMarkram

__all__ = [
    "Ampa",
    "CleftGlutamate",
    "Efficacy",
    "FixedUtilization",
    "MeanTsodyksMarkram",
    "Nmda",
    "PlasticEfficacy",
    "PresynapticReceptor",
    "StaticSynapse",
    "TsodyksDepression",
    "TsodyksMarkram",
]
