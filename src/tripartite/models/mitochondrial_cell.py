"""The cell of Marhl et al. (2000): calcium among cytosol, ER, mitochondria and proteins."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    BindingProteins,
    CalciumInducedRelease,
    CytosolicCalcium,
    ErLeak,
    LinearSerca,
    Mitochondrion,
    TotalCalcium,
)
from tripartite.parameters.marhl2000 import CELL


class MitochondrialCell(Model):
    """A closed cell: ``ca_total + mito_ratio ca_mito + ca_bound`` is conserved; ``more`` may add to it.

    It is a general non-excitable cell, not fitted to astrocytes.
    """

    def __init__(self, *more: Mechanism):
        store = (CalciumInducedRelease(), ErLeak(), LinearSerca())
        other = (Mitochondrion(), BindingProteins())
        cell = Compartment(CytosolicCalcium(), TotalCalcium(), *store, *other).using(CELL)
        super().__init__(astrocyte=Compartment(*cell.mechanisms, *more))
