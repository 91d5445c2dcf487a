"""Timofeeva (2019), chapter 3 of Computational Glioscience: the De Young-Keizer cell with a constant ER.

Calcium is counted in units of a store of 1 µM that never empties, which `DeYoungKeizer` and `LiRinzel` show as a
total of 1 µM and no ER volume: the gradient is then ``1 µM - ca``.
"""

from tripartite.language import ParameterSet
from tripartite.units import s, uM

_SOURCE = "timofeeva2019, programs of the chapter"

CONSTANT_STORE = ParameterSet(
    "constant store",
    _SOURCE,
    release=20 / s,
    leak=0.004 / s,
    uptake=1.2 * uM / s,
    k_serca=0.1 * uM,
    ca_total=1 * uM,
    er_ratio=0.0,
)
