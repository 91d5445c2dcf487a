"""Wiring: one published architecture a file."""

from typing import TYPE_CHECKING

from tripartite.errors import room
from tripartite.models.compartmental_astrocyte import ProcessStar, RelativeAstrocyte
from tripartite.models.cressman import CressmanNeuron, ReducedCressman
from tripartite.models.egchi import EGChi
from tripartite.models.gated_synapse import GatedSynapse
from tripartite.models.gchi import Chi, GChi
from tripartite.models.kir_buffering import KirBufferedNeuron
from tripartite.models.mitochondrial_cell import MitochondrialCell
from tripartite.models.nest_astrocyte import NestAstrocyte
from tripartite.models.neurons import AdexNeuron, CobaNeuron, HodgkinHuxleyNeuron, IzhikevichNeuron, WangBuzsakiNeuron
from tripartite.models.nmda_synapse import NmdaSynapse
from tripartite.models.open_cell import OpenCell
from tripartite.models.spillover_synapse import SpilloverSynapse
from tripartite.models.stim_orai_cell import StimOraiCell
from tripartite.models.tripartite_synapse import (
    OpenLoopSynapse,
    ReleaseDecreasing,
    ReleaseIncreasing,
    Synapse,
    TripartiteSynapse,
)

if TYPE_CHECKING:
    from tripartite.models.astrocyte_networks import AstrocyteChain, AstrocyteRing
    from tripartite.models.branching_astrocyte import BranchingAstrocyte
    from tripartite.models.coba_network import CobaNetwork
    from tripartite.models.halnes import HalnesTissue
    from tripartite.models.jiang_network import SPARSE, SYNCHRONOUS, JiangNetwork
    from tripartite.models.stimberg_network import StimbergNetwork

_NETWORKS = {
    "AstrocyteChain": "astrocyte_networks",
    "AstrocyteRing": "astrocyte_networks",
    "BranchingAstrocyte": "branching_astrocyte",
    "CobaNetwork": "coba_network",
    "HalnesTissue": "halnes",
    "JiangNetwork": "jiang_network",
    "SPARSE": "jiang_network",
    "SYNCHRONOUS": "jiang_network",
    "StimbergNetwork": "stimberg_network",
}
"""Networks load when first named: they bring the compiler of their kernels along."""

__all__ = [
    "SPARSE",
    "SYNCHRONOUS",
    "AdexNeuron",
    "AstrocyteChain",
    "AstrocyteRing",
    "BranchingAstrocyte",
    "Chi",
    "CobaNetwork",
    "CobaNeuron",
    "CressmanNeuron",
    "EGChi",
    "GChi",
    "GatedSynapse",
    "HalnesTissue",
    "HodgkinHuxleyNeuron",
    "IzhikevichNeuron",
    "JiangNetwork",
    "KirBufferedNeuron",
    "MitochondrialCell",
    "NestAstrocyte",
    "NmdaSynapse",
    "OpenCell",
    "OpenLoopSynapse",
    "ProcessStar",
    "ReducedCressman",
    "RelativeAstrocyte",
    "ReleaseDecreasing",
    "ReleaseIncreasing",
    "SpilloverSynapse",
    "StimOraiCell",
    "StimbergNetwork",
    "Synapse",
    "TripartiteSynapse",
    "WangBuzsakiNeuron",
]

__getattr__, __dir__ = room(__name__, __all__, {name: f"{__name__}.{place}" for name, place in _NETWORKS.items()})
