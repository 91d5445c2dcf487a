"""Kager et al. (2000): affinity of the sodium-potassium pump for potassium (`CooperativePump`)."""

from tripartite.language import ParameterSet
from tripartite.units import mM

PUMP = ParameterSet("pump", "kager2000", k_sodium=10.0 * mM, k_potassium=3.5 * mM)
