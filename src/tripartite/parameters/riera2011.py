"""Riera et al. (2011), as coded in ModelDB 223273: the reproducibility case of Manninen et al. (2017)."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "riera2011, as coded in ModelDB 223273"

ASTROCYTE = ParameterSet(
    "spontaneous astrocyte",
    _SOURCE,
    d5=0.082 * uM,
    basal=0.43 * uM / s,
    v_delta=0.152 * uM / s,
    k_delta=0.55 * uM,
    degradation=1.25 / s,
    ca=0.09 * uM,
    h=0.79,
    ip3=0.14 * uM,
)
