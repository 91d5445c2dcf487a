"""De Pittà and Brunel (2016): synapses that depress, facilitate, or do neither."""

from tripartite.language import ParameterSet
from tripartite.units import s

_SOURCE = "depitta_brunel2016, parameters of the synapse models"

DEPRESSING = ParameterSet("depressing synapse", _SOURCE, u0=0.6, recovery=2 / s, facilitation=3.33 / s)
FACILITATING = ParameterSet("facilitating synapse", _SOURCE, u0=0.15, recovery=2 / s, facilitation=2 / s)
NEUTRAL = ParameterSet("neutral synapse", _SOURCE, u0=0.5, recovery=3 / s, facilitation=3 / s)
