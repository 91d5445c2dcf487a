"""Wiring: one published architecture a file."""

import importlib
from typing import Any

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

_NETWORKS = {
    "AstrocyteChain": "astrocyte_networks",
    "AstrocyteRing": "astrocyte_networks",
    "CobaNetwork": "coba_network",
    "JiangNetwork": "jiang_network",
    "SPARSE": "jiang_network",
    "SYNCHRONOUS": "jiang_network",
    "StimbergNetwork": "stimberg_network",
}
"""Networks load when first named: they bring the compiler of their kernels along."""

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
    *_NETWORKS,
]


def __getattr__(name: str) -> Any:
    if name not in _NETWORKS:
        raise AttributeError(f"`tripartite.models` has no `{name}`.")
    return getattr(importlib.import_module(f"tripartite.models.{_NETWORKS[name]}"), name)
