"""An array on disk that grows along one axis, in chunk files of which only the last is ever written anew."""

from __future__ import annotations

import itertools
import math
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tripartite.language import vetting
from tripartite.language.digests import Committed, Digests
from tripartite.language.disk import put_bytes

LONGEST = 2**16
"""Lines of a chunk at most."""
_CHUNK, _TAIL = 2**18, 2**23
"""Numbers in a chunk file, and in the last line of chunks together (which stay in memory until they are full)."""
_WIDEST = 4096


def chunk_shape(rest: tuple[int, ...]) -> tuple[int, ...]:
    """Lines in a chunk, then its other lengths, for lines of the shape ``rest``."""
    wide = tuple(max(1, min(length, _WIDEST)) for length in rest)
    lines = min(_CHUNK // math.prod(wide), _TAIL // max(1, math.prod(rest)), LONGEST)
    return (max(1, lines), *wide)


@dataclass
class Growing:
    """Numbers whose lines follow each other along ``axis``; chunk files lie under ``folder``.

    Nothing that was committed changes: a chunk that fills up is written aside and takes the place of its beginning.
    ``digests`` learn of every file that is written.
    """

    folder: Path
    digests: Digests
    dtype: np.dtype
    rest: tuple[int, ...]
    """Lengths of the other axes."""
    chunk: tuple[int, ...]
    """Lines in a chunk, then its other lengths."""
    axis: int = 0
    row: int | None = None
    """Number of the row of a table whose rows grow apart; its chunks hold one row."""
    fill: float = 0.0
    length: int = 0
    tail: np.ndarray = field(init=False)
    touched: set[Path] = field(default_factory=set)
    """Folders in which files were made since `touched` was last emptied."""

    def __post_init__(self) -> None:
        self.tail = np.zeros((0, *self.rest), self.dtype)

    def append(self, values: np.ndarray) -> None:
        """Write lines ``(line, *rest)`` after those there are."""
        if not len(values):
            return
        lines = self.chunk[0]
        joined = np.concatenate([self.tail, values.astype(self.dtype, copy=False)])
        number = self.length // lines
        for begin in range(0, len(joined), lines):
            self._write(number + begin // lines, joined[begin : begin + lines])
        self.length += len(values)
        self.tail = joined[len(joined) // lines * lines :].copy()

    def rewind(self, length: int, committed: Committed) -> None:
        """Go on after ``length`` lines of what was committed; what lies behind them will be overwritten."""
        lines = self.chunk[0]
        number, left = divmod(length, lines)
        self.length, self.tail = length, np.zeros((left, *self.rest), self.dtype)
        if left:
            for place, part in self._parts():
                path = self._path(number, place)
                block = self._read(path, committed)
                piece = block[(slice(left), *(slice(p.stop - p.start) for p in part))]
                self.tail[(slice(None), *part)] = piece
                self.digests.add_tail(path, self._stored_axis, left, self._block(piece))

    def _write(self, number: int, values: np.ndarray) -> None:
        from numcodecs.zstd import Zstd

        for place, part in self._parts():
            block = self._block(values[(slice(None), *part)])
            path, content = self._path(number, place), Zstd(1, checksum=True).encode(block)
            self._make(path.parent)
            put_bytes(path, content)
            if len(values) == self.chunk[0]:
                self.digests.add(path, content)
            else:
                self.digests.add_tail(path, self._stored_axis, len(values), block)
            self.touched.add(path.parent)

    def _block(self, piece: np.ndarray) -> np.ndarray:
        """The numbers of a chunk file as they are stored: ``piece`` and nothing else."""
        block = np.full(self.chunk, self.fill, self.dtype)
        block[tuple(map(slice, piece.shape))] = piece
        return np.ascontiguousarray(np.moveaxis(block, 0, self.axis), self.dtype.newbyteorder("<"))

    @property
    def _stored_axis(self) -> int:
        return self.axis if self.row is None else 1

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make(folder.parent)
            os.mkdir(folder)
            self.touched.add(folder.parent)

    def _read(self, path: Path, committed: Committed) -> np.ndarray:
        """The committed numbers of a chunk file, lines first."""
        from numcodecs.zstd import Zstd

        content = committed.content(self.digests.key(path))
        if content is None:
            vetting.refuse(self.digests.folder, f"`{self.digests.key(path)}` was not committed")
        shape = (*self.chunk[1 : self.axis + 1], self.chunk[0], *self.chunk[self.axis + 1 :])
        block = np.empty(shape, self.dtype.newbyteorder("<"))
        Zstd().decode(content, block)
        return np.moveaxis(block, self.axis, 0)

    def _parts(self) -> list[tuple[tuple[int, ...], tuple[slice, ...]]]:
        """Chunks side by side: their places in the grid, and what of a line they hold."""
        cuts = [
            [(k, slice(k * wide, min((k + 1) * wide, length))) for k in range(-(-length // wide))]
            for length, wide in zip(self.rest, self.chunk[1:], strict=True)
        ]
        return [(tuple(k for k, _ in cut), tuple(part for _, part in cut)) for cut in itertools.product(*cuts)]

    def _path(self, number: int, place: tuple[int, ...]) -> Path:
        key: list[Any] = list(place)
        key.insert(self.axis, number)
        if self.row is not None:
            key.insert(0, self.row)
        return self.folder.joinpath("c", *map(str, key))
