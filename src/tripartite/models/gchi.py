"""The astrocyte of De Pittà et al. (2009): calcium, IP3, and glutamate that makes IP3."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import GlutamateReceptor, Ip3Metabolism, LiRinzel, StaticGlutamateReceptor


class Chi(Model):
    """Calcium and IP3 of an astrocyte; ``more`` mechanisms may add to it."""

    def __init__(self, *more: Mechanism):
        super().__init__(astrocyte=Compartment(LiRinzel(), Ip3Metabolism(), *more))


class GChi(Chi):
    """ChI with glutamate receptors: at equilibrium by default (2009), or binding (2019).

    Choose values with ``GChi().using(tripartite.parameters.depitta2009.AM)``.
    """

    def __init__(self, receptor: StaticGlutamateReceptor | GlutamateReceptor | None = None, *more: Mechanism):
        super().__init__(StaticGlutamateReceptor() if receptor is None else receptor, *more)
