"""What figures of one result and of several share: colours of conditions, their bars, the legend, members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np

from tripartite.figures.style import COLOURS, bars
from tripartite.language.card import unit_text
from tripartite.language.protocol import Bar
from tripartite.language.result import Result

_MOST_ENTRIES = 10
_LETTERS, _HANDLE = 16, 7  # letters of a legend to the inch; room of a line before its label and of the gap behind it


def colours(labels: Sequence[str], own: str) -> dict[str, str]:
    """A colour for each condition; a single one has that of its variable, ``own``."""
    if len(labels) == 1:
        return {labels[0]: own}
    return {label: list(COLOURS.values())[i % len(COLOURS)] for i, label in enumerate(labels)}


def mark(panel: Any, shown: Mapping[str, Result]) -> bool:
    """Bars of the protocols above a panel; one that not all conditions have is named and coloured by its own."""
    marks = {label: [Bar(*bar) for bar in result.provenance.get("bars", [])] for label, result in shown.items()}
    shared = [bar for bar in next(iter(marks.values())) if all(bar in others for others in marks.values())]
    chosen = colours(list(shown), COLOURS["perturbation"])
    drawn, by_label = list(dict.fromkeys(shared)), {}
    for label, own in marks.items():
        for bar in dict.fromkeys(own):
            if bar not in shared:
                drawn.append(Bar(f"{label}: {bar.label}", bar.start, bar.stop))
                by_label[drawn[-1].label] = chosen[label]
    bars(panel, drawn, colours=by_label)
    return bool(drawn)


def legend(made: Any, panels: Sequence[Any]) -> None:
    """One legend above the panels, where it covers nothing, of every label that one of them has."""
    found: dict[str, Any] = {}
    for panel in panels:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    if found:
        room = round(_LETTERS * made.get_figwidth()) // (_HANDLE + max(map(len, found)))
        box = made.legend(
            found.values(), found.keys(), loc="outside upper right", ncols=max(1, min(len(found), room)),
            frameon=False, fontsize=8,
        )  # fmt: skip
        for text in box.texts:
            text.set_parse_math(False)


def members(variable: Any) -> tuple[list[str], list[Any]]:
    """A label and a colour for each course ``(member, time)`` of an ensemble, by the values that differ; else none."""
    others = [str(dim) for dim in variable.dims if not str(dim).startswith("time")]
    if len(others) != 1 or not 1 < variable.sizes[others[0]] <= _MOST_ENTRIES:
        return [], []
    differ = [c for c in variable.coords.values() if c.dims == (others[0],)]
    if not differ:
        return [], []
    labels = [", ".join(_valued(c, k) for c in differ) for k in range(variable.sizes[others[0]])]
    return labels, list(matplotlib.colormaps["viridis"](np.linspace(0, 0.9, len(labels))))


def _valued(coordinate: Any, k: int) -> str:
    """``ip3 = 0.3 µM``, and a name as it is."""
    value, unit = coordinate.values[k], unit_text(str(coordinate.attrs.get("units", "1")))
    text = f"{value:.4g}" if np.issubdtype(coordinate.dtype, np.number) else str(value)
    return f"{str(coordinate.name).rsplit('.', 1)[-1]} = {text}{f' {unit}' if unit else ''}"
