"""Calcium traces of cultured astrocytes, fitted by G-ChI and a calcium indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import units
from tripartite.experiments.base import Basis, Check, Experiment, computed
from tripartite.experiments.measurements import herzog2013
from tripartite.language import Model, Recording

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.fit import Fit, Problem

_RATES = ("release", "leak", "uptake", "inactivation", "v_delta", "v_3k", "r_5p", "v_beta")
_MOVED = ("speed", "astrocyte.glutamate", "astrocyte.k_serca", "astrocyte.Gcamp.k_d")
_LABELS: dict[str, str] = dict(zip(_MOVED, ("speed", "glutamate", "K_SERCA", "indicator K_d"), strict=True))
_PROFILED = "trace1"
_BLOCK = 12  # samples averaged: 0.25 s
_INTERVALS = {"trace1": 4.73, "trace2": 4.74, "trace3": 4.13, "trace4": 6.01}
_DETECTED = "herzog2013, intervals computed independently from the traces"


class CultureCalcium(Experiment):
    """Calcium oscillations of four cultured astrocytes, fitted by G-ChI and a calcium indicator.

    **Model**
    `GChi` with the AM set of depitta2009 in a constant concentration of glutamate, and the indicator `Gcamp`.
    The parameter sets of depitta2009 oscillate with periods of 8 to 20 s, these cells with 4 to 6 s, so all
    rates are multiplied by one free factor, ``speed``: it scales time and leaves the phase portrait alone.

    **Protocol**
    No stimulus is known; glutamate is constant and the recording starts anywhere on the orbit.

    **Measure**
    Means over 0.25 s of each trace. Free are speed (0.5-10), glutamate (0.01-20 µM), the affinity of SERCA
    (0.03-0.3 µM, which leads from FM to AM), the affinity of the indicator (0.1-2 µM; the dye is not
    stated), and calcium, IP3 and receptor inactivation at the start; scale and offset of the fluorescence
    follow by linear least squares, as traces are scaled by minimum and maximum. Compared by Akaike's criterion
    with a constant and with a sinusoid of free period, phase, amplitude and offset. For the first trace the
    parameters get 95 % intervals by profile likelihood. Intervals between peaks: trace smoothed over 25
    points, prominence 0.2.

    **Claims**
    None. Checks: the mean intervals of the four traces, computed by another program, which check the import; that the
    model explains every trace better than a sinusoid.

    **Figure** A-D: each trace with the model (green) and the best sinusoid (dashed), and what the model leaves. E: 95 %
    intervals of what was moved, for the first trace; ticks are the best values of all four. F: autocorrelation of what
    is left. Quick runs: the interval of one parameter instead of four.

    **Holds for**
    The residuals are correlated over one to two seconds (figure), so criteria and intervals, which take them
    as independent, are too confident: the margin over the sinusoid for trace2 (2 units of AIC) means nothing.
    A deterministic oscillator is periodic, these cells are not. What the model has over a sinusoid is its
    first seconds (silence before the first peak), which the free start provides; peaks later in traces 1,
    2 and 4 come out of step. Speed moves to 2-3 in all four cells; glutamate differs a thousandfold between
    them, and the start lies on a bound in traces 1 and 4, so only speed and the affinity of SERCA
    (0.09-0.11 µM, the AM value) are worth quoting.

    **Assumed** an indicator at equilibrium with calcium; one constant glutamate concentration.
    """

    name = "herzog2013-calcium"
    paper = "herzog2013"
    checks = (
        *(
            computed(f"Mean interval between peaks, {name}", _DETECTED, f"{name}_interval", value, 0.002, "s")
            for name, value in _INTERVALS.items()
        ),
        Check(
            "The model explains all four traces better than a sinusoid (AIC)",
            "assumed: a mechanism should do better than its period alone",
            "better_than_sinusoid",
            True,
            basis=Basis.DEMONSTRATION,
        ),
    )
    must_matter = {"astrocyte.d1": 100.0}

    def models(self) -> dict[str, Model]:
        from tripartite.models import GChi
        from tripartite.observe import Gcamp
        from tripartite.parameters import depitta2009

        return {"culture": GChi(None, Gcamp()).using(depitta2009.AM)}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        from tripartite.fit import fit

        times, traces = herzog2013.read()
        rows = []
        for name, values in traces.items():
            found = fit(problem(models["culture"], times, values, name), screened=2048, starts=8)
            rows.append(_row(name, found, times, values))
            if name == _PROFILED:
                profiles = _profiles(found, _MOVED[:1] if quick else _MOVED)
        table = xr.concat(rows, "trace").assign_coords(trace=list(traces))
        table = table.merge(profiles)
        for name in traces:
            table[f"{name}_interval"] = ((), float(table["interval"].sel(trace=name)), {"units": "s"})
        table["better_than_sinusoid"] = float(bool((table["aic"] < table["aic_sinusoid"]).all()))
        return table

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure

        rows = data.sizes["trace"]
        made, axes = figure(rows + 1, 2, 11.0, 9.5, gridspec_kw={"width_ratios": [1.7, 1]})
        for row, name in enumerate(data["trace"].values):
            _draw(axes[row, 0], axes[row, 1], data.sel(trace=name), f"{'ABCD'[row]}   {name}")
        axes[0, 0].legend(loc="upper center", bbox_to_anchor=(0.5, 1.32), ncols=3)
        for panel in axes[rows - 1]:
            panel.set_xlabel("time (s)")
        _draw_parameters(axes[rows, 0], data)
        lags = axes[rows, 1]
        for name, colour in zip(data["trace"].values, list(COLOURS.values()), strict=False):
            lags.plot(data["lag"], data["autocorrelation"].sel(trace=name), color=colour, label=str(name))
        lags.axhline(0, color=COLOURS["faint"], lw=0.8)
        lags.set_xlabel("lag (s)")
        lags.set_ylabel("autocorrelation\nof the residual")
        lags.set_title("F", loc="left", fontweight="bold")
        lags.legend(ncols=2)
        return made


def problem(model: Model, times: np.ndarray, values: np.ndarray, name: str) -> Problem:
    """The fit of one trace: what is free between which bounds."""
    from tripartite.fit import Free, Linear, Problem
    from tripartite.solve import Tsit5

    uM = units.unit("uM")
    rates = {f"astrocyte.{rate}": model[f"astrocyte.{rate}"] for rate in _RATES}
    return Problem(
        model,
        _averaged(times, values, name),
        Linear("astrocyte.dff"),
        {
            "speed": Free(0.5, 10.0),
            "astrocyte.glutamate": Free(0.01 * uM, 20 * uM),
            "astrocyte.k_serca": Free(0.03 * uM, 0.3 * uM),
            "astrocyte.Gcamp.k_d": Free(0.1 * uM, 2 * uM),
            "astrocyte.ca": Free(0.03 * uM, 1.5 * uM),
            "astrocyte.h": Free(0.3, 1.0),
            "astrocyte.ip3": Free(0.02 * uM, 3 * uM),
        },
        place=lambda speed: {path: value * speed for path, value in rates.items()},
        solver=Tsit5(rtol=1e-8, atol=1e-10),
    )


def mean_interval(times: np.ndarray, trace: np.ndarray) -> float:
    """Mean time between peaks of a trace smoothed over 25 points, prominence 0.2; NaN below two peaks."""
    from scipy.signal import find_peaks

    smooth = np.convolve(trace, np.ones(25) / 25, "same")
    peaks, _ = find_peaks(smooth, prominence=0.2)
    return float(np.diff(times[peaks]).mean()) if len(peaks) > 1 else float("nan")


def sinusoid(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The best sinusoid with offset, over periods from 2 to 15 s."""
    best, least = values, np.inf
    for period in np.geomspace(2, 15, 1000):
        phase = 2 * np.pi * times / period
        basis = np.stack([np.ones_like(phase), np.cos(phase), np.sin(phase)], axis=1)
        course = basis @ np.linalg.lstsq(basis, values, rcond=None)[0]
        squares = float(np.sum((values - course) ** 2))
        if squares < least:
            best, least = course, squares
    return best


def _averaged(times: np.ndarray, values: np.ndarray, name: str) -> Recording:
    whole = len(times) // _BLOCK * _BLOCK
    blocks = [a[:whole].reshape(-1, _BLOCK).mean(axis=1) for a in (times, values)]
    return Recording(*blocks, name=name)


def _row(name: str, found: Fit, times: np.ndarray, values: np.ndarray) -> xr.Dataset:
    """One trace: fit, sinusoid, residuals, and how good they are."""
    import xarray as xr

    from tripartite.fit.estimate import akaike

    recording = found.problem.recording
    wave = sinusoid(recording.times, recording.values)
    count = len(wave)
    inside = (times >= recording.times[0]) & (times <= recording.times[-1])
    measured = mean_interval(times, values)
    fitted = mean_interval(times[inside], found.curve(times[inside]))
    shade = found.residuals - found.residuals.mean()
    lags = np.arange(0, 25)
    correlation = [float(np.sum(shade[: count - k] * shade[k:]) / np.sum(shade**2)) for k in lags]
    spread = float(np.sum((recording.values - recording.values.mean()) ** 2))
    return xr.Dataset(
        {
            "raw": ("sample", values, {"units": "1", "long_name": "fluorescence, min-max scaled"}),
            "averaged": ("time", recording.values, {"units": "1"}),
            "fit": ("time", found.predicted, {"units": "1"}),
            "sinusoid": ("time", wave, {"units": "1"}),
            "residual": ("time", found.residuals, {"units": "1"}),
            "autocorrelation": ("lag", correlation, {"units": "1"}),
            "estimate": ("quantity", [found.values[q] for q in found.problem.all]),
            "interval": ((), measured, {"units": "s"}),
            "fitted_interval": ((), fitted, {"units": "s"}),
            "rmse": found.rmse,
            "r2": found.r2,
            "r2_sinusoid": 1 - float(np.sum((recording.values - wave) ** 2)) / spread,
            "aic": found.aic,
            "aic_constant": akaike(spread, count, 1),
            "aic_sinusoid": akaike(float(np.sum((recording.values - wave) ** 2)), count, 4),
        },
        coords={
            "sample_time": ("sample", times, {"units": "s"}),
            "time": ("time", recording.times, {"units": "s"}),
            "lag": ("lag", lags * float(np.diff(recording.times)[0]), {"units": "s"}),
            "quantity": list(found.problem.all),
            "unit": ("quantity", [units.shown(item.unit) for item in found.problem.all.values()]),
        },
    )


def _profiles(found: Fit, names: tuple[str, ...]) -> xr.Dataset:
    """95 % intervals of the parameters that were moved, for one trace."""
    import xarray as xr

    from tripartite.identify import profile

    made = [profile(found, name) for name in names]
    return xr.Dataset(
        {
            "moved_interval": (("moved", "bound"), [[p.low, p.best, p.high] for p in made]),
            "moved_reach": (("moved", "end"), [list(found.bounds(name)) for name in names]),
            "moved_verdict": ("moved", [p.verdict.value for p in made]),
        },
        coords={"moved": list(names), "bound": ["low", "best", "high"]},
    )


def _draw(course: Any, rest: Any, one: xr.Dataset, title: str) -> None:
    from tripartite.figures import COLOURS

    course.plot(one["sample_time"], one["raw"], color=COLOURS["faint"], lw=0.5, alpha=0.8, label="measured")
    course.plot(one["time"], one["sinusoid"], color=COLOURS["neuron"], ls=(0, (4, 2)), lw=1.1, label="sinusoid")
    course.plot(one["time"], one["fit"], color=COLOURS["model"], lw=1.8, label="G-ChI and indicator")
    course.set_ylabel("fluorescence\n(min-max scaled)")
    course.set_title(title, loc="left", fontweight="bold")
    quality = (
        f"R² {float(one['r2']):.2f} (sinusoid {float(one['r2_sinusoid']):.2f}); "
        f"interval {float(one['fitted_interval']):.2f} s (measured {float(one['interval']):.2f} s)"
    )
    course.set_title(quality, loc="right", fontsize=8)
    course.margins(x=0.01)
    rest.axhline(0, color=COLOURS["faint"], lw=0.8)
    rest.plot(one["time"], one["residual"], color=COLOURS["data"], lw=0.9)
    rest.set_ylabel("residual")
    rest.set_ylim(-0.65, 0.65)
    rest.set_title(f"RMSE {float(one['rmse']):.3f}", loc="right", fontsize=8)
    rest.margins(x=0.01)


def _draw_parameters(panel: Any, data: xr.Dataset) -> None:
    """Where the intervals of the first trace lie between the bounds of the search; the other traces as ticks."""
    from tripartite.figures import COLOURS

    names = [str(name) for name in data["moved"].values]
    for row, name in enumerate(names):
        one = data.sel(moved=name)
        low, best, high = one["moved_interval"].values
        ends = _share(np.array([low, high]), *one["moved_reach"].values)
        panel.plot(ends, [-row] * 2, color=COLOURS["model"], lw=6, alpha=0.35, solid_capstyle="butt")
        others = _share(data["estimate"].sel(quantity=name).values, *one["moved_reach"].values)
        panel.plot(others, [-row] * len(others), "|", color=COLOURS["data"], ms=9)
        panel.plot(_share(best, *one["moved_reach"].values), -row, "o", color=COLOURS["model"])
        unit = str(data["unit"].sel(quantity=name).values)
        panel.text(1.03, -row, f"{best:.3g} {unit}: {one['moved_verdict'].item()}", va="center", fontsize=8)
    panel.set_yticks([-row for row in range(len(names))], [_LABELS[name] for name in names])
    panel.set_xlim(0, 1.6)
    panel.set_ylim(-len(names) + 0.4, 0.6)
    panel.set_xticks([0, 1], ["lower bound", "upper bound"])
    panel.set_title("E   trace1: 95 % intervals within the bounds of the search", loc="left", fontweight="bold")
    panel.set_xlabel("logarithmic; ticks: best fits of all four traces", loc="left")


def _share(value: Any, low: float, high: float) -> Any:
    """How far a value lies from the lower to the upper bound on a logarithmic scale."""
    return np.log(np.clip(value, low, high) / low) / np.log(high / low)
