"""Calcium, IP3 and receptors of the astrocyte."""

from tripartite.mechanisms.astrocyte.gap_junction import Ip3Coupling, Ip3Reservoir, LinearIp3Coupling
from tripartite.mechanisms.astrocyte.glutamate_receptor import GlutamateReceptor, StaticGlutamateReceptor
from tripartite.mechanisms.astrocyte.influx_noise import Fluctuation, InfluxNoise
from tripartite.mechanisms.astrocyte.ip3_metabolism import Ip3Metabolism
from tripartite.mechanisms.astrocyte.ip3_relaxation import Ip3Relaxation
from tripartite.mechanisms.astrocyte.li_rinzel import LiRinzel
from tripartite.mechanisms.astrocyte.process_exchange import ProcessExchange
from tripartite.mechanisms.astrocyte.receptor_noise import ReceptorNoise
from tripartite.mechanisms.astrocyte.relative_calcium import RelativeCalcium

__all__ = [
    "Fluctuation",
    "GlutamateReceptor",
    "InfluxNoise",
    "Ip3Coupling",
    "Ip3Metabolism",
    "Ip3Relaxation",
    "Ip3Reservoir",
    "LiRinzel",
    "LinearIp3Coupling",
    "ProcessExchange",
    "ReceptorNoise",
    "RelativeCalcium",
    "StaticGlutamateReceptor",
]
