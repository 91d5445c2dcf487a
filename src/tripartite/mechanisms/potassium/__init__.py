"""Potassium, sodium and the potentials that they make: pumps, channels, glia, bath."""

from tripartite.errors import room
from tripartite.mechanisms.potassium.activity import SpikePotassium
from tripartite.mechanisms.potassium.bath import PotassiumBath
from tripartite.mechanisms.potassium.cressman_membrane import CressmanMembrane
from tripartite.mechanisms.potassium.electrodiffusion import Electrodiffusion
from tripartite.mechanisms.potassium.glial_uptake import GlialPotassiumUptake
from tripartite.mechanisms.potassium.ion_fluxes import AveragedIonFluxes, SpikingIonFluxes
from tripartite.mechanisms.potassium.kir import Kir41
from tripartite.mechanisms.potassium.kir_flux import KirPotassiumFlux
from tripartite.mechanisms.potassium.nernst import PotassiumNernst, SodiumNernst
from tripartite.mechanisms.potassium.neuronal_ions import NeuronalIons
from tripartite.mechanisms.potassium.potassium_load import PotassiumLoad
from tripartite.mechanisms.potassium.pumps import CooperativePump, SodiumPotassiumPump, TissuePump
from tripartite.mechanisms.potassium.syncytium import SyncytialMembrane
from tripartite.mechanisms.potassium.tissue_ions import TissueIons
from tripartite.mechanisms.potassium.tissue_membrane import TissueMembrane

__all__ = [
    "AveragedIonFluxes",
    "CooperativePump",
    "CressmanMembrane",
    "Electrodiffusion",
    "GlialPotassiumUptake",
    "Kir41",
    "KirPotassiumFlux",
    "NeuronalIons",
    "PotassiumBath",
    "PotassiumLoad",
    "PotassiumNernst",
    "SodiumNernst",
    "SodiumPotassiumPump",
    "SpikePotassium",
    "SpikingIonFluxes",
    "SyncytialMembrane",
    "TissueIons",
    "TissueMembrane",
    "TissuePump",
]

__getattr__, __dir__ = room(__name__, __all__)
