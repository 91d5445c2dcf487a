"""Tables of text as recordings: found out where the table leaves no doubt, asked for where it does."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RecordingError, said
from tripartite.language.disk import told
from tripartite.language.recording import Recording
from tripartite.language.recording_columns import Line, chosen_columns, counts_frames, head, heads, letter, time_column
from tripartite.language.sampled import unit_text

_POINT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_LIKE_A_NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?", re.ASCII)
_MISSING = {"", "nan", "na", "n/a", "null", "none", "#n/a", "#nv", "-nan"}
_ENDINGS = {"s": "s", "sec": "s", "seconds": "s", "ms": "ms", "min": "min", "h": "hour"}
_BESIDE = 5  # more courses than so many times the frames of a table without times: it may lie on its side


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
    unit, time_unit = (None if given is None else unit_text(given) for given in (unit, time_unit))
    if decimal is not None:
        arguments.known(decimal, (".", ","), "`decimal` is a point or a comma; it is not")
    lines = _lines(_text(place, encoding), delimiter, place)
    header, body = _split(lines, decimal, place)
    comma = _decimal(body, decimal, place) == ","
    width = len(header.cells) if header else len(body[0].cells)
    names = [cell.strip() for cell in header.cells] if header else [str(k) for k in range(width)]
    body, names = _trimmed(body, names, place)
    _no_units_below(body, names, place)
    along = None if frame_rate is not None and time is None else time_column(names, time, header, body, place)
    chosen = chosen_columns(columns, names, along, body, place)
    if columns is None and along is None and len(chosen) > _BESIDE * len(body):
        raise RecordingError(
            f"A line of a table is a frame and a column a course; `{place}` has {len(body)} frames of {len(chosen)} "
            "courses and no times, and may lie on its side, as Suite2p keeps its cells. Transpose it, or, if it does "
            f"not, name the courses: `columns=range({len(names)})`."
        )
    table = {k: _column(body, k, names[k], comma, place) for k in {*chosen, *([] if along is None else [along])}}
    headed = heads(names)
    for k in chosen:
        _check_stated(unit, headed[k][1], names[k], "unit", place)
        if unit is None and letter(names[k], headed[k][1]):
            raise RecordingError(
                f"A letter in brackets may be a unit or a name; the column `{names[k]}` of `{place}` may be in "
                f'{headed[k][1]} or not. Say which, `unit="{headed[k][1]}"` or `unit="1"`, or write [{headed[k][1]}].'
            )
    stated = [headed[k][1] for k in chosen if unit is None or not letter(names[k], headed[k][1])]
    common = _common(stated, place, unit)
    found = unit or common
    values = np.stack([_in_unit(table[k], None if unit else headed[k][1], found) for k in chosen], axis=1)
    counted = along is not None and counts_frames(names[along], body, along)
    times = _times(table, along, names, time_unit, frame_rate, len(body), place, counted)
    _rising(times, body, place)
    labels = [names[k] if found == "1" and letter(names[k], headed[k][1]) else headed[k][0] for k in chosen]
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
    labels = [_headed(label, recording.unit) for label in recording.places or [recording.name or "value"]]
    rows = recording.courses.reshape(len(recording), -1)
    with told(path), path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["time (s)", *labels])
        for moment, row in zip(recording.times, rows, strict=True):
            table.writerow([repr(float(moment)), *("" if np.isnan(v) else repr(float(v)) for v in row)])
    return path


def _headed(label: str, unit: str) -> str:
    """Name and unit of a column, as `head` reads them."""
    if unit == "1" and head(label) == (label, None):
        return label
    return f"{label} [{unit}]" if "(" in unit or (len(unit) == 1 and unit != "1") else f"{label} ({unit})"


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
    known = next((code for mark, code in marks if raw.startswith(mark)), "utf-8") if encoding is None else encoding
    try:
        text = raw.decode(arguments.text(known, "encoding"))
    except (UnicodeError, LookupError):
        raise RecordingError(
            f'`{path}` cannot be read as {said(known)}. Say how it was written, for instance `encoding="cp1252"` for a '
            'table from Windows, or `encoding="utf-16"`.'
        ) from None
    if "\0" in text:
        raise RecordingError(f"A table of text is read; `{path}` holds binary data. Save it as CSV.")
    return text.lstrip("\ufeff")


def _lines(text: str, delimiter: str | None, path: Path) -> list[Line]:
    """Rows of cells with the number of their line; comments and empty lines left out."""
    kept = [(k, line) for k, line in enumerate(text.splitlines(), 1) if line.strip() and line.lstrip()[0] != "#"]
    if kept and kept[0][1].lower().startswith("sep="):  # Excel's own way to name the delimiter
        delimiter, kept = kept[0][1][4:5] if delimiter is None else delimiter, kept[1:]
    if len(kept) < 2:
        raise RecordingError(
            f"A recording has two samples or more; `{path}` has {len(kept)} line(s) that are no comments. Check the "
            "file."
        )
    mark = _delimiter([line for _, line in kept[:50]], delimiter)
    if mark == " ":
        return [Line(k, line.split()) for k, line in kept]
    try:
        rows = list(csv.reader(io.StringIO("\n".join(line for _, line in kept)), delimiter=mark, strict=True))
    except csv.Error as problem:
        raise RecordingError(f"`{path}` is no table of text: {problem}. Check its quotes.") from None
    if len(rows) != len(kept):
        raise RecordingError(f"A cell of `{path}` reaches over several lines. Take the line breaks out of its cells.")
    return [Line(k, row) for (k, _), row in zip(kept, rows, strict=True)]


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


def _split(lines: list[Line], decimal: str | None, path: Path) -> tuple[Line | None, list[Line]]:
    """The header, if there is one, and the rows of numbers."""
    numeric = [_is_number(c, decimal) or c.strip().lower() in _MISSING for c in lines[0].cells]
    plain = all(numeric) and any(_is_number(c, decimal) for c in lines[0].cells)
    header = None if plain and not _numbers_columns(lines, path) else lines[0]
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


def _numbers_columns(lines: list[Line], path: Path) -> bool:
    """Whether a first line of numbers is a header that counts the columns, as pandas writes one above its index."""
    first = [cell.strip() for cell in lines[0].cells]
    indexed = first[0] == ""
    counted = first[1:] if indexed else first
    if not any(counted == [str(k + start) for k in range(len(counted))] for start in (0, 1)):
        return False
    if indexed:
        return all(line.cells[0].strip() for line in lines[1:])
    below = [cell.strip() for line in lines[1:] for cell in line.cells]
    if len(counted) > 2 and not all(cell.isdigit() or cell.lower() in _MISSING for cell in below):
        raise RecordingError(
            f"The first line of a table names its columns or is a frame; that of `{path}` counts, {first[0]}, "
            f"{first[1]}, {first[2]} …, and may be either. Write names into it, or a line of names above it."
        )
    return False


def _is_number(cell: str, decimal: str | None) -> bool:
    text = cell.strip()
    return bool((decimal != "," and _POINT.fullmatch(text)) or (decimal != "." and _COMMA.fullmatch(text)))


def _decimal(body: list[Line], decimal: str | None, path: Path) -> str:
    if decimal is not None:
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


def _trimmed(body: list[Line], names: list[str], path: Path) -> tuple[list[Line], list[str]]:
    """Without the empty column that a mark at the end of every line makes."""
    while len(names) > 1 and not names[-1] and all(not line.cells[-1].strip() for line in body):
        names, body = names[:-1], [Line(line.number, line.cells[:-1]) for line in body]
    return body, names


def _no_units_below(body: list[Line], names: list[str], path: Path) -> None:
    """Raise `RecordingError` where the first line below the header holds units."""
    cells = [cell.strip().strip("()[]") for cell in body[0].cells]
    if any(cell and _LIKE_A_NUMBER.fullmatch(cell) for cell in cells):
        return
    stated = [(name, head(f"{name} [{cell}]")[1] and cell) for name, cell in zip(names, cells, strict=False) if cell]
    name, unit = next(((name, unit) for name, unit in stated if unit), ("", ""))
    if unit:
        raise RecordingError(
            f"Units stand in the header of a table, in brackets; line {body[0].number} of `{path}` holds them below it "
            f"({', '.join(filter(None, cells))}). Write `{name} ({unit})` into the header and delete that line."
        )


def _column(body: list[Line], k: int, name: str, comma: bool, path: Path) -> np.ndarray:
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


def _common(found: list[str | None], path: Path, given: str | None) -> str:
    """The unit of the first column; plain numbers (``given`` is "1") are not converted to it."""
    named = sorted({unit or "1" for unit in found})
    if any(not units.same_dimension(named[0], other) for other in named[1:]) or (given is not None and len(named) > 1):
        raise RecordingError(
            f"The courses of a recording have one unit; those of `{path}` are in {', '.join(named)}. Choose "
            f"`columns` of one kind{'' if given is None else ', or leave `unit` out'}."
        )
    return found[0] or "1" if found else "1"


def _check_stated(given: Any, stated: str | None, column: str, name: str, path: Path) -> None:
    """Raise `RecordingError` where an argument says another unit than the header; "1" leaves numbers plain."""
    if given in (None, "1") or stated in (None, "1"):
        return
    if not units.same_dimension(given, stated) or units.factor(given) != units.factor(stated):
        raise RecordingError(
            f"`{name}` is for columns whose header names no unit; got {said(given)}, and the column `{column}` of "
            f"`{path}` is in {stated}. Leave `{name}` out"
            + (f", and convert what was read: `.to({said(given)})`." if name == "unit" else ", or correct the header.")
        )


def _in_unit(values: np.ndarray, came: str | None, wanted: str) -> np.ndarray:
    came = wanted if came is None else came
    return values if came == wanted else values * (units.factor(came) / units.factor(wanted))


def _times(
    table: dict[int, np.ndarray], along: int | None, names: list[str], unit: Any, rate: Any, count: int,
    path: Path, counted: bool,
) -> np.ndarray:  # fmt: skip
    if rate is not None and (along is None or counted):
        per_ms = units.number(rate, "1/s", "frame_rate")
        if per_ms <= 0:
            raise RecordingError(f"`frame_rate` is positive; got {rate}. Write for instance `frame_rate=10 * Hz`.")
        return (np.arange(count) if along is None else table[along]) / (1000 * per_ms)
    assert along is not None
    if counted:
        raise RecordingError(
            f"Frames are counted, not timed; the column `{names[along]}` of `{path}` counts them. Say how many are "
            f'taken, `time="{names[along]}", frame_rate=10 * Hz`, and each has its time.'
        )
    if rate is not None:
        raise RecordingError(f"Times come from a column or from `frame_rate`; got both for `{path}`. Leave one out.")
    name, stated = head(names[along])
    ending = re.split(r"[_ ]", name.strip().lower())[-1]
    stated = stated or _ENDINGS.get(ending)
    _check_stated(unit, stated, names[along], "time_unit", path)
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


def _rising(times: np.ndarray, body: list[Line], path: Path) -> None:
    bad = np.flatnonzero(~(np.diff(times) > 0))
    if np.isnan(times[0]) or len(bad):
        line = body[0] if np.isnan(times[0]) else body[int(bad[0]) + 1]
        raise RecordingError(
            f"Times are known in every line and rise; in line {line.number} of `{path}` they do not. Sort the table, "
            "drop what comes twice, or read each stretch by itself."
        )
