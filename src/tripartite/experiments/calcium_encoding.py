r"""How an astrocyte writes glutamate into calcium: by amplitude, by frequency, or by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments.base import Check, Claim, Experiment, computed, numbers
from tripartite.language import Model
from tripartite.mechanisms import LiRinzel
from tripartite.models import GChi
from tripartite.protocols import Steps
from tripartite.solve import Tsit5
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of depitta2009 (after depitta2009erratum)"

_MODES = "depitta2008, abstract"
_MODULATED = 1.5  # largest over least

_RATIOS = {
    0.05: ("1.07", "2.0"),
    0.06: ("1.17", "2.1"),
    0.07: ("1.37", "2.2"),
    0.08: ("2.1", "2.2"),
    0.09: ("7.2", "1.45"),
    0.10: ("3.1", "1.22"),
}
"""Amplitude ratio and period ratio over the oscillating IP3 by K_ER (µM), with the digits of `_SOURCE`."""

_OSCILLATING = {
    "am": {
        0.1: {"low": 0.0971, "high": 0.3707, "period": 10.722},
        0.5: {"low": 0.0989, "high": 0.4836, "period": 8.955},
        1.0: {"low": 0.1045, "high": 0.5261, "period": 8.487},
        2.5: {"low": 0.1233, "high": 0.5694, "period": 8.107},
        3.0: {"low": 0.1319, "high": 0.5733, "period": 8.052},
    },
    "fm": {
        0.1: {"low": 0.0295, "high": 0.9631, "ip3_low": 0.1706, "ip3_high": 0.7750, "period": 19.49},
        0.5: {"low": 0.0299, "high": 1.0543, "ip3_low": 0.2452, "ip3_high": 1.3252, "period": 13.61},
        1.0: {"period": 12.64},
        2.5: {"low": 0.0307, "high": 1.1155, "ip3_low": 0.4211, "ip3_high": 2.1291, "period": 11.979},
        3.0: {"period": 11.91},
        4.0: {"period": 11.83},
        8.0: {"period": 11.78},
    },
}
"""Extremes of calcium and IP3 (µM) and period (s) by constant glutamate (µM), from `_SOURCE`."""

_STEADY = {
    "am": {4.0: {"ca": 0.3830, "ip3": 0.7792}, 8.0: {"ca": 0.4054}, 50.0: {"ca": 0.4443}},
    "fm": {50.0: {"ca": 0.5562, "ip3": 1.5957}},
}
"""Calcium and IP3 (µM) where constant glutamate (µM) ends in rest, from `_SOURCE`."""

_WORDS = {
    "low": ("least calcium", "µM"),
    "high": ("largest calcium", "µM"),
    "ip3_low": ("least IP3", "µM"),
    "ip3_high": ("largest IP3", "µM"),
    "period": ("period", "s"),
    "ca": ("calcium at rest", "µM"),
    "ip3": ("IP3 at rest", "µM"),
}
_TIGHT = Tsit5(rtol=1e-9, atol=1e-12)
_STEPS = (0.1, 0.5, 2.5)  # µM glutamate, shown in the figure
_STEP = 100.0  # s


def _number(cell: str, name: str, glutamate: float) -> str:
    return f"{cell}_{name}_at_{round(1000 * glutamate)}_nM"


def _ratio_checks() -> list[Check]:
    found = []
    for k, ratios in _RATIOS.items():
        for name, text in zip(("amplitude", "period"), ratios, strict=True):
            half = 0.5 * 10.0 ** -len(text.split(".")[1])
            words = f"K_ER = {k:g} µM: {name} ratio over the oscillating IP3, which rounds to {text}"
            number = f"{name}_ratio_at_{round(1000 * k)}_nM"
            allowed = (float(text) - half, float(text) + half)
            found.append(computed(words, _SOURCE, number, allowed))
    return found


def _table_checks() -> list[Check]:
    found = []
    for cell in ("am", "fm"):
        for glutamate, row in _OSCILLATING[cell].items():
            for name, value in row.items():
                words, unit = _WORDS[name]
                statement = f"{cell.upper()}, {glutamate:g} µM glutamate: {words}"
                found.append(computed(statement, _SOURCE, _number(cell, name, glutamate), value, 2e-3, unit))
        for glutamate, row in _STEADY[cell].items():
            statement = f"{cell.upper()}, {glutamate:g} µM glutamate"
            found.append(computed(f"{statement} ends in rest", _SOURCE, _number(cell, "rests", glutamate), True))
            for name, value in row.items():
                words, unit = _WORDS[name]
                found.append(
                    computed(f"{statement}: {words}", _SOURCE, _number(cell, name, glutamate), value, 1e-3, unit)
                )
    return found


class CalciumEncoding(Experiment):
    """How an astrocyte writes glutamate into calcium: by amplitude, by frequency, or by both.

    **Model** First calcium-induced calcium release at a fixed concentration of IP3 (`LiRinzel`), with the
    calcium affinity K_ER of SERCA from 0.05 to 0.10 µM and the other values of depitta2009, table 1. Then
    G-ChI (`GChi`), in which glutamate makes IP3 through receptors at equilibrium, with the AM and FM sets of
    depitta2009: FM changes the affinity of SERCA *and* the production and degradation of IP3.

    **Protocol** IP3 held on a grid from 0.34 to 0.97 µM in steps of 0.03 µM, from 0.05 µM calcium and
    h = 0.6, for 500 s. Glutamate held at 0.1 to 50 µM for 1,200 s, from calcium, h and IP3 of (0.09 µM, 0.78,
    0.22 µM).

    **Measure** Amplitude (largest minus least calcium) and period, over the last 250 s and 600 s. Encoding:
    the largest over the least amplitude, and period, among the concentrations of IP3 that oscillate with an
    amplitude above 0.02 µM.

    **Claims** The abstract of depitta2008: parameters of this cell decide whether it encodes by amplitude, by frequency
    or by both. Here that parameter is the affinity of SERCA: 0.05 µM encodes by frequency (the amplitude hardly
    changes, the period doubles), 0.10 µM by amplitude, 0.08 µM by both (AFM). "Encodes by" means a ratio of at least
    1.5, a limit that was set knowing the ratios.

    All other values are checks, computed independently from the same equations. A ratio must round to the digits
    stated. Towards the lower Hopf point the amplitude goes to zero, so the ratios at 0.09 and 0.10 µM belong to this
    grid of IP3. In G-ChI the table of extremes and periods by glutamate is met within 0.2 %, rest within 0.1 %.

    **Figure** A: ratios of amplitude and period by affinity of SERCA; circles are independent. B: periods of G-ChI
    along glutamate for both sets. C, D: its extremes. E, F: calcium while glutamate rises in steps. Quick runs: 17
    instead of 65 concentrations of glutamate.
    """

    name = "depitta2009-encoding"
    paper = "depitta2009"
    claims = (
        Claim(
            "With some affinity of SERCA the cell encodes IP3 by frequency alone", _MODES, "encodes_by_frequency", True
        ),
        Claim("With another it encodes it by amplitude alone", _MODES, "encodes_by_amplitude", True),
        Claim("With another it encodes it by both", _MODES, "encodes_by_both", True),
    )
    checks = (
        *_ratio_checks(),
        *_table_checks(),
    )
    must_matter = {"astrocyte.r_5p": 1.2}

    def models(self) -> dict[str, Model]:
        """The cell with clamped IP3, and G-ChI with both sets of values."""
        return {
            "clamped": Model(astrocyte=LiRinzel().using(parameters.depitta2009.AM)),
            "am": GChi().using(parameters.depitta2009.AM),
            "fm": GChi().using(parameters.depitta2009.FM),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Ratios by affinity, the table by glutamate, sweeps and a staircase of glutamate."""
        import xarray as xr

        made = _ratios(models["clamped"])
        for cell in ("am", "fm"):
            made |= _table(cell, models[cell]) | _sweep(cell, models[cell], 17 if quick else 65)
            made |= _staircase(cell, models[cell])
        return xr.Dataset(made)

    def figure(self, data: xr.Dataset) -> Figure:
        """Ratios by affinity, period and extremes by glutamate, and calcium under a staircase of glutamate."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(3, 2, height=7.0)
        _draw_ratios(axes[0, 0], data)
        _draw_periods(axes[0, 1], data)
        for column, cell in enumerate(("am", "fm")):
            _draw_extremes(axes[1, column], cell, data)
            _draw_staircase(axes[2, column], cell, data)
        label_panels(axes)
        return made


def _ratios(model: Model) -> dict[str, Any]:
    """Ratios of amplitude and period over the oscillating IP3, for each affinity of SERCA."""
    from tripartite.analysis import oscillation
    from tripartite.solve import simulate

    affinities = np.array(list(_RATIOS))
    ip3 = np.arange(0.34, 1.0, 0.03)
    k, i = (grid.ravel() for grid in np.meshgrid(affinities, ip3, indexing="ij"))
    result = simulate(
        model,
        until=500 * s,
        solver=_TIGHT,
        save_at=np.arange(250, 500, 0.01) * s,
        vary={
            "k_serca": k * uM,
            "ip3": i * uM,
            "astrocyte.ca": np.full(len(k), 0.05) * uM,
            "astrocyte.h": np.full(len(k), 0.6),
        },
    )
    found = oscillation(result.data["time"], result["astrocyte.ca"], smallest=0.02)
    encodes: dict[str, np.ndarray] = {}
    oscillates = np.isfinite(found.period.values).reshape(len(affinities), len(ip3))
    made: dict[str, Any] = {"affinity": ("affinity", affinities, {"units": "uM"})}
    for name in ("amplitude", "period"):
        values = np.where(oscillates, getattr(found, name).values.reshape(oscillates.shape), np.nan)
        ratio = np.nanmax(values, axis=1) / np.nanmin(values, axis=1)
        made[f"{name}_ratio"] = ("affinity", ratio, {"units": "1"})
        encodes[name] = ratio >= _MODULATED
        for affinity, value in zip(_RATIOS, ratio, strict=True):
            made[f"{name}_ratio_at_{round(1000 * affinity)}_nM"] = float(value)
    by_amplitude, by_period = encodes["amplitude"], encodes["period"]
    made |= numbers(
        encodes_by_frequency=(by_period & ~by_amplitude).any(),
        encodes_by_amplitude=(by_amplitude & ~by_period).any(),
        encodes_by_both=(by_amplitude & by_period).any(),
    )
    return made


def _held(model: Model, glutamate: np.ndarray, step: float) -> dict[str, Any]:
    """Extremes and period of calcium and IP3 at each glutamate (µM), and calcium and IP3 at the end."""
    from tripartite.analysis import oscillation
    from tripartite.solve import simulate

    result = simulate(
        model,
        until=1200 * s,
        solver=_TIGHT,
        save_at=np.arange(600, 1200, step) * s,
        vary={"glutamate": glutamate * uM},
    )
    time = result.data["time"]
    ca = oscillation(time, result["astrocyte.ca"], smallest=1e-3)
    ip3 = oscillation(time, result["astrocyte.ip3"], smallest=1e-3)
    found = {"low": ca.low, "high": ca.high, "period": ca.period, "ip3_low": ip3.low, "ip3_high": ip3.high}
    ends = {name: result[f"astrocyte.{name}"].isel(time=-1) for name in ("ca", "ip3")}
    return {name: value.values for name, value in (found | ends).items()}


def _table(cell: str, model: Model) -> dict[str, Any]:
    """The numbers of the claims on one cell."""
    rows = {**_OSCILLATING[cell], **_STEADY[cell]}
    found = _held(model, np.array(list(rows)), 0.01)
    made: dict[str, Any] = {}
    for member, (glutamate, row) in enumerate(rows.items()):
        values = {name: float(found[name][member]) * (s if name == "period" else uM) for name in row}
        made |= numbers(**{_number(cell, name, glutamate): value for name, value in values.items()})
        if glutamate in _STEADY[cell]:
            extent = found["high"][member] - found["low"][member]
            made[_number(cell, "rests", glutamate)] = float(extent < 1e-3)
    return made


def _sweep(cell: str, model: Model, count: int) -> dict[str, Any]:
    glutamate = np.geomspace(0.01, 100, count)
    found = _held(model, glutamate, 0.05)
    made: dict[str, Any] = {"glutamate": ("glutamate", glutamate, {"units": "uM"})}
    for name, unit in (("low", "uM"), ("high", "uM"), ("period", "s")):
        made[f"{cell}_{name}"] = ("glutamate", found[name], {"units": unit})
    return made


def _staircase(cell: str, model: Model) -> dict[str, Any]:
    """Calcium while glutamate rises in steps."""
    from tripartite.solve import simulate

    steps = Steps("glutamate", _STEP * np.arange(len(_STEPS)) * s, np.array(_STEPS) * uM)
    result = simulate(model, steps, until=_STEP * len(_STEPS) * s, save_every=0.05 * s)
    return {
        "time": ("time", result.data["time"].values, {"units": "s"}),
        f"{cell}_course": ("time", result["astrocyte.ca"].values, {"units": "uM"}),
    }


def _draw_ratios(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    colours = {"amplitude": COLOURS["astrocyte"], "period": COLOURS["model"]}
    for column, (name, colour) in enumerate(colours.items()):
        panel.plot(data["affinity"], data[f"{name}_ratio"], ".-", color=colour, label=name)
        panel.plot(list(_RATIOS), [float(pair[column]) for pair in _RATIOS.values()], "o", color="k", mfc="none", ms=5)
    panel.plot([], [], "o", color="k", mfc="none", ms=5, label="independent")
    panel.set_yscale("log")
    panel.set_yticks([1, 2, 5, 10], ["1", "2", "5", "10"])
    panel.minorticks_off()
    panel.set(xlabel="$K_{ER}$ of SERCA (µM)", ylabel="largest / least\nover oscillating IP3", ylim=(0.95, 14))
    panel.legend(loc="upper left")


def _draw_periods(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for cell, colour in (("am", COLOURS["astrocyte"]), ("fm", COLOURS["model"])):
        panel.plot(data["glutamate"], data[f"{cell}_period"], color=colour, label=cell.upper())
        rows = _OSCILLATING[cell]
        panel.plot(list(rows), [row["period"] for row in rows.values()], "o", color="k", mfc="none", ms=5)
    panel.set(xscale="log", yscale="log", xlabel="glutamate (µM)", ylabel="period (s)", xlim=(0.01, 100))
    panel.set_yticks([10, 20, 50, 100], ["10", "20", "50", "100"])
    panel.yaxis.set_minor_formatter("")
    panel.legend()


def _draw_extremes(panel: Any, cell: str, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.fill_between(
        data["glutamate"], data[f"{cell}_low"], data[f"{cell}_high"], color=COLOURS["astrocyte"], alpha=0.25, lw=0
    )
    for name, label in (("low", "extremes of calcium"), ("high", None)):
        panel.plot(data["glutamate"], data[f"{cell}_{name}"], color=COLOURS["astrocyte"], label=label)
        rows = {g: row[name] for g, row in _OSCILLATING[cell].items() if name in row}
        rows |= {g: row["ca"] for g, row in _STEADY[cell].items()}
        panel.plot(list(rows), list(rows.values()), "o", color="k", mfc="none", ms=5)
    panel.set(xscale="log", xlabel="glutamate (µM)", ylabel="calcium (µM)", ylim=(0, 1.3), xlim=(0.01, 100))
    panel.set_title(f"{cell.upper()} set, constant glutamate")
    if cell == "am":
        panel.plot([], [], "o", color="k", mfc="none", ms=5, label="independent")
        panel.legend(loc="upper left")


def _draw_staircase(panel: Any, cell: str, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["time"], data[f"{cell}_course"], color=COLOURS["astrocyte"], lw=0.9)
    for step, glutamate in enumerate(_STEPS):
        start, stop = step * _STEP, (step + 1) * _STEP
        panel.plot(
            [start + 1, stop - 1], [1.32] * 2, color=COLOURS["transmitter"], lw=1.5 + 1.5 * step, solid_capstyle="butt"
        )
        panel.text((start + stop) / 2, 1.38, f"{glutamate:g} µM", ha="center", fontsize=7)
    panel.set(xlabel="time (s)", ylabel="calcium (µM)", ylim=(0, 1.5), xlim=(0, _STEP * len(_STEPS)))
    panel.set_title(f"{cell.upper()} set, steps of glutamate")
