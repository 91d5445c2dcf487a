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
_HEAD = re.compile(
    r"(?P<name>.*?)\s*(?:\((?P<round>(?:[^()\[\]]|\([^()]*\))+)\)|\[(?P<square>[^\[\]]+)\])\s*(?P<rest>[^()\[\]]*)"
)
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
_MEASURE = re.compile(
    r"(?P<kind>Area|Mean|StdDev|Mode|Min|Max|XM|YM|X|Y|Perim\.|IntDen|RawIntDen|Median|Skew|Kurt|%Area)"
    r"(?P<region>\d*|\(.+\))"
)
"""What ImageJ measures of each region: ``Area1``, ``Mean1``, ``Mean(soma)``."""


class Line(NamedTuple):
    """Cells of a line, and its number in the file."""

    number: int
    cells: list[str]


def time_column(names: list[str], time: Any, header: Line | None, body: list[Line], path: Path) -> int:
    if time is not None:
        return _numbered(time, names, "time", path)
    found = [k for k, name in enumerate(names) if head(name)[0].strip().lower() in _TIMES] if header else []
    if not found:  # in other languages: the one column in a unit of time, if it rises
        stated = [unit for _, unit in heads(names)]
        found = [k for k, unit in enumerate(stated) if unit and units.same_dimension(unit, "s") and _rises(body, k)]
    if len(found) == 1:
        return found[0]
    counting = next((k for k in range(len(names)) if counts_frames(names[k], body, k)), None)
    if not found and counting is not None:
        raise RecordingError(
            f"A recording has times; the column `{names[counting]}` of `{path}` counts frames, which are none. Say how "
            "many are taken: `frame_rate=10 * Hz`."
        )
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
    _one_measure([names[k] for k in chosen], path)
    unnamed = [k for k in chosen if not names[k]]
    if unnamed:
        raise RecordingError(
            f"Every column of a table has a name; column {unnamed[0]} (counted from 0) of `{path}` has none and may be "
            "an index. Name the columns to take: `columns=[...]`."
        )
    return chosen


def counts_frames(name: str, body: list[Line], k: int) -> bool:
    """Whether a column is called as those that count frames are, and holds whole numbers that rise."""
    steps = _read_column(body, k)
    return name.strip().lower() in _INDEX and steps is not None and bool(np.all(steps % 1 == 0)) and _rises(body, k)


def _rises(body: list[Line], k: int) -> bool:
    steps = _read_column(body, k)
    return steps is not None and bool(np.all(np.diff(steps) > 0))


def _read_column(body: list[Line], k: int) -> np.ndarray | None:
    try:
        return np.array([float(line.cells[k].strip().replace(",", ".")) for line in body])
    except ValueError:
        return None


def _one_measure(names: list[str], path: Path) -> None:
    """Raise `RecordingError` for a table in which ImageJ measured more of each region than its mean."""
    found = [_MEASURE.fullmatch(name) for name in names]
    kinds = list(dict.fromkeys(match["kind"] for match in found if match))
    if len(kinds) < 2 or not all(found) or "Mean" not in kinds:
        return
    means = [name for name, match in zip(names, found, strict=True) if match and match["kind"] == "Mean"]
    numbered = means == [f"Mean{k + 1}" for k in range(len(means))]
    remedy = f'[f"Mean{{k}}" for k in range(1, {len(means) + 1})]' if numbered and len(means) > 1 else means
    raise RecordingError(
        f"The courses of a recording are of one kind; `{path}` holds {', '.join(kinds)} of each region, as ImageJ "
        f"measures them. Name those to take: `columns={remedy}`."
    )


def _is_index(k: int, names: list[str], body: list[Line], along: int | None, path: Path) -> bool:
    """Whether a column counts the frames; one that may count them is an error."""
    name = names[k].strip().lower()
    steps = _read_column(body, k)
    if steps is None:
        return False
    counts = steps[0] in (0, 1) and bool(np.all(np.diff(steps) == 1))
    if counts and (name in _INDEX or (name == "" and k == 0)):
        return True
    if name in _INDEX and np.all(steps % 1 == 0) and np.all(np.diff(steps) > 0):
        if along is not None or np.all(np.diff(steps) == 1):
            return True
        raise RecordingError(
            f"Frames that follow each other have times by `frame_rate`; the numbers in the column `{names[k]}` of "
            f"`{path}` leave some out. Write `time={names[k]!r}` beside `frame_rate`, and each has its own time."
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
    """Name and unit of a column: ``Ca (uM)``, ``dF/F (%) 1``; what no unit is stays part of the name.

    ``(1)`` is a unit only behind another, as `to_csv` writes it: ``Mean(1)`` is the first of several.
    """
    match = _HEAD.fullmatch(name)
    if not match:
        return name, None
    text = (match["round"] or match["square"]).strip()
    rest = match["rest"].strip()
    if rest and len(text) == 1 and text != "%":  # `Ca (a) raw`
        return name, None
    if text.lower() in _ARBITRARY:
        plain = rest or (text == "1" and head(match["name"])[1] is None)
        return (name, None) if plain else (match["name"] or name, "1")
    text = "percent" if text == "%" else text.replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u")
    try:
        units.unit(text)
    except TripartiteError:
        return name, None
    return f"{match['name']} {rest}".strip() or name, text


def heads(names: list[str]) -> list[tuple[str, str | None]]:
    """Name and unit of every column of a table.

    Brackets without which several columns would have one name are no units but tell them apart: ``Cell (m)`` beside
    ``Cell (f)``.
    """
    told: dict[str, set[str]] = {}
    for name in names:
        if (match := _HEAD.fullmatch(name)) and not match["rest"]:
            told.setdefault(match["name"], set()).add((match["round"] or match["square"]).strip())
    labels = {base for base, texts in told.items() if len(texts) > 1 and any(len(text) == 1 for text in texts)}
    return [
        (name, None) if (match := _HEAD.fullmatch(name)) and match["name"] in labels else head(name) for name in names
    ]


def letter(name: str, unit: str | None) -> bool:
    """Whether the unit of a column is one small letter in round brackets, which may as well be a label."""
    match = _HEAD.fullmatch(name)
    return bool(unit and len(unit) == 1 and unit.islower() and match and match["round"])
