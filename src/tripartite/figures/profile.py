"""The figure of a profile: how much worse the fit becomes on either side, and the interval in which it may."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ArgumentError, said
from tripartite.figures.recording import unit_label
from tripartite.figures.style import COLOURS, figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_REACH = 3.0  # thresholds to the upper edge


def plot_profile(found: Any, *, width: float = 4.4, height: float = 3.2) -> Figure:
    """Deviance over the values of the quantity, the threshold, the interval as a band, and the fit.

    A better fit than the one that was profiled is marked beside it; the verdict and every doubt stand above.
    """
    needed = ("deviance", "threshold", "fitted", "optimum", "verdict")
    if arguments.lacking(found, needed) or not isinstance(found.deviance, np.ndarray):
        raise ArgumentError(
            f'What is drawn is a `Profile`; got {said(found)}. Write `plot_profile(profile(fit, "decay"))`.'
        )
    made, ((panel,),) = figure(1, 1, width, height)
    low = found.low if np.isfinite(found.low) else found.values[0]
    high = found.high if np.isfinite(found.high) else found.values[-1]
    panel.axvspan(low, high, color=COLOURS["model"], alpha=0.15, lw=0, label=f"{100 * found.level:g} % interval")
    panel.axhline(found.threshold, color=COLOURS["faint"], lw=0.8, label="threshold")
    panel.plot(found.values, found.deviance, ".-", color=COLOURS["model"], ms=4)
    at = np.interp(found.fitted, found.values, found.deviance)
    panel.plot(found.fitted, min(at, _REACH * found.threshold), "o", color=COLOURS["data"], ms=6, label="fit")
    if found.surpassed:
        panel.plot(found.best, 0, "D", color=COLOURS["perturbation"], ms=6, label="better fit")
    panel.set(
        xlabel=f"{found.name}{unit_label(found.unit)}",
        ylabel="deviance",
        ylim=(-0.06 * _REACH * found.threshold, _REACH * found.threshold),
    )
    if found.values[0] > 0 and found.values[-1] > 20 * found.values[0]:
        panel.set_xscale("log")
    panel.legend(frameon=False, fontsize=7, loc="upper center", ncols=2)
    said_above = [found.verdict.value, *(f"in doubt: {doubt}" for doubt in found.doubts)]
    title = "\n".join(
        line for text in said_above for line in textwrap.wrap(text, max(round(14 * made.get_figwidth()), 10))
    )
    panel.set_title(title, loc="left", fontsize=8)
    return made
