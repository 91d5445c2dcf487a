"""Figures of results: panels with units, bars for stimuli and perturbations."""

from tripartite.figures.plot import compare, plot
from tripartite.figures.style import COLOURS, bars, figure, label_panels, look, save

__all__ = ["COLOURS", "bars", "compare", "figure", "label_panels", "look", "plot", "save"]
