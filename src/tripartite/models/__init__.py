"""Wiring: one published architecture a file."""

from tripartite.models.gchi import Chi, GChi
from tripartite.models.tripartite_synapse import (
    ReleaseDecreasing,
    ReleaseIncreasing,
    Synapse,
    TripartiteSynapse,
)

__all__ = ["Chi", "GChi", "ReleaseDecreasing", "ReleaseIncreasing", "Synapse", "TripartiteSynapse"]
