"""What figures of one result and of several share: colours of conditions, their bars, the legend, axes, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np

from tripartite.figures.style import COLOURS, bars
from tripartite.language.card import unit_text
from tripartite.language.closeness import missed
from tripartite.language.protocol import Bar
from tripartite.language.result import Result

_LISTED = 3
_LETTERS, _HANDLE = 16, 7  # letters of a legend to the inch; room of a line before its label and of the gap behind it
_LETTERS_BELOW = 12  # of a note, which is centred below panels that begin right of their labels


def colours(labels: Sequence[str], own: str) -> dict[str, str]:
    """A colour for each condition; a single one has that of its variable, ``own``."""
    if len(labels) == 1:
        return {labels[0]: own}
    return {label: list(COLOURS.values())[i % len(COLOURS)] for i, label in enumerate(labels)}


def mark(panel: Any, shown: Mapping[str, Result]) -> int:
    """Bars of the protocols above a panel; one that not all conditions have is named and coloured by its own.

    **Returns** how many rows of bars there are.
    """
    marks = {label: [Bar(*bar) for bar in result.provenance.get("bars", [])] for label, result in shown.items()}
    shared = [bar for bar in next(iter(marks.values())) if all(bar in others for others in marks.values())]
    chosen = colours(list(shown), COLOURS["perturbation"])
    drawn, by_label = list(dict.fromkeys(shared)), {}
    for label, own in marks.items():
        for bar in dict.fromkeys(own):
            if bar not in shared:
                named = label in bar.label.split()  # a drug is called what its condition is called
                drawn.append(bar if named else Bar(f"{label}: {bar.label}", bar.start, bar.stop))
                by_label[drawn[-1].label] = chosen[label]
    bars(panel, drawn, colours=by_label)
    return len({bar.label for bar in drawn})


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


def moves(result: Result, name: str) -> bool:
    """Whether a result has a variable that changes: any cell, synapse or member of it."""
    if name not in result.names or not result.data[name].size:
        return False
    values = result.data[name]
    axis = next(k for k, dim in enumerate(values.dims) if str(dim).startswith("time"))
    return bool(np.any(np.ptp(np.nan_to_num(values.values), axis=axis) > 0))


def label_axis(panel: Any, variable: Any, note: str = "") -> None:
    """What an axis says, beside it: the last word of the name, the unit, and a note."""
    unit = unit_text(variable.attrs.get("units", "1"))
    lines = [str(variable.name).replace(".", "\n", 1), f"({unit})" if unit else "", note]
    panel.set_ylabel("\n".join(filter(None, lines)), rotation=0, ha="right", va="center", parse_math=False)


def label_time(panel: Any, *notes: str) -> None:
    """The label of the time axis, and notes on the whole figure below it, as wide as it."""
    width = round(_LETTERS_BELOW * panel.get_figure(root=True).get_figwidth())
    lines = [fill(line, width) for note in notes for line in note.splitlines()]
    panel.set_xlabel("\n".join(["time (s)", *lines]), parse_math=False)


def left_out(drawn: int, moving: Sequence[str], others: Mapping[str, Sequence[str]]) -> str:
    """In words, below a figure, what of its results it does not show; nothing if it shows everything.

    **Arguments** drawn: how many of the variables that are ``moving`` have a panel; others: names by what they are.
    """
    lines = []
    if len(moving) > drawn:
        lines += [f'{drawn} of {len(moving)} variables; choose others by name, as in plot("{moving[drawn]}")']
    for what, names in others.items():
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        lines += [f"not drawn, {what}: {', '.join(names[:_LISTED])}{more}"] if names else []
    return "\n".join(lines)


def peaks_missed(shown: Mapping[str, Result], names: Sequence[str]) -> str:
    """In words, below a figure, of which variables it shows samples that are too far apart."""
    found = {}
    for result in shown.values():
        why = {name: missed(result.data[name]) for name in names if name in result.names}
        found |= {name: f"{name} {text}" for name, text in why.items() if text}
    return "\n".join(found.values())
