"""The figure of a result: one panel a variable, in the order of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import UnknownNameError
from tripartite.figures.raster import is_network, plot_network
from tripartite.figures.style import COLOURS, bars, figure, label_panels
from tripartite.language.protocol import Bar
from tripartite.language.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_PANELS = 8
_UNITS = {"1": "", "uM": "µM", "um": "µm", "uM/s": "µM/s"}


def plot(result: Result, *names: str, **options: Any) -> Figure:
    """A panel for each of ``names`` (all variables when none is given), bars of the protocol on top.

    ``width`` and ``height`` in inches. Ensembles are drawn as median and 5-95 % band, networks as rasters and averages.
    """
    if is_network(result):
        return plot_network(result, *names, **options)
    return compare({"": result}, *names, **options)


def compare(
    results: dict[str, Result] | None = None,
    /,
    *names: str,
    width: float = 7.0,
    height: float | None = None,
    **labelled: Result,
) -> Figure:
    """Several results in the same panels: ``compare(control=result, dpcpx=blocked)``."""
    given = results if results is not None else {}
    shown = {**given, **labelled} if isinstance(given, Mapping) else {"": given}
    for label, result in shown.items():
        if not isinstance(result, Result):
            raise UnknownNameError(
                f"A figure compares results by label; got {label}={result!r}. Write `compare(control=result)`; "
                "sizes are `width` and `height`."
            )
    if not shown:
        raise UnknownNameError("A figure needs a result; got none. Write `compare(control=result)`.")
    first = next(iter(shown.values()))
    chosen = [first.resolve(name) for name in names] or _interesting(first)
    made, axes = figure(len(chosen), 1, width, height or 1.0 + 1.15 * len(chosen), sharex=True)
    for panel, name in zip(axes[:, 0], chosen, strict=True):
        for (label, result), colour in zip(shown.items(), _colours(len(shown), name), strict=True):
            _draw(panel, result[name], label, colour)
        panel.set_ylabel(axis_label(first[name]), rotation=0, ha="right", va="center")
        panel.margins(x=0)
    marks = [Bar(*bar) for result in shown.values() for bar in result.provenance.get("bars", [])]
    bars(axes[0, 0], list(dict.fromkeys(marks)))
    axes[-1, 0].set_xlabel("time (s)")
    if len(shown) > 1:
        axes[0, 0].legend(loc="upper right")
    if not marks:
        label_panels(axes)
    return made


def axis_label(variable: Any) -> str:
    """What an axis says: the last word of the name, and the unit."""
    unit = _UNITS.get(variable.attrs.get("units", ""), variable.attrs.get("units", ""))
    name = str(variable.name).replace(".", "\n", 1)
    return f"{name}\n({unit})" if unit else name


def _interesting(result: Result) -> list[str]:
    moving = [n for n in result.names if float(np.ptp(np.nan_to_num(result[n].values))) > 0]
    return (moving or result.names)[:_MOST_PANELS]


def _colours(count: int, name: str) -> list[str]:
    if count > 1:
        return [list(COLOURS.values())[i % len(COLOURS)] for i in range(count)]
    part = name.split(".")[0]
    return [COLOURS["astrocyte"] if "astro" in part else COLOURS["neuron"]]


def _draw(panel: Any, variable: Any, label: str, colour: str) -> None:
    time = variable["time"].values
    if "member" not in variable.dims:
        panel.plot(time, variable.values, color=colour, label=label)
        return
    low, middle, high = np.nanquantile(variable.values, [0.05, 0.5, 0.95], axis=0)
    panel.plot(time, middle, color=colour, label=label)
    panel.fill_between(time, low, high, color=colour, alpha=0.25, lw=0)
