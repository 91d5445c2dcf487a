"""Profile likelihood: how far one quantity can move while all others follow to keep the fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import numpy as np

from tripartite import arguments, units
from tripartite.errors import ArgumentError, RangeError, said
from tripartite.language import drawing
from tripartite.language.card import Card, Table
from tripartite.progress import Progress

_NEAR, _FAR = 1e-3, 0.1  # smallest and largest step of a walk, as a share of the span between the bounds
_BEYOND = 1.6  # a walk ends when the deviance is so many times the threshold
_BETTER = 0.1  # part of the threshold by which a walk must undercut the fit for the fit to be a poor one


class Objective(Protocol):
    """A least-squares fit, as `tripartite.fit.Fit` is one; any object with these six will do."""

    @property
    def values(self) -> dict[str, float]:
        """The best value of every quantity."""
        ...

    @property
    def freedom(self) -> int:
        """Residuals minus estimated numbers."""
        ...

    def doubts(self, level: float, of: str) -> Sequence[str]:
        """What speaks against the interval of that quantity at that level; empty where nothing does."""
        ...

    def bounds(self, name: str) -> tuple[float, float]:
        """Smallest and largest number that a quantity may take."""
        ...

    def unit(self, name: str) -> str:
        """The unit of that quantity as text; empty for plain numbers."""
        ...

    def least(
        self, fixed: Mapping[str, float], starts: Sequence[Mapping[str, float]]
    ) -> tuple[float, dict[str, float]]:
        """Smallest sum of squares with some quantities fixed, and the values of all quantities there."""
        ...


class Verdict(Enum):
    """What the data say about one quantity at the level of its interval."""

    DETERMINED = "determined"
    BELOW = "only bounded below"
    ABOVE = "only bounded above"
    OPEN = "not determined"
    UNSUPPORTED = "bounded by a fit that is in doubt"
    SURPASSED = "not known: a better fit was found"


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """Deviance ``(point,)`` over values of one quantity, and the interval in which it stays acceptable.

    ``low`` and ``high`` are infinite where the deviance meets the bound of the search before the threshold. Numbers are
    in ``unit``. ``estimates`` holds the values of all quantities at each point. ``doubts``: what speaks against the fit
    that the interval rests on. ``fitted``: the value in that fit, which is ``best`` unless the walk came upon a better
    fit (``surpassed``); ``optimum`` holds all values there, and a fit goes on from them:
    ``fit(problem, guess=found.optimum)``.
    """

    name: str
    best: float
    values: np.ndarray
    deviance: np.ndarray
    threshold: float
    level: float
    low: float
    high: float
    estimates: tuple[dict[str, float], ...]
    fitted: float
    unit: str = ""
    surpassed: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def optimum(self) -> dict[str, float]:
        """Values of all quantities at the best point."""
        return dict(self.estimates[int(np.flatnonzero(self.values == self.best)[0])])

    @property
    def verdict(self) -> Verdict:
        """Determined when the interval is closed on both sides inside the bounds of the search.

        Data say nothing about the quantities of a model that explains them no better than a constant, and an interval
        from correlated residuals is too narrow, and one beside another quantity at its bound rests on that bound:
        then whatever is bounded is so by a fit in doubt. Where the walk found a better fit, nothing is known around the
        one that it began with.
        """
        if self.surpassed:
            return Verdict.SURPASSED
        closed = (math.isfinite(self.low), math.isfinite(self.high))
        if self.doubts and any(closed):
            return Verdict.UNSUPPORTED
        return {
            (True, True): Verdict.DETERMINED,
            (True, False): Verdict.BELOW,
            (False, True): Verdict.ABOVE,
            (False, False): Verdict.OPEN,
        }[closed]

    def _card(self) -> Card:
        ends = "".join(f"{'-∞' if x < 0 else '∞'}, " if math.isinf(x) else f"{x:.4g}, " for x in (self.low, self.high))
        about = f"{self.verdict.value}; best {self.best:.4g}, {100 * self.level:g} % interval [{ends.rstrip(', ')}]"
        about += f" {self.unit}" if self.unit else ""
        about = "; in doubt: ".join([about, *self.doubts])
        rows = [(f"{x:.4g}", f"{d:.3g}") for x, d in zip(self.values, self.deviance, strict=True)]
        return Card(
            f"Profile of {self.name}",
            about,
            [Table("Walk", (f"{self.name} ({self.unit})" if self.unit else self.name, "deviance"), rows)],
        )

    def _repr_html_(self) -> str:
        return self._card().html()

    def __repr__(self) -> str:
        card = self._card()
        return f"{card.title}: {card.about}"

    def plot(self, **options: Any) -> Any:
        """A figure of the deviance, its threshold and the interval."""
        return drawing.draw("profile", self, **options)

    def accepted(self) -> list[dict[str, float]]:
        """Values of all quantities at the points inside the interval."""
        return [e for e, d in zip(self.estimates, self.deviance, strict=True) if d <= self.threshold]


def profile(objective: Objective, name: str, *, level: float = 0.95, progress: bool | None = None) -> Profile:
    """The profile likelihood of one quantity around a least-squares fit.

    The deviance is (S(x) - S_min) / s², with S the sum of squares re-optimised over all other quantities and
    s² = S_min / freedom. The threshold is the quantile of χ² with one degree of freedom at ``level``, widened
    to that of F(1, freedom) because s is estimated: 3.84 for many points, 4.6 for 14 points more than estimated
    numbers, 18.5 for two. A walk that finds a better fit than the given one continues from there, and the verdict and
    the first of the ``doubts`` say so: fit again from its ``optimum``.

    An interval holds where the model is right and the residuals are independent; what speaks against that is in
    ``doubts`` and in the verdict. ``progress``: show it; by default where somebody looks and it takes more than two
    seconds.

    **Raises** `RangeError` for a level outside 0 to 1 and a fit without degrees of freedom, `UnknownNameError` for a
    quantity that the fit does not have.
    """
    from scipy.stats import f

    start = _start(objective, name)
    level = units.number(level, "1", "level")
    if not 0 < level < 1:
        raise RangeError(f"`level` lies between 0 and 1; got {level:g}. The default is 0.95.")
    if objective.freedom < 1:
        raise RangeError(
            f"An interval needs more points than estimated numbers; here are {-objective.freedom} fewer. Hold some "
            "quantities at a number, or record more points."
            if objective.freedom
            else "An interval needs more points than estimated numbers; here are as many. Hold some quantities at a "
            "number, or record more points."
        )
    shown = None if progress is None else arguments.flag(progress, "progress")
    threshold = float(f.ppf(level, 1, objective.freedom))
    squares, values = objective.least({name: start[name]}, [start])
    points = {start[name]: (squares, values)}
    with Progress.steps(2, f"profile of {name}", shown) as bar:
        for side, direction in enumerate((-1, 1)):
            _walk(objective, name, direction, threshold, points, lambda part, side=side: bar.to(side + part))
            bar.to(side + 1)
    ordered = sorted(points)
    sums = np.array([points[x][0] for x in ordered])
    least, fitted = int(np.argmin(sums)), ordered.index(start[name])
    own = objective.least(start, [start])[0]
    surpassed = float(_deviance(own, sums[least], objective.freedom)) > _BETTER * threshold
    best = least if surpassed else fitted
    deviance = _deviance(sums, sums[least], objective.freedom)
    doubts = objective.doubts(level, name)
    if surpassed:
        doubts = (
            f"a better fit was found (sum of squares {sums[least]:.4g} against {own:.4g}, {name} {ordered[least]:.4g} "
            f"against {start[name]:.4g}): fit again from it, `fit(problem, guess=profile.optimum)`, or from more "
            "`starts`",
            *doubts,
        )
    return Profile(
        name, ordered[best], np.array(ordered), deviance, threshold, level,
        _end(ordered, deviance, threshold, least, -1), _end(ordered, deviance, threshold, least, 1),
        tuple(points[x][1] for x in ordered), start[name],
        objective.unit(name), surpassed, tuple(doubts),
    )  # fmt: skip


def _start(objective: Any, name: Any) -> dict[str, float]:
    """The values of the fit, which has the quantity ``name``."""
    needed = ("values", "freedom", "bounds", "least", "doubts", "unit")
    missing = arguments.lacking(objective, needed)
    if missing:
        raise ArgumentError(
            f"A profile is that of a least-squares fit; got {said(objective)}, which has no "
            f"{', '.join(f'`{need}`' for need in missing)}. Write `profile(fit(problem), {said(name)})`."
            if isinstance(name, str)
            else f"A profile is that of a least-squares fit; got {said(objective)}. Write "
            '`profile(fit(problem), "decay")`.'
        )
    values = objective.values
    arguments.known(name, values, "The fit has no quantity")
    low, high = objective.bounds(name)
    if not low < high:
        raise RangeError(
            f"A profile moves a quantity between its bounds; `{name}` is held at {values[name]:g}. Profile one that is "
            "free."
        )
    return values


def _walk(
    objective: Objective,
    name: str,
    direction: int,
    threshold: float,
    points: dict,
    done: Callable[[float], None],
) -> None:
    """Points from the best fit towards one bound, denser where the deviance climbs."""
    low, high = objective.bounds(name)
    axis = _Axis(low, high)
    here = axis.share(objective.values[name])
    step, last, least = 4 * _NEAR, 0.0, min(s for s, _ in points.values())
    values = points[objective.values[name]][1]
    while 0 < here < 1 or (here in (0, 1) and (here == 0) == (direction > 0)):
        there = min(max(here + direction * step, 0.0), 1.0)
        squares, found = objective.least({name: axis.value(there)}, [values])
        least = min(least, squares)
        deviance = float(_deviance(squares, least, objective.freedom))
        if abs(deviance - last) > 0.6 * threshold and step > _NEAR:
            step = max(step / 3, _NEAR)
            continue
        points[axis.value(there)] = (squares, found)
        here, values = there, found
        done(min(max(here if direction > 0 else 1 - here, deviance / (_BEYOND * threshold)), 1.0))
        if deviance > _BEYOND * threshold:
            return
        step = min(step * (2 if abs(deviance - last) < 0.25 * threshold else 1), _FAR)
        last = deviance


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float

    def value(self, share: float) -> float:
        if self.low > 0:
            return self.low * (self.high / self.low) ** share
        return self.low + share * (self.high - self.low)

    def share(self, value: float) -> float:
        if self.low > 0:
            along = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            along = (value - self.low) / (self.high - self.low)
        return min(max(along, 0.0), 1.0)


def _deviance(squares, least: float, freedom: int):
    return np.maximum(squares - least, 0.0) / max(least / max(freedom, 1), 1e-300)


def _end(values: list[float], deviance: np.ndarray, threshold: float, least: int, direction: int) -> float:
    """Where the deviance crosses the threshold for good, by interpolation; infinite if it never does."""
    side = range(least, len(values)) if direction > 0 else range(least, -1, -1)
    inside = [i for i in side if deviance[i] <= threshold]
    last, beyond = inside[-1], inside[-1] + direction
    if not 0 <= beyond < len(values):
        return direction * math.inf
    part = (threshold - deviance[last]) / (deviance[beyond] - deviance[last])
    if values[0] > 0:
        return values[last] * (values[beyond] / values[last]) ** part
    return values[last] + part * (values[beyond] - values[last])
