"""G-ChI extended by diacylglycerol and protein kinase C (De Pittà, Ben-Jacob and Berry 2019)."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import Diacylglycerol, Ip3Metabolism, LiRinzel, PkcGlutamateReceptor, ProteinKinaseC


class EGChi(Model):
    """G-ChI with the kinase that ends the response of its receptors; ``more`` mechanisms may add to it.

    Choose values with ``EGChi().using(tripartite.parameters.depitta_benjacob_berry2019.KINASE)``.
    """

    def __init__(self, *more: Mechanism):
        parts = (LiRinzel(), Ip3Metabolism(), PkcGlutamateReceptor(), Diacylglycerol(), ProteinKinaseC())
        super().__init__(astrocyte=Compartment(*parts, *more))
