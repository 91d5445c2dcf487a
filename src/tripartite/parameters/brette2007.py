"""Brette et al. (2007): the benchmark networks on which simulators of spiking neurons are compared."""

from tripartite.language import ParameterSet
from tripartite.units import nS, pA, pF

_COBA = "brette2007, benchmark 1; absolute units of the example COBA of the simulator Brian"

NEURON = ParameterSet("neuron of COBA", _COBA, capacitance=200 * pF, g_l=10 * nS, bias_current=0 * pA)
EXCITATORY_SYNAPSE = ParameterSet("excitatory synapse of COBA", _COBA, weight=6 * nS)
INHIBITORY_SYNAPSE = ParameterSet("inhibitory synapse of COBA", _COBA, weight=67 * nS)
