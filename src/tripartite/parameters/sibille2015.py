"""Sibille et al. (2015): the Kir4.1 current with the shifted reversal potential of the published set."""

from tripartite.language import ParameterSet
from tripartite.units import mV

AS_PUBLISHED = ParameterSet(
    "as published",
    "sibille2015, as coded by its users; not compared with the paper's table",
    shift=-14.83 * mV,
)
