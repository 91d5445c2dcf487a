"""Shapes: branching cells as trees of compartments, given, read from SWC files or built."""

from tripartite.errors import room
from tripartite.network.morphology.morphology import Morphology

__all__ = ["Morphology"]

__getattr__, __dir__ = room(__name__, __all__)
