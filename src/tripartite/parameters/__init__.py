"""Published values: one paper, one file; never merged."""

from tripartite.parameters import depitta2009, depitta_brunel2016, jiang2025, stimberg2019

__all__ = ["depitta2009", "depitta_brunel2016", "jiang2025", "stimberg2019"]
