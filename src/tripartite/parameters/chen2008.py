"""Chen et al. (2008): store-operated entry through Orai channels that STIM opens (BioModels 202)."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "chen2008, BioModels 202"
_START = "assumed: a start of the computed runs; published is that of stim_active alone"

CELL = ParameterSet(
    "cell with STIM and Orai",
    _SOURCE,
    ca=(0.05 * uM, _START),
    ca_total=(10.05 * uM, _START),
    h=(0.8, _START),
    ip3=(0.5 * uM, _START),
    er_ratio=1.0,
    release=66.6 / s,
    inactivation=0.5 / uM / s,
    d1=1 * uM,
    d2=0.4 * uM,
    d3=1 * uM,
    d5=0.4 * uM,
    leak=9.3e-4 / s,
    uptake=1 * uM / s,
    k_serca=0.15 * uM,
    serca_exponent=2.0,
    inflow=7.5e-4 * uM / s,
    outflow=5e-7 / s,
    extrusion=1 * uM / s,
    k_pmca=0.45 * uM,
    membrane_ratio=1.0,
)
