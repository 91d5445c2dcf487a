"""The figure of a result: one panel a variable, in the order of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ResultError, UnknownNameError, said
from tripartite.figures.conditions import colours, legend, mark, members
from tripartite.figures.raster import is_network, plot_networks
from tripartite.figures.style import COLOURS, figure, inches, label_panels
from tripartite.language import Recording
from tripartite.language.card import unit_text
from tripartite.language.result import Result

if TYPE_CHECKING:
    import xarray as xr

    from tripartite.figures.shown import ShownFigure

MOST_PANELS = 8
MOST_LINES = 8
"""Courses that are drawn one by one in a panel; more are drawn as a band."""


def plot(result: Result | xr.DataArray | xr.Dataset, *names: str, **options: Any) -> ShownFigure:
    """A panel for each of ``names`` (the first eight that move when none is given), bars of the protocol on top.

    ``result`` may also be a piece of one, or any course over ``time`` in seconds. ``width`` and ``height`` in inches.
    Up to eight members are drawn as lines, with the values in which they differ in the legend, more as median and
    5-95 % band, networks as rasters and averages, events as ticks.
    """
    arguments.options(options, ("height", "width"), "plot")
    return compare({"": as_result(result)}, *names, **options)


def compare(
    results: dict[str, Result] | None = None,
    /,
    *names: str,
    width: float = 7.0,
    height: float | None = None,
    **labelled: Result,
) -> ShownFigure:
    """Several results in the same panels: ``compare(control=result, dpcpx=blocked)``.

    Events of cells have a raster for each result. A bar of the protocol that not all of them have is named and
    coloured by its result.
    """
    given = results if results is not None else {}
    several = isinstance(given, Mapping) and not arguments.labelled(given)  # a dataset is a mapping, too
    shown = {**(given if several else {"": given}), **labelled}
    shown = {label: as_result(result, label) for label, result in shown.items()}
    if not shown:
        raise UnknownNameError("A figure needs a result; got none. Write `compare(control=result)`.")
    if any(is_network(result) for result in shown.values()):
        return plot_networks(shown, *names, width=width, height=height)
    first = next(iter(shown.values()))
    chosen, note = _chosen(list(shown.values()), names)
    made, axes = figure(len(chosen), 1, width, inches(height, "height", 1.0 + 1.15 * len(chosen)), sharex=True)
    for panel, name in zip(axes[:, 0], chosen, strict=True):
        by_label = colours(list(shown), COLOURS["astrocyte" if "astro" in name.split(".")[0] else "neuron"])
        for label, result in shown.items():
            if name in result.emissions:
                _ticks(panel, result.events(name), label, by_label[label])
            else:
                _draw(panel, result[name], label, by_label[label])
        label_axis(
            panel, first.data[name] if name in first.data else first.data[f"{name}.times"].rename(name).drop_attrs()
        )
        panel.margins(x=0)
    times = [result.time.values for result in shown.values() if "time" in result.data and result.time.size > 1]
    if times:  # the whole run, also where nothing happens
        axes[0, 0].set_xlim(min(t[0] for t in times), max(t[-1] for t in times))
    marked = mark(axes[0, 0], shown)
    axes[-1, 0].set_xlabel("time (s)" + (f"\n{note}" if note else ""))
    legend(made, list(axes[:, 0]))
    if not marked and len(chosen) > 1:
        label_panels(axes)
    return made


def as_result(item: Any, label: str = "result") -> Result:
    """``item`` as a result: one, or data over ``time`` of one's own."""
    if isinstance(item, Result):
        return item
    import xarray as xr

    if isinstance(item, xr.DataArray | xr.Dataset) and "time" in item.coords and "time" in item.dims:
        data = item if isinstance(item, xr.Dataset) else item.to_dataset(name=str(item.name or "value"))
        return Result(lambda: data)
    if isinstance(item, Recording):
        raise UnknownNameError(
            "A recording has a figure of its own, `recording.plot()`. Beside a result it is a course of the same name: "
            '`compare(model=result, measured=recording["cell 1"].data.rename("astrocyte.ca"))`.'
        )
    came = f"{label}={said(item)}" if label else said(item)
    raise UnknownNameError(
        f"A figure shows results by label, or data along a coordinate `time`; got {came}. Write "
        "`plot(result)` or `compare(control=result)`; sizes are `width` and `height`."
    )


def label_axis(panel: Any, variable: Any) -> None:
    """What an axis says, beside it: the last word of the name, and the unit."""
    unit = unit_text(variable.attrs.get("units", "1"))
    name = str(variable.name).replace(".", "\n", 1)
    text = f"{name}\n({unit})" if unit else name
    panel.set_ylabel(text, rotation=0, ha="right", va="center", parse_math=False)


def _chosen(results: Sequence[Result], names: Sequence[str]) -> tuple[list[str], str]:
    """Variables and events by name, or those that change in any result; and what was left out, in words."""
    result = results[0]
    if not any(result[name].size for name in result.names):
        raise ResultError(
            "A figure shows at least one sample; the result has none. Choose a longer stretch, or save more often: "
            "`save_every`."
        )
    if names:
        return [result.resolve(name, result.emissions) for name in names], ""
    found = [n for n in result.names if any(moves(r, n) for r in results)] or result.names
    if len(found) <= MOST_PANELS:
        return found, ""
    other = f'plot("{found[MOST_PANELS]}")'
    return found[:MOST_PANELS], f"{MOST_PANELS} of {len(found)} variables; choose others by name, as in {other}"


def moves(result: Result, name: str) -> bool:
    """Whether a result has a variable that changes."""
    return name in result.names and result[name].size > 0 and float(np.ptp(np.nan_to_num(result[name].values))) > 0


def _draw(panel: Any, variable: Any, label: str, colour: str) -> None:
    time = variable["time"].values
    courses = np.moveaxis(variable.values, variable.dims.index("time"), -1).reshape(-1, len(time))
    alone = "o" if len(time) == 1 else None  # a single sample makes no line
    if len(courses) <= MOST_LINES:
        labels, shades = ([], []) if label else members(variable)
        if not labels:  # one entry of the legend for all of them
            several = f" ({len(courses)} members)" if len(courses) > 1 else ""
            labels, shades = [f"{label}{several}" if label else "_"], [colour] * len(courses)
            labels += ["_"] * (len(courses) - 1)
        for course, text, shade in zip(courses, labels, shades, strict=True):
            panel.plot(time, course, color=shade, label=text, marker=alone, lw=1.3 if len(courses) == 1 else 0.8)
        return
    low, middle, high = np.nanquantile(courses, [0.05, 0.5, 0.95], axis=0)
    band = f"median and 5-95 % of {len(courses)} members"
    panel.plot(time, middle, color=colour, label=f"{label} ({band})" if label else band, marker=alone)
    panel.fill_between(time, low, high, color=colour, alpha=0.25, lw=0)


def _ticks(panel: Any, events: Any, label: str, colour: str) -> None:
    """Events as ticks, a row for each member."""
    times = events["time"].values
    rows = [row[np.isfinite(row)] for row in times.reshape(-1, times.shape[-1])]
    panel.eventplot(rows, colors=colour, lw=0.8, lineoffsets=range(len(rows)), label=label or "_")
    panel.set_yticks([])
