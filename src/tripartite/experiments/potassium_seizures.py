r"""Potassium and seizures: a neuron in its ions, with spikes and with spikes averaged away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.analysis import oscillation
from tripartite.experiments.base import Basis, Check, Claim, Expected, Experiment
from tripartite.language import Model
from tripartite.models import CressmanNeuron, ReducedCressman
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ABSTRACT = "cressman2009, abstract"
_SOURCE = "equations of the full model of cressman2009 as coded in ModelDB 136773"
_FITS = "equations of the reduced model of cressman2009 as coded in ModelDB 136773"
STEADY = {4.0: 3.813, 7.5: 6.767}
"""Potassium outside (mM) at which the reduced model settles, by potassium in the bath (mM)."""
_PAUSE = 2.0
"""Silence (s) after which a spike begins a new burst."""


def _computed(statement: str, source: str, number: str, expected: Expected, tolerance: float, unit: str) -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class PotassiumSeizures(Experiment):
    r"""Recurrent seizures of one neuron in raised potassium, with spikes and with averaged currents.

    **Model** A Hodgkin-Huxley neuron whose sodium inside and potassium outside follow its currents, its pump, the
    glia and a bath (`CressmanNeuron`; cressman2009), and the two-variable model of the same paper in which currents
    are averaged over spikes (`ReducedCressman`).

    **Protocol** The full model runs for 120 s with 8 mM potassium in the bath, and with 4 mM, from the potassium of
    7.8 and 4 mM outside; nothing else is done to it. The reduced model runs for 1,500 s at baths from 4 to 10 mM.

    **Measure** A burst begins with a spike after at least 2 s of silence; the period is the mean interval between
    beginnings. Extremes of potassium over the run. In the reduced model: period and extremes after 900 s.

    **Claims** The abstract: competing currents, pumps, glia and diffusion make very slow oscillations of large
    amplitude in the ions, as in seizures, and the reduced model is a reasonable approximation of the full one. "Very
    slow" is read as more than 10 s, "large" as more than 1 mM. Checks: numbers computed independently from the
    equations of the authors' program. The two models agree on where seizures occur, not on their period.

    **Deviations of the paper** As printed its fits of the averaged currents cannot be used: the factor in g2 is wrong,
    the second factor of g3 is labelled g4, and one sign is wrong. The authors say so in their program, and give the
    fits that made the figures; those are used here.

    **Figure** A: potassium outside in two baths, spikes as strokes, dotted the beginnings of bursts. B: the second
    burst more closely. C: potassium with spikes and averaged. D: least and largest potassium of the averaged model
    along the bath, circles computed independently. Quick runs: 7 instead of 61 baths.
    """

    name = "cressman2009-seizures"
    paper = "cressman2009"
    claims = (
        Claim("In raised potassium the ions oscillate very slowly: period over 10 s", _ABSTRACT, "period",
              (10, np.inf), 0.0, "s"),
        Claim("and with a large amplitude: potassium outside by more than 1 mM", _ABSTRACT, "swing", (1, np.inf), 0.0,
              "mM"),
        Claim("The reduced model, too, oscillates at 8 mM and rests at 4 mM", _ABSTRACT, "agrees", True),
    )  # fmt: skip
    checks = (
        _computed("8 mM: period of the bursts", _SOURCE, "period", 29.5, 2e-2, "s"),
        _computed("8 mM: least potassium outside", _SOURCE, "lowest", 6.69, 2e-3, "mM"),
        _computed("8 mM: largest potassium outside", _SOURCE, "highest", 10.59, 2e-3, "mM"),
        _computed("4 mM: silent after the first second", _SOURCE, "silent", True, 0.0, "1"),
        _computed("4 mM: potassium outside after 60 s", _SOURCE, "rest_potassium", 3.922, 3e-4, "mM"),
        _computed("4 mM: sodium inside after 60 s", _SOURCE, "rest_sodium", 18.49, 5e-4, "mM"),
        *(_computed(f"Averaged, {bath:g} mM: potassium settles", _FITS, f"steady_{bath:g}", value, 2e-4, "mM")
          for bath, value in STEADY.items()),
        _computed("Averaged, 8 mM: period", _FITS, "averaged_period_8", 38.06, 5e-3, "s"),
        _computed("Averaged, 8 mM: least potassium", _FITS, "averaged_low_8", 6.36, 1e-3, "mM"),
        _computed("Averaged, 8 mM: largest potassium", _FITS, "averaged_high_8", 10.35, 1e-3, "mM"),
        _computed("Averaged, 8.5 mM: period", _FITS, "averaged_period_8.5", 22.96, 5e-3, "s"),
        _computed("Averaged, 9 mM: steady", _FITS, "averaged_steady_9", True, 0.0, "1"),
    )  # fmt: skip
    must_matter = {"neuron.largest_pump": 0.88}

    def models(self) -> dict[str, Model]:
        """With spikes, and averaged."""
        return {"full": CressmanNeuron(), "averaged": ReducedCressman()}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Courses of the full model in two baths, and what the reduced one does along the bath."""
        import xarray as xr

        return xr.merge([spiking(models["full"]), averaged(models["averaged"], 7 if quick else 61)])

    def figure(self, data: xr.Dataset) -> Figure:
        """Seizures, one of them closer, potassium of both models, and the averaged one along the bath."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.2)
        (course, burst), (both, along) = axes
        _draw_seizures(course, burst, data)
        ion = data["potassium"].sel(bath=8.0)
        both.plot(data["time"], ion, color=COLOURS["neuron"], label="with spikes")
        both.plot(data["time"], data["averaged_course"], color=COLOURS["model"], label="averaged")
        both.axhline(8, color=COLOURS["faint"], lw=0.8, ls="--")
        both.text(58, 8.05, "bath", fontsize=7, ha="right", color=COLOURS["faint"])
        both.set(xlabel="time (s)", ylabel="potassium outside (mM)", ylim=(6, 12.2), xlim=(0, 120))
        both.legend(ncols=2, loc="upper center")
        along.fill_between(
            data["along"], data["along_low"], data["along_high"], color=COLOURS["model"], alpha=0.25, lw=0
        )
        along.plot(data["along"], data["along_low"], color=COLOURS["model"], label="least and largest")
        along.plot(data["along"], data["along_high"], color=COLOURS["model"])
        along.plot(list(STEADY), list(STEADY.values()), "o", color="k", mfc="none", ms=5, label="independent")
        along.plot([8, 8], [6.36, 10.35], "o", color="k", mfc="none", ms=5)
        along.set(xlabel="potassium in the bath (mM)", ylabel="potassium outside (mM)", title="averaged")
        along.legend(loc="upper left")
        label_panels(axes)
        return made


def burst_starts(spikes: np.ndarray) -> np.ndarray:
    """Times of the spikes that no other spike precedes by less than the pause."""
    return spikes[np.concatenate([[True], np.diff(spikes) > _PAUSE])] if len(spikes) else spikes


def spiking(model: Model) -> xr.Dataset:
    """The full model in 8 and 4 mM: courses, bursts and rest."""
    import xarray as xr

    baths = np.array([8.0, 4.0])
    coarse, fine = np.arange(0, 120.005, 0.01), np.arange(29, 38, 0.0002)
    instants = np.unique(np.round(np.concatenate([coarse, fine]), 7))
    run = simulate(
        model,
        until=120 * s,
        save_at=instants * s,
        vary={"potassium_bath": baths * mM, "neuron.potassium_out": np.array([7.8, 4.0]) * mM},
    )
    times = run.events("spike")["time"].values
    seizing, resting = (row[np.isfinite(row)] for row in times)
    starts = burst_starts(seizing)
    potassium = run["potassium_out"]
    at_60 = {name: float(run[name][1].sel(time=60, method="nearest")) for name in ("potassium_out", "sodium_in")}
    thin, close = np.isin(instants, np.round(np.arange(1201) * 0.1, 7)), (instants >= 29) & (instants < 38)
    return xr.Dataset(
        {
            "period": ((), float(np.diff(starts).mean()) if len(starts) > 2 else np.nan, {"units": "s"}),
            "swing": ((), float(np.ptp(potassium[0].values)), {"units": "mM"}),
            "lowest": ((), float(potassium[0].min()), {"units": "mM"}),
            "highest": ((), float(potassium[0].max()), {"units": "mM"}),
            "silent": float(not np.any(resting > 1)),
            "rest_potassium": ((), at_60["potassium_out"], {"units": "mM"}),
            "rest_sodium": ((), at_60["sodium_in"], {"units": "mM"}),
            "potassium": (("bath", "time"), potassium.values[:, thin], {"units": "mM"}),
            "sodium": (("bath", "time"), run["sodium_in"].values[:, thin], {"units": "mM"}),
            "burst_v": ("moment", run["v"].values[0, close], {"units": "mV"}),
            "starts": ("burst", starts, {"units": "s"}),
            "spikes": ("spike", seizing, {"units": "s"}),
        },
        {
            "bath": ("bath", baths, {"units": "mM"}),
            "time": ("time", instants[thin], {"units": "s"}),
            "moment": ("moment", instants[close], {"units": "s"}),
        },
    )


def averaged(model: Model, points: int) -> xr.Dataset:
    """The reduced model: where it settles or what cycle it takes, along the bath."""
    import xarray as xr

    claimed = [*STEADY, 8.0, 8.5, 9.0]
    baths = np.unique([*claimed, *np.linspace(4, 10, points)])
    run = simulate(
        model, until=1500 * s, save_every=0.1 * s, vary={"potassium_bath": baths * mM}, solver=Tsit5(1e-8, 1e-9)
    )
    settled = run["potassium_out"].sel(time=slice(900, None))
    wave = oscillation(settled["time"], settled, smallest=0.1)
    place = {bath: int(np.abs(baths - bath).argmin()) for bath in claimed}
    start = run["potassium_out"][place[8.0]].sel(time=slice(900, 1020.05))
    first = int(np.argmin(start.values[:400]))
    course = run["potassium_out"][place[8.0]].values[9000 + first : 9000 + first + 1201]
    mm, second = {"units": "mM"}, {"units": "s"}
    return xr.Dataset(
        {
            **{f"steady_{bath:g}": ((), float(settled[place[bath], -1]), mm) for bath in STEADY},
            "averaged_period_8": ((), float(wave.period[place[8.0]]), second),
            "averaged_low_8": ((), float(wave.low[place[8.0]]), mm),
            "averaged_high_8": ((), float(wave.high[place[8.0]]), mm),
            "averaged_period_8.5": ((), float(wave.period[place[8.5]]), second),
            "averaged_steady_9": float(np.isnan(wave.period[place[9.0]])),
            "agrees": float(np.isfinite(wave.period[place[8.0]]) and np.isnan(wave.period[place[4.0]])),
            "along_low": ("along", wave.low.values, mm),
            "along_high": ("along", wave.high.values, mm),
            "along_period": ("along", wave.period.values, second),
            "averaged_course": ("time", course, mm),
        },
        {"along": ("along", baths, mm), "time": ("time", np.round(np.arange(1201) * 0.1, 10), second)},
    )


def _draw_seizures(course: Axes, burst: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for bath, colour in ((8.0, "neuron"), (4.0, "second")):
        course.plot(data["time"], data["potassium"].sel(bath=bath), color=COLOURS[colour], label=f"{bath:g} mM in bath")
    course.plot(data["spikes"], np.full(data.sizes["spike"], 12.0), "|", color="k", ms=5, mew=0.3)
    for start in data["starts"].values:
        course.axvline(start, color=COLOURS["faint"], lw=0.6, ls=":")
    course.text(1, 12.6, "spikes", fontsize=7)
    course.set(xlabel="time (s)", ylabel="potassium outside (mM)", ylim=(3, 13.6), xlim=(0, 120))
    course.legend(loc="lower right", bbox_to_anchor=(1, 0.09), ncols=2)
    burst.plot(data["moment"], data["burst_v"], color=COLOURS["neuron"], lw=0.3)
    burst.set(xlabel="time (s)", ylabel="potential (mV)", title="second seizure", xlim=(29, 38))
