"""Published values: one paper, one file; never merged."""

from tripartite.parameters import (
    brette2007,
    depitta2009,
    depitta_brunel2016,
    jiang2025,
    lallouette2014,
    stimberg2019,
)

__all__ = ["brette2007", "depitta2009", "depitta_brunel2016", "jiang2025", "lallouette2014", "stimberg2019"]
