"""Calcium, IP3 and receptors of the astrocyte."""

from tripartite.mechanisms.astrocyte.glutamate_receptor import GlutamateReceptor, StaticGlutamateReceptor
from tripartite.mechanisms.astrocyte.ip3_metabolism import Ip3Metabolism
from tripartite.mechanisms.astrocyte.ip3_reservoir import Ip3Reservoir
from tripartite.mechanisms.astrocyte.li_rinzel import LiRinzel
from tripartite.mechanisms.astrocyte.receptor_noise import ReceptorNoise

__all__ = [
    "GlutamateReceptor",
    "Ip3Metabolism",
    "Ip3Reservoir",
    "LiRinzel",
    "ReceptorNoise",
    "StaticGlutamateReceptor",
]
