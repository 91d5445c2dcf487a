"""What an experiment is: models, a run that makes numbers, claims and checks that judge them, a figure."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from tripartite import arguments, sources, units
from tripartite.errors import DefinitionError, DimensionError, said
from tripartite.language import Model
from tripartite.language.built import Owned

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_FIGURE = re.compile(r"^\*\*Figure\*\*\s(.*?)(?=^\*\*|\n\n|\Z)", re.DOTALL | re.MULTILINE)
_PANELS = re.compile(r"(?:^|[.;] )([A-Z](?:(?:, | and | to |-|–)[A-Z])*):")
PASS, FAIL, AMBIGUOUS = "pass", "fail", "ambiguous"

Expected = float | tuple[float, float] | bool
"""A value, met within a relative tolerance; a range, widened by it; or True, for a statement that holds or not."""


@dataclass(frozen=True)
class Judged(metaclass=Owned):
    """What a number that a run produces must be."""

    statement: str
    source: str
    number: str
    expected: Expected
    tolerance: float
    unit: str

    kind: ClassVar[str]

    def __post_init__(self) -> None:
        for name in ("statement", "source", "number", "unit"):
            arguments.text(getattr(self, name), name)
        units.unit(self.unit)
        object.__setattr__(self, "tolerance", units.number(self.tolerance, "1", "tolerance"))
        if self.expected is not True:
            both = isinstance(self.expected, tuple) and len(self.expected) == 2
            given: Any = self.expected if both else (self.expected,)
            found = [None if arguments.unit_of(end) is not None else arguments.plain(end) for end in given]
            ends = [float(end) for end in found if end is not None and end.ndim == 0 and not math.isnan(end)]
            if len(ends) < len(found) or ends != sorted(ends) or self.tolerance < 0:
                raise DefinitionError(
                    f"What is expected is a number, a range or True, with a tolerance of 0 or more; got "
                    f"{said(self.expected)} and {self.tolerance:g} for {said(self.statement)}. Write for instance "
                    "`(0.2, 0.4)`."
                )

    def judge(self, data: xr.Dataset) -> dict[str, Any]:
        """The verdict with everything it rests on.

        The number is converted from its own unit (attribute ``units``) to that of the statement. One that is not
        finite is ambiguous, and so is one whose uncertainty (attributes ``low`` and ``high`` of the variable) lies
        partly inside and partly outside what is allowed. ``interval`` is that uncertainty, None where there is none,
        and None at an end that is open.

        **Raises** `DefinitionError` for a number that the run did not make, `DimensionError` for another dimension.
        """
        if type(data).__name__ != "Dataset" or not arguments.labelled(data) or self.number not in data:
            raise DefinitionError(f"The run made no number {said(self.number)} for {said(self.statement)}. Return it.")
        variable = data[self.number]
        scale = self._scale(variable.attrs.get("units", "1"))
        measured = float(variable) * scale
        low, high = self._allowed()
        reach = [float(variable.attrs[end]) * scale if end in variable.attrs else measured for end in ("low", "high")]
        if not math.isfinite(measured):
            verdict = AMBIGUOUS
        elif low <= reach[0] and reach[1] <= high:
            verdict = PASS
        else:
            verdict = FAIL if reach[1] < low or reach[0] > high else AMBIGUOUS
        return {
            "statement": self.statement,
            "kind": self.kind,
            "source": self.source,
            "expected": [b if math.isfinite(b) else None for b in self.expected]
            if isinstance(self.expected, tuple)
            else self.expected,
            "tolerance": self.tolerance,
            "unit": self.unit,
            "measured": (bool(measured) if self.expected is True and measured in (0, 1) else measured)
            if math.isfinite(measured)
            else None,
            "interval": [b if math.isfinite(b) else None for b in reach]
            if math.isfinite(measured) and not variable.attrs.keys().isdisjoint(("low", "high"))
            else None,
            "verdict": verdict,
        }

    def _scale(self, unit: str) -> float:
        if self.expected is True:  # comparisons of xarray keep the units of what they compare
            return 1.0
        if not units.same_dimension(unit, self.unit):
            raise DimensionError(
                f"{said(self.statement)} is about a number in {self.unit}; the run made `{self.number}` in "
                f"{unit}. Return "
                f"it as a quantity, by `numbers({self.number}=value * unit)`, or correct the unit of the statement."
            )
        return units.factor(unit) / units.factor(self.unit)

    def _allowed(self) -> tuple[float, float]:
        if isinstance(self.expected, tuple):
            low, high = self.expected
        else:
            low = high = float(self.expected)
        slack = (self.tolerance * abs(bound) if math.isfinite(bound) else 0.0 for bound in (low, high))
        return low - next(slack), high + next(slack)


@dataclass(frozen=True)
class Claim(Judged):
    """A statement that somebody published, with its place, and that this package could fail.

    **Arguments** ``source``: bibliography key and place, ``"lines2024, results: spatial threshold"``; ``number``: name
    of the scalar variable in the data of the run; ``expected``: in ``unit``, see `Expected`.
    """

    tolerance: float = 0.0
    unit: str = "1"

    kind = "claim"

    def __post_init__(self) -> None:
        super().__post_init__()
        sources.check(self.source)


class Basis(Enum):
    """What a check rests on, in place of a publication."""

    COMPUTED = "computed independently"
    """By a program that shares nothing with this package, from published equations."""
    CLOSED_FORM = "closed form"
    """A formula that the result must meet."""
    LAW = "law"
    """What holds whatever the values: conservation, symmetry, agreement of two ways to the same number."""
    DEMONSTRATION = "demonstration of an assumption"
    """What follows from what was assumed or chosen; it says what the model does, not what a brain does."""


@dataclass(frozen=True)
class Check(Judged):
    """A statement that nobody published, about a number that a run produces.

    **Arguments** as of `Claim`, but ``source`` says in words where the expected number comes from, and ``basis`` what
    kind of thing that is.
    """

    tolerance: float = 0.0
    unit: str = "1"
    basis: Basis = field(kw_only=True)

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The kind of basis, in words."""
        return self.basis.value


computed = partial(Check, basis=Basis.COMPUTED)
closed_form = partial(Check, basis=Basis.CLOSED_FORM)


class Experiment:
    """A published result, read like a page of Methods: see the docstring of each experiment.

    A subclass states ``name``, ``paper`` (bibliography key), ``claims``, ``checks`` and ``must_matter``, and defines
    `models`, `run` and `figure`. ``--set part.parameter=value`` changes the models before the run.
    """

    name: ClassVar[str]
    paper: ClassVar[str]
    claims: ClassVar[tuple[Claim, ...]] = ()
    """What was published."""
    checks: ClassVar[tuple[Check, ...]] = ()
    """What was not: see `Basis`."""
    must_matter: ClassVar[Mapping[str, float]] = {}
    """Factors, by path as for ``--set``, each of which alone turns a verdict of a quick run."""

    @property
    def title(self) -> str:
        """First line of the docstring."""
        return (type(self).__doc__ or self.name).strip().splitlines()[0]

    @property
    def caption(self) -> str:
        """What panels and markers of the figure mean: the paragraph **Figure** of the docstring."""
        found = _FIGURE.search(inspect.getdoc(self) or "")
        return " ".join(found[1].split()) if found else ""

    @property
    def panels(self) -> str:
        """The letters of the panels that the caption explains: "ABCD" for "A: spikes. B to D: rates"."""
        letters = ""
        for head in _PANELS.findall(self.caption):
            for part in re.split(r", | and ", head):
                first, last = part[0], part[-1]
                letters += "".join(map(chr, range(ord(first), ord(last) + 1)))
        return letters

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
        """All verdicts: those of the claims, then those of the checks."""
        return [statement.judge(data) for statement in (*self.claims, *self.checks)]

    def cite(self) -> str:
        """References of the paper, the statements and all parameters."""
        used = [self.paper, *(statement.source for statement in (*self.claims, *self.checks))]
        for model in self.models().values():
            used += model.sources.values()
        return sources.cite(used)


def numbers(**found: Any) -> dict[str, tuple[tuple[()], float, dict[str, str]]]:
    """Single numbers as variables of a dataset with their units: ``xr.Dataset(curves | numbers(peak=0.4 * uM))``."""
    return {name: ((), *_number(value)) for name, value in found.items()}


def _number(value: Any) -> tuple[float, dict[str, str]]:
    if isinstance(value, units.Quantity):
        return float(value.magnitude), {} if value.unitless else {"units": f"{value.units}"}
    return float(value), {}
