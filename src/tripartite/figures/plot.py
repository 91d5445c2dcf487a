"""The figure of a result: one panel a variable, in the order of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ResultError, UnknownNameError, said
from tripartite.figures.conditions import colours, label_axis, label_time, left_out, legend, mark, moves, peaks_missed
from tripartite.figures.members import MOST_LINES, Sweep, draw, shades, sweep
from tripartite.figures.raster import is_network, plot_networks
from tripartite.figures.style import COLOURS, figure, inches, label_panels
from tripartite.language import Recording
from tripartite.language.result import Result

if TYPE_CHECKING:
    import xarray as xr

    from tripartite.figures.shown import ShownFigure

MOST_PANELS = 8


def plot(result: Result | xr.DataArray | xr.Dataset, *names: str, **options: Any) -> ShownFigure:
    """A panel for each of ``names`` (the first eight that move when none is given), bars of the protocol on top.

    ``result`` may also be a piece of one, or any course over ``time`` in seconds. ``width`` and ``height`` in inches.
    Members of an ensemble are lines, coloured in the order of the values in which they differ: up to eight with a
    legend, more with a colour bar. More than eight that differ by their seeds alone are median and 5-95 % band.
    Events are ticks. Without ``names``, a network has rasters of its events first; of many cells or synapses five are
    drawn, spread over those that move. What a figure leaves out is said below it.
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
    swept: Sweep | None = None
    for panel, name in zip(axes[:, 0], chosen, strict=True):
        by_label = colours(list(shown), COLOURS["astrocyte" if "astro" in name.split(".")[0] else "neuron"])
        for label, result in shown.items():
            if name in result.emissions:
                swept = _ticks(panel, result.data[f"{name}.times"], label, by_label[label]) or swept
            else:
                swept = draw(panel, result.data[result.resolve(name)], label, by_label[label]) or swept
        label_axis(
            panel, first.data[name] if name in first.data else first.data[f"{name}.times"].rename(name).drop_attrs()
        )
        panel.margins(x=0)
    times = [result.time.values for result in shown.values() if "time" in result.data and result.time.size > 1]
    if times:  # the whole run, also where nothing happens
        axes[0, 0].set_xlim(min(t[0] for t in times), max(t[-1] for t in times))
    rows = mark(axes[0, 0], shown)
    label_time(axes[-1, 0], note, peaks_missed(shown, chosen))
    legend(made, list(axes[:, 0]))
    if swept is not None:
        beside = made.colorbar(swept.scale, ax=list(axes[:, 0]), pad=0.02, aspect=15 * len(chosen))
        beside.set_label(swept.title, parse_math=False)
    if len(chosen) > 1:
        label_panels(axes, rows=rows)
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


def _chosen(results: Sequence[Result], names: Sequence[str]) -> tuple[list[str], str]:
    """Variables and events by name, or those that change in any result; and what was left out, in words."""
    result = results[0]
    if not any(result.data[name].size for name in result.names):
        raise ResultError(
            "A figure shows at least one sample; the result has none. Choose a longer stretch, or save more often: "
            "`save_every`."
        )
    if names:
        return [result.resolve(name, result.emissions) for name in names], ""
    moving = [n for n in result.names if any(moves(r, n) for r in results)]
    still = [n for n in result.names if n not in moving] if moving else []
    found = moving or result.names
    drawn = found[:MOST_PANELS]
    events = [
        name for name in result.emissions if any(r.data[f"{name}.times"].size for r in results if name in r.emissions)
    ]
    return drawn, left_out(len(drawn), found, {"since nothing changes": still, "events": events})


def _ticks(panel: Any, times: Any, label: str, colour: str) -> Sweep | None:
    """Events as ticks, a row for each member, in the order of the values in which they differ."""
    count = int(np.prod(times.shape[:-1]))
    rows = [row[np.isfinite(row)] for row in times.values.reshape(count, times.shape[-1])]
    found = sweep(times)
    own = None if label else shades(found, len(rows))
    order = range(len(rows)) if found is None else found.order
    chosen = [colour if own is None else own[member] for member in order]
    entries = [found.entry(member) for member in order] if found is not None and own and len(rows) <= MOST_LINES else []
    for place, member in enumerate(order):
        text = entries[place] if entries else label if label and place == 0 else "_"
        panel.eventplot(rows[member], colors=[chosen[place]], lw=0.8, lineoffsets=place, label=text)
    panel.set_yticks([])
    return found if own is not None and len(rows) > MOST_LINES else None
