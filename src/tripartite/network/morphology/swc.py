"""SWC files: samples of a traced cell, each a point with a radius and a parent."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from tripartite.errors import NetworkError, said
from tripartite.network.morphology.trees import parents_first

SOMA = 1
_LARGEST = 1e12
"""µm: no cell reaches so far."""
_MOST_BYTES = 2**30


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples with parents before children; lengths in µm, as everywhere in SWC files.

    The root is a sample of the soma where there is one, wherever the file begins.
    """

    kind: np.ndarray
    """Type of each sample: 1 is the soma."""
    position: np.ndarray
    """(sample, 3)"""
    radius: np.ndarray
    parent: np.ndarray
    """Place of the parent among the samples, -1 for the root."""


def read(path: Path) -> Samples:
    """The samples of a file, in any order there; **raises** `NetworkError` with the line that is wrong."""
    rows: dict[int, tuple[int, int, list[float], int]] = {}
    for number, text in enumerate(_text(path).splitlines(), 1):
        line, _, remark = text.partition("#")
        line = line.split()
        _tell_of_scale(remark.split(), f"{path.name}, line {number}")
        if not line:
            continue
        where = f"{path.name}, line {number}"
        if len(line) != 7:
            _refuse(where, "A sample has 7 columns: number, type, x, y, z, radius, parent", f"{len(line)} of them")
        try:
            name, kind, parent = (_whole(line[k]) for k in (0, 1, 6))
            numbers = [_number(text) for text in line[2:6]]
        except ValueError as reason:
            _refuse(where, "Columns are numbers; number, type and parent are whole", str(reason))
        if not np.all(np.abs(numbers) <= _LARGEST):
            _refuse(where, f"Coordinates and radius are finite, up to {_LARGEST:g} µm", " ".join(line[2:6]))
        if numbers[3] < 0:
            _refuse(where, "A radius is positive", f"{numbers[3]:g}")
        if name in rows:
            _refuse(where, "Every sample has a number of its own", f"{name}, as in line {rows[name][3]}")
        rows[name] = (kind, parent, numbers, number)
    if not rows:
        raise NetworkError(f"An SWC file has samples; {path.name} has none. Give another file.")
    return _sorted(rows, path.name)


def _tell_of_scale(remark: list[str], where: str) -> None:
    """Warn of a scale other than 1: some programs have applied it to what follows, others leave that to the reader."""
    if remark[:1] != ["SCALE"] or all(_is_one(text) for text in remark[1:4]):
        return
    warnings.warn(
        f"Coordinates and radii of a traced cell are read as they stand, in µm; `{' '.join(remark)}` ({where}) is not "
        "applied to them. If they are in other units, multiply them in the file, or the cell by `scaled`.",
        stacklevel=4,
    )


def _is_one(text: str) -> bool:
    try:
        return float(text) == 1
    except ValueError:
        return False


def _sorted(rows: dict[int, tuple[int, int, list[float], int]], name: str) -> Samples:
    place = {sample: index for index, sample in enumerate(rows)}
    roots = [row[3] for row in rows.values() if row[1] < 0]
    if len(roots) != 1:
        lines = ", ".join(map(str, roots[:5])) or "none"
        _refuse(name, "A cell has one root, whose parent is -1", f"{len(roots)} (lines: {lines})")
    for sample, (_, parent, _, line) in rows.items():
        if parent >= 0 and parent not in place:
            _refuse(f"{name}, line {line}", "A parent is a sample of the file", f"{parent}")
        if parent == sample:
            _refuse(f"{name}, line {line}", "No sample is its own parent", f"{parent}")
    parent = np.array([place[p] if p >= 0 else -1 for _, p, _, _ in rows.values()])
    lines = [row[3] for row in rows.values()]
    _check_circles(parent, lines, name)
    kinds = np.array([row[0] for row in rows.values()])
    parent = _from_soma(parent, kinds, lines, name)
    order = parents_first(parent)
    new = np.empty(len(order) + 1, np.int64)
    new[order], new[-1] = np.arange(len(order)), -1
    numbers = np.array([row[2] for row in rows.values()])[order]
    above = new[parent[order]]
    inner = np.union1d(above[1:], np.flatnonzero(kinds[order] == SOMA))
    bare = inner[numbers[inner, 3] == 0] if len(order) > 1 else np.flatnonzero(numbers[:, 3] == 0)
    if len(bare):
        _refuse(f"{name}, line {lines[order[bare[0]]]}", "A radius is positive, or 0 at a tip", "0 before a tip")
    return Samples(kinds[order], numbers[:, :3], numbers[:, 3], above)


def _from_soma(parent: np.ndarray, kind: np.ndarray, lines: list[int], name: str) -> np.ndarray:
    """The same tree with its root in the soma, if there is one."""
    tops = [k for k in np.flatnonzero(kind == SOMA) if parent[k] < 0 or kind[parent[k]] != SOMA]
    if len(tops) > 1:
        listed = ", ".join(str(lines[k]) for k in tops[:5])
        _refuse(name, "Samples of the soma (type 1) hang together", f"{len(tops)} somata (lines: {listed})")
    turned = parent.copy()
    above, here = -1, tops[0] if tops else -1
    while here >= 0:
        turned[here], above, here = above, here, parent[here]
    return turned


def _text(path: Path) -> str:
    """What a file says, with or without a byte order mark."""
    try:
        if not path.is_file():
            raise OSError("it is no file")
        if path.stat().st_size > _MOST_BYTES:
            raise OSError("it is larger than 1 GiB")
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as reason:
        raise NetworkError(
            f"A traced cell is read from an SWC file; `{path}` cannot be ({reason.strerror or reason}). Check the path."
        ) from None


def _check_circles(parent: np.ndarray, lines: list[int], name: str) -> None:
    """Follow everybody's parents twice as far at a time, until all that can are beyond the root."""
    ancestor = np.append(parent, -1)
    for _ in range(len(parent).bit_length()):
        ancestor = ancestor[ancestor]
    lost = np.flatnonzero(ancestor >= 0)
    if len(lost):
        line = lines[lost[0]]
        _refuse(f"{name}, line {line}", "The parents of a sample lead to the root", "a circle of parents")


def _number(text: str) -> float:
    if "_" in text:  # Python would read 1_0 as 10
        raise ValueError(f"could not convert {said(text)} to a number")
    return float(text)


def _whole(text: str) -> int:
    value = _number(text)
    if not value.is_integer() or abs(value) >= 2**31:
        raise ValueError(f"{text} is not whole")
    return int(value)


def _refuse(where: str, rule: str, came: str) -> NoReturn:
    raise NetworkError(f"{rule}; got {came} ({where}). Correct the file.")
