"""Tools of the experimenter that are put into a cell."""

from tripartite.errors import room
from tripartite.mechanisms.tools.caged import CagedCalcium, CagedIp3
from tripartite.mechanisms.tools.calex import CalEx
from tripartite.mechanisms.tools.channelrhodopsin import ChR2
from tripartite.mechanisms.tools.designer_receptors import DesignerLigand, Hm3dq, Hm4di
from tripartite.mechanisms.tools.opto_gq import OptoGq

__all__ = [
    "CagedCalcium",
    "CagedIp3",
    "CalEx",
    "ChR2",
    "DesignerLigand",
    "Hm3dq",
    "Hm4di",
    "OptoGq",
]

__getattr__, __dir__ = room(__name__, __all__)
