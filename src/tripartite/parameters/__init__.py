"""Published values: one paper, one file; never merged."""

from tripartite.errors import room
from tripartite.language import ParameterSet
from tripartite.parameters import (
    brette2007,
    chen2008,
    cressman2009,
    depitta2009,
    depitta_benjacob_berry2019,
    depitta_brunel2016,
    handy2017,
    huguet2016,
    izhikevich2003,
    jiang2025,
    kager2000,
    lallouette2014,
    manninen2017,
    marhl2000,
    naud2008,
    riera2011,
    sibille2015,
    stimberg2019,
    timofeeva2019,
    tsodyks1998,
    ullah2006,
    zhang2009,
)

__all__ = [
    "brette2007",
    "chen2008",
    "cressman2009",
    "depitta2009",
    "depitta_benjacob_berry2019",
    "depitta_brunel2016",
    "handy2017",
    "huguet2016",
    "izhikevich2003",
    "jiang2025",
    "kager2000",
    "lallouette2014",
    "manninen2017",
    "marhl2000",
    "naud2008",
    "riera2011",
    "sibille2015",
    "stimberg2019",
    "timofeeva2019",
    "tsodyks1998",
    "ullah2006",
    "zhang2009",
]

__getattr__, __dir__ = room(__name__, __all__)

for _paper in (globals()[name] for name in __all__):
    _sets = [name for name, item in vars(_paper).items() if isinstance(item, ParameterSet)]
    _paper.__getattr__, _paper.__dir__ = room(_paper.__name__, _sets)
