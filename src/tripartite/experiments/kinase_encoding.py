"""Protein kinase C, which ends the response of the receptor, moves and slows the oscillation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Claim, Experiment, computed, numbers
from tripartite.language import Model
from tripartite.models import EGChi
from tripartite.solve import Tsit5
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations that depitta_benjacob_berry2019 prints"
_DRAWN = "depitta_benjacob_berry2019, axes of its figures of kinase C"

CELLS = {
    "none": ("no kinase", 0.0, 0.0),
    "kinase": ("O_KD 0.28, O_K 1", 0.28, 1.0),
    "strong": ("O_KD 0.28, O_K 3", 0.28, 3.0),
    "more": ("O_KD 0.84, O_K 1", 0.84, 1.0),
    "both": ("O_KD 0.84, O_K 3", 0.84, 3.0),
}
"""Words, activation of the kinase (1/s) and inactivation by it (1/(µM s)) of the cells that the book compares."""
_PERIODS = {
    ("none", 1.48): 4.24651,
    ("none", 1.5): 4.06496,
    ("kinase", 1.48): 5.23312,
    ("kinase", 1.5): 4.58442,
    ("strong", 1.6): 4.31923,
    ("strong", 1.65): 3.92013,
    ("more", 1.6): 4.07090,
    ("more", 1.65): 3.84133,
    ("both", 1.8): 4.08608,
}
_LAST = {"none": 1.505922, "kinase": 1.543688, "strong": 1.619283, "more": 1.603645, "both": 1.799575}
_FINE = Tsit5(rtol=1e-8, atol=1e-11)


def _number(cell: str, glutamate: float) -> str:
    return f"{cell}_period_at_{round(1000 * glutamate)}_nM"


class KinaseEncoding(Experiment):
    """Protein kinase C, which ends the response of the receptor, moves and slows the oscillation.

    **Model**
    `EGChi`, G-ChI with diacylglycerol and conventional protein kinase C, with the values of the figures of
    depitta_benjacob_berry2019. Five cells differ in how fast the kinase is activated (O_KD) and how
    strongly it inactivates the receptor (O_K); in the first both are zero.

    **Protocol**
    Glutamate held at a value from 1.38 to 1.92 µM, 700 s from rest in calcium.

    **Measure**
    Extremes of calcium, diacylglycerol and active kinase and the period after 400 s; the fixed point followed
    along glutamate to its last Hopf point, where the oscillation is left for good.

    **Claims**
    The book gives figures and no numbers: claimed are the ranges of the axes that its program draws, 1.4 to 1.9 µM
    glutamate and 3.5 to 15 s for the oscillations of all five cells, and up to 0.6 µM calcium, 0.41 µM diacylglycerol
    and 75 nM kinase at 1.55 µM glutamate. Periods and Hopf points are checks, computed independently.

    **Paper and program differ**
    The program behind the time courses of the book has PLCδ *times* (1 + I/κ), where the book prints, and this package
    computes, PLCδ divided by it. With the program's form calcium, diacylglycerol and kinase reach 0.577, 0.263 and
    0.0580 µM at 1.55 µM glutamate, with the printed one 0.556, 0.284 and 0.0597 µM. Both fit the axes.

    **Figure** A: calcium, diacylglycerol and active kinase (five times) at 1.55 µM glutamate. B: rest and extremes of
    the oscillation of the cell with kinase along glutamate. C, D: periods and amplitudes of the five cells. Quick runs:
    a spacing of glutamate of 0.02 instead of 0.005 µM.

    **Encoding**
    Along glutamate the amplitude grows while the period falls (AFM), with or without the kinase; just before
    the upper end the amplitude falls again. The oscillation starts with a finite amplitude beside stable rest.
    """

    name = "depitta2019-kinase"
    paper = "depitta_benjacob_berry2019"
    claims = (
        Claim("All oscillations lie where the book draws them", _DRAWN, "drawn_glutamate", True),
        Claim("Shortest period of all", _DRAWN, "shortest", (3.5, 15.0), 0.0, "s"),
        Claim("Longest period of all", _DRAWN, "longest", (3.5, 15.0), 0.0, "s"),
        Claim("Largest calcium at 1.55 µM glutamate fits the axis", _DRAWN, "largest_ca", (0.0, 0.6), 0.0, "µM"),
        Claim(
            "Largest diacylglycerol at 1.55 µM glutamate fits the axis", _DRAWN, "largest_dag", (0.0, 0.41), 0.0, "µM"
        ),
        Claim(
            "Largest active kinase at 1.55 µM glutamate fits the axis", _DRAWN, "largest_pkc", (0.0, 0.075), 0.0, "µM"
        ),
    )
    checks = (
        *(
            computed(
                f"Period with {CELLS[cell][0]} at {g:g} µM glutamate", _SOURCE, _number(cell, g), period, 1e-3, "s"
            )
            for (cell, g), period in _PERIODS.items()
        ),
        *(
            computed(f"Last Hopf point with {CELLS[cell][0]}", _SOURCE, f"{cell}_last", value, 1e-5, "µM")
            for cell, value in _LAST.items()
        ),
        computed("Largest calcium at 1.55 µM glutamate", _SOURCE, "largest_ca", 0.556429, 1e-3, "µM"),
        computed("Largest diacylglycerol at 1.55 µM glutamate", _SOURCE, "largest_dag", 0.284082, 1e-3, "µM"),
        computed("Largest active kinase at 1.55 µM glutamate", _SOURCE, "largest_pkc", 0.0596966, 1e-3, "µM"),
        computed("Amplitude at 1.54 µM glutamate relative to 1.48 µM", _SOURCE, "amplitude_ratio", 1.25141, 1e-3),
        computed("Period at 1.48 µM glutamate relative to 1.54 µM", _SOURCE, "period_ratio", 1.28351, 1e-3),
    )
    must_matter = {"astrocyte.phosphorylation": 0.0}

    def models(self) -> dict[str, Model]:
        """The five cells."""
        cell = EGChi().using(parameters.depitta_benjacob_berry2019.KINASE)
        source = "depitta_benjacob_berry2019, figures of kinase C"
        return {
            name: cell.replace({"activation": activation / s, "phosphorylation": strength / uM / s}, source)
            for name, (_, activation, strength) in CELLS.items()
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Oscillations and branches of all cells along glutamate, and one course with and without kinase."""
        import xarray as xr

        made: dict[str, Any] = {}
        for name, model in models.items():
            branch, found = rest_and_cycle.branch(name, model, "glutamate", 1 * uM, 2.2 * uM, step=0.02)
            last = max((float(p.value.magnitude) for p in branch.hopf_points), default=np.nan)
            made |= found | numbers(**{f"{name}_last": last * uM}) | _sweep(name, model, 0.02 if quick else 0.005)
        return xr.Dataset(made | _verdicts(made)).merge(_courses(models))

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses with and without kinase, the branch with kinase, and the periods and amplitudes of all cells."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.2)
        course, panel, period, amplitude = axes.flat
        course.plot(data["time"], data["ca"], color=COLOURS["astrocyte"], label="calcium")
        course.plot(data["time"], data["dag"], color=COLOURS["transmitter"], label="diacylglycerol")
        course.plot(data["time"], 5 * data["pkc"], color=COLOURS["model"], label="active kinase × 5")
        course.set(xlabel="time (s)", ylabel="concentration (µM)", xlim=(0, 30), ylim=(0, 0.85))
        course.legend(loc="upper center", ncols=2)
        rest_and_cycle.draw(panel, "kinase", data)
        panel.set(xlabel="glutamate (µM)", ylabel="calcium (µM)", xlim=(1.4, 1.6), ylim=(0, 0.95))
        panel.legend(loc="upper left")
        colours = ("faint", "astrocyte", "model", "neuron", "perturbation")
        for (name, (words, *_)), colour in zip(CELLS.items(), colours, strict=True):
            line = {"color": COLOURS[colour], "marker": ".", "ms": 3}
            period.plot(
                data[f"{name}_member_at"],
                data[f"{name}_period"],
                label=words.replace("O_KD", "$O_{KD}$").replace("O_K ", "$O_K$ "),
                **line,
            )
            amplitude.plot(data[f"{name}_member_at"], data[f"{name}_high"] - data[f"{name}_low"], **line)
        period.set(xlabel="glutamate (µM)", ylabel="period (s)", xlim=(1.4, 1.9), ylim=(3, None))
        amplitude.set(xlabel="glutamate (µM)", ylabel="amplitude of calcium (µM)", xlim=(1.4, 1.9), ylim=(0, 0.6))
        amplitude.legend(*period.get_legend_handles_labels(), title="kinase (1/s, 1/µM/s)", title_fontsize=8)
        label_panels(axes)
        return made


def _sweep(name: str, model: Model, spacing: float) -> dict[str, Any]:
    """Oscillations of one cell along glutamate, with the claimed periods."""
    claimed = [g for cell, g in _PERIODS if cell == name]
    values = np.unique(np.round([*np.arange(1.38, 1.921, spacing), *claimed, 1.54], 6))
    found = rest_and_cycle.cycles(model, {"glutamate": values * uM}, 400, 700, 0.02, solver=_FINE)
    made = rest_and_cycle.sweep(name, values, "uM", found)
    period = made[f"{name}_period"][1]
    return made | numbers(**{_number(name, g): float(period[np.abs(values - g).argmin()]) * s for g in claimed})


def _verdicts(made: dict[str, Any]) -> dict[str, Any]:
    """What holds over all cells and all glutamate."""
    at = {name: made[f"{name}_member_at"][1] for name in CELLS}
    period = {name: made[f"{name}_period"][1] for name in CELLS}
    wave = made["kinase_high"][1] - made["kinase_low"][1]
    low, high = (int(np.abs(at["kinase"] - g).argmin()) for g in (1.48, 1.54))
    regular = {name: np.isfinite(period[name]) for name in CELLS}
    place = np.concatenate([at[name][regular[name]] for name in CELLS])
    every = np.concatenate([period[name][regular[name]] for name in CELLS])
    return numbers(
        drawn_glutamate=len(place) > 0 and place.min() >= 1.4 and place.max() <= 1.9,
        shortest=(float(every.min()) if len(every) else np.nan) * s,
        longest=(float(every.max()) if len(every) else np.nan) * s,
        amplitude_ratio=wave[high] / wave[low],
        period_ratio=period["kinase"][low] / period["kinase"][high],
    )


def _courses(models: dict[str, Model]) -> Any:
    """30 s of the cell with kinase at 1.55 µM glutamate, and the largest values it reaches on its cycle."""
    import xarray as xr

    from tripartite.protocols import Constant
    from tripartite.solve import simulate

    times = np.arange(400, 430, 0.02)
    run = simulate(models["kinase"], Constant(glutamate=1.55 * uM), until=430 * s, solver=_FINE, save_at=times * s)
    courses = {name: run[name].values for name in ("ca", "dag", "pkc")}
    unit = {"units": "uM"}
    return xr.Dataset(
        {name: ("time", course, unit) for name, course in courses.items()}
        | {f"largest_{name}": ((), float(course.max()), unit) for name, course in courses.items()},
        {"time": ("time", times - 400, {"units": "s"})},
    )
