"""The figure of a network's result: rasters of events, and averages with their spread below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.figures.conditions import colours, label_axis, label_time, left_out, legend, mark, moves
from tripartite.figures.sample import Sample, numbers, spread
from tripartite.figures.style import COLOURS, figure, inches
from tripartite.language.result import Result

if TYPE_CHECKING:
    from tripartite.figures.shown import ShownFigure

_MOST_DOTS = 40_000
_FEW_DOTS = 5_000
_MOST_PANELS = 8


def is_network(result: Result) -> bool:
    """Whether a result holds events of cells."""
    return any(str(name).endswith(".cells") for name in result.data.data_vars)


def plot_networks(
    shown: Mapping[str, Result], *names: str, width: float = 7.0, height: float | None = None
) -> ShownFigure:
    """A raster for each kind of event and each result, then mean ± s.d. (or a few cells) of variables, bars on top.

    Where ``names`` are given, only these. Results share the panels of their variables.
    """
    first, several = next(iter(shown.values())), len(shown) > 1
    held = list(dict.fromkeys(name for result in shown.values() for name in result.emissions))
    chosen = [first.resolve(name, held) for name in names]
    happened = [n for n in held if any(n in r.emissions and r.data[f"{n}.times"].size for r in shown.values())]
    events = [name for name in chosen if name in held] if names else happened
    moving = _moving(shown)
    curves = [n for n in chosen if n not in held] if names else moving[: max(1, _MOST_PANELS - len(happened))]
    note = "" if names else _note(shown, len(curves), moving, [name for name in held if name not in happened])
    rasters = [(name, label) for name in events for label in shown]
    sizes = [1.1 if several else 1.6] * len(rasters) + [1.0] * len(curves)
    made, axes = figure(
        max(1, len(sizes)),
        1,
        width,
        inches(height, "height", 0.8 + 1.05 * sum(sizes)),
        sharex=True,
        height_ratios=sizes or [1],
    )
    panels = list(axes[:, 0])
    for panel, (name, label) in zip(panels, rasters, strict=False):
        _raster(panel, shown[label], name, label, colours(list(shown), _colour(name))[label])
        panel.set_ylim(-0.5, max(_cells(result, name) for result in shown.values()) - 0.5)
    for panel, name in zip(panels[len(rasters) :], curves, strict=False):
        having = {label: result for label, result in shown.items() if name in result.names}
        for label, result in having.items():
            sample = spread(result[name], [other[name] for other in having.values()])
            _curve(panel, result, name, sample, label, colours(list(shown), _colour(name))[label])
    marked = {label: _span(result) for label, result in shown.items()}
    if spans := [span for span in marked.values() if span]:  # the whole run, also where nothing happens
        panels[0].set_xlim(min(s[0] for s in spans), max(s[1] for s in spans))
    for panel in panels:
        panel.margins(x=0)
    mark(panels[0], shown)
    legend(made, panels)
    label_time(panels[-1], note)
    made.align_ylabels(axes[:, 0])
    return made


def _span(result: Result) -> tuple[float, float] | None:
    """First and last time of a run (s): those that it was asked for, where it says so, else those of its samples."""
    facts = result.provenance
    if "begun" in facts and "until" in facts:
        return float(facts["begun"]["quantity"]), float(facts["until"]["quantity"])
    times = [result.data[n].values for n in result.data.coords if str(n).startswith("time") and result.data[n].size]
    return (min(float(t[0]) for t in times), max(float(t[-1]) for t in times)) if times else None


def _cells(result: Result, name: str) -> int:
    """One more than the largest number of a cell that something happened in."""
    cells = result.data[f"{name}.cells"].values if f"{name}.cells" in result.data else np.zeros(0)
    return int(cells.max()) + 1 if cells.size else 1


def _raster(panel: Any, result: Result, name: str, label: str, colour: str) -> None:
    if name in result.emissions:
        times, cells = result.data[f"{name}.times"].values, result.data[f"{name}.cells"].values
    else:
        times, cells = np.zeros(0), np.zeros(0, dtype=int)
    shown = slice(None)
    if len(times) > _MOST_DOTS:  # whole cells are left out, so that trains stay trains
        numbers = np.unique(cells)
        kept = numbers[:: int(np.ceil(len(times) / _MOST_DOTS))]
        shown = np.isin(cells, kept)
    size = 1.0 if len(times) > _FEW_DOTS else 3.0
    panel.plot(times[shown], cells[shown], ".", ms=size, mew=0, color=colour, rasterized=True)
    text = "\n".join(filter(None, (name.replace(".", "\n", 1), label, "(cell)")))
    panel.set_ylabel(text, rotation=0, ha="right", va="center", parse_math=False)


def _curve(panel: Any, result: Result, name: str, sample: Sample, label: str, colour: str) -> None:
    variable, title = result[name], name
    time = variable[variable.dims[0]].values
    if name.endswith(".mean"):
        title = f"{name.removesuffix('.mean')}\nmean"
        if f"{name.removesuffix('.mean')}.sd" in result.data:
            spread = result[f"{name.removesuffix('.mean')}.sd"].values
            panel.fill_between(time, variable.values - spread, variable.values + spread, color=colour, alpha=0.25, lw=0)
            title += " ± s.d."
    values = variable.values.reshape(len(time), -1 if len(time) else 1)[:, sample.chosen]
    marker = "o" if len(time) == 1 else None
    apart = not label and values.shape[1] > 1
    for place, course in enumerate(values.T):
        shade = list(COLOURS.values())[place] if apart else colour
        text = label if label and not place else "_"
        panel.plot(time, course, color=shade, lw=0.8 if values.shape[1] > 1 else 1.3, marker=marker, label=text)
    if apart:
        panel.legend(
            panel.lines, numbers(variable, sample), title=sample.word, loc="upper left", bbox_to_anchor=(1.0, 1.1),
            fontsize=7, title_fontsize=7, frameon=False, handlelength=1.0, labelspacing=0.2, borderaxespad=0.2,
        )  # fmt: skip
    label_axis(panel, variable.rename(title), sample.note)


def _moving(shown: Mapping[str, Result]) -> list[str]:
    """Averages, recorded cells and synapses that move in any result; deviations are drawn with their means."""
    return [n for n in _recorded(shown) if any(moves(result, n) for result in shown.values())]


def _recorded(shown: Mapping[str, Result]) -> list[str]:
    """Variables of any result, but deviations that are drawn with their means."""
    names = list(dict.fromkeys(name for result in shown.values() for name in result.names))
    return [n for n in names if not (n.endswith(".sd") and f"{n.removesuffix('.sd')}.mean" in names)]


def _note(shown: Mapping[str, Result], curves: int, moving: list[str], silent: list[str]) -> str:
    """What a figure without names leaves out, in words."""
    still = [name for name in _recorded(shown) if name not in moving]
    return left_out(curves, moving, {"since nothing changes": still, "since none happened": silent})


def _colour(name: str) -> str:
    return COLOURS["astrocyte"] if any(word in name for word in ("astro", "glia")) else COLOURS["neuron"]
