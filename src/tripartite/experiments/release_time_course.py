"""Measured time courses of release after one astrocyte acts, fitted by the gliotransmission model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import units
from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.fit import Fit, Problem

SETS = {
    "glu0": "Covelo & Araque: glutamate 1",
    "glu1": "Covelo & Araque: glutamate 2",
    "pr0": "Perea & Araque: set 1",
    "pr1": "Perea & Araque: set 2",
    "pr2": "Perea & Araque: set 3",
    "atp0": "Covelo & Araque: ATP 1",
    "atp1": "Covelo & Araque: ATP 2",
}
_COVELO, _PEREA, _ATP = ("glu0", "glu1"), ("pr0", "pr1", "pr2"), ("atp0", "atp1")
_NOTEBOOK = "depitta2019, file gliotransmission_kinetics of its program"
_CURVE = 300


def _decay(name: str, source: str, low: float, high: float) -> Claim:
    statement = f"{SETS[name]}: the decay of the model lies in the published range"
    return Claim(statement, f"{_NOTEBOOK}; data {source}", f"{name}_decay", (low, high), unit="s")


def _recipe(name: str, what: str) -> Claim:
    statement = f"{SETS[name]}: the published recipe, run again, gives {what} (relative deviation)"
    return Claim(statement, f"{_NOTEBOOK}: constants", f"{name}_recipe", (0.0, 0.01))


class ReleaseTimeCourse(Experiment):
    """Release after one astrocyte acts: seven measured time courses fitted by the gliotransmission model.

    **Model**
    One release event of an astrocyte. *Glutamate* (Covelo & Araque 2018, sets 1-2; Perea & Araque 2007, sets
    1-3): a pulse of gliotransmitter, cleared with the rise time, binds presynaptic receptors that unbind with
    the decay time and raise the basal release probability (`Gliotransmitter`, `ReleaseIncreasing`). *ATP*
    (Covelo & Araque 2018, two sets): ATP becomes adenosine with the rise time, adenosine is taken up with the
    decay time and divides the release probability (`Purines`, `AdenosineUtilization`).

    **Protocol**
    The stimulus was not recorded with the points. The event comes at a free onset between the first point
    and the largest (for ATP smallest) one.

    **Measure**
    Least squares on the points as digitised: free are onset, strength, decay (0.1 to 1000 s), rise (0.01 s
    to the decay) and the level before the event: a scale where points are in percent of control, the basal
    probability where they are probabilities. The spread comes from the residuals. Each time constant gets
    a 95 % interval by profile likelihood, F quantile because points are few; it is *determined* if that
    interval is closed inside the bounds. Beside it the published procedure is repeated to the letter: shift
    to the first point, resample, scale by minimum and maximum, fit two exponentials.

    **Claims**
    The ranges of the decays are those of the published fits (depitta2019). A claim passes when the whole
    interval lies in the range, fails when it lies outside, and is ambiguous between. That the recipe gives
    the published constants is claimed to 1 %; where its optimum degenerates to rise = decay (Perea set 3,
    ATP 1), f depends on the time of the peak alone, so that time is compared.

    **What fails, and why**
    The decays of the two glutamate sets of Covelo & Araque and of their second ATP set are shorter in the
    model than published. The published scaling puts zero at the *lowest* point (for ATP the highest, 119 %
    of control), not at control, so its curve is still on its way when release is back at control; and it
    takes the first point for the time of the stimulus, seconds before ATP 2 falls. With level and onset
    free, the same points return to control within seconds, and no decay in the published range is accepted.
    Ambiguous are the decays of the other sets, whose intervals reach beyond the published range; Perea set 3
    has two points more than estimated numbers. No rise is determined: none is bounded from below.

    **Assumed** one event; a constant level; independent residuals of one size within a set.

    **Figure** A to G: the points of each set with the fit and the band of what is accepted, the published curve, and
    the residuals below. H: all time constants, decay and rise of the model with their intervals, diamonds the published
    ones. Quick runs: fewer starts of each fit, and no interval for the rise.
    """

    name = "covelo2018-perea2007-time-course"
    paper = "covelo_araque2018"
    claims = (
        *(_decay(name, "covelo_araque2018", 5.9, 6.7) for name in _COVELO),
        *(_decay(name, "perea_araque2007", 18.7, 95.7) for name in _PEREA),
        *(_decay(name, "covelo_araque2018", 8.2, 12.0) for name in _ATP),
        Claim(
            "Glutamate raises release: in all five sets a rise explains the points better than a constant (AIC)",
            "covelo_araque2018, abstract; perea_araque2007, abstract",
            "glutamate_raises",
            True,
        ),
        Claim(
            "ATP lowers release below control: in both sets a fall explains the points better than a constant (AIC)",
            "covelo_araque2018, abstract",
            "atp_lowers",
            True,
        ),
        *(_recipe(name, "its rise and decay") for name in ("glu0", "glu1", "pr0", "pr1", "atp1")),
        *(_recipe(name, "its peak time, with rise = decay") for name in ("pr2", "atp0")),
    )
    checks = (
        Check("The shortest decay of Perea & Araque exceeds the longest glutamate decay of Covelo & Araque (ratio)",
              "what the published ranges imply", "perea_over_covelo", (1.0, np.inf), basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"bouton.effect": 0.1}

    def models(self) -> dict[str, Model]:
        from tripartite.mechanisms import AdenosineUtilization, Gliotransmitter, Purines
        from tripartite.models import ReleaseIncreasing
        from tripartite.parameters.depitta_brunel2016 import FACILITATING

        around, bouton = Compartment(Gliotransmitter()), Compartment(ReleaseIncreasing())
        glutamate = Model(around=around, bouton=bouton, wiring=[around.gliotransmitter >> bouton.gliotransmitter])
        basal = FACILITATING.without("recovery", "facilitation")
        around, bouton = Compartment(Purines()), Compartment(AdenosineUtilization())
        atp = Model(around=around, bouton=bouton, wiring=[around.adenosine >> bouton.adenosine])
        return {"glutamate": glutamate.using(basal), "atp": atp}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        from tripartite.experiments.measurements import covelo_araque2018, perea_araque2007
        from tripartite.fit import fit

        published = {**covelo_araque2018.PUBLISHED_FITS, **perea_araque2007.PUBLISHED_FITS}
        rows = []
        for name in SETS:
            found = fit(problem(models, name), screened=256 if quick else 1024, starts=6 if quick else 8)
            rows.append(_row(name, found, published[name], ("decay",) if quick else ("rise", "decay")))
        table = xr.concat(rows, "set", join="outer").assign_coords(set=list(SETS))
        return table.assign(_judged(table))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.experiments.release_time_course_figure import draw

        return draw(data)


def measured(name: str) -> np.ndarray:
    """The digitised points ``(point, 2)`` of one set: time (s), and percent of control or probability."""
    from tripartite.experiments.measurements import covelo_araque2018, perea_araque2007

    every = covelo_araque2018.GLUTAMATE | covelo_araque2018.ATP | perea_araque2007.RELEASE_PROBABILITY
    return every[name]


def problem(models: dict[str, Model], name: str) -> Problem:
    """The fit of one set: model, read-out, and what is free between which bounds."""
    from tripartite.fit import Direct, Free, Problem, Scaled
    from tripartite.language import Recording
    from tripartite.protocols import SpikeTrain

    s = units.unit("s")
    times, values = measured(name).T
    extreme = np.argmin(values) if name in _ATP else np.argmax(values)
    free = {
        "onset": Free(0 * s, (times[extreme] - times[0]) * s),
        "decay": Free(0.1 * s, 1000 * s),
        "rise": Free(0.01 * s, "decay"),
    }
    variable = "bouton.utilization"
    if name in _PEREA:
        recording, reading = Recording(times, values, name=name), Direct(variable)
        free["bouton.u0"] = Free(0.01, 0.99)
    else:
        recording, reading = Recording(times, values, unit="percent", name=name), Scaled(variable)
    free["strength"] = Free(0.01, 1000.0) if name in _ATP else Free(0.001, 30.0)
    return Problem(
        models["atp" if name in _ATP else "glutamate"], recording, reading, free,
        protocol=lambda onset: SpikeTrain(onset, event="gliorelease"),
        place=_place_atp if name in _ATP else _glutamate_placed_in(models["glutamate"]),
    )  # fmt: skip


def _glutamate_placed_in(model: Model) -> Any:
    pulse = model["around.dilution"] * model["around.content"]

    def place(rise: Any, decay: Any, strength: Any) -> dict[str, Any]:
        # The strength is the area of the pulse times the rate of binding: J_s of depitta2019.
        binding = strength / (pulse * rise)
        return {"around.clearance": 1 / rise, "bouton.unbinding": 1 / decay, "bouton.binding": binding}

    return place


def _place_atp(rise: Any, decay: Any, strength: Any) -> dict[str, Any]:
    return {"around.conversion": 1 / rise, "around.removal": 1 / decay, "bouton.strength": strength}


def _row(name: str, found: Fit, printed: tuple[float, float], profiled: tuple[str, ...]) -> xr.Dataset:
    """Everything about one set: points, fit, residuals, band, time constants, the published fit repeated.

    A time constant that is not ``profiled`` has no interval.
    """
    import xarray as xr

    from tripartite.experiments import biexponential
    from tripartite.identify import profile

    profiles = {quantity: profile(found, quantity) for quantity in profiled}
    recording = found.problem.recording
    times = np.linspace(recording.times[0], recording.times[-1], _CURVE)
    accepted = [found.values, *(e for p in profiles.values() for e in p.accepted())]
    courses = found.curves(times, accepted)
    kind = (
        biexponential.PEREA if name in _PEREA
        else biexponential.COVELO_ATP if name in _ATP
        else biexponential.COVELO_GLUTAMATE
    )  # fmt: skip
    again = biexponential.fit_as_published(measured(name), kind)
    since = times - times[0]
    unit = "percent of control" if recording.unit == "percent" else "1"
    point = {"point": np.arange(len(recording.times))}
    intervals = {q: [np.nan, found.values[q], np.nan] for q in ("rise", "decay")}
    intervals |= {q: [p.low, p.best, p.high] for q, p in profiles.items()}
    constants = {q: ("bound", interval, {"units": "s"}) for q, interval in intervals.items()}
    return xr.Dataset(
        {
            "time": ("point", recording.times, {"units": "s"}),
            "release": ("point", recording.values, {"units": unit}),
            "residual": ("point", found.residuals, {"units": unit}),
            "curve_time": ("sample", times, {"units": "s"}),
            "curve": ("sample", courses[0], {"units": unit}),
            "band": (("edge", "sample"), [courses.min(axis=0), courses.max(axis=0)], {"units": unit}),
            "published": ("sample", again(since), {"units": unit}),
            **constants,
            **{f"{q}_verdict": p.verdict.value for q, p in profiles.items()},
            "printed": ("constant", list(printed), {"units": "s"}),
            "repeated": ("constant", [again.rise, again.decay], {"units": "s"}),
            "onset": ((), found.values["onset"], {"units": "s"}),
            "strength": found.values["strength"],
            "rmse": ((), found.rmse, {"units": unit}),
            "r2": found.r2,
            "gain": _constant_aic(recording.values) - found.aic,
            "recipe": _deviation(again, printed),
        },
        coords={**point, "constant": ["rise", "decay"], "bound": ["low", "best", "high"]},
    )


def _constant_aic(values: np.ndarray) -> float:
    from tripartite.fit.estimate import akaike

    return akaike(float(np.sum((values - values.mean()) ** 2)), len(values), 1)


def _deviation(again: Any, printed: tuple[float, float]) -> float:
    """Largest relative deviation of the repeated from the printed constants; of the peak where they meet."""
    rise, decay = printed
    if abs(rise / decay - 1) < 0.01:
        return max(abs(again.peak / np.sqrt(rise * decay) - 1), abs(again.rise / again.decay - 1))
    return max(abs(again.rise / rise - 1), abs(again.decay / decay - 1))


def _judged(table: xr.Dataset) -> dict[str, Any]:
    """The scalars that the claims name."""
    numbers: dict[str, Any] = {}
    for name in SETS:
        low, best, high = (float(x) for x in table["decay"].sel(set=name))
        numbers[f"{name}_decay"] = ((), best, {"units": "s", "low": low, "high": high})
        numbers[f"{name}_recipe"] = float(table["recipe"].sel(set=name))
    gain = table["gain"]
    numbers["glutamate_raises"] = float(bool((gain.sel(set=[*_COVELO, *_PEREA]) > 0).all()))
    numbers["atp_lowers"] = float(bool((gain.sel(set=list(_ATP)) > 0).all()))
    slow, fast = table["decay"].sel(set=list(_PEREA)), table["decay"].sel(set=list(_COVELO))
    ratio = {
        "low": slow.sel(bound="low").min() / fast.sel(bound="high").max(),
        "high": slow.sel(bound="high").min() / fast.sel(bound="low").max(),
    }
    best = float(slow.sel(bound="best").min() / fast.sel(bound="best").max())
    numbers["perea_over_covelo"] = ((), best, {k: float(v) for k, v in ratio.items()})
    return numbers
