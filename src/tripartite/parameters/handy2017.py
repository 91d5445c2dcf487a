"""Handy et al. (2017): an astrocyte whose calcium crosses the plasma membrane."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "handy2017, program of its authors (ModelDB 189344)"

CELL = ParameterSet(
    "open cell at rest without IP3",
    _SOURCE,
    ca=0.0865415 * uM,
    ca_total=36.49084 * uM,
    h=0.6255124,
    er_ratio=1 / 5.4054,
    release=0.222 / s,
    leak=0.002 / s,
    uptake=0.9 * uM / s,
    k_serca=0.1 * uM,
    serca_exponent=1.75,
    inflow=0.05 * uM / s,
    outflow=1.2 / s,
    k_pmca=2.5 * uM,
    k_soc=90 * uM,
    membrane_ratio=0.2,
    inactivation=0.04 / uM / s,
    d1=0.13 * uM,
    d2=1.049 * uM,
    d3=0.9434 * uM,
    d5=0.08234 * uM,
)
