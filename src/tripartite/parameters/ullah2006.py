"""Ullah, Jung and Cornell-Bell (2006), as published networks with this astrocyte code it."""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "ullah2006, as coded in published networks with this astrocyte"

ASTROCYTE = ParameterSet(
    "astrocyte",
    _SOURCE,
    uptake=2.2 * uM / s,
    inactivation=0.14 / uM / s,
    d5=0.082 * uM,
    ca=0.072495 * uM,
    h=0.886314,
    ip3=0.820204 * uM,
)
