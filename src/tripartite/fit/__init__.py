"""Least-squares fits of models to recordings."""

from tripartite.errors import room
from tripartite.fit.estimate import Fit, fit
from tripartite.fit.problem import Free, Problem
from tripartite.fit.quality import Quality
from tripartite.fit.reading import Direct, Linear, Reading, Scaled

__all__ = ["Direct", "Fit", "Free", "Linear", "Problem", "Quality", "Reading", "Scaled", "fit"]

__getattr__, __dir__ = room(__name__, __all__)
