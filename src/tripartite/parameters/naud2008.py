"""Naud et al. (2008): firing patterns of the adaptive exponential neuron."""

from tripartite.language import ParameterSet
from tripartite.units import ms, mV, nS, pA, pF


def _pattern(
    name: str, c: float, g_l: float, e_l: float, tau_w: float, a: float, b: float, v_reset: float, bias: float
) -> ParameterSet:
    return ParameterSet(
        name,
        "naud2008, named firing patterns; read from the example of the simulator Brian",
        capacitance=c * pF,
        g_l=g_l * nS,
        e_l=e_l * mV,
        v_threshold=-50 * mV,
        slope=2 * mV,
        a=a * nS,
        tau_w=tau_w * ms,
        b=b * pA,
        v_reset=v_reset * mV,
        bias_current=bias * pA,
    )


TONIC = _pattern("tonic", 200, 10, -70, 30, 2, 0, -58, 500)
ADAPTING = _pattern("adapting", 200, 12, -70, 300, 2, 60, -58, 500)
INITIAL_BURST = _pattern("initial burst", 130, 18, -58, 150, 4, 120, -50, 400)
REGULAR_BURSTING = _pattern("regular bursting", 200, 10, -58, 120, 2, 100, -46, 210)
