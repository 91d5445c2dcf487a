"""What was recorded, and how a variable of a model is read to compare it with that."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field

import numpy as np

from tripartite.errors import QuantityError


@dataclass(frozen=True, eq=False)
class Recording:
    """Measured ``values`` at rising ``times`` (s), with their standard deviation ``sigma`` where it is known.

    ``sigma`` is a number or one for each point; without it all points count alike and the spread is
    estimated from the residuals of the fit.
    """

    times: np.ndarray
    values: np.ndarray
    sigma: np.ndarray | float | None = None
    unit: str = "1"
    name: str = ""

    def __post_init__(self) -> None:
        times, values = (np.asarray(a, dtype=float) for a in (self.times, self.values))
        rising = times.ndim == 1 and len(times) > 1 and bool(np.all(np.diff(times) > 0))
        if not rising or values.shape != times.shape or not np.all(np.isfinite([times, values])):
            raise QuantityError(
                f"A recording has one finite value at each of several rising times; got times of shape "
                f"{times.shape} and values of shape {values.shape}. Sort the points and drop those that are missing."
            )
        if self.sigma is not None and not np.all(np.asarray(self.sigma) > 0):
            raise QuantityError(f"`sigma` is positive; got {self.sigma}. Leave it out where the spread is unknown.")
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "values", values)

    @property
    def weights(self) -> np.ndarray:
        """What a residual is multiplied with: 1 / sigma."""
        return np.broadcast_to(1.0 if self.sigma is None else 1 / np.asarray(self.sigma), self.times.shape)


@dataclass(frozen=True)
class Reading(abc.ABC):
    """How the ``variable`` of a model shows in a recording: scale × variable + baseline.

    What is not known of the two is solved for exactly at every trial (variable projection), so that
    the search runs over the parameters of the model only.
    """

    variable: str
    unknowns: int = field(default=0, init=False)

    @abc.abstractmethod
    def scale_and_baseline(self, shown: np.ndarray, recording: Recording) -> tuple[np.ndarray, np.ndarray]:
        """Best scale and baseline ``(member,)`` for values ``(member, point)`` of the variable."""


@dataclass(frozen=True)
class Direct(Reading):
    """The variable itself was recorded, in its own unit."""

    def scale_and_baseline(self, shown: np.ndarray, recording: Recording) -> tuple[np.ndarray, np.ndarray]:
        return np.ones(len(shown)), np.zeros(len(shown))


@dataclass(frozen=True)
class Scaled(Reading):
    """The recording is proportional to the variable, as percent of a control level are."""

    unknowns: int = field(default=1, init=False)

    def scale_and_baseline(self, shown: np.ndarray, recording: Recording) -> tuple[np.ndarray, np.ndarray]:
        weight = recording.weights**2
        power = np.sum(weight * shown**2, axis=1)
        along = np.sum(weight * shown * recording.values, axis=1)
        scale = np.divide(along, power, out=np.zeros_like(along), where=power > 0)
        return np.maximum(scale, 0.0), np.zeros(len(shown))


@dataclass(frozen=True)
class Linear(Reading):
    """The recording rises linearly with the variable from an unknown baseline, as fluorescence may."""

    unknowns: int = field(default=2, init=False)

    def scale_and_baseline(self, shown: np.ndarray, recording: Recording) -> tuple[np.ndarray, np.ndarray]:
        weight = recording.weights**2 / np.sum(recording.weights**2)
        middle, level = shown @ weight, recording.values @ weight
        spread = (shown - middle[:, None]) ** 2 @ weight
        along = (shown - middle[:, None]) * (recording.values - level) @ weight
        scale = np.divide(along, spread, out=np.zeros_like(along), where=spread > 0)
        scale = np.maximum(scale, 0.0)
        return scale, level - scale * middle
