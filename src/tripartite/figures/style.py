"""One look for every figure: sizes, colours, panel letters, bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import is_color_like
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from tripartite import arguments, units
from tripartite.errors import ArgumentError, RangeError, said
from tripartite.figures.shown import ShownFigure, write
from tripartite.language.protocol import Bar

_MOST, _LARGEST = 100, 300.0
_FIRST_BAR, _BARS_APART, _LABEL_ABOVE = 6, 15, 2.5  # points
_GRID = ("gridspec_kw", "height_ratios", "sharex", "sharey", "subplot_kw", "width_ratios")

# Okabe and Ito's colours, told apart by colour-blind readers too.
COLOURS = {
    "neuron": "#0072B2",
    "astrocyte": "#009E73",
    "transmitter": "#E69F00",
    "perturbation": "#CC79A7",
    "data": "#000000",
    "model": "#D55E00",
    "second": "#56B4E9",
    "faint": "#9A9A9A",
}

_LOOK: Any = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "lines.linewidth": 1.3,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "axes.prop_cycle": cycler(color=list(COLOURS.values())),
}


def look() -> Any:
    """The house style as a context: ``with look(): panel.legend()``; figures themselves always have it."""
    return matplotlib.rc_context(_LOOK)


def figure(rows: int = 1, columns: int = 1, width: float = 7.0, height: float | None = None, **grid: Any):
    """A figure in the house style and its axes, shape ``(rows, columns)``; sizes in inches.

    A notebook shows it where it is the last value of a cell; ``figure.save("figure.pdf")`` writes it.
    """
    counts = (arguments.count(value, name, 1, _MOST) for value, name in ((rows, "rows"), (columns, "columns")))
    rows, columns = counts
    size = inches(width, "width", 7.0), inches(height, "height", 2.1 * rows)
    arguments.options(grid, _GRID, "figure")
    with look():
        made = ShownFigure(figsize=size, layout="constrained")
        FigureCanvasAgg(made)
        axes = made.subplots(rows, columns, squeeze=False, **grid)
    return made, axes


def inches(value: Any, name: str, usual: float) -> float:
    """A length of a figure, the usual one where none is given."""
    found = usual if value is None else units.number(value, "1", name)
    if not 0 < found <= _LARGEST:
        raise RangeError(
            f"`{name}` is a number of inches, above 0 and up to {_LARGEST:g}; got {found:g}. Write for instance "
            f"`{name}=7`."
        )
    return found


def label_panels(axes: Iterable[Axes] | np.ndarray, *, rows: int = 0) -> None:
    """Letters A, B, C... at the upper left of the panels, the first above ``rows`` rows of bars."""
    listed = axes.ravel() if isinstance(axes, np.ndarray) else axes
    panels = arguments.several(listed, Axes, "axes", "label_panels(axes)")
    above = _BARS_APART * arguments.count(rows, "rows", 0, _MOST)
    for letter, panel in zip("ABCDEFGHIJKLMNOP", panels, strict=False):
        panel.set_title(letter, loc="left", fontweight="bold", pad=_FIRST_BAR + above if panel is panels[0] else None)


def lettered(made: Figure) -> str:
    """The letters that the panels of a figure have, as they come."""
    arguments.instance(made, Figure, "made", "lettered(result.plot())")
    titles = (panel.get_title(loc="left") for panel in made.axes)
    return "".join(title[0] for title in titles if re.match(r"[A-Z](\s|$)", title))


def headed(made: Figure, sentence: str) -> None:
    """A line above a figure, below the title it may have; nothing for an empty sentence."""
    arguments.instance(made, Figure, "made", 'headed(result.plot(), "what is seen")')
    if isinstance(sentence, str) and not sentence:
        return
    if arguments.text(sentence, "sentence"):
        title = "\n".join(filter(None, (made.get_suptitle(), fill(sentence, 100))))
        made.suptitle(title, fontsize=8, color=COLOURS["perturbation"], parse_math=False)


def bars(panel: Axes, marks: Sequence[Bar], *, colours: Mapping[str, str] | None = None) -> None:
    """Bars with labels above a panel, one row for each label; ``colours`` by label, where not the usual one."""
    arguments.instance(panel, Axes, "panel", "bars(axes[0, 0], marks)")
    marks = arguments.several(marks, Bar, "marks", 'bars(panel, [Bar("drug", 10, 20)])')
    given = {} if colours is None else arguments.mapping(colours, "colours", '{"drug": "black"}')
    labels = list(dict.fromkeys(mark.label for mark in marks))
    scale = panel.get_figure(root=True).dpi_scale_trans  # type: ignore[union-attr]
    for mark in marks:
        colour = given.get(mark.label, COLOURS["perturbation"])
        if not is_color_like(colour):
            raise ArgumentError(f"A colour is one that matplotlib knows; got {said(colour)}. Write `#CC79A7`.")
        row = _FIRST_BAR + _BARS_APART * labels.index(mark.label)
        place = panel.get_xaxis_transform() + ScaledTranslation(0, row / 72, scale)
        panel.plot([mark.start, mark.stop], [1, 1], transform=place, color=colour, lw=4, clip_on=False,
                   solid_capstyle="butt")  # fmt: skip
        above = place + ScaledTranslation(0, _LABEL_ABOVE / 72, scale)
        panel.text(mark.start, 1, mark.label, transform=above, fontsize=7, va="bottom", parse_math=False)


def save(made: Figure, path: Path) -> Path:
    """Write a figure at a resolution for print."""
    return write(arguments.instance(made, Figure, "made", "save(result.plot(), path)"), path)
