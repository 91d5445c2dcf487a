"""The figure of a fit: recording and fit, what is left, and whether what is left is noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ArgumentError, said
from tripartite.figures.recording import broken, unit_label
from tripartite.figures.style import COLOURS, figure, label_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CURVE = 400


def plot_fit(found: Any, *, width: float = 7.0, height: float = 4.2) -> Figure:
    """Recording with the fit, residuals over time, and their autocorrelation with the 95 % band of white noise.

    Times are those of the recording; where time 0 of the fit is there, if not at 0, stands below the estimates.
    """
    needed = ("problem", "curve", "doubts", "estimates", "quality", "residuals")
    if arguments.lacking(found, needed) or not isinstance(found.residuals, np.ndarray):
        raise ArgumentError(f"What is drawn is a `Fit`; got {said(found)}. Write `plot_fit(fit(problem))`.")
    recording = found.problem.recording
    made, axes = figure(2, 2, width, height, gridspec_kw={"width_ratios": [2, 1], "height_ratios": [1.4, 1]})
    course, words, left, lags = axes.ravel()
    times = np.linspace(found.problem.start, recording.times[-1], _CURVE)
    course.plot(*broken(recording, recording.values), ".-", color=COLOURS["data"], ms=3, lw=0.5, label="recording")
    course.plot(times, found.curve(times), color=COLOURS["model"], label="fit")
    course.set_ylabel(f"{recording.name or 'recording'}{unit_label(recording.unit)}")
    course.legend(frameon=False, fontsize=8)
    left.plot(*broken(recording, found.residuals), ".-", color=COLOURS["data"], ms=3, lw=0.5)
    left.axhline(0, color=COLOURS["faint"], lw=0.8)
    left.set(xlabel="time (s)", ylabel=f"residual{unit_label(recording.unit)}")
    left.sharex(course)
    correlation = found.quality.autocorrelation
    lags.vlines(np.arange(1, len(correlation)), 0, correlation[1:], color=COLOURS["model"], lw=3)
    band = 1.96 / np.sqrt(len(recording))
    lags.axhspan(-band, band, color=COLOURS["faint"], alpha=0.3, lw=0)
    lags.axhline(0, color=COLOURS["faint"], lw=0.8)
    lags.set(xlabel="lag (frames)", ylabel="autocorrelation", ylim=(-1, 1))
    lags.locator_params(axis="x", integer=True)
    _write(words, found)
    label_panels([course, left, lags])
    return made


def _write(panel: Any, found: Any) -> None:
    """Estimates with units, and how good the fit is."""
    from tripartite.units import shown

    panel.set_axis_off()
    quality = found.quality
    rows = [f"{name} = {shown(value, '.3g').removesuffix(' (no unit)')}" for name, value in found.estimates.items()]
    if start := found.problem.start:
        rows += [f"(time 0 at {start:g} s)"]
    rows += ["", f"R² = {quality.r2:.3f}", f"p = {quality.against_constant:.2g} against a constant"]
    rows += [f"p = {quality.ljung_box:.2g} for white residuals"]
    panel.text(0, 1, "\n".join(rows), transform=panel.transAxes, va="top", fontsize=8)
    if found.doubts():
        panel.text(0, 0, "in doubt", transform=panel.transAxes, color=COLOURS["perturbation"], fontsize=8)
