"""Wiring: one published architecture a file."""

from tripartite.models.gated_synapse import GatedSynapse
from tripartite.models.gchi import Chi, GChi
from tripartite.models.nest_astrocyte import NestAstrocyte
from tripartite.models.neurons import AdexNeuron, CobaNeuron
from tripartite.models.nmda_synapse import NmdaSynapse
from tripartite.models.tripartite_synapse import (
    OpenLoopSynapse,
    ReleaseDecreasing,
    ReleaseIncreasing,
    Synapse,
    TripartiteSynapse,
)

__all__ = [
    "AdexNeuron",
    "Chi",
    "CobaNeuron",
    "GChi",
    "GatedSynapse",
    "NestAstrocyte",
    "NmdaSynapse",
    "OpenLoopSynapse",
    "ReleaseDecreasing",
    "ReleaseIncreasing",
    "Synapse",
    "TripartiteSynapse",
]
