"""The IP3 receptor with all its states, and what its two-variable reduction keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Check, Experiment, computed, numbers
from tripartite.language import Compartment, Model
from tripartite.mechanisms import DeYoungKeizer, LiRinzel
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of deyoung_keizer1992 (all eight states, LSODA)"
_STORE = "computed independently from the equations of deyoung_keizer1992 with the fluxes of timofeeva2019"
_REDUCED = "computed independently from the equations of li_rinzel1994 with the ratios of the rate constants"

_BIRTHS = {
    "full": ("All states", _SOURCE, (0.366366, 15.6224), (0.616548, 11.4084)),
    "reduced": ("Reduction", _REDUCED, (0.354419, 12.5659), (0.638127, 10.4936)),
}
_WAVES = {
    "full": {0.4: (0.11535, 0.30217, 15.0333), 0.5: (0.12206, 0.44214, 13.0672), 0.6: (0.18560, 0.44651, 11.8578)},
    "store": {0.4: (0.008204, 0.67662, 42.3567), 0.53: (0.026516, 0.64828, 19.9353), 0.6: (0.053079, 0.588, 14.91)},
}
"""Least and largest calcium (µM) and period (s) at some concentrations of IP3 (µM)."""
_OPEN = {0.25: 0.0253454, 1.0: 0.1059494, 10.0: 0.2074585}
"""Largest open fraction at some concentrations of IP3 (µM)."""
_PEAK = 0.224457


def _number(cell: str, name: str, ip3: float) -> str:
    return f"{cell}_{name}_at_{round(1000 * ip3)}_nM"


def _claims() -> list[Check]:
    found = []
    for cell, (words, source, *births) in _BIRTHS.items():
        for which, (ip3, period) in zip(("lower", "upper"), births, strict=True):
            found += [
                computed(f"{words}: {which} Hopf point", source, f"{cell}_{which}_hopf", ip3, 1e-4, "µM"),
                computed(f"{words}: period at {which} Hopf point", source, f"{cell}_{which}_period", period, 1e-3, "s"),
            ]
    for cell, waves in _WAVES.items():
        words, source = ("All states", _SOURCE) if cell == "full" else ("Constant store", _STORE)
        for ip3, wave in waves.items():
            named = zip(("least calcium", "largest calcium", "period"), ("low", "high", "period"), wave, strict=True)
            for text, name, value in named:
                unit = "s" if name == "period" else "µM"
                statement = f"{words}: {text} at {ip3:g} µM IP3"
                found.append(computed(statement, source, _number(cell, name, ip3), value, 1e-3, unit))
    return found


class DeYoungKeizerReceptor(Experiment):
    """The IP3 receptor with all its states, and what its two-variable reduction keeps.

    **Model**
    `DeYoungKeizer` (deyoung_keizer1992, rate constants as coded for chapter 3 of depitta_berry2019) in the closed
    cell of depitta2009; `LiRinzel` with the ratios of the same rate constants in the same cell; and
    `DeYoungKeizer` with the fluxes of timofeeva2019, whose ER never empties.

    **Protocol**
    IP3 held at a value from 0.02 to 1.5 µM; 600 s from equilibrium of the receptor at calcium 0.09 µM and IP3
    0.22 µM. For the open fraction the fluxes are switched off, so that calcium stays where it starts.

    **Measure**
    Fixed points followed along IP3, with folds and Hopf points; extremes of calcium and period after 300 s; open
    fraction at equilibrium by calcium.

    **Claims**
    None: all are checks, computed independently from the same equations, with all eight states in a matrix: root
    finding, eigenvalues of a difference Jacobian, LSODA. No number printed in deyoung_keizer1992 was at hand. How this
    receptor compares with recorded ones is asked in mak1998-receptor.

    **Figure** A: rest and extremes of the oscillation of the full receptor in the closed cell along IP3, and the
    extremes of the reduction. B: the same beside a constant store. C: periods; circles are independent. D: open
    fraction by calcium at three concentrations of IP3; the dot is the largest at 1 µM. Quick runs: 12 instead of 60
    concentrations of IP3, 21 instead of 61 of calcium.

    **What the reduction keeps**
    Fixed points are those of the full receptor, up to the 0.2 % by which the rate constants miss detailed balance.
    The reduction takes the binding of IP3 and of activating calcium as instantaneous; activating calcium binds
    at 4 to 10 /s, which is not fast beside a spike of calcium. It oscillates over a 13 % wider range of IP3, and
    at birth 8 to 20 % faster.

    **Holds for**
    Type 1 receptors of neurons, for which the rate constants were chosen. Receptors of type 2 recorded in bilayers
    (ramosfranco2000) stay open at 4 µM calcium, where this receptor is shut.
    """

    name = "deyoung-keizer1992-receptor"
    paper = "deyoung_keizer1992"
    checks = (
        *_claims(),
        computed("Constant store: lower fold", _STORE, "store_lower_fold", 0.290007, 1e-4, "µM"),
        computed("Constant store: upper fold", _STORE, "store_upper_fold", 0.316494, 1e-4, "µM"),
        computed("Constant store: Hopf point", _STORE, "store_hopf", 0.665848, 1e-4, "µM"),
        computed("Constant store: period at the Hopf point", _STORE, "store_hopf_period", 9.40404, 1e-3, "s"),
        *(
            computed(f"Largest open fraction at {ip3:g} µM IP3", _SOURCE, _number("full", "open", ip3), value, 1e-3)
            for ip3, value in _OPEN.items()
        ),
        computed("Calcium of the largest open fraction at 1 µM IP3", _SOURCE, "peak", _PEAK, 2e-3, "µM"),
        computed("The reduction rests where the receptor rests", _REDUCED, "same_rest", True),
    )
    must_matter = {"astrocyte.inhibition_off": 1.1}

    def models(self) -> dict[str, Model]:
        """The full receptor, its reduction, and the full receptor beside a constant store."""
        full = Model(astrocyte=Compartment(DeYoungKeizer()))
        rate = {
            name: full[name]
            for name in (
                "ip3_on", "ip3_off", "inhibition_on", "inhibition_off", "inhibited_ip3_on", "inhibited_ip3_off",
                "activation_on", "activation_off",
            )
        }  # fmt: skip
        ratios = LiRinzel().replace(
            "ratio of rate constants of deyoung_keizer1992",
            d1=rate["ip3_off"] / rate["ip3_on"],
            d2=rate["inhibition_off"] / rate["inhibition_on"],
            d3=rate["inhibited_ip3_off"] / rate["inhibited_ip3_on"],
            d5=rate["activation_off"] / rate["activation_on"],
            inactivation=rate["inhibition_on"],
        )
        store = full.using(parameters.timofeeva2019.CONSTANT_STORE)
        return {"full": full, "reduced": Model(astrocyte=Compartment(ratios)), "store": store}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Branches along IP3, oscillations beside them, and the open fraction by calcium."""
        import xarray as xr

        made: dict[str, Any] = {}
        rests = {}
        for cell, model in models.items():
            branch, found = rest_and_cycle.branch(cell, model, "ip3", 0.02 * uM, 1.5 * uM, step=0.02)
            made |= found | _special(cell, branch)
            rests[cell] = (found[f"{cell}_at"][1], found[f"{cell}_rest"][1])
            made |= _sweep(cell, model, 12 if quick else 60)
        reduced = np.interp(rests["full"][0], *rests["reduced"])
        made["same_rest"] = float(np.max(np.abs(reduced / rests["full"][1] - 1)) < 2e-3)
        return xr.Dataset(made | _open(models["full"], 21 if quick else 61))

    def figure(self, data: xr.Dataset) -> Figure:
        """Branches and oscillations of both cells, periods, and the open fraction."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.2)
        cell, store, period, opened = axes.flat
        rest_and_cycle.draw(cell, "full", data)
        for name, label in (("low", "reduction, extremes"), ("high", None)):
            cell.plot(data["reduced_member_at"], data[f"reduced_{name}"], color=COLOURS["model"], lw=0.9, label=label)
        cell.set(xlabel="IP3 (µM)", ylabel="calcium (µM)", title="closed cell", xlim=(0.2, 0.8), ylim=(0, 0.95))
        cell.legend(loc="upper left")
        rest_and_cycle.draw(store, "store", data)
        store.set(xlabel="IP3 (µM)", ylabel="calcium (µM)", title="constant store", xlim=(0.2, 0.8), ylim=(0, 0.95))
        handles, labels = store.get_legend_handles_labels()
        store.legend(handles[-1:], labels[-1:], loc="upper left")
        _draw_periods(period, data)
        _draw_open(opened, data)
        label_panels(axes)
        return made


def _special(cell: str, branch: Any) -> dict[str, Any]:
    """Hopf points and folds of a branch."""
    if cell != "store":
        points = zip(("lower", "upper"), rest_and_cycle.hopf(branch, 2), strict=True)
        named = {f"{cell}_{w}_{n}": v for w, p in points for n, v in (("hopf", p[0] * uM), ("period", p[2] * s))}
        return numbers(**named)
    ((value, _, period),) = rest_and_cycle.hopf(branch, 1)
    folds = sorted(float(p.value.magnitude) for p in branch.folds)
    folds = folds if len(folds) == 2 else [np.nan] * 2
    return numbers(
        store_hopf=value * uM,
        store_hopf_period=period * s,
        store_lower_fold=folds[0] * uM,
        store_upper_fold=folds[1] * uM,
    )


def _sweep(cell: str, model: Model, count: int) -> dict[str, Any]:
    """Oscillations along IP3, with the claimed extremes and periods."""
    ends = (0.30, 0.67) if cell == "store" else (0.35, 0.65)
    claimed = list(_WAVES.get(cell, {}))
    ip3 = np.unique(np.round([*np.linspace(*ends, count), *claimed], 6))
    found = rest_and_cycle.cycles(model, {"ip3": ip3 * uM}, 300, 600, 0.02)
    made = rest_and_cycle.sweep(cell, ip3, "uM", found)
    for value in claimed:
        here = int(np.abs(ip3 - value).argmin())
        for name, unit in (("low", uM), ("high", uM), ("period", s)):
            made |= numbers(**{_number(cell, name, value): float(made[f"{cell}_{name}"][1][here]) * unit})
    return made


def _open(model: Model, count: int) -> dict[str, Any]:
    """Open fraction at equilibrium, by calcium, at each IP3 of `_OPEN`."""
    from tripartite.solve import Kvaerno5, simulate

    fixed = model.replace({"release": 0 / s, "leak": 0 / s, "uptake": 0 * uM / s})
    ca = np.unique(np.concatenate([np.geomspace(0.01, 10, count), np.linspace(0.15, 0.32, 18)]))
    ip3 = np.array(list(_OPEN))
    run = simulate(
        fixed,
        until=1000 * s,
        save_at=[1000] * s,
        solver=Kvaerno5(rtol=1e-8, atol=1e-11),
        vary={"astrocyte.ca": np.tile(ca, len(ip3)) * uM, "ip3": np.repeat(ip3, len(ca)) * uM},
    )
    opened = run["ip3r_open"].values[:, 0].reshape(len(ip3), len(ca))
    tops = [_top(ca, row) for row in opened]
    made: dict[str, Any] = {_number("full", "open", value): top[1] for value, top in zip(ip3, tops, strict=True)}
    return made | {
        **numbers(peak=tops[list(_OPEN).index(1.0)][0] * uM),
        "open": (("level", "clamped"), opened, {"units": "1"}),
        "level": ("level", ip3, {"units": "uM"}),
        "clamped": ("clamped", ca, {"units": "uM"}),
    }


def _top(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Place and height of the largest value, by the parabola through it and its neighbours."""
    top = int(np.clip(y.argmax(), 1, len(x) - 2))
    bend = np.polyfit(x[top - 1 : top + 2] - x[top], y[top - 1 : top + 2], 2)
    place = -bend[1] / (2 * bend[0])
    return float(x[top] + place), float(np.polyval(bend, place))


def _draw_periods(panel: Axes, data: Any) -> None:
    from tripartite.figures import COLOURS

    words = {"full": "closed cell", "reduced": "reduction", "store": "constant store"}
    shown = zip(words, ("astrocyte", "model", "second"), words.values(), strict=True)
    for cell, colour, label in shown:
        panel.plot(data[f"{cell}_member_at"], data[f"{cell}_period"], ".-", ms=3, color=COLOURS[colour], label=label)
        waves = _WAVES.get(cell, {})
        panel.plot(list(waves), [wave[2] for wave in waves.values()], "o", color="k", mfc="none", ms=5)
    panel.plot([], [], "o", color="k", mfc="none", ms=5, label="independent")
    panel.set(xlabel="IP3 (µM)", ylabel="period (s)", xlim=(0.3, 0.7), ylim=(0, 50))
    panel.legend()


def _draw_open(panel: Axes, data: Any) -> None:
    from tripartite.figures import COLOURS

    for level, colour in zip(data["level"].values, ("second", "neuron", "data"), strict=True):
        panel.plot(data["clamped"], data["open"].sel(level=level), color=COLOURS[colour], label=f"{level:g} µM IP3")
    panel.plot(data["peak"], data[_number("full", "open", 1.0)], "o", color=COLOURS["model"], ms=5)
    panel.set(xscale="log", xlabel="calcium, held (µM)", ylabel="open fraction of receptors", ylim=(0, 0.25))
    panel.legend(loc="upper right")
