"""The least-squares search and what it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError, SolveError
from tripartite.fit.problem import Problem, Values
from tripartite.fit.quality import Quality, constant_squares, judged
from tripartite.fit.search import RUNS_AT_ONCE, residuals_and_jacobian, search, slope
from tripartite.language import drawing
from tripartite.language.card import Card, Table, unit_text
from tripartite.progress import Progress

_AT_BOUND = 1e-4  # of the unit cube
_SCREENED_AGAIN = 64  # points at each step of a profile
_SAME_SHARE = 1e-6  # of the squares around a constant: optima of exact data differ by what the solver leaves


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """The best fit of a problem: estimates, residuals and how good it is.

    ``values`` are numbers in the unit of each quantity's bounds; ``estimates`` carry the units. ``ends``: the sums of
    squares to which the search came from each of its starts, the least first.
    """

    problem: Problem
    values: dict[str, float]
    scale: float
    baseline: float
    predicted: np.ndarray
    ends: tuple[float, ...] = ()

    @property
    def estimates(self) -> dict[str, Any]:
        """Every free quantity with its unit."""
        return {name: self.values[name] * item.unit for name, item in self.problem.all.items()}

    def _card(self) -> Card:
        rows = [
            (name, units.shown(value, ".4g"), "fixed" if name in self.problem.fixed else self._at_bound(name))
            for name, value in self.estimates.items()
        ]
        unit = f" {recorded}" if (recorded := unit_text(self.problem.recording.unit)) else ""
        about = f"R² {self.r2:.3g}, RMSE {self.rmse:.3g}{unit}, {len(self.predicted)} points"
        about += f", {self.count} numbers estimated"
        about = "; in doubt: ".join([about, *self.doubts()])
        return Card("Fit", about, [Table("Estimates", ("quantity", "value", ""), rows)])

    def _at_bound(self, name: str) -> str:
        place = dict(zip(self.problem.free, self.problem.coordinates(self.values), strict=True)).get(name, 0.5)
        above = self.problem.all[name].ceiling
        if place >= 1 - _AT_BOUND:
            return f"at its bound, `{above}`" if above else "at its bound"
        return "at its bound" if place <= _AT_BOUND else ""

    def _repr_html_(self) -> str:
        return self._card().html()

    def __repr__(self) -> str:
        return self._card().text()

    @property
    def residuals(self) -> np.ndarray:
        """Recording minus fit, in the unit of the recording."""
        return self.problem.recording.values - self.predicted

    @property
    def squares(self) -> float:
        """Weighted sum of squared residuals."""
        return float(np.sum((self.residuals * self.problem.recording.weights) ** 2))

    @property
    def count(self) -> int:
        """How many numbers were estimated, scale and baseline included."""
        return len(self.problem.free) + self.problem.reading.unknowns

    @property
    def freedom(self) -> int:
        """Points minus estimated numbers."""
        return len(self.predicted) - self.count

    @property
    def rmse(self) -> float:
        """Root mean squared residual, in the unit of the recording."""
        return float(np.sqrt(np.mean(self.residuals**2)))

    @property
    def r2(self) -> float:
        """Share of the variance of the recording that the fit explains; NaN for a recording that never changes."""
        values = self.problem.recording.values
        spread = float(np.sum((values - values.mean()) ** 2))
        return 1 - float(np.sum(self.residuals**2)) / spread if spread > 0 else float("nan")

    @cached_property
    def quality(self) -> Quality:
        """What speaks for the fit and against it: a constant, the correlation of its residuals."""
        return judged(self.problem.recording, self.predicted, self.count)

    def doubts(self, level: float = 0.95, of: str | None = None) -> tuple[str, ...]:
        """Why no number of this fit is to be believed at that ``level``; empty where nothing speaks against it.

        ``of``: the quantity whose interval is asked for; that it is itself at its bound leaves its interval open, and
        is no doubt.
        """
        if of is not None:
            self.problem.known(of)
        places = {name: self._at_bound(name) for name in self.problem.free if name != of}
        bounded = (
            f"`{name}` is {place} ({units.shown(self.estimates[name], '.4g')})"
            for name, place in places.items()
            if place
        )
        return (*self.quality.doubts(level), *self._trapped(), *bounded)

    def _trapped(self) -> tuple[str, ...]:
        """That one start alone came to this optimum: other valleys trapped the others, and a deeper one may be missed.

        Ends are one optimum where they differ by less than a standard error does.
        """
        if not self.ends:
            return ()
        recording, least = self.problem.recording, self.ends[0]
        alike = max(least / max(self.freedom, 1), _SAME_SHARE * constant_squares(recording))
        if sum(end - least <= alike for end in self.ends) > 1:
            return ()
        if len(self.ends) == 1:
            return ("the search had one start, which may have been trapped in a poor optimum: fit with more `starts`",)
        return (
            f"one of {len(self.ends)} starts alone came to this optimum, the next to a sum of squares of "
            f"{self.ends[1]:.3g} against {least:.3g}: fit with more `starts`",
        )

    @property
    def aic(self) -> float:
        """Akaike's criterion with Gaussian residuals of unknown spread; only differences mean anything."""
        return akaike(self.squares, len(self.predicted), self.count)

    def covariance(self) -> np.ndarray:
        """Covariance of the free quantities, in the units and the order of ``problem.free``.

        From the Jacobian at the optimum, with the spread estimated from the residuals: right for small
        errors only. A direction that the recording does not see has an enormous variance; for intervals
        use the profile likelihood.
        """
        here = self.problem.coordinates(self.values)
        _, size, directions = np.linalg.svd(residuals_and_jacobian(self.problem, here)[1], full_matrices=False)
        seen = np.maximum(size, 1e-9 * size[0])
        cube = directions.T @ np.diag(self.squares / max(self.freedom, 1) / seen**2) @ directions
        stretch = np.array([slope(self.problem, here, i) for i in range(len(here))]).T
        return stretch @ cube @ stretch.T

    def curves(self, times: np.ndarray, members: Sequence[Values]) -> np.ndarray:
        """What several sets of values predict ``(member, time)`` at ``times`` (s, clock of the recording)."""
        times = units.clock(times, "times")
        if not len(times):
            raise RangeError("A curve is that at some times; got none. Write for instance `np.linspace(0, 10, 200)`.")
        given = arguments.several(members, Mapping, "members", "[fit.values]")
        members = [self.problem.looked_at(member) for member in given]
        _, scale, baseline = self.problem.read(members)
        return scale[:, None] * self.problem.shown(members, times) + baseline[:, None]

    def curve(self, times: np.ndarray) -> np.ndarray:
        """The fit at ``times`` (s, on the clock of the recording)."""
        return self.curves(times, [self.values])[0]

    def plot(self, **options: Any) -> Any:
        """A figure of recording and fit, of the residuals, and of their autocorrelation."""
        return drawing.draw("fit", self, **options)

    def bounds(self, name: str) -> tuple[float, float]:
        """Smallest and largest number that a quantity could take in the search."""
        return self.problem.bounds(name)

    def unit(self, name: str) -> str:
        """The unit in which the numbers of a quantity are given, as text; empty for plain numbers."""
        return units.shown(self.problem.all[self.problem.known(name)].unit)

    def least(self, fixed: Mapping[str, float], starts: Sequence[Values]) -> tuple[float, dict[str, float]]:
        """Smallest sum of squares with some quantities fixed, and the values of all quantities there.

        The search descends from ``starts`` and, against other valleys, from the best of some scattered points.
        """
        held = self.problem.fix(**arguments.mapping(fixed, "fixed", '{"decay": 0.5}'))
        given = arguments.several(starts, Mapping, "starts", "[fit.values]")
        if not held.free:
            return float(np.sum(held.residuals(np.zeros((1, 0))) ** 2)), dict(held.fixed)
        points = [held.coordinates(held.looked_at(start)) for start in given]
        return search(held, points, _SCREENED_AGAIN, 1, 0, trials=15)[0]


def fit(
    problem: Problem,
    *,
    screened: int = 1024,
    starts: int = 8,
    seed: int = 0,
    guess: Values | None = None,
    progress: bool | None = None,
) -> Fit:
    """The least-squares fit of a problem.

    ``screened`` points spread over the bounds are tried; from the best ``starts`` of them, and from ``guess`` where one
    is given (`found.values`, the ``optimum`` of a profile), a trust-region search descends, and the lowest end counts.
    Where only one start came there, or only one was asked for, that is among the ``doubts()``. ``seed`` spreads the
    points otherwise. ``progress``: show it; by default where somebody looks and it takes more than two seconds.

    **Raises** `RangeError` where there are not more points than numbers to estimate, `SolveError` where the model
    cannot be run anywhere between the bounds.
    """
    arguments.instance(problem, Problem, "problem", "Problem(model, recording, reading, free)")
    screened, starts = arguments.count(screened, "screened", 1, 2**20), arguments.count(starts, "starts", 1, 2**16)
    seed = arguments.seed(seed)
    shown = None if progress is None else arguments.flag(progress, "progress")
    points = [] if guess is None else [problem.coordinates(problem.looked_at(guess))]
    numbers, frames = len(problem.free) + problem.reading.unknowns, len(problem.recording)
    if frames <= numbers:
        raise RangeError(
            f"A fit needs more points than it estimates numbers; got {frames} points for {numbers} numbers "
            f"({len(problem.free)} free, {problem.reading.unknowns} of the reading). Hold some by `problem.fix(...)`, "
            "or record more points."
        )
    ends: list[tuple[float, dict[str, float]]] = []
    if problem.free:
        blocks = int(np.ceil(screened / RUNS_AT_ONCE))
        with Progress.steps(blocks + min(starts, screened) + len(points), "fitting", shown) as bar:
            ends = search(problem, points, screened, starts, seed, 50, bar.step)
    values = ends[0][1] if ends else dict(problem.fixed)
    predicted, scale, baseline = problem.read([values])
    if not np.all(np.isfinite(predicted)):
        raise SolveError(
            "A fit compares runs that reach the end of the recording; none of those tried does. Simulate the model at "
            "a point between the bounds and read `result.message()`, or narrow the bounds."
        )
    squares = tuple(end for end, _ in ends)
    return Fit(problem, values, float(scale[0]), float(baseline[0]), predicted[0], squares)


def akaike(squares: float, points: int, count: int) -> float:
    """Akaike's criterion of a least-squares fit of ``count`` numbers, the spread being one more."""
    return points * float(np.log(max(squares / points, 1e-300))) + 2 * (count + 1)
