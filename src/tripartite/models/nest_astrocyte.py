"""The astrocyte of Jiang et al. (2025): calcium from relaxing IP3, and the current it causes in neurons."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import Ip3Relaxation, LiRinzel, SlowInward
from tripartite.parameters.jiang2025 import ASTROCYTE


class NestAstrocyte(Model):
    """Every ``release`` at its synapses lifts IP3, IP3 calcium, and calcium the slow inward current ``sic``.

    The values are those that the simulator NEST starts from; the networks of the paper have
    `tripartite.parameters.jiang2025.NETWORK_ASTROCYTE`. ``more`` mechanisms may add to it.
    """

    def __init__(self, *more: Mechanism):
        super().__init__(astrocyte=Compartment(LiRinzel(), Ip3Relaxation(), SlowInward(), *more).using(ASTROCYTE))
