"""Lallouette et al. (2014): frequency-modulated astrocytes in networks of gap junctions.

The affinities of 3-kinase are those of `Ip3Metabolism`, as in the authors' program: 0.7 µM for calcium (K_D) and 1 µM
for IP3 (K_3K). The printed table 1 has them the other way round.
"""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_PROGRAM = "lallouette2014; values of the authors' program for chapter 7 of the book depitta_berry2019"

ASTROCYTE = ParameterSet(
    "astrocyte of coupled networks",
    _PROGRAM,
    k_serca=0.05 * uM,
    v_delta=0.7 * uM / s,
    v_3k=4.5 * uM / s,
    r_5p=0.21 / s,
    ca=0.0351 * uM,
    h=0.9122,
    ip3=0.3046 * uM,
)
STIMULUS = ParameterSet("reservoir that stimulates one cell", _PROGRAM, exchange=2 * uM / s)
COUPLING = ParameterSet("gap junctions", _PROGRAM, coupling=2 * uM / s)
