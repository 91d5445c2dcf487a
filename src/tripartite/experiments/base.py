"""What an experiment is: models, a run that makes numbers, claims that judge them, a figure that shows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tripartite import sources
from tripartite.errors import DefinitionError
from tripartite.language import Model

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

PASS, FAIL, AMBIGUOUS = "pass", "fail", "ambiguous"


@dataclass(frozen=True)
class Claim:
    """A published statement about a number that a run produces.

    **Arguments** ``number``: name of the scalar variable in the data of the run. ``expected``: a value, met
    within the relative ``tolerance``; a pair, the range in which the number must lie (widened by the
    tolerance); or True, for a statement that holds or not.
    """

    statement: str
    source: str
    number: str
    expected: float | tuple[float, float] | bool
    tolerance: float = 0.0
    unit: str = "1"

    def __post_init__(self) -> None:
        sources.check(self.source)

    def judge(self, data: xr.Dataset) -> dict[str, Any]:
        """The verdict with everything it rests on.

        A number that is not finite is ambiguous, and so is one whose uncertainty (attributes ``low`` and
        ``high`` of the variable) lies partly inside and partly outside what the claim allows.
        """
        if self.number not in data:
            raise DefinitionError(f"The run made no number `{self.number}` for the claim {self.statement!r}.")
        variable = data[self.number]
        measured = float(variable)
        low, high = self._allowed()
        reach = (float(variable.attrs.get("low", measured)), float(variable.attrs.get("high", measured)))
        if not math.isfinite(measured):
            verdict = AMBIGUOUS
        elif low <= reach[0] and reach[1] <= high:
            verdict = PASS
        else:
            verdict = FAIL if reach[1] < low or reach[0] > high else AMBIGUOUS
        return {
            "statement": self.statement,
            "source": self.source,
            "expected": [b if math.isfinite(b) else None for b in self.expected]
            if isinstance(self.expected, tuple)
            else self.expected,
            "tolerance": self.tolerance,
            "unit": self.unit,
            "measured": (bool(measured) if self.expected is True and measured in (0, 1) else measured)
            if math.isfinite(measured)
            else None,
            "verdict": verdict,
        }

    def _allowed(self) -> tuple[float, float]:
        if isinstance(self.expected, tuple):
            low, high = self.expected
        else:
            low = high = float(self.expected)
        slack = (self.tolerance * abs(bound) if math.isfinite(bound) else 0.0 for bound in (low, high))
        return low - next(slack), high + next(slack)


class Experiment:
    """A published result, read like a page of Methods: see the docstring of each experiment.

    A subclass states ``name``, ``paper`` (bibliography key), ``claims``, and defines `models`, `run` and
    `figure`. ``--set part.parameter=value`` changes the models before the run.
    """

    name: ClassVar[str]
    paper: ClassVar[str]
    claims: ClassVar[tuple[Claim, ...]]

    @property
    def title(self) -> str:
        """First line of the docstring."""
        return (type(self).__doc__ or self.name).strip().splitlines()[0]

    def models(self) -> dict[str, Model]:
        """Every model of the experiment, by a short name."""
        raise DefinitionError(f"`{type(self).__name__}` must define `models`.")

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """The numbers: a dataset with a scalar variable for each claim, and what the figure needs.

        ``quick`` may thin out sweeps; it never changes what a claim means.
        """
        raise DefinitionError(f"`{type(self).__name__}` must define `run`.")

    def figure(self, data: xr.Dataset) -> Figure:
        """The figure, drawn from the data of the run only."""
        raise DefinitionError(f"`{type(self).__name__}` must define `figure`.")

    def judge(self, data: xr.Dataset) -> list[dict[str, Any]]:
        """All verdicts, in the order of the claims."""
        return [claim.judge(data) for claim in self.claims]

    def cite(self) -> str:
        """References of the paper, the claims and all parameters."""
        used = [self.paper, *(claim.source for claim in self.claims)]
        for model in self.models().values():
            used += model.sources().values()
        return sources.cite(used)
