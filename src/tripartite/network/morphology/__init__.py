"""Shapes: branching cells as trees of compartments, given, read from SWC files or built."""

from tripartite.network.morphology.morphology import Morphology

__all__ = ["Morphology"]
