"""The columns of a table of text: which holds the times, which are courses, which only count."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RecordingError, TripartiteError, UnknownNameError, named, nearest, said

_TIMES = {"time", "times", "t", "seconds", "sec", "s", "timestamp", "ts", "t_s", "time_s", "time_ms", "t_ms"}
_ARBITRARY = {"a.u.", "au", "a.u", "arb. units", "arb.units", "counts", "count", "df/f", "df/f0", "δf/f", "δf/f0", "1"}
_HEAD = re.compile(r"(?P<name>.*?)\s*(?:\((?P<round>(?:[^()\[\]]|\([^()]*\))+)\)|\[(?P<square>[^\[\]]+)\])\s*")
_INDEX = {
    "frame",
    "frames",
    "frame_number",
    "frame number",
    "frame no",
    "frame no.",
    "frame #",
    "framenumber",
    "frame_no",
}
_INDEX |= {"index", "idx", "row", "sample", "slice", "unnamed: 0", "#"}


class Line(NamedTuple):
    """Cells of a line, and its number in the file."""

    number: int
    cells: list[str]


def time_column(names: list[str], time: Any, header: Line | None, path: Path) -> int:
    if time is not None:
        return _numbered(time, names, "time", path)
    found = [k for k, name in enumerate(names) if head(name)[0].strip().lower() in _TIMES] if header else []
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f"`{name}`" for name in names[:8]) + (" …" if len(names) > 8 else "")
    raise RecordingError(
        f"A recording has times; {'several columns' if found else 'no column'} of `{path}` "
        f"{'are' if found else 'is'} called time ({'columns ' + shown if header else 'it has no header'}). Say which "
        f"it is, `time=0` or by name{'' if found else ', or give `frame_rate=10 * Hz` if none is'}."
    )


def chosen_columns(columns: Any, names: list[str], along: int | None, body: list[Line], path: Path) -> list[int]:
    if columns is not None:
        wanted = arguments.several(columns, (str, int, np.integer), "columns", '["soma"]')
        chosen = [_numbered(item, names, "columns", path) for item in wanted]
        if not chosen or along in chosen:
            raise RecordingError(
                f"`columns` are courses; got {said(columns)}, {'the times among them' if chosen else 'none'}."
                " Name one or more columns of values."
            )
        return chosen
    beside = [k for k in range(len(names)) if k != along]
    chosen = [k for k in beside if not _is_index(k, names, body, along, path)]
    if not chosen:
        raise RecordingError(
            f"A recording has values beside its times; `{path}` has {'an index alone' if beside else 'one column'}. "
            "Check `delimiter`, or name `columns`."
        )
    timed = next((k for k in chosen if head(names[k])[0].strip().lower() in _TIMES), None)
    if timed is not None:
        raise RecordingError(
            f"Times come from one column or from `frame_rate`; got {'`frame_rate`' if along is None else 'another'} "
            f"for `{path}`, whose column `{names[timed]}` is called time. Leave `frame_rate` out, or name the courses: "
            "`columns=[...]`."
        )
    unnamed = [k for k in chosen if not names[k]]
    if unnamed:
        raise RecordingError(
            f"Every column of a table has a name; column {unnamed[0]} (counted from 0) of `{path}` has none and may be "
            "an index. Name the columns to take: `columns=[...]`."
        )
    return chosen


def _is_index(k: int, names: list[str], body: list[Line], along: int | None, path: Path) -> bool:
    """Whether a column counts the frames; one that may count them is an error."""
    name = names[k].strip().lower()
    try:
        steps = np.array([float(line.cells[k].strip().replace(",", ".")) for line in body])
    except ValueError:
        return False
    counts = steps[0] in (0, 1) and bool(np.all(np.diff(steps) == 1))
    if counts and (name in _INDEX or (name == "" and k == 0)):
        return True
    if name in _INDEX and np.all(steps % 1 == 0) and np.all(np.diff(steps) > 0):
        if along is not None or np.all(np.diff(steps) == 1):
            return True
        raise RecordingError(
            f"Frames that follow each other have times by `frame_rate`; the numbers in the column `{names[k]}` of "
            f"`{path}` leave some out. Add a line for each missing frame, its cells empty, or a column of times."
        )
    if counts and k == 0 and len(body) > 2:
        raise RecordingError(
            f"Columns are courses; the column `{names[k]}` of `{path}`, {steps[0]:g}, {steps[1]:g}, {steps[2]:g} …, "
            "may be one or may count the frames. Say which are courses, `columns=[...]`."
        )
    return False


def _numbered(item: Any, names: list[str], what: str, path: Path) -> int:
    if isinstance(item, str):
        found = [k for k, name in enumerate(names) if name == item] or [
            k for k, name in enumerate(names) if head(name)[0] == item
        ]
        if len(found) == 1:
            return found[0]
        raise UnknownNameError(
            f"`{path}` has {'several columns' if found else 'no column'} {named(item)}. "
            f"{'Give its number.' if found else nearest(item, names)}"
        )
    return arguments.count(item, what, 0, len(names) - 1)


def head(name: str) -> tuple[str, str | None]:
    """Name and unit of a column: ``Ca (uM)``; what no unit is stays part of the name."""
    match = _HEAD.fullmatch(name)
    if not match:
        return name, None
    text = (match["round"] or match["square"]).strip()
    if text.lower() in _ARBITRARY:
        return match["name"] or name, "1"
    text = "percent" if text == "%" else text.replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u")
    try:
        units.unit(text)
    except TripartiteError:
        return name, None
    return match["name"] or name, text
