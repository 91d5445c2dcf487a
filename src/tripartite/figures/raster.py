"""The figure of a network's result: rasters of events, and averages with their spread below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.figures.style import COLOURS, bars, figure, inches
from tripartite.language.protocol import Bar
from tripartite.language.result import Result

if TYPE_CHECKING:
    from tripartite.figures.shown import ShownFigure

_MOST_DOTS = 40_000
_FEW_DOTS = 5_000
_MOST_PANELS = 8


def is_network(result: Result) -> bool:
    """Whether a result holds events of cells."""
    return any(str(name).endswith(".cells") for name in result.data.data_vars)


def plot_network(result: Result, *names: str, width: float = 7.0, height: float | None = None) -> ShownFigure:
    """A raster for each kind of event, then mean ± s.d. (or a few cells) of ``names``, bars of the protocol on top.

    Where events are among ``names``, only these.
    """
    events = [str(n).removesuffix(".cells") for n in result.data.data_vars if str(n).endswith(".cells")]
    chosen = [result.resolve(name, events) for name in names]
    asked = [name for name in chosen if name in events]
    rasters = asked or [name for name in events if len(result.data[f"{name}.times"])]
    curves = [name for name in chosen if name not in events] or ([] if asked else _interesting(result, len(rasters)))
    note = "" if names else _left_out(result, len(rasters), len(curves))
    sizes = [1.6] * len(rasters) + [1.0] * len(curves)
    made, axes = figure(
        max(1, len(sizes)),
        1,
        width,
        inches(height, "height", 0.8 + 1.05 * sum(sizes)),
        sharex=True,
        height_ratios=sizes or [1],
    )
    for panel, name in zip(axes[:, 0], [*rasters, *curves], strict=False):
        if name in rasters:
            _raster(panel, result, name)
        else:
            _curve(panel, result, name)
        panel.margins(x=0)
    marks = [Bar(*bar) for bar in result.provenance.get("bars", [])]
    bars(axes[0, 0], list(dict.fromkeys(marks)))
    axes[-1, 0].set_xlabel("time (s)" + (f"\n{note}" if note else ""))
    spans = [result.data[n].values for n in result.data.coords if str(n).startswith("time") and result.data[n].size]
    if spans:  # the whole run, also where nothing happens
        axes[0, 0].set_xlim(min(s[0] for s in spans), max(s[-1] for s in spans))
    made.align_ylabels(axes[:, 0])
    return made


def _raster(panel: Any, result: Result, name: str) -> None:
    times, cells = result.data[f"{name}.times"].values, result.data[f"{name}.cells"].values
    shown = slice(None)
    if len(times) > _MOST_DOTS:  # whole cells are left out, so that trains stay trains
        numbers = np.unique(cells)
        kept = numbers[:: int(np.ceil(len(times) / _MOST_DOTS))]
        shown = np.isin(cells, kept)
    size = 1.0 if len(times) > _FEW_DOTS else 3.0
    panel.plot(times[shown], cells[shown], ".", ms=size, mew=0, color=_colour(name), rasterized=True)
    panel.set_ylabel(f"{name.replace('.', chr(10), 1)}\n(cell)", rotation=0, ha="right", va="center", parse_math=False)


def _curve(panel: Any, result: Result, name: str) -> None:
    from tripartite.figures.plot import label_axis

    variable = result[name]
    time, colour = variable[variable.dims[0]].values, _colour(name)
    if name.endswith(".mean") and f"{name.removesuffix('.mean')}.sd" in result.data:
        spread = result[f"{name.removesuffix('.mean')}.sd"].values
        panel.fill_between(time, variable.values - spread, variable.values + spread, color=colour, alpha=0.25, lw=0)
    values = variable.values.reshape(len(time), -1 if len(time) else 1)[:, :5]
    marker = "o" if len(time) == 1 else None
    panel.plot(time, values, color=colour, lw=1.3 if values.shape[1] == 1 else 0.8, marker=marker)
    label_axis(panel, variable.rename(name.removesuffix(".mean")))


def _moving(result: Result) -> list[str]:
    """Averages and recorded cells that move; deviations are drawn with their means."""
    names = [str(n) for n in result.data.data_vars if str(n) in result.names and not str(n).endswith(".sd")]
    names = [n for n in names if not any(str(d).endswith("_synapse") for d in result[n].dims)]
    return [n for n in names if result[n].size and float(np.ptp(np.nan_to_num(result[n].values))) > 0]


def _interesting(result: Result, rasters: int) -> list[str]:
    return _moving(result)[: max(1, _MOST_PANELS - rasters)]


def _left_out(result: Result, rasters: int, curves: int) -> str:
    """What to do where there are more curves than panels."""
    found = _moving(result)
    if len(found) <= curves:
        return ""
    return f'{curves} of {len(found)} curves; choose others by name, as in plot("{found[curves]}")'


def _colour(name: str) -> str:
    return COLOURS["astrocyte"] if any(word in name for word in ("astro", "glia")) else COLOURS["neuron"]
