"""Calcium, IP3 and receptors of the astrocyte."""

from tripartite.errors import room
from tripartite.mechanisms.astrocyte.binding_proteins import BindingProteins
from tripartite.mechanisms.astrocyte.calcium_buffers import ImmobileBuffer, MobileBuffer
from tripartite.mechanisms.astrocyte.calcium_induced_release import CalciumInducedRelease
from tripartite.mechanisms.astrocyte.calcium_pools import CytosolicCalcium, TotalCalcium
from tripartite.mechanisms.astrocyte.capacitative_exchange import CapacitativeExchange
from tripartite.mechanisms.astrocyte.cb1_receptor import Cb1Receptor
from tripartite.mechanisms.astrocyte.deyoung_keizer import DeYoungKeizer
from tripartite.mechanisms.astrocyte.diacylglycerol import Diacylglycerol
from tripartite.mechanisms.astrocyte.er_leak import ErLeak
from tripartite.mechanisms.astrocyte.gaba_receptor import GabaBReceptor
from tripartite.mechanisms.astrocyte.gap_junction import (
    Ip3Coupling,
    Ip3Reservoir,
    LinearCalciumCoupling,
    LinearIp3Coupling,
    ThresholdIp3Coupling,
)
from tripartite.mechanisms.astrocyte.glutamate_receptor import GlutamateReceptor, StaticGlutamateReceptor
from tripartite.mechanisms.astrocyte.influx_noise import Fluctuation, InfluxNoise
from tripartite.mechanisms.astrocyte.ip3_gated_entry import Ip3GatedEntry
from tripartite.mechanisms.astrocyte.ip3_metabolism import Ip3Metabolism
from tripartite.mechanisms.astrocyte.ip3_receptor_flux import Ip3ReceptorFlux
from tripartite.mechanisms.astrocyte.ip3_relaxation import Ip3Relaxation
from tripartite.mechanisms.astrocyte.ip3_transient import Ip3Transient
from tripartite.mechanisms.astrocyte.ip3_turnover import Ip3Turnover
from tripartite.mechanisms.astrocyte.lavrentovich_hemkin import LavrentovichHemkin
from tripartite.mechanisms.astrocyte.li_rinzel import LiRinzel
from tripartite.mechanisms.astrocyte.microdomain_exchange import MicrodomainExchange
from tripartite.mechanisms.astrocyte.mitochondrion import Mitochondrion
from tripartite.mechanisms.astrocyte.multiplicative_noise import MultiplicativeNoise
from tripartite.mechanisms.astrocyte.noradrenaline_receptor import (
    DesensitisingNoradrenalineReceptor,
    NoradrenalineReceptor,
)
from tripartite.mechanisms.astrocyte.p2y1_receptor import P2y1Receptor
from tripartite.mechanisms.astrocyte.pkc_receptor import PkcGlutamateReceptor
from tripartite.mechanisms.astrocyte.plasma_leak import PlasmaLeak
from tripartite.mechanisms.astrocyte.plc_delta_ip3 import PlcDeltaIp3
from tripartite.mechanisms.astrocyte.plc_delta_relaxation import PlcDeltaRelaxation
from tripartite.mechanisms.astrocyte.pmca import Pmca
from tripartite.mechanisms.astrocyte.process_exchange import ProcessExchange
from tripartite.mechanisms.astrocyte.protein_kinase_c import ProteinKinaseC
from tripartite.mechanisms.astrocyte.receptor_cluster import StochasticLiRinzel
from tripartite.mechanisms.astrocyte.receptor_microdomain import MeanMicrodomain, StochasticMicrodomain
from tripartite.mechanisms.astrocyte.receptor_noise import ReceptorNoise
from tripartite.mechanisms.astrocyte.relative_calcium import RelativeCalcium
from tripartite.mechanisms.astrocyte.serca import LinearSerca, Serca
from tripartite.mechanisms.astrocyte.sodium_calcium_exchanger import Ncx
from tripartite.mechanisms.astrocyte.soma_exchange import SomaExchange
from tripartite.mechanisms.astrocyte.spike_ip3 import SpikeIp3
from tripartite.mechanisms.astrocyte.stim_orai import StimOrai
from tripartite.mechanisms.astrocyte.store_operated_entry import SlowStoreOperatedEntry, StoreOperatedEntry

__all__ = [
    "BindingProteins",
    "CalciumInducedRelease",
    "CapacitativeExchange",
    "Cb1Receptor",
    "CytosolicCalcium",
    "DeYoungKeizer",
    "DesensitisingNoradrenalineReceptor",
    "Diacylglycerol",
    "ErLeak",
    "Fluctuation",
    "GabaBReceptor",
    "GlutamateReceptor",
    "ImmobileBuffer",
    "InfluxNoise",
    "Ip3Coupling",
    "Ip3GatedEntry",
    "Ip3Metabolism",
    "Ip3ReceptorFlux",
    "Ip3Relaxation",
    "Ip3Reservoir",
    "Ip3Transient",
    "Ip3Turnover",
    "LavrentovichHemkin",
    "LiRinzel",
    "LinearCalciumCoupling",
    "LinearIp3Coupling",
    "LinearSerca",
    "MeanMicrodomain",
    "MicrodomainExchange",
    "Mitochondrion",
    "MobileBuffer",
    "MultiplicativeNoise",
    "Ncx",
    "NoradrenalineReceptor",
    "P2y1Receptor",
    "PkcGlutamateReceptor",
    "PlasmaLeak",
    "PlcDeltaIp3",
    "PlcDeltaRelaxation",
    "Pmca",
    "ProcessExchange",
    "ProteinKinaseC",
    "ReceptorNoise",
    "RelativeCalcium",
    "Serca",
    "SlowStoreOperatedEntry",
    "SomaExchange",
    "SpikeIp3",
    "StaticGlutamateReceptor",
    "StimOrai",
    "StochasticLiRinzel",
    "StochasticMicrodomain",
    "StoreOperatedEntry",
    "ThresholdIp3Coupling",
    "TotalCalcium",
]

__getattr__, __dir__ = room(__name__, __all__)
