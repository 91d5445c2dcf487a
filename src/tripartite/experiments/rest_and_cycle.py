"""Rest states along a parameter and the oscillations beside them: numbers of a run, and a panel that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.language import Model, Protocol
from tripartite.solve import Solver, Tsit5
from tripartite.units import s

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from tripartite.solve.branches import Branch

TIGHT = Tsit5(rtol=1e-9, atol=1e-12)
_CA = "astrocyte.ca"


def branch(name: str, model: Model, path: str, low: Any, high: Any, **options: Any) -> tuple[Branch, dict[str, Any]]:
    """The branch of rest states, and its calcium, stability and special points as variables called after ``name``."""
    from tripartite.solve import continuation

    found = continuation(model, path, low, high, **options)
    along = found.data[found.parameter]
    marks = [(float(p.value.magnitude), float(p.states[_CA].magnitude)) for p in found.special]
    return found, {
        f"{name}_at": (f"{name}_point", along.values, {"units": along.attrs["units"]}),
        f"{name}_rest": (f"{name}_point", found.data[_CA].values, {"units": "uM"}),
        f"{name}_stable": (f"{name}_point", found.data["stable"].values.astype(np.int8)),
        f"{name}_marks": ((f"{name}_mark", "axis"), np.array(marks).reshape(-1, 2)),
        f"{name}_is_fold": (f"{name}_mark", np.array([p in found.folds for p in found.special], np.int8)),
    }


def hopf(found: Branch, count: int) -> list[tuple[float, float, float]]:
    """Value, calcium and period of the Hopf points in the order of the parameter; NaN unless there are ``count``."""
    points = sorted(
        (float(p.value.magnitude), float(p.states[_CA].magnitude), float(p.period.magnitude)) for p in found.hopf_points
    )
    return points if len(points) == count else [(np.nan, np.nan, np.nan)] * count


def cycles(
    model: Model,
    vary: dict[str, Any],
    transient: float,
    until: float,
    step: float,
    *,
    protocol: Protocol | None = None,
    solver: Solver = TIGHT,
) -> Any:
    """Oscillation of calcium from ``transient`` to ``until`` (s), every ``step``, for each member of ``vary``."""
    from tripartite.analysis import oscillation
    from tripartite.solve import simulate

    times = np.arange(transient, until, step)
    run = simulate(model, protocol, until=until * s, solver=solver, save_at=times * s, vary=vary)
    return oscillation(run.data["time"], run[_CA], smallest=1e-3)


def sweep(name: str, values: np.ndarray, unit: str, found: Any) -> dict[str, Any]:
    """An oscillation along a parameter as variables that begin with ``name``; NaN where there is none."""
    numbers: dict[str, Any] = {f"{name}_member_at": (f"{name}_member", values, {"units": unit})}
    for field, units in (("low", "uM"), ("high", "uM"), ("period", "s")):
        lasting = np.where(found.regular, getattr(found, field), np.nan)
        numbers[f"{name}_{field}"] = (f"{name}_member", lasting, {"units": units})
    return numbers


def draw(panel: Axes, name: str, data: Any, scale: float = 1.0) -> None:
    """Rest states (dashed where unstable), extremes of the oscillation, and special points."""
    from tripartite.figures import COLOURS

    at, rest = data[f"{name}_at"].values * scale, data[f"{name}_rest"].values
    stable = data[f"{name}_stable"].values == 1
    panel.plot(at, np.where(stable, rest, np.nan), color=COLOURS["neuron"], label="stable rest")
    panel.plot(at, np.where(stable, np.nan, rest), "--", color=COLOURS["faint"], label="unstable rest")
    for field, label in (("low", "oscillation, extremes"), ("high", None)):
        place, extreme = data[f"{name}_member_at"] * scale, data[f"{name}_{field}"]
        panel.plot(place, extreme, ".-", ms=3, color=COLOURS["astrocyte"], label=label)
    marks, fold = data[f"{name}_marks"].values * [scale, 1], data[f"{name}_is_fold"].values == 1
    panel.plot(*marks[~fold].T, "o", color="k", ms=5, label="Hopf point")
    if fold.any():
        panel.plot(*marks[fold].T, "s", color="k", mfc="white", ms=4.5, label="fold")
