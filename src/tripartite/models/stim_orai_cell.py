"""The cell of Chen et al. (2008): calcium oscillates because STIM and Orai refill the store."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    CytosolicCalcium,
    ErLeak,
    Ip3ReceptorFlux,
    Ip3Turnover,
    PlasmaLeak,
    Pmca,
    Serca,
    StimOrai,
    TotalCalcium,
)
from tripartite.parameters.chen2008 import CELL


class StimOraiCell(Model):
    """Calcium of cytosol and store, IP3 that calcium makes, and entry through Orai; ``more`` may add to it.

    The gate of the receptors does not depend on IP3 in this model (d_1 = d_3), and the store is as large as the
    cytosol (``er_ratio`` = 1). It is a general non-excitable cell, not fitted to astrocytes.
    """

    def __init__(self, *more: Mechanism):
        store = (Ip3ReceptorFlux(), ErLeak(), Serca(), Ip3Turnover())
        membrane = (PlasmaLeak(), Pmca(), StimOrai())
        cell = Compartment(CytosolicCalcium(), TotalCalcium(), *store, *membrane).using(CELL)
        super().__init__(astrocyte=Compartment(*cell.mechanisms, *more))
