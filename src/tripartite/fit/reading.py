"""How a variable of a model is read to compare it with a recording."""

from __future__ import annotations

import abc
from dataclasses import dataclass, field

import numpy as np

from tripartite import arguments
from tripartite.language import Recording
from tripartite.language.built import Owned


@dataclass(frozen=True)
class Reading(metaclass=Owned):
    """How the ``variable`` of a model shows in a recording: scale × variable + baseline.

    What is not known of the two is solved for exactly at every trial (variable projection), so that
    the search runs over the parameters of the model only.
    """

    variable: str
    unknowns: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        arguments.text(self.variable, "variable")

    @abc.abstractmethod
    def scale_and_baseline(self, shown: np.ndarray, recording: Recording) -> tuple[np.ndarray, np.ndarray]:
        """Best scale and baseline ``(member,)`` for values ``(member, point)`` of the variable."""


@dataclass(frozen=True)
class Direct(Reading):
    """The variable itself was recorded, in its own dimension."""

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
