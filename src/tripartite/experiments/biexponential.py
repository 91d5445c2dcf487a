"""The bi-exponential fit of chapter 10 of Computational Glioscience, step by step as published."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Recipe:
    """How the notebook fits one kind of set: resampled points, bounds of rise and decay (s), spline or not."""

    points: int
    rise: tuple[float, float]
    decay: tuple[float, float]
    reversed: bool = False


COVELO_GLUTAMATE = Recipe(20, (0.05, 0.5), (1, 10))
COVELO_ATP = Recipe(30, (0.1, 10), (5, 20), reversed=True)
PEREA = Recipe(20, (5, 30), (15, 100))


@dataclass(frozen=True)
class Biexponential:
    """Rise and decay (s), and the line that leads from the scaled course back to the recording."""

    rise: float
    decay: float
    floor: float
    height: float

    @property
    def peak(self) -> float:
        """When the course is highest (s)."""
        return _peak(self.rise, self.decay)

    def __call__(self, t: np.ndarray) -> np.ndarray:
        """The course at ``t`` (s after the first point), in the unit of the recording."""
        return self.floor + self.height * _shape(t, self.rise, self.decay)


def fit_as_published(points: np.ndarray, recipe: Recipe) -> Biexponential:
    """f(t) = c (exp(-t/decay) - exp(-t/rise)) fitted to resampled, min-max-scaled ``(time, value)``."""
    from scipy.optimize import differential_evolution

    t, y = (points - points[0]).T
    grid = np.linspace(0.0, t[-1], recipe.points)
    course = _smoothed(t, -y, grid) if recipe.reversed else np.interp(grid, t, y)
    scaled = (course - course.min()) / np.ptp(course)
    bounds = [recipe.rise, recipe.decay]
    squares = lambda x: float(np.sum((scaled - _shape(grid, *x)) ** 2))  # noqa: E731
    found = differential_evolution(squares, bounds, seed=0, tol=1e-8)  # type: ignore[call-arg]
    sign = -1 if recipe.reversed else 1
    return Biexponential(
        float(found.x[0]),
        float(found.x[1]),
        float(points[0, 1] + sign * course.min()),
        float(sign * np.ptp(course)),
    )


def _smoothed(t: np.ndarray, y: np.ndarray, grid: np.ndarray) -> np.ndarray:
    from scipy.interpolate import UnivariateSpline

    with warnings.catch_warnings():
        # A smoothing of 0.1 (percent squared) is nearly none: the spline warns that it almost interpolates.
        warnings.simplefilter("ignore")
        return np.asarray(UnivariateSpline(t, y, k=3, s=0.1)(grid))


def _peak(rise: float, decay: float) -> float:
    if abs(rise / decay - 1) < 1e-6:
        return decay
    return float(np.log(decay / rise) * rise * decay / (decay - rise))


def _shape(t: np.ndarray, rise: float, decay: float) -> np.ndarray:
    if abs(rise / decay - 1) < 1e-6:
        return t / decay * np.exp(1 - t / decay)
    top = _peak(rise, decay)
    return (np.exp(-t / decay) - np.exp(-t / rise)) / (np.exp(-top / decay) - np.exp(-top / rise))
