"""Izhikevich (2003): neurons of the cortex, told apart by four numbers."""

from tripartite.language import ParameterSet
from tripartite.units import ms, mV


def _neuron(name: str, a: float, b: float, c: float, d: float) -> ParameterSet:
    return ParameterSet(name, "izhikevich2003, figure 2", a=a / ms, b=b / ms, v_reset=c * mV, d=d * mV / ms)


REGULAR_SPIKING = _neuron("regular spiking", 0.02, 0.2, -65, 8)
INTRINSICALLY_BURSTING = _neuron("intrinsically bursting", 0.02, 0.2, -55, 4)
CHATTERING = _neuron("chattering", 0.02, 0.2, -50, 2)
FAST_SPIKING = _neuron("fast spiking", 0.1, 0.2, -65, 2)
LOW_THRESHOLD_SPIKING = _neuron("low-threshold spiking", 0.02, 0.25, -65, 2)
