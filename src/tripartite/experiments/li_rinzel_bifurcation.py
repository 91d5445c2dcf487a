r"""Where calcium oscillates: bifurcations of the Li-Rinzel astrocyte along IP3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments.base import Check, Experiment, computed, numbers
from tripartite.language import Model
from tripartite.mechanisms import LiRinzel
from tripartite.protocols import Constant
from tripartite.solve import Tsit5
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of depitta2009 (li_rinzel1994 with its table 1)"
_ALONG = "computed independently from the equations of depitta2009 (determinant of the Jacobian along the branch)"

_WAVES = {
    "am": {0.40: (0.1050, 0.3130, 12.77), 0.50: (0.1077, 0.4446, 11.492), 0.60: (0.1357, 0.5001, 10.96)},
    "fm": {
        0.55: (0.0304, 1.0208, 35.8),
        0.60: (None, None, 28.40),
        0.70: (None, None, 22.649),
        0.80: (None, None, 19.94),
        0.90: (None, None, 18.39),
        1.00: (None, 1.0900, 17.50),
    },
}
"""Least and largest calcium (µM) and period (s) at some concentrations of IP3 (µM), from `_SOURCE`."""

_TITLES = {"am": "AM ($K_{ER}$ = 0.1 µM)", "fm": "FM ($K_{ER}$ = 0.05 µM)"}
_TIGHT = Tsit5(rtol=1e-9, atol=1e-12)
_ON_CYCLE = {"am": (0.09, 0.78), "fm": (0.03, 0.9)}  # calcium (µM) and h that lead to the cycle where there is one


def _hopf(cell: str, which: str, ip3: float, period: float) -> list[Check]:
    name = f"{cell}_{which}"
    return [
        computed(f"{cell.upper()}: {which} Hopf point", _SOURCE, f"{name}_hopf", ip3, 1e-4, "µM"),
        computed(f"{cell.upper()}: period at the {which} Hopf point", _SOURCE, f"{name}_period", period, 1e-3, "s"),
    ]


def _wave(cell: str, ip3: float, wave: tuple[float | None, ...]) -> list[Check]:
    named = zip(("least calcium", "largest calcium", "period"), ("low", "high", "period"), wave, strict=True)
    return [
        computed(
            f"{cell.upper()}: {words} at {ip3:g} µM IP3",
            _SOURCE,
            _number(cell, name, ip3),
            value,
            2e-3,
            "s" if name == "period" else "µM",
        )
        for words, name, value in named
        if value is not None
    ]


def _number(cell: str, name: str, ip3: float) -> str:
    return f"{cell}_{name}_at_{round(1000 * ip3)}_nM"


class LiRinzelBifurcation(Experiment):
    """Where calcium oscillates: bifurcations of the Li-Rinzel astrocyte along IP3.

    **Model** Calcium-induced calcium release at a fixed concentration of IP3 (`LiRinzel`; li_rinzel1994),
    with the values of depitta2009, table 1: SERCA of low affinity (K_ER = 0.1 µM, AM) and of high affinity
    (0.05 µM, FM).

    **Protocol** IP3 held at a value from 0.02 to 1.5 µM. The fixed point is followed along IP3 by
    pseudo-arclength continuation. Ensembles run 2,000 s to find the oscillation, from calcium and h of
    (0.09 µM, 0.78) in AM and (0.03 µM, 0.9) in FM, because in FM a rest state and the oscillation coexist.

    **Measure** Folds and Hopf points of the branch, with the period 2π/ω at birth; least and largest calcium
    and period over the last 400 s; the first and last IP3 at which the oscillation persists.

    **Claims** None: all are checks. Hopf points, folds, periods and waveforms were computed independently from the
    same equations, by scans, by the determinant of the Jacobian along the branch and by LSODA. The AM cell has two
    Hopf points and no fold; the FM cell has two of each, and keeps oscillating above its upper Hopf point beside a
    stable rest state, up to about 1.12 µM.

    **Figure** A, B: calcium at rest (blue; dashed grey where unstable) and the extremes of the oscillation (green)
    along IP3, with Hopf points (filled) and folds (open squares). C: periods; circles are the independent ones.
    D: two starts of the FM cell at 1 µM IP3, one that oscillates and one that rests. Quick runs: 25 instead of 80
    concentrations of IP3 in each sweep.

    **Beyond the checks** The upper Hopf point of AM is slightly subcritical: the oscillation keeps an amplitude
    of 0.25 µM up to it and lasts beside stable rest to about 0.6385 µM IP3, 0.002 µM beyond.
    """

    name = "lirinzel1994-bifurcation"
    paper = "li_rinzel1994"
    checks = (
        *_hopf("am", "lower", 0.35453, 12.554),
        *_hopf("am", "upper", 0.63688, 10.495),
        computed("AM: the branch of fixed points has no fold", _SOURCE, "am_no_fold", True),
        *_hopf("fm", "lower", 0.52907, 16.64),
        *_hopf("fm", "upper", 0.86002, 10.028),
        computed("FM: lower fold", _ALONG, "fm_lower_fold", 0.48230, 1e-4, "µM"),
        computed("FM: upper fold", _ALONG, "fm_upper_fold", 0.54399, 1e-4, "µM"),
        computed("FM: the oscillation begins", _SOURCE, "fm_cycle_begins", 0.53, 0.01, "µM"),
        computed("FM: the oscillation ends", _SOURCE, "fm_cycle_ends", 1.12, 0.01, "µM"),
        computed("FM: above 0.860 µM rest is stable beside the oscillation", _SOURCE, "fm_bistable", True),
        *(claim for cell, waves in _WAVES.items() for ip3, wave in waves.items() for claim in _wave(cell, ip3, wave)),
    )
    must_matter = {"astrocyte.k_serca": 0.9}

    def models(self) -> dict[str, Model]:
        """The two cells."""
        return {
            "am": Model(astrocyte=LiRinzel().using(parameters.depitta2009.AM)),
            "fm": Model(astrocyte=LiRinzel().using(parameters.depitta2009.FM)),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Branches, oscillations along IP3, and both fates at 1 µM."""
        import xarray as xr

        found: dict[str, Any] = {}
        for cell, model in models.items():
            found |= _branch(cell, model) | _waves(cell, model) | _sweep(cell, model, 25 if quick else 80)
        found |= _ends(models["fm"], found) | _fates(models["fm"])
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Bifurcation diagrams of both cells, period along IP3, and the two fates of the FM cell."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.2)
        for panel, cell in zip(axes[0], ("am", "fm"), strict=True):
            _diagram(panel, cell, data)
        panel = axes[1, 0]
        for cell, colour in (("am", COLOURS["astrocyte"]), ("fm", COLOURS["model"])):
            panel.plot(data[f"{cell}_ip3"], data[f"{cell}_period"], color=colour, label=cell.upper())
            waves = _WAVES[cell]
            panel.plot(list(waves), [wave[2] for wave in waves.values()], "o", color="k", mfc="none", ms=5)
        panel.plot([], [], "o", color="k", mfc="none", ms=5, label="independent")
        panel.set(xlabel="IP3 (µM)", ylabel="period (s)", xlim=(0.3, 1.2), ylim=(0, None))
        panel.legend()
        panel = axes[1, 1]
        panel.plot(data["time"], data["fate_cycle"], color=COLOURS["model"], label="from low calcium")
        panel.plot(data["time"], data["fate_rest"], color=COLOURS["neuron"], label="from near rest")
        panel.set(xlabel="time (s)", ylabel="calcium (µM)", title="FM, 1 µM IP3", ylim=(0, 1.5), xlim=(0, 120))
        panel.legend(loc="upper right", ncols=2)
        label_panels(axes)
        return made


def _branch(cell: str, model: Model) -> dict[str, Any]:
    """Fixed points along IP3 and what is special on them."""
    from tripartite.solve import continuation

    branch = continuation(model, "ip3", 0.02 * uM, 1.5 * uM)
    hopf = sorted((float(p.value.magnitude), float(p.period.magnitude)) for p in branch.hopf_points)
    hopf = hopf if len(hopf) == 2 else [(np.nan, np.nan)] * 2
    folds = sorted(float(p.value.magnitude) for p in branch.folds)
    ip3, stable = branch.data["astrocyte.ip3"].values, branch.data["stable"].values
    found: dict[str, Any] = {
        f"{cell}_branch_ip3": (f"{cell}_point", ip3, {"units": "uM"}),
        f"{cell}_branch_ca": (f"{cell}_point", branch.data["astrocyte.ca"].values, {"units": "uM"}),
        f"{cell}_branch_stable": (f"{cell}_point", stable.astype(np.int8)),
        f"{cell}_no_fold": float(not folds),
    }
    for which, (value, period) in zip(("lower", "upper"), hopf, strict=True):
        found |= numbers(**{f"{cell}_{which}_hopf": value * uM, f"{cell}_{which}_period": period * s})
    for which, value in zip(("lower", "upper"), folds if len(folds) == 2 else (np.nan, np.nan), strict=True):
        found |= numbers(**{f"{cell}_{which}_fold": value * uM})
    marks = [(float(p.value.magnitude), float(p.states["astrocyte.ca"].magnitude)) for p in branch.special]
    found[f"{cell}_special"] = ((f"{cell}_mark", "axis"), np.array(marks).reshape(-1, 2), {"units": "uM"})
    found[f"{cell}_special_fold"] = (f"{cell}_mark", np.array([p in branch.folds for p in branch.special], np.int8))
    return found


def _oscillations(cell: str, model: Model, ip3: np.ndarray, step: float) -> Any:
    """Oscillation of calcium at each IP3 (µM), over the last 400 of 2,000 s."""
    from tripartite.analysis import oscillation
    from tripartite.solve import simulate

    ca, h = (np.full(len(ip3), value) for value in _ON_CYCLE[cell])
    result = simulate(
        model,
        until=2000 * s,
        solver=_TIGHT,
        save_at=np.arange(1600, 2000, step) * s,
        vary={"ip3": ip3 * uM, "astrocyte.ca": ca * uM, "astrocyte.h": h},
    )
    return oscillation(result.data["time"], result["astrocyte.ca"], smallest=1e-3)


def _waves(cell: str, model: Model) -> dict[str, Any]:
    ip3 = np.array(list(_WAVES[cell]))
    found = _oscillations(cell, model, ip3, 0.01)
    made = {
        _number(cell, name, value): float(getattr(found, name)[member]) * unit
        for member, value in enumerate(ip3)
        for name, unit in (("low", uM), ("high", uM), ("period", s))
    }
    return numbers(**made)


def _sweep(cell: str, model: Model, count: int) -> dict[str, Any]:
    """Least and largest calcium and period along IP3; NaN where the oscillation does not last."""
    ip3 = np.linspace(0.3, 1.2, count) if cell == "fm" else np.linspace(0.34, 0.655, count)
    found = _oscillations(cell, model, ip3, 0.05)
    course: dict[str, Any] = {f"{cell}_ip3": (f"{cell}_member", ip3, {"units": "uM"})}
    for name, unit in (("low", "uM"), ("high", "uM"), ("period", "s")):
        lasting = np.where(found.regular, getattr(found, name), np.nan)
        course[f"{cell}_{name}"] = (f"{cell}_member", lasting, {"units": unit})
    return course


def _ends(model: Model, branch: dict[str, Any]) -> dict[str, Any]:
    """First and last IP3 of the FM oscillation, and whether rest is stable beside it below the last."""
    ip3 = np.concatenate([np.arange(0.52, 0.541, 0.001), np.arange(0.87, 1.1, 0.02), np.arange(1.1, 1.141, 0.002)])
    regular = _oscillations("fm", model, ip3, 0.05).regular.values
    lasting = ip3[regular] if regular.any() else np.array([np.nan])
    along = branch["fm_branch_ip3"][1]
    resting = branch["fm_branch_stable"][1][(along >= 0.87) & (along < 1.1)]
    return numbers(
        fm_cycle_begins=lasting[0] * uM,
        fm_cycle_ends=lasting[-1] * uM,
        fm_bistable=resting.all() and regular[(ip3 >= 0.87) & (ip3 < 1.1)].all(),
    )


def _fates(model: Model) -> dict[str, Any]:
    """Calcium of the FM cell at 1 µM IP3 from two starts."""
    from tripartite.solve import simulate

    result = simulate(
        model,
        Constant(ip3=1 * uM),
        until=120 * s,
        save_every=0.05 * s,
        vary={"astrocyte.ca": [0.03, 0.38] * uM, "astrocyte.h": [0.9, 0.58]},
    )
    found = {"time": ("time", result.data["time"].values, {"units": "s"})}
    for member, name in enumerate(("fate_cycle", "fate_rest")):
        found[name] = ("time", result["astrocyte.ca"].values[member], {"units": "uM"})
    return found


def _diagram(panel: Any, cell: str, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    ip3, ca = data[f"{cell}_branch_ip3"].values, data[f"{cell}_branch_ca"].values
    stable = data[f"{cell}_branch_stable"].values == 1
    panel.plot(ip3, np.where(stable, ca, np.nan), color=COLOURS["neuron"], label="stable rest")
    panel.plot(ip3, np.where(stable, np.nan, ca), "--", color=COLOURS["faint"], label="unstable rest")
    for name, label in (("low", "oscillation, extremes"), ("high", None)):
        panel.plot(data[f"{cell}_ip3"], data[f"{cell}_{name}"], color=COLOURS["astrocyte"], lw=1.8, label=label)
    marks, fold = data[f"{cell}_special"].values, data[f"{cell}_special_fold"].values == 1
    panel.plot(*marks[~fold].T, "o", color="k", ms=5, label="Hopf point")
    if fold.any():
        panel.plot(*marks[fold].T, "s", color="k", mfc="white", ms=4.5, label="fold")
    panel.set(xlabel="IP3 (µM)", ylabel="calcium (µM)", title=_TITLES[cell])
    panel.set(xlim=(0.2, 0.8) if cell == "am" else (0.2, 1.3), ylim=(0, 0.8 if cell == "am" else 1.25))
    handles, labels = panel.get_legend_handles_labels()
    shown = slice(None) if cell == "am" else slice(-1, None)  # the first panel explains what both show
    panel.legend(handles[shown], labels[shown], loc="upper left" if cell == "am" else "center right", ncols=2)
