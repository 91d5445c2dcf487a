"""Stimuli and perturbations."""

from tripartite.errors import room
from tripartite.protocols.clamps import Clamp
from tripartite.protocols.drugs import (
    Am251,
    Apv,
    Carbenoxolone,
    Cgp55845,
    Cpa,
    Dpcpx,
    Gap26,
    Ly367385,
    Mpep,
    Mrs2179,
    Prazosin,
    Tboa,
    Thapsigargin,
)
from tripartite.protocols.inputs import Constant, Pulses, Steps
from tripartite.protocols.knockouts import Cd73Knockout, ConnexinKnockout, DnSnare, Ip3r2Knockout, Kir41Knockout
from tripartite.protocols.pharmacology import (
    AbstractAntagonist,
    AbstractDrug,
    AbstractKnockout,
    AbstractTargeted,
    left,
    raised,
)
from tripartite.protocols.releases import Releases
from tripartite.protocols.spikes import Pairings, PoissonSpikes, RegularSpikes, SpikeTrain
from tripartite.protocols.tools import CalEx, ChR2, Hm3dq, Hm4di, OptoGq
from tripartite.protocols.uncaging import CalciumUncaging, Ip3Uncaging
from tripartite.protocols.waveforms import OrnsteinUhlenbeckNoise, Ramps, Sine, WhiteNoise

__all__ = [
    "AbstractAntagonist",
    "AbstractDrug",
    "AbstractKnockout",
    "AbstractTargeted",
    "Am251",
    "Apv",
    "CalEx",
    "CalciumUncaging",
    "Carbenoxolone",
    "Cd73Knockout",
    "Cgp55845",
    "ChR2",
    "Clamp",
    "ConnexinKnockout",
    "Constant",
    "Cpa",
    "DnSnare",
    "Dpcpx",
    "Gap26",
    "Hm3dq",
    "Hm4di",
    "Ip3Uncaging",
    "Ip3r2Knockout",
    "Kir41Knockout",
    "Ly367385",
    "Mpep",
    "Mrs2179",
    "OptoGq",
    "OrnsteinUhlenbeckNoise",
    "Pairings",
    "PoissonSpikes",
    "Prazosin",
    "Pulses",
    "Ramps",
    "RegularSpikes",
    "Releases",
    "Sine",
    "SpikeTrain",
    "Steps",
    "Tboa",
    "Thapsigargin",
    "WhiteNoise",
    "left",
    "raised",
]

__getattr__, __dir__ = room(__name__, __all__)
