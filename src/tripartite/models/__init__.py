"""Wiring: one published architecture a file."""

from tripartite.models.gated_synapse import GatedSynapse
from tripartite.models.gchi import Chi, GChi
from tripartite.models.nmda_synapse import NmdaSynapse
from tripartite.models.tripartite_synapse import (
    OpenLoopSynapse,
    ReleaseDecreasing,
    ReleaseIncreasing,
    Synapse,
    TripartiteSynapse,
)

__all__ = [
    "Chi",
    "GChi",
    "GatedSynapse",
    "NmdaSynapse",
    "OpenLoopSynapse",
    "ReleaseDecreasing",
    "ReleaseIncreasing",
    "Synapse",
    "TripartiteSynapse",
]
