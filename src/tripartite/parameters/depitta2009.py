"""De Pittà et al. (2009), after the erratum, as coded in ModelDB 223269: two ways to encode glutamate."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "depitta2009, table 1; depitta2009erratum; values as coded in ModelDB 223269"

AM = ParameterSet(
    "amplitude modulation",
    _SOURCE,
    k_serca=0.1 * uM,
    v_delta=0.02 * uM / s,
    r_5p=0.04 / s,
    v_beta=0.2 * uM / s,
)
FM = ParameterSet(
    "frequency modulation",
    _SOURCE,
    k_serca=0.05 * uM,
    v_delta=0.05 * uM / s,
    r_5p=0.05 / s,
    v_beta=0.5 * uM / s,
)
