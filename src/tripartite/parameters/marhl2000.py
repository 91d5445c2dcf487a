"""Marhl et al. (2000): bursts of calcium shaped by mitochondria and proteins (BioModels 39)."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

CELL = ParameterSet(
    "closed cell with mitochondria",
    "marhl2000, BioModels 39",
    ca=0.35 * uM,
    ca_total=(0.35 + 4 * 0.76) * uM,
    ca_mito=0.29 * uM,
    ca_bound=85.45 * uM,
    er_ratio=4.0,
    mito_ratio=4.0,
    release=4100 / s,
    k_release=5 * uM,
    leak=0.05 / s,
    pumping=20 / s,
)
