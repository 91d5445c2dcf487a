"""Cressman et al. (2009): what their reduced model has other than their full one."""

from tripartite.language import ParameterSet
from tripartite.units import mM, s

REDUCED = ParameterSet(
    "reduced model",
    "cressman2009, reduced model as coded in ModelDB 136773",
    largest_uptake=66 * mM / s,
    exchange=1.2 / s,
)
