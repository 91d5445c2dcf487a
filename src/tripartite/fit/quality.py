"""Whether a fit says anything: against a constant, and by what its residuals still hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tripartite import units
from tripartite.errors import RangeError
from tripartite.language import Recording

_LAGS = 10
_WHITE = 0.01  # below this p-value residuals are taken as correlated


@dataclass(frozen=True, eq=False)
class Quality:
    """How good a fit is, and what it does not explain.

    ``r2``: share of the variance explained. ``freedom``: points minus estimated numbers. ``against_constant``:
    p-value of the fit against a constant. ``durbin_watson``: 2 for independent residuals, towards 0 where neighbours
    are alike. ``autocorrelation``: of the residuals at lags of 0, 1, ... frames. ``ljung_box``: p-value of all lags
    together against independence.
    """

    r2: float
    freedom: int
    against_constant: float
    durbin_watson: float
    autocorrelation: np.ndarray
    ljung_box: float

    def doubts(self, level: float = 0.95) -> tuple[str, ...]:
        """Why no number of this fit is to be believed at that ``level``; empty where nothing speaks against it."""
        level, found = units.number(level, "1", "level"), []
        if not 0 < level < 1:
            raise RangeError(f"`level` lies between 0 and 1; got {level:g}. The default is 0.95.")
        if not self.against_constant < 1 - level:
            found.append(f"the fit is no better than a constant (p = {self.against_constant:.2g}, R² = {self.r2:.2g})")
        if self.ljung_box < _WHITE and self.autocorrelation[1] > 0:
            found.append(
                f"the residuals are correlated (lag 1: {self.autocorrelation[1]:.2f}, Ljung-Box p = "
                f"{self.ljung_box:.1g}), so that intervals are too narrow"
            )
        return tuple(found)

    def __str__(self) -> str:
        doubts = self.doubts()
        return (
            f"R² {self.r2:.3f}, {self.freedom} degrees of freedom, p = {self.against_constant:.2g} against a constant, "
            f"Durbin-Watson {self.durbin_watson:.2f}, Ljung-Box p = {self.ljung_box:.2g}\n"
            + "\n".join(f"In doubt: {doubt}." for doubt in doubts or ())
        ).rstrip()


def judged(recording: Recording, predicted: np.ndarray, count: int) -> Quality:
    """The quality of a prediction that estimated ``count`` numbers from a recording of one course."""
    from scipy.stats import chi2

    left = (recording.values - predicted) * recording.weights
    squares, still = float(left @ left), constant_squares(recording)
    courses = _on_frames(recording, left)
    lags = min(_LAGS, max(len(left) // 5, 1))
    correlation, pairs = autocorrelation(courses, lags)
    points = len(left)
    statistic = points * (points + 2) * np.sum(correlation[1:] ** 2 / np.maximum(pairs[1:], 1))
    steps = np.diff(courses)
    known = ~np.isnan(steps)
    scale = squares * known.sum() / max(points - 1, 1)
    return Quality(
        1 - squares / still if still > 0 else float("nan"),
        points - count,
        against_constant(squares, still, points, count),
        float(np.sum(steps[known] ** 2) / scale) if scale > 0 else float("nan"),
        correlation,
        float(chi2.sf(statistic, lags)),
    )


def against_constant(squares: float, still: float, points: int, count: int) -> float:
    """P-value of a fit with so many ``squares`` left against a constant, which leaves ``still``.

    That of the F test, times the number of points: a search over time constants and onsets tries about as many
    courses of its own as there are points, and would find one of them in noise.
    """
    from scipy.stats import f

    more, freedom = max(count - 1, 1), points - count
    if freedom < 1 or not still > squares:
        return 1.0
    if squares == 0:
        return 0.0
    return min(1.0, points * float(f.sf((still - squares) / more / (squares / freedom), more, freedom)))


def constant_squares(recording: Recording) -> float:
    """Weighted sum of squares around the best constant."""
    weight = recording.weights**2
    level = recording.values @ weight / weight.sum()
    return float(weight @ (recording.values - level) ** 2)


def autocorrelation(residuals: np.ndarray, lags: int) -> tuple[np.ndarray, np.ndarray]:
    """Autocorrelation at lags from 0 on, and how many pairs of frames each comes from; NaN frames have no pair."""
    present = ~np.isnan(residuals)
    apart = np.where(present, residuals - residuals[present].mean(), 0.0)
    power = float(apart @ apart)
    size = len(apart)
    pairs = np.array([int(np.sum(present[: size - k] & present[k:])) for k in range(lags + 1)])
    sums = np.array([float(apart[: size - k] @ apart[k:]) for k in range(lags + 1)])
    return (sums / power if power > 0 else np.zeros(lags + 1)), pairs


def _on_frames(recording: Recording, left: np.ndarray) -> np.ndarray:
    """Residuals frame by frame, NaN where one is missing; at uneven times in their order."""
    if recording.frame is None:
        return left
    place = recording.frame_numbers
    if np.any(np.diff(place) < 1):
        return left
    made = np.full(place[-1] + 1, np.nan)
    made[place] = left
    return made
