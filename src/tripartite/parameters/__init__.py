"""Published values: one paper, one file; never merged."""

from tripartite.parameters import (
    brette2007,
    cressman2009,
    depitta2009,
    depitta_brunel2016,
    jiang2025,
    lallouette2014,
    sibille2015,
    stimberg2019,
)

__all__ = [
    "brette2007",
    "cressman2009",
    "depitta2009",
    "depitta_brunel2016",
    "jiang2025",
    "lallouette2014",
    "sibille2015",
    "stimberg2019",
]
