"""De Pittà and Brunel (2016): synapses that depress, facilitate, or do neither, and two astrocytes.

The astrocytes list what their programs set; what they leave out is of depitta2009. They stand beside a reservoir of
0.8 µM (``AM``) and 1.0 µM (``FM``) IP3. The program divides PLCδ by one plus IP3 over ``k_delta`` instead of
``kappa_delta``; the equation of the paper, used here, does not.
"""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "depitta_brunel2016, parameters of the synapse models"
_ASTROCYTE = "depitta_brunel2016, program of the astrocyte"

DEPRESSING = ParameterSet("depressing synapse", _SOURCE, u0=0.6, recovery=2 / s, facilitation=3.33 / s)
FACILITATING = ParameterSet("facilitating synapse", _SOURCE, u0=0.15, recovery=2 / s, facilitation=2 / s)
NEUTRAL = ParameterSet("neutral synapse", _SOURCE, u0=0.5, recovery=3 / s, facilitation=3 / s)

AM = ParameterSet(
    "astrocyte, amplitude modulation",
    _ASTROCYTE,
    k_serca=0.1 * uM,
    v_delta=0.01 * uM / s,
    kappa_delta=1 * uM,
    k_delta=0.5 * uM,
    v_3k=4.5 * uM / s,
    k_d=0.5 * uM,
    r_5p=0.1 / s,
    production=1 * uM / s,
    binding=0.3 / uM / s,
    unbinding=1.8 / s,
    termination=2.0,
    exchange=2 * uM / s,
)
FM = AM.but("astrocyte, frequency modulation", k_serca=0.05 * uM, v_delta=0.05 * uM / s)
