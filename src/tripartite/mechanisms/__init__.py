"""The biology: one process a file, in themes; `index` lists them all."""

from tripartite.mechanisms.astrocyte import (
    GlutamateReceptor,
    Ip3Metabolism,
    Ip3Reservoir,
    LiRinzel,
    ReceptorNoise,
    StaticGlutamateReceptor,
)
from tripartite.mechanisms.gliotransmission import DSerine, Gliotransmitter, ThresholdExocytosis
from tripartite.mechanisms.neuromodulation import Adenosine, AdenosineA1, AdenosineUtilization, Purines
from tripartite.mechanisms.plasticity import AstrocyteGate, EligibilityStdp, GatedStdp, NmdaLtp, SpineVoltage
from tripartite.mechanisms.synapse import (
    Ampa,
    CleftGlutamate,
    FixedUtilization,
    MeanTsodyksMarkram,
    Nmda,
    PresynapticReceptor,
    TsodyksMarkram,
)

__all__ = [
    "Adenosine",
    "AdenosineA1",
    "AdenosineUtilization",
    "Ampa",
    "AstrocyteGate",
    "CleftGlutamate",
    "DSerine",
    "EligibilityStdp",
    "FixedUtilization",
    "GatedStdp",
    "Gliotransmitter",
    "GlutamateReceptor",
    "Ip3Metabolism",
    "Ip3Reservoir",
    "LiRinzel",
    "MeanTsodyksMarkram",
    "Nmda",
    "NmdaLtp",
    "PresynapticReceptor",
    "Purines",
    "ReceptorNoise",
    "SpineVoltage",
    "StaticGlutamateReceptor",
    "ThresholdExocytosis",
    "TsodyksMarkram",
]
