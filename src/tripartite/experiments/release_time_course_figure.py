"""The figure of `release_time_course`: seven time courses, their residuals, and the time constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.release_time_course import SETS

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_REACH = (0.008, 1300.0)


def draw(data: xr.Dataset) -> Figure:
    """Points, fit with band and published curve of each set above their residuals; constants to the right."""
    from matplotlib.gridspec import GridSpec

    from tripartite.figures import figure

    made, axes = figure(4, 4, 14.5, 7.8)
    made.set_layout_engine("none")
    cells = GridSpec(2, 4, made, left=0.06, right=0.74, bottom=0.075, top=0.955, wspace=0.38, hspace=0.25)
    places = [divmod(i, 4) for i in range(8)]
    for letter, name, (row, column) in zip("ABCDEFG", SETS, places, strict=False):
        upper, lower = cells[row, column].subgridspec(2, 1, height_ratios=[3.2, 1], hspace=0.08)
        course, below = axes[2 * row, column], axes[2 * row + 1, column]
        course.set_subplotspec(upper)
        below.set_subplotspec(lower)
        _course(course, below, data.sel(set=name), f"{letter}   {SETS[name]}")
        for panel in (course, below):
            panel.yaxis.set_label_coords(-0.25, 0.5)
        course.set_ylabel("release probability" if name.startswith("pr") else "release (% of control)")
    key, tall = axes[2, 3], axes[3, 3]
    key.set_subplotspec(cells[1, 3])
    key.set_axis_off()
    _legend(key)
    tall.set_subplotspec(GridSpec(1, 1, made, left=0.765, right=0.99, bottom=0.165, top=0.955)[0])
    _constants(tall, data)
    return made


def _course(course: Any, below: Any, one: xr.Dataset, title: str) -> None:
    from tripartite.figures import COLOURS

    time = one["curve_time"]
    course.fill_between(time, *one["band"].values, color=COLOURS["model"], alpha=0.2, lw=0)
    course.plot(time, one["published"], color=COLOURS["neuron"], ls=(0, (4, 2)), lw=1.2)
    course.plot(time, one["curve"], color=COLOURS["model"], lw=1.8)
    course.plot(one["time"], one["release"], "o", color=COLOURS["data"], ms=3.6)
    course.set_title(title, loc="left", fontweight="bold", fontsize=9)
    shown = np.concatenate([one["release"].values, one["curve"].values, one["published"].values])
    low, high = np.nanmin(shown), np.nanmax(shown)
    course.set_ylim(low - 0.08 * (high - low), high + 0.22 * (high - low))
    quality = f"R² = {float(one['r2']):.2f}"
    course.text(0.98, 0.98, quality, transform=course.transAxes, ha="right", va="top", fontsize=8)
    course.locator_params(axis="y", nbins=5)
    below.locator_params(axis="y", nbins=3)
    below.tick_params(axis="y", labelsize=7)
    course.sharex(below)
    course.tick_params(labelbottom=False)
    below.margins(x=0.03)
    below.set_xlabel("time (s)")
    below.set_ylabel("residual")
    below.axhline(0, color=COLOURS["faint"], lw=0.8)
    below.vlines(one["time"], 0, one["residual"], color=COLOURS["data"], lw=0.9)
    below.plot(one["time"], one["residual"], "o", color=COLOURS["data"], ms=2.4)
    reach = 1.25 * float(np.nanmax(np.abs(one["residual"])))
    below.set_ylim(-reach, reach)


def _legend(panel: Any) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    from tripartite.figures import COLOURS

    handles = [
        Line2D([], [], color=COLOURS["data"], marker="o", ls="", ms=4, label="measured"),
        Line2D([], [], color=COLOURS["model"], lw=1.8, label="gliotransmission model, best fit"),
        Patch(color=COLOURS["model"], alpha=0.2, lw=0, label="all fits within 95 %"),
        Line2D([], [], color=COLOURS["neuron"], ls=(0, (4, 2)), label="two exponentials, as published"),
    ]
    panel.legend(handles=handles, loc="center", fontsize=8.5, handlelength=2.4, labelspacing=1.0, frameon=False)


def _constants(panel: Any, data: xr.Dataset) -> None:
    """Rise and decay of every set with 95 % intervals on a logarithmic axis, published constants beside."""
    from tripartite.figures import COLOURS

    styles = {"rise": ("o", "white"), "decay": ("o", COLOURS["model"])}
    for row, name in enumerate(SETS):
        one = data.sel(set=name)
        for offset, (quantity, (marker, face)) in zip((0.13, -0.2), styles.items(), strict=True):
            low, best, high = (float(x) for x in one[quantity])
            y = -row + offset
            ends = (max(low, _REACH[0]), min(high, _REACH[1]))
            panel.plot(ends, [y, y], color=COLOURS["model"], lw=3.2, alpha=0.35, solid_capstyle="butt")
            for end, arrow in ((low, "<"), (high, ">")):
                if np.isinf(end):
                    edge = _REACH[0] if arrow == "<" else _REACH[1]
                    panel.plot(edge * (1.15 if arrow == "<" else 0.87), y, arrow, color=COLOURS["model"], ms=5)
            panel.plot(best, y, marker, color=COLOURS["model"], mfc=face, ms=6)
            printed = float(one["printed"].sel(constant=quantity))
            panel.plot(printed, y, "D", color=COLOURS["neuron"], ms=5, mfc="white" if quantity == "rise" else None)
        panel.text(_REACH[0] * 1.1, -row + 0.33, SETS[name], fontsize=8, va="bottom")
        if row:
            panel.axhline(-row + 0.66, color=COLOURS["faint"], lw=0.4)
    panel.set_xscale("log")
    panel.set_xlim(*_REACH)
    panel.set_ylim(-len(SETS) + 0.5, 0.75)
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)
    panel.set_xlabel("time constant (s)")
    panel.set_title("H   Which time constants the data determine", loc="left", fontweight="bold", fontsize=9)
    _explain(panel)


def _explain(panel: Any) -> None:
    from matplotlib.lines import Line2D

    from tripartite.figures import COLOURS

    model, published = COLOURS["model"], COLOURS["neuron"]
    handles = [
        Line2D([], [], color=model, marker="o", mfc="white", ls="", label="rise"),
        Line2D([], [], color=model, marker="o", ls="", label="decay"),
        Line2D([], [], color=model, lw=3.2, alpha=0.35, label="95 % (arrow: open)"),
        Line2D([], [], color=published, marker="D", mfc="white", ls="", ms=5, label="published rise"),
        Line2D([], [], color=published, marker="D", ls="", ms=5, label="published decay"),
    ]
    panel.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=2, fontsize=8, frameon=False)
