"""The neuron's membrane, its synaptic conductances and the currents into it."""

from tripartite.errors import room
from tripartite.mechanisms.neuron.adaptive_exponential import AdaptiveExponential
from tripartite.mechanisms.neuron.conductances import (
    AlphaExcitation,
    AlphaInhibition,
    ExponentialExcitation,
    ExponentialInhibition,
)
from tripartite.mechanisms.neuron.currents import InjectedCurrent, MembraneNoise, SlowInwardCurrent
from tripartite.mechanisms.neuron.hodgkin_huxley import HodgkinHuxley
from tripartite.mechanisms.neuron.integrate_fire import LeakyIntegrateFire
from tripartite.mechanisms.neuron.izhikevich import Izhikevich
from tripartite.mechanisms.neuron.spike_calcium import SpikeCalcium
from tripartite.mechanisms.neuron.wang_buzsaki import WangBuzsaki

__all__ = [
    "AdaptiveExponential",
    "AlphaExcitation",
    "AlphaInhibition",
    "ExponentialExcitation",
    "ExponentialInhibition",
    "HodgkinHuxley",
    "InjectedCurrent",
    "Izhikevich",
    "LeakyIntegrateFire",
    "MembraneNoise",
    "SlowInwardCurrent",
    "SpikeCalcium",
    "WangBuzsaki",
]

__getattr__, __dir__ = room(__name__, __all__)
