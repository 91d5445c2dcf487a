"""Tables of text as recordings: found out where the table leaves no doubt, asked for where it does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RecordingError, TripartiteError, UnknownNameError, nearest, said
from tripartite.language.recording import Recording

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_LIKE_A_NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?", re.ASCII)
_MISSING = {"", "nan", "na", "n/a", "null", "none", "#n/a", "#nv", "-nan"}
_TIMES = {"time", "times", "t", "seconds", "sec", "s", "timestamp", "ts", "t_s", "time_s", "time_ms", "t_ms"}
_ENDINGS = {"s": "s", "sec": "s", "seconds": "s", "ms": "ms", "min": "min", "h": "hour"}
_ARBITRARY = {"a.u.", "au", "a.u", "arb. units", "arb.units", "counts", "count", "df/f", "df/f0", "δf/f", "δf/f0", "1"}
_HEAD = re.compile(r"(?P<name>.*?)\s*[\(\[](?P<unit>[^()\[\]]+)[\)\]]\s*")


class _Line(NamedTuple):
    number: int
    cells: list[str]


def read(
    path: Any,
    *,
    time: str | int | None = None,
    frame_rate: Any = None,
    columns: Sequence[str | int] | str | int | None = None,
    unit: str | None = None,
    time_unit: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    name: str = "",
) -> Recording:
    """See `Recording.read_csv`."""
    place = arguments.path(path, "path")
    lines = _lines(_text(place, encoding), delimiter, place)
    header, body = _split(lines, decimal, place)
    comma = _decimal(body, decimal, place) == ","
    width = len(header.cells) if header else len(body[0].cells)
    names = [cell.strip() for cell in header.cells] if header else [str(k) for k in range(width)]
    body, names = _trimmed(body, names, place)
    along = None if frame_rate is not None and time is None else _time_column(names, time, header, place)
    chosen = _chosen(columns, names, along, place)
    table = {k: _column(body, k, names[k], comma, place) for k in {*chosen, *([] if along is None else [along])}}
    heads = {k: _head(names[k]) for k in chosen}
    found = unit or _common([heads[k][1] for k in chosen], place)
    values = np.stack([_in_unit(table[k], None if unit else heads[k][1], found) for k in chosen], axis=1)
    times = _times(table, along, names, time_unit, frame_rate, len(body), place)
    _rising(times, body, place)
    labels = [heads[k][0] for k in chosen]
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise RecordingError(
            f"Every column of a table has a name of its own; `{place}` has `{twice}` twice. Rename one, or choose by "
            "number: `columns=[1, 2]`."
        )
    if len(chosen) == 1:
        return Recording(times, values[:, 0], unit=found, name=name or labels[0])
    return Recording(times, values, unit=found, name=name or place.stem, places=labels)


def write(recording: Recording, path: Path) -> Path:
    """See `Recording.to_csv`."""
    if recording.courses.ndim > 2:
        raise RecordingError(
            f"A table holds courses beside each other; the recording has the shape {recording.courses.shape}. Choose "
            "places, or save `recording.data.to_netcdf(...)`."
        )
    bracket = "" if recording.unit == "1" else f" ({recording.unit})"
    labels = [f"{label}{bracket}" for label in recording.places or [recording.name or "value"]]
    rows = recording.courses.reshape(len(recording), -1)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["time (s)", *labels])
        for moment, row in zip(recording.times, rows, strict=True):
            table.writerow([repr(float(moment)), *("" if np.isnan(v) else repr(float(v)) for v in row)])
    return path


def _text(path: Path, encoding: str | None) -> str:
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise RecordingError(
            f"A recording is read from a file of text; `{path}` cannot be read ({problem.strerror or problem}). "
            "Check the path."
        ) from None
    if raw[:2] == b"PK" or raw[:4] == b"\xd0\xcf\x11\xe0" or raw[:8] == b"\x89HDF\r\n\x1a\n":
        raise RecordingError(
            f"A table of text is read; `{path}` is a workbook or an archive. Save it as CSV, or read it yourself and "
            "give `Recording(times, values)`."
        )
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    known = encoding or next((code for mark, code in marks if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(known)
    except (UnicodeDecodeError, LookupError, TypeError):
        raise RecordingError(
            f'`{path}` cannot be read as {known}. Say how it was written, for instance `encoding="cp1252"` for a '
            'table from Windows, or `encoding="utf-16"`.'
        ) from None
    if "\0" in text:
        raise RecordingError(f"A table of text is read; `{path}` holds binary data. Save it as CSV.")
    return text.lstrip("\ufeff")


def _lines(text: str, delimiter: str | None, path: Path) -> list[_Line]:
    """Rows of cells with the number of their line; comments and empty lines left out."""
    kept = [(k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip() and line.lstrip()[0] != "#"]
    if kept and kept[0][1].lower().startswith("sep="):  # Excel's own way to name the delimiter
        delimiter, kept = delimiter or kept[0][1][4:5], kept[1:]
    if len(kept) < 2:
        raise RecordingError(
            f"A recording has two samples or more; `{path}` has {len(kept)} line(s) that are no comments. Check the "
            "file."
        )
    mark = _delimiter([line for _, line in kept[:50]], delimiter)
    if mark == " ":
        return [_Line(k, line.split()) for k, line in kept]
    try:
        rows = list(csv.reader(io.StringIO("\n".join(line for _, line in kept)), delimiter=mark, strict=True))
    except csv.Error as problem:
        raise RecordingError(f"`{path}` is no table of text: {problem}. Check its quotes.") from None
    if len(rows) != len(kept):
        raise RecordingError(f"A cell of `{path}` reaches over several lines. Take the line breaks out of its cells.")
    return [_Line(k, row) for (k, _), row in zip(kept, rows, strict=True)]


def _delimiter(lines: list[str], delimiter: str | None) -> str:
    if delimiter is not None:
        if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n' or delimiter.isalnum():
            raise RecordingError(
                f'`delimiter` is one character; got {said(delimiter)}. Write for instance `delimiter=";"`.'
            )
        return delimiter
    found = next((mark for mark in ";\t," if mark in lines[0]), None)
    if found is not None:
        return found
    parts = {len(line.split()) for line in lines}
    return " " if len(parts) == 1 and parts != {1} else ","


def _split(lines: list[_Line], decimal: str | None, path: Path) -> tuple[_Line | None, list[_Line]]:
    """The header, if there is one, and the rows of numbers."""
    numeric = [_is_number(c, decimal) or c.strip().lower() in _MISSING for c in lines[0].cells]
    header = None if all(numeric) and any(_is_number(c, decimal) for c in lines[0].cells) else lines[0]
    body = lines[1:] if header else lines
    width = len(lines[0].cells)
    for line in body:
        if len(line.cells) != width:
            raise RecordingError(
                f"Every line of a table has as many cells as the first, {width}; line {line.number} of `{path}` has "
                f'{len(line.cells)}. Correct the line, or say what parts the columns: `delimiter=";"`.'
            )
    if len(body) < 2:
        raise RecordingError(f"A recording has two samples or more; `{path}` has {len(body)}. Check the file.")
    return header, body


def _is_number(cell: str, decimal: str | None) -> bool:
    text = cell.strip()
    return bool((decimal != "," and _POINT.fullmatch(text)) or (decimal != "." and _COMMA.fullmatch(text)))


def _decimal(body: list[_Line], decimal: str | None, path: Path) -> str:
    if decimal is not None:
        if decimal not in (".", ","):
            raise RecordingError(f"`decimal` is a point or a comma; got {said(decimal)}. Choose one.")
        return decimal
    with_comma = [(line.number, c.strip()) for line in body for c in line.cells if _LIKE_A_NUMBER.fullmatch(c.strip())]
    pointed = next(((number, cell) for number, cell in with_comma if "." in cell), None)
    with_comma = [(number, cell) for number, cell in with_comma if "," in cell]
    if not with_comma:
        return "."
    if pointed or all(_THOUSANDS.fullmatch(c) for _, c in with_comma):
        number, cell = with_comma[0]
        raise RecordingError(
            f"A comma in a number may part decimals or thousands; line {number} of `{path}` has {said(cell)}"
            f"{f', line {pointed[0]} {said(pointed[1])}' if pointed else ''}. Say which mark parts decimals, "
            '`decimal=","`, and write numbers without thousands.'
        )
    return ","


def _trimmed(body: list[_Line], names: list[str], path: Path) -> tuple[list[_Line], list[str]]:
    """Without the empty column that a mark at the end of every line makes."""
    while len(names) > 1 and not names[-1] and all(not line.cells[-1].strip() for line in body):
        names, body = names[:-1], [_Line(line.number, line.cells[:-1]) for line in body]
    return body, names


def _time_column(names: list[str], time: Any, header: _Line | None, path: Path) -> int:
    if time is not None:
        return _numbered(time, names, "time", path)
    found = [k for k, name in enumerate(names) if _head(name)[0].strip().lower() in _TIMES] if header else []
    if len(found) == 1:
        return found[0]
    shown = ", ".join(f"`{name}`" for name in names[:8]) + (" …" if len(names) > 8 else "")
    raise RecordingError(
        f"A recording has times; {'several columns' if found else 'no column'} of `{path}` "
        f"{'are' if found else 'is'} called time ({'columns ' + shown if header else 'it has no header'}). Say which "
        "it is, `time=0` or by name, or give `frame_rate=10 * Hz`."
    )


def _chosen(columns: Any, names: list[str], along: int | None, path: Path) -> list[int]:
    if columns is not None:
        wanted = arguments.several(columns, (str, int, np.integer), "columns", '["soma"]')
        chosen = [_numbered(item, names, "columns", path) for item in wanted]
        if not chosen or along in chosen:
            raise RecordingError(
                f"`columns` are courses; got {said(columns)}, {'the times among them' if chosen else 'none'}."
                " Name one or more columns of values."
            )
        return chosen
    chosen = [k for k in range(len(names)) if k != along]
    if not chosen:
        raise RecordingError(f"A recording has values beside its times; `{path}` has one column. Check `delimiter`.")
    unnamed = [k for k in chosen if not names[k]]
    if unnamed:
        raise RecordingError(
            f"Every column of a table has a name; column {unnamed[0]} (counted from 0) of `{path}` has none and may be "
            "an index. Name the columns to take: `columns=[...]`."
        )
    return chosen


def _numbered(item: Any, names: list[str], what: str, path: Path) -> int:
    if isinstance(item, str):
        found = [k for k, name in enumerate(names) if name == item] or [
            k for k, name in enumerate(names) if _head(name)[0] == item
        ]
        if len(found) == 1:
            return found[0]
        raise UnknownNameError(
            f"`{path}` has {'several columns' if found else 'no column'} `{item}`. "
            f"{'Give its number.' if found else nearest(item, names)}"
        )
    return arguments.count(item, what, 0, len(names) - 1)


def _column(body: list[_Line], k: int, name: str, comma: bool, path: Path) -> np.ndarray:
    pattern = _COMMA if comma else _POINT
    found = np.empty(len(body))
    for row, line in enumerate(body):
        cell = line.cells[k].strip()
        if cell.lower() in _MISSING:
            found[row] = np.nan
        elif pattern.fullmatch(cell):
            found[row] = float(cell.replace(",", ".") if comma else cell)
        else:
            raise RecordingError(
                f"A cell is a number or empty; line {line.number} of `{path}`, column `{name}`, has "
                f"{said(cell)}. Correct "
                f"it, leave the cell empty where the frame is missing, or choose `columns`."
            )
    return found


def _head(name: str) -> tuple[str, str | None]:
    """Name and unit of a column: ``Ca (uM)``; what no unit is stays part of the name."""
    match = _HEAD.fullmatch(name)
    if not match:
        return name, None
    text = match["unit"].strip()
    if text.lower() in _ARBITRARY:
        return match["name"] or name, "1"
    text = "percent" if text == "%" else text.replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u")
    try:
        units.unit(text)
    except TripartiteError:
        return name, None
    return match["name"] or name, text


def _common(found: list[str | None], path: Path) -> str:
    named = sorted({unit or "1" for unit in found})
    if any(not units.same_dimension(named[0], other) for other in named[1:]):
        raise RecordingError(
            f"The courses of a recording have one unit; those of `{path}` are in {', '.join(named)}. Choose "
            '`columns` of one kind, or say `unit="1"`.'
        )
    return found[0] or "1"


def _in_unit(values: np.ndarray, came: str | None, wanted: str) -> np.ndarray:
    came = wanted if came is None else came
    return values if came == wanted else values * (units.factor(came) / units.factor(wanted))


def _times(
    table: dict[int, np.ndarray], along: int | None, names: list[str], unit: Any, rate: Any, count: int, path: Path
) -> np.ndarray:
    if along is None:
        per_ms = units.number(rate, "1/s", "frame_rate")
        if per_ms <= 0:
            raise RecordingError(f"`frame_rate` is positive; got {rate}. Write for instance `frame_rate=10 * Hz`.")
        return np.arange(count) / (1000 * per_ms)
    if rate is not None:
        raise RecordingError(f"Times come from a column or from `frame_rate`; got both for `{path}`. Leave one out.")
    name, stated = _head(names[along])
    ending = re.split(r"[_ ]", name.strip().lower())[-1]
    stated = stated or _ENDINGS.get(ending)
    known = unit if unit is not None else stated
    if known is None:
        raise RecordingError(
            f'Times have a unit; the column `{names[along]}` of `{path}` names none. Say it: `time_unit="s"`.'
        )
    if not units.same_dimension(known, "s"):
        raise RecordingError(
            f"Times are measured in units of time; the column `{names[along]}` of `{path}` is in {known}. Say "
            '`time_unit="s"`.'
        )
    return table[along] if known == "s" else table[along] * (units.factor(known) / units.factor("s"))


def _rising(times: np.ndarray, body: list[_Line], path: Path) -> None:
    bad = np.flatnonzero(~(np.diff(times) > 0))
    if np.isnan(times[0]) or len(bad):
        line = body[0] if np.isnan(times[0]) else body[int(bad[0]) + 1]
        raise RecordingError(
            f"Times are known in every line and rise; in line {line.number} of `{path}` they do not. Sort the table, "
            "drop what comes twice, or read each stretch by itself."
        )
