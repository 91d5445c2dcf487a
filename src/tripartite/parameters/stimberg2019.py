"""Stimberg et al. (2019): each example has its own values; never share one set between them."""

from tripartite.language import ParameterSet
from tripartite.units import pA, s, uM

_COMMON = ParameterSet(
    "astrocyte",
    "stimberg2019, examples 2-6",
    leak=0.1 / s,
    er_ratio=0.18,
    d2=1.05 * uM,
    d5=0.08 * uM,
    k_serca=0.05 * uM,
    v_delta=0.6 * uM / s,
    k_delta=0.1 * uM,
    v_3k=4.5 * uM / s,
    k_d=0.7 * uM,
    r_5p=0.05 / s,
    ca=0 * uM,
    h=0.9,
)

EXAMPLE_2 = _COMMON.but(
    "example 2: astrocyte driven by spikes",
    k_serca=0.1 * uM,
    v_delta=0.2 * uM / s,
    k_delta=0.3 * uM,
    k_d=0.5 * uM,
    r_5p=0.1 / s,
    ip3=0 * uM,
)
EXAMPLE_2_INPUT = ParameterSet(
    "example 2: glutamate of a spike and weak exchange with the reservoir",
    "stimberg2019, example 2",
    dilution=0.001,
    exchange=0.09 * uM / s,
)
EXAMPLE_3 = _COMMON.but("example 3: gliotransmission by a driven astrocyte", ip3=0.4 * uM)
EXAMPLE_4 = _COMMON.but("example 4: closed loop", production=3.2 * uM / s, ip3=0 * uM)
EXAMPLE_5 = _COMMON.but("example 5: ring of coupled astrocytes", ip3=0 * uM)
EXAMPLE_5_STIMULUS = ParameterSet(
    "example 5: exchange of each astrocyte with its reservoir", "stimberg2019, example 5", exchange=0.09 * uM / s
)
EXAMPLE_6 = _COMMON.but(
    "example 6: network",
    v_delta=1.2 * uM / s,
    production=0.5 * uM / s,
    ip3=0.01 * uM,
    ca=0.01 * uM,
)

NEURON_1 = ParameterSet("example 1: neuron", "stimberg2019, example 1", bias_current=150 * pA)
NEURON_6 = ParameterSet("example 6: neuron", "stimberg2019, example 6", bias_current=100 * pA)
