"""Manninen, Havela and Linne (2017): where their G-ChI, of ModelDB 223269, starts."""

from tripartite.language import ParameterSet
from tripartite.units import uM

START = ParameterSet("start of G-ChI", "manninen2017, as coded in ModelDB 223269", ca=0.09 * uM, h=0.78, ip3=0.22 * uM)
