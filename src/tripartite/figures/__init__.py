"""Figures of results: panels with units, bars for stimuli and perturbations."""

from tripartite.errors import room
from tripartite.figures.fit import plot_fit
from tripartite.figures.plot import compare, plot
from tripartite.figures.profile import plot_profile
from tripartite.figures.recording import plot_recording
from tripartite.figures.shown import ShownFigure
from tripartite.figures.style import COLOURS, bars, figure, headed, label_panels, lettered, look, save

__all__ = [
    "COLOURS",
    "ShownFigure",
    "bars",
    "compare",
    "figure",
    "headed",
    "label_panels",
    "lettered",
    "look",
    "plot",
    "plot_fit",
    "plot_profile",
    "plot_recording",
    "save",
]

__getattr__, __dir__ = room(__name__, __all__)
