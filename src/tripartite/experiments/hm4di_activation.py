"""hM4Di in astrocytes: Gi that makes IP3 activates them, Gi that takes IP3 silences them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments.base import Claim, Experiment
from tripartite.language import Model
from tripartite.models import GChi
from tripartite.protocols import Hm4di, Pulses
from tripartite.solve import simulate
from tripartite.units import nM, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

EFFECTS = (-1.0, -0.5, -0.2, -0.1, 0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Sign and strength of the effect of Gi on IP3, as a multiple of 0.1 µM/s."""

_GIVEN, _END = 600.0, 3600.0  # s
_DURKEE = "durkee2019, title: Gi receptors activate astrocytes"
_CONSEQUENCE = "assumed: what the sign of the parameter means"
_SHOWN = (-0.1, 0.0, 0.05)


class Hm4diActivation(Experiment):
    """hM4Di in astrocytes: Gi that makes IP3 activates them, Gi that takes IP3 silences them.

    **Model** G-ChI of depitta2009 (AM), equipped with hM4Di (`Hm4di`), whose effect on IP3 has a sign that the user
    chooses: positive where Gβγ activates PLC.

    **Protocol** Pulses of glutamate (2 µM for 2 s, on average every 53 s) stand for spontaneous activity. The ligand
    is injected after 10 min; 50 min follow. Effects from -1 to 1, the same pulses in all.

    **Measure** Events, peaks of calcium that stand out by 0.1 µM, per minute before and from 5 min after the ligand
    on; fraction of cAMP production that is left.

    **Claims** Gi receptors activate astrocytes (durkee2019), so the default, positive effect makes events more
    frequent. That the other sign makes them rarer and that no effect changes nothing says that the parameter means
    what it is named for, not that either happens in a brain.

    **Assumed** Strength, affinity and pharmacokinetics; and the sign itself: preparations disagree, and the model
    does not decide between them. Strong positive effects end the oscillation as hM3Dq does.
    """

    name = "durkee2019-hm4di"
    paper = "durkee2019"
    claims = (
        Claim("The default effect makes events more frequent", _DURKEE, "default_activates", True),
        Claim("A negative effect makes events rarer", _CONSEQUENCE, "negative_silences", True),
        Claim("No effect leaves events as they are", _CONSEQUENCE, "none_is_none", True),
        Claim("A strong positive effect ends them, as Gq does", _CONSEQUENCE, "strong_ends", True),
    )

    def models(self) -> dict[str, Model]:
        """The cell, and the same with receptors."""
        cell = GChi().using(parameters.depitta2009.AM)
        return {"cell": cell, "expressing": Hm4di(at=_GIVEN * s).equipped(cell)}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Rates of events before and after the ligand for every effect."""
        import xarray as xr
        from scipy.signal import find_peaks

        waits = np.random.default_rng(5).exponential(45, 200) + 8
        starts = np.cumsum(waits)[np.cumsum(waits) < _END - 10]
        spontaneous = Pulses("glutamate", 2 * uM, starts * s, 2 * s, low=1 * nM)
        options: dict[str, Any] = {"until": _END * s, "save_every": 0.25 * s}
        control = simulate(models["cell"], spontaneous, **options)
        ligand = Hm4di(at=_GIVEN * s, dose=1 * uM)
        run = simulate(models["expressing"], spontaneous & ligand, vary={"hm4di_effect": np.array(EFFECTS)}, **options)
        time = run.time.values

        def rate(course: np.ndarray, begin: float, end: float) -> float:
            peaks = time[find_peaks(course, prominence=0.1)[0]]
            return float(60 * np.sum((peaks >= begin) & (peaks < end)) / (end - begin))

        courses = run["ca"].values
        before = np.array([rate(c, 0, _GIVEN) for c in courses])
        after = np.array([rate(c, _GIVEN + 300, _END) for c in courses])
        usual = rate(control["ca"].values, _GIVEN + 300, _END)
        by: dict[float, float] = dict(zip(EFFECTS, after, strict=True))
        return xr.Dataset(
            {
                "effect": ("effect", list(EFFECTS)),
                "before": ("effect", before, {"units": "1/min"}),
                "after": ("effect", after, {"units": "1/min"}),
                "usual": ((), usual, {"units": "1/min"}),
                "time": ("time", time[::4], {"units": "s"}),
                "ca": (("effect", "time"), courses[:, ::4], {"units": "uM"}),
                "camp_left": ("time", run["camp_left"].values[0, ::4]),
                "default_activates": float(by[0.05] > 1.2 * usual),
                "negative_silences": float(all(value < usual for effect, value in by.items() if effect < 0)),
                "none_is_none": float(by[0.0] == usual),
                "strong_ends": float(by[1.0] < 0.5 * usual),
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses for three effects, events by effect, and cAMP production."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.0)
        minutes = data["time"] / 60
        for panel, effect, colour in zip(axes.flat, _SHOWN, ("neuron", "faint", "astrocyte"), strict=False):
            panel.plot(minutes, data["ca"].sel(effect=effect), color=COLOURS[colour], lw=0.7)
            panel.axvline(_GIVEN / 60, color=COLOURS["data"], lw=0.8, ls=":")
            panel.set(xlabel="time (min)", ylabel="calcium (µM)", ylim=(0, 0.65), title=f"effect {effect:g}")
        rates = axes[1, 1]
        rates.plot(data["effect"], data["before"], "--", color=COLOURS["faint"], label="before the ligand")
        rates.plot(data["effect"], data["after"], "-o", ms=4, color=COLOURS["astrocyte"], label="after")
        rates.axvline(0.05, color=COLOURS["perturbation"], lw=0.8, ls=":")
        rates.text(0.08, 0.02, "default", transform=rates.get_xaxis_transform(), fontsize=7)
        rates.set(xlabel="effect of Gi on IP3", ylabel="events (1/min)", ylim=(0, None))
        rates.legend(fontsize=7, loc="upper left")
        label_panels(axes)
        return made
