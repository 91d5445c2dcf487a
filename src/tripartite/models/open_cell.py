"""The astrocyte of Handy et al. (2017): calcium crosses the plasma membrane as well as that of the store."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    CytosolicCalcium,
    ErLeak,
    Ip3ReceptorFlux,
    PlasmaLeak,
    Pmca,
    Serca,
    StoreOperatedEntry,
    TotalCalcium,
)
from tripartite.parameters.handy2017 import CELL


class OpenCell(Model):
    """Calcium of cytosol and store, at rest without IP3; ``ip3`` comes from a protocol or from ``more`` mechanisms.

    ``OpenCell(Ip3Transient())`` has the course of IP3 that the paper gives it.
    """

    def __init__(self, *more: Mechanism):
        store = (Ip3ReceptorFlux(), ErLeak(), Serca())
        membrane = (PlasmaLeak(), Pmca(), StoreOperatedEntry())
        cell = Compartment(CytosolicCalcium(), TotalCalcium(), *store, *membrane).using(CELL)
        super().__init__(astrocyte=Compartment(*cell.mechanisms, *more))
