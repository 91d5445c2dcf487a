"""Fixed points followed along one parameter, around folds and through Hopf points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import SolveError, said
from tripartite.language.compartment import Compartment
from tripartite.language.declarations import Ranged
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Protocol
from tripartite.language.system import Entry
from tripartite.solve.curve import BRANCH_POINT, FOLD, HOPF, Curve, Lost, Node, Special, follow
from tripartite.solve.flow import Flow
from tripartite.solve.steady import fixed_points, labelled

if TYPE_CHECKING:
    import xarray as xr

_COVER = 64
_MOST = 1_000_000


@dataclass(frozen=True)
class SpecialPoint:
    """Where a branch turns or changes its stability.

    **Fields** ``kind``: "fold", "Hopf point" or "branch point". ``value``: of the parameter, and ``states``
    by key, as quantities. ``period``: 2π/ω of the oscillation born at a Hopf point, else None.
    """

    kind: str
    value: Any
    states: Mapping[str, Any]
    period: Any = None

    def __repr__(self) -> str:
        period = "" if self.period is None else f", period {units.shown(self.period, '.6g')}"
        return f"{self.kind} at {units.shown(self.value, '.8g')}{period}"


@dataclass(frozen=True)
class Branch:
    """Fixed points along a parameter.

    **Fields** ``parameter``: its key. ``data``: what `steady_states` returns, in the order in which the
    branch was followed, with the parameter as a coordinate. ``special``: the points found between them.
    ``message``: where and why the branch ends.
    """

    parameter: str
    data: xr.Dataset
    special: tuple[SpecialPoint, ...]
    message: str

    @property
    def folds(self) -> list[SpecialPoint]:
        """Where two fixed points meet."""
        return [point for point in self.special if point.kind == FOLD]

    @property
    def hopf_points(self) -> list[SpecialPoint]:
        """Where an oscillation is born."""
        return [point for point in self.special if point.kind == HOPF]

    @property
    def branch_points(self) -> list[SpecialPoint]:
        """Where another branch crosses."""
        return [point for point in self.special if point.kind == BRANCH_POINT]

    def __repr__(self) -> str:
        listed = "".join(f"\n  {point!r}" for point in self.special)
        return f"Branch along {self.parameter}, {self.data.sizes['point']} points{listed}\n{self.message}"


def continuation(
    model: Model | Compartment | Mechanism,
    path: str,
    low: Any,
    high: Any,
    protocol: Protocol | None = None,
    *,
    start: Mapping[str, Any] | None = None,
    step: float = 0.01,
    most: int = 10_000,
) -> Branch:
    """The branch of fixed points that leaves ``low`` towards ``high``, by pseudo-arclength continuation.

    Folds, Hopf points and crossings with other branches are located to rounding. The branch ends where it
    leaves the range of the parameter (a branch that folds may end at ``low`` again) or of a state.

    **Arguments** ``path``: a parameter or a driven input; ``low``, ``high``: quantities. ``protocol``: drives
    the other inputs, with its values at 0 s. ``start``: quantities by path of a state; the branch is that of
    the fixed point at ``low`` nearest to it (by default to the model's start). ``step``: largest step along
    the branch, in parts of the parameter's range and of the states' sizes. ``most``: points.

    **Sources** kuznetsov, chapter 10.
    """
    model = as_model(model)
    step, most = units.number(step, "1", "step"), arguments.count(most, "most", 1, _MOST)
    if not 0 < step <= 1:
        raise SolveError(f"A step is a part of the range, above 0 and up to 1; got step={step}. The default is 0.01.")
    entry = _entry(model, path)
    model.check_free(entry.key)
    ends = _range(entry, low, high)
    flow = Flow(model, protocol, {entry.key: ends[0]})
    curve = Curve(flow, model.system.constant_position[entry.key], *ends)
    wanted, *more = flow.points(start, "start")
    if more:
        raise SolveError(f"One branch has one start; got {1 + len(more)} of them. Call it for each.")
    found = fixed_points(flow, wanted[None], _COVER)
    if not found:
        raise SolveError(
            f"A branch starts at a fixed point; none was found at {entry.key} = {said(low)}. Give a `start` near one, "
            "or begin at another value."
        )
    nearest = min(found, key=lambda y: float(np.linalg.norm((y - wanted) / flow.size)))
    try:
        first = curve.first(nearest)
    except Lost:
        raise SolveError(
            f"A branch has a direction where it starts; at {entry.key} = {said(low)} rates have no finite slope, or "
            "many fixed points lie side by side. Begin a little further in the range."
        ) from None
    nodes, special, message = follow(curve, first, step, most)
    return _labelled(flow, curve, entry, nodes, special, message)


def _entry(model: Model, path: str) -> Entry:
    entries = {e.key: e for e in model.system.constants}
    return entries[model.resolve(path, entries, "parameter or driven input")]


def _range(entry: Entry, low: Any, high: Any) -> tuple[float, float]:
    ends = units.number(low, entry.unit, entry.key), units.number(high, entry.unit, entry.key)
    if ends[0] == ends[1]:
        raise SolveError(f"A branch is followed from one value to another; got {said(low)} twice. Give two values.")
    if isinstance(entry.declaration, Ranged):
        for end in ends:
            entry.declaration.check_range(end, entry.key)
    return ends


def _labelled(
    flow: Flow, curve: Curve, entry: Entry, nodes: list[Node], special: list[Special], message: str
) -> Branch:
    data = labelled(flow, np.array([curve.states(n.place) for n in nodes]), [n.jacobian for n in nodes])
    values = units.from_internal(np.array([curve.value(n.place) for n in nodes]), entry.unit)
    labels = {"units": entry.unit, "long_name": entry.declaration.label}
    points = []
    for item in special:
        y = curve.states(item.node.place)
        states = {e.key: _quantity(value, e) for e, value in zip(flow.entries, y, strict=True)}
        period = None if item.omega is None else 2 * np.pi / item.omega / 1000 * units.unit("s")
        points.append(SpecialPoint(item.kind, _quantity(curve.value(item.node.place), entry), states, period))
    ended = f"{message} at {entry.key} = {units.shown(_quantity(curve.value(nodes[-1].place), entry), '.6g')}."
    return Branch(entry.key, data.assign_coords({entry.key: ("point", values, labels)}), tuple(points), ended)


def _quantity(value: float, entry: Entry) -> Any:
    return float(units.from_internal(value, entry.unit)) * units.unit(entry.unit)
