"""Tsodyks, Pawelzik and Markram (1998): a depressing and a facilitating synapse.

For `TsodyksDepression` with `ActiveResources`, and `FixedUtilization` (depressing) or `FacilitatingUtilization`.
"""

from tripartite.language import ParameterSet
from tripartite.units import ms, pA

_FIGURE = "tsodyks1998, figure 1"

DEPRESSING = ParameterSet(
    "depressing synapse",
    _FIGURE,
    u0=(0.6, f"{_FIGURE}: 0.5 is printed, which does not give the curve shown"),
    tau_rec=800 * ms,
    tau_psc=3 * ms,
    strength=250 * pA,
)
FACILITATING = ParameterSet(
    "facilitating synapse",
    _FIGURE,
    u0=0.03,
    tau_rec=130 * ms,
    tau_psc=1.5 * ms,
    tau_facil=530 * ms,
    strength=1540 * pA,
)
