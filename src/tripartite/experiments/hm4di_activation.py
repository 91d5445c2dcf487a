"""hM4Di in astrocytes: Gi that makes IP3 activates them, Gi that takes IP3 silences them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite import parameters
from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Model
from tripartite.models import GChi
from tripartite.protocols import Hm4di, Pulses
from tripartite.solve import simulate
from tripartite.units import nM, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

EFFECTS = {"silencing": -0.1, "none": 0.0, "default": None, "strong": 1.0}
"""Sign and strength of the effect of Gi on IP3, as a multiple of 0.1 µM/s; that of `Hm4di` stays as it is."""
OTHERS = (-1.0, -0.5, -0.2, 0.1, 0.2, 0.3, 0.5, 0.7)
"""Effects that are only drawn."""

_GIVEN, _END = 600.0, 3600.0  # s
_SIGN = "the sign was chosen after durkee2019, abstract: activation of Gi/o receptors activates astrocytes"
_CONSEQUENCE = "what the sign and strength of the parameter mean"
_SHOWN = {"silencing": "neuron", "none": "faint", "default": "astrocyte"}


def _shown(statement: str, source: str, number: str, expected: tuple[float, float]) -> Check:
    return Check(statement, source, number, expected, basis=Basis.DEMONSTRATION)


class Hm4diActivation(Experiment):
    """hM4Di in astrocytes: Gi that makes IP3 activates them, Gi that takes IP3 silences them.

    **Model** G-ChI of depitta2009 (AM), equipped with hM4Di (`Hm4di`), whose effect on IP3 has a sign that the user
    chooses: positive where Gβγ activates PLC. *default*: as it comes; *silencing*, *none*, *strong*: effects of -0.1, 0
    and 1.

    **Protocol** Pulses of glutamate (2 µM for 2 s, on average every 53 s) stand for spontaneous activity. The ligand
    is injected after 10 min; 50 min follow. The same pulses in all; other effects from -1 to 0.7 for the figure.

    **Measure** Events, peaks of calcium that stand out by 0.1 µM, per minute from 5 min after the ligand on, relative
    to those of *none*; fraction of cAMP production that is left.

    **Claims** None. Gi/o receptors activate astrocytes (durkee2019, abstract), and the sign of the default effect was
    chosen for that: that events become more frequent is a check, as are the others, which say that the parameter means
    what it is named for, not that either happens in a brain.

    **Assumed** Strength, affinity and pharmacokinetics; and the sign itself: preparations disagree, and the model
    does not decide between them. Strong positive effects end the oscillation as hM3Dq does.

    **Figure** A-C: calcium with an effect of -0.1, without one and with the default; the dotted line is the injection.
    D: events before and after the ligand by effect; the filled dot is the default. Quick runs leave out the effects
    that are only drawn.
    """

    name = "durkee2019-hm4di"
    paper = "durkee2019"
    checks = (
        _shown("The default effect makes events more frequent", _SIGN, "rate_default", (1.2, np.inf)),
        _shown("A negative effect makes events rarer", _CONSEQUENCE, "rate_silencing", (0, 0.9)),
        _shown("A strong positive effect ends them, as Gq does", _CONSEQUENCE, "rate_strong", (0, 0.5)),
    )
    must_matter = {"default.hm4di_effect": -1.0, "strong.hm4di_production": 0.05}

    def models(self) -> dict[str, Model]:
        """The cell with receptors of every effect."""
        cell = Hm4di(at=_GIVEN * s).equipped(GChi().using(parameters.depitta2009.AM))
        return {
            name: cell
            if effect is None
            else cell.replace({"hm4di_effect": effect}, "assumed: another sign or strength")
            for name, effect in EFFECTS.items()
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Rates of events before and after the ligand for every effect."""
        import xarray as xr

        effects = {name: float(model["hm4di_effect"].magnitude) for name, model in models.items()}
        drawn = {} if quick else {f"{e:g}": models["none"].replace({"hm4di_effect": e}) for e in OTHERS}
        effects |= {name: float(name) for name in drawn}
        courses, left, rates = {}, {}, {}
        for name, model in {**models, **drawn}.items():
            time, courses[name], left[name] = _course(model)
            rates[name] = _rate(time, courses[name], 0, _GIVEN), _rate(time, courses[name], _GIVEN + 300, _END)
        usual = rates["none"][1]
        order = sorted(effects, key=lambda name: effects[name])
        return xr.Dataset(
            {
                "before": ("effect", [rates[name][0] for name in order], {"units": "1/min"}),
                "after": ("effect", [rates[name][1] for name in order], {"units": "1/min"}),
                "effect": ("effect", [effects[name] for name in order]),
                "default": effects["default"],
                "time": ("time", time[::4], {"units": "s"}),
                "camp_left": ("time", left["default"][::4]),
                **{f"ca_{name}": ("time", courses[name][::4], {"units": "uM"}) for name in _SHOWN},
                **{f"rate_{name}": rates[name][1] / usual if usual else np.nan for name in EFFECTS},
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses for three effects, events by effect, and cAMP production."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.0)
        minutes = data["time"] / 60
        for panel, (name, colour) in zip(axes.flat, _SHOWN.items(), strict=False):
            panel.plot(minutes, data[f"ca_{name}"], color=COLOURS[colour], lw=0.7)
            panel.axvline(_GIVEN / 60, color=COLOURS["data"], lw=0.8, ls=":")
            panel.set(xlabel="time (min)", ylabel="calcium (µM)", ylim=(0, 0.65), title=f"effect: {name}")
        rates = axes[1, 1]
        rates.plot(data["effect"], data["before"], "--", color=COLOURS["faint"], label="before the ligand")
        rates.plot(data["effect"], data["after"], "-o", ms=4, mfc="none", color=COLOURS["astrocyte"], label="after")
        own = data["after"][int(np.abs(data["effect"].values - float(data["default"])).argmin())]
        rates.plot(data["default"], own, "o", ms=5, color=COLOURS["perturbation"], label="default")
        rates.set(xlabel="effect of Gi on IP3", ylabel="events (1/min)", ylim=(0, None))
        rates.legend(fontsize=7, loc="upper left")
        label_panels(axes)
        return made


def _course(model: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time, calcium and what is left of cAMP production, with spontaneous glutamate and the ligand."""
    waits = np.random.default_rng(5).exponential(45, 200) + 8
    starts = np.cumsum(waits)[np.cumsum(waits) < _END - 10]
    spontaneous = Pulses("glutamate", 2 * uM, starts * s, 2 * s, low=1 * nM)
    run = simulate(model, spontaneous & Hm4di(at=_GIVEN * s, dose=1 * uM), until=_END * s, save_every=0.25 * s)
    return run.time.values, run["ca"].values, run["camp_left"].values


def _rate(time: np.ndarray, course: np.ndarray, begin: float, end: float) -> float:
    """Events per minute."""
    from scipy.signal import find_peaks

    peaks = time[find_peaks(course, prominence=0.1)[0]]
    return float(60 * np.sum((peaks >= begin) & (peaks < end)) / (end - begin))
