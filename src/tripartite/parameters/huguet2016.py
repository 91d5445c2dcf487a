"""Huguet et al. (2016): affinities of the sodium-potassium pump (`CooperativePump`)."""

from tripartite.language import ParameterSet
from tripartite.units import mM

PUMP = ParameterSet("pump", "huguet2016, as coded by its users", k_sodium=7.7 * mM, k_potassium=2.0 * mM)
