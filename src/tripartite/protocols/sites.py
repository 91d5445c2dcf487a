"""Where targets that several perturbations share are found among the mechanisms: one list for each target."""

from tripartite.mechanisms import (
    DeYoungKeizer,
    HemichannelRelease,
    Ip3Coupling,
    Ip3ReceptorFlux,
    LavrentovichHemkin,
    LinearCalciumCoupling,
    LinearIp3Coupling,
    LinearSerca,
    LiRinzel,
    MeanMicrodomain,
    Serca,
    StochasticLiRinzel,
    StochasticMicrodomain,
    SyncytialMembrane,
    ThresholdIp3Coupling,
)
from tripartite.protocols.pharmacology import Site

SERCA = (
    Site(LiRinzel, "uptake"),
    Site(DeYoungKeizer, "uptake"),
    Site(LavrentovichHemkin, "uptake"),
    Site(StochasticLiRinzel, "uptake"),
    Site(Serca, "uptake"),
    Site(LinearSerca, "pumping"),
)
IP3_RECEPTORS = (
    Site(LiRinzel, "release"),
    Site(DeYoungKeizer, "release"),
    Site(LavrentovichHemkin, "release"),
    Site(StochasticLiRinzel, "release"),
    Site(Ip3ReceptorFlux, "release"),
    Site(MeanMicrodomain, "release"),
    Site(StochasticMicrodomain, "release"),
)
GAP_JUNCTIONS = (
    Site(Ip3Coupling, "coupling"),
    Site(LinearIp3Coupling, "permeability"),
    Site(ThresholdIp3Coupling, "permeability"),
    Site(LinearCalciumCoupling, "ca_permeability"),
    Site(SyncytialMembrane, "g_syncytium"),
)
CONNEXINS = (*GAP_JUNCTIONS, Site(HemichannelRelease, "hemichannel_permeability"))
"""Gap junctions, and hemichannels, the halves of them."""
