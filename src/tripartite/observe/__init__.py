"""From states to what an instrument shows."""

from tripartite.observe.gcamp import GCAMP6F, Gcamp

__all__ = ["GCAMP6F", "Gcamp"]
