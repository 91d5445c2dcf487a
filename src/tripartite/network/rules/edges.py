"""What a connection rule takes and gives: cells with positions in, edges as compressed rows out."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripartite.errors import RangeError
from tripartite.language.built import Owned

LARGEST = 2**31 - 1
"""Cells are counted with 32 bits."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells to connect: how many, and where, as positions (size, 1 to 3 axes) in µm.

    **Raises** `RangeError` for no cells, for more than 2147483647 and for positions of another shape.
    """

    size: int
    positions: np.ndarray | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST:
            raise RangeError(
                f"A population to connect has 1 to {LARGEST} cells; got {self.size}. "
                "Leave empty populations out and split larger ones."
            )
        if self.positions is None:
            return
        shape = np.shape(self.positions)
        if len(shape) != 2 or shape[0] != self.size or shape[1] not in (1, 2, 3):
            raise RangeError(
                f"Positions have a row per cell and 1 to 3 columns, ({self.size}, 2) for instance; got shape {shape}. "
                "Give one point for every cell."
            )
        if not np.all(np.isfinite(self.positions)):
            first = int(np.flatnonzero(~np.isfinite(self.positions).all(axis=1))[0])
            raise RangeError(
                f"Positions are finite; cell {first} is at {self.positions[first]} µm. Correct or leave out that cell."
            )


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges as compressed rows by presynaptic cell.

    Row i holds edges ``start[i]`` to ``start[i + 1]`` (excluded); ``target`` is the postsynaptic cell of each,
    ascending within a row. Several edges between the same two cells stand side by side.
    """

    start: np.ndarray
    """int64 (n_pre + 1,)"""
    target: np.ndarray
    """int32 (n_edges,)"""
    order: np.ndarray | None = None
    """Where each edge stands in the lists that it was given in, int64 (n_edges,); None if it stands there as here."""

    def __len__(self) -> int:
        return len(self.target)

    @property
    def out_degrees(self) -> np.ndarray:
        """Number of edges that leave each presynaptic cell, int64 (n_pre,)."""
        return np.diff(self.start)

    def in_degrees(self, n_post: int) -> np.ndarray:
        """Number of edges that reach each of ``n_post`` cells, int64 (n_post,)."""
        return np.bincount(self.target, minlength=n_post)

    @property
    def sources(self) -> np.ndarray:
        """The presynaptic cell of each edge, int32 (n_edges,)."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), self.out_degrees)


class AbstractRule(metaclass=Owned):
    """Who is connected to whom; subclasses are frozen dataclasses."""

    independent: ClassVar[bool] = False
    """Whether each edge is there or not whatever the others are, so that some may be left out."""

    @abc.abstractmethod
    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        """The edges, a pure function of the arguments; ``same``: pre and post are the same cells.

        ``stream`` (below 2**32) sets the random numbers of one projection apart from those of the others.
        """

    @abc.abstractmethod
    def expected(self, pre: Cells, post: Cells) -> float:
        """About how many edges `connect` will give, self-connections included; exact where nothing is drawn."""


class AbstractAttachment(metaclass=Owned):
    """Which astrocyte ensheathes which synapse; subclasses are frozen dataclasses."""

    @abc.abstractmethod
    def attach(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        """The astrocyte of each edge, -1 for none, int32 (n_edges,); a pure function of the arguments."""


@dataclass(frozen=True, eq=False)
class Shares:
    """The cells that share each edge, place by place, and the fraction of the edge that each has.

    Places without a cell hold -1 and the fraction 0.
    """

    cells: np.ndarray
    """int32 (n_edges, places)"""
    fractions: np.ndarray
    """float64 (n_edges, places)"""

    def check(self, edges: int, places: int, astrocytes: int, rule: object) -> None:
        """**Raises** `RangeError` for what a rule of ``places`` places must not give."""
        cells, parts = self.cells, self.fractions
        wanted = (edges, places)
        if cells.shape != wanted or parts.shape != wanted or cells.dtype.kind != "i":
            raise RangeError(
                f"A rule gives cells and fractions of shape {wanted}; {rule!r} gave {cells.shape} and {parts.shape} "
                f"({cells.dtype}). Return `Shares` with a place for each astrocyte."
            )
        held = np.sort(np.where(cells < 0, -1 - np.arange(places), cells), axis=1)
        wrong = (cells >= astrocytes).any(axis=1) | (np.diff(held, axis=1) == 0).any(axis=1)
        wrong |= ~(parts >= 0).all(axis=1) | ~(parts.sum(axis=1) <= 1 + 1e-9)
        if wrong.any():
            first = int(np.argmax(wrong))
            raise RangeError(
                f"A synapse has each of {astrocytes} astrocytes once at most, and fractions from 0 on that sum to 1 "
                f"at most; {rule!r} gave edge {first} the cells {cells[first].tolist()} and the fractions "
                f"{parts[first].tolist()}. Correct the rule."
            )


class AbstractSharing(metaclass=Owned):
    """Which astrocytes share each synapse, and in which parts; subclasses are frozen dataclasses."""

    @property
    @abc.abstractmethod
    def places(self) -> int:
        """The largest number of astrocytes that one synapse may have."""

    @abc.abstractmethod
    def share(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> Shares:
        """The astrocytes of each edge, each at most once, with fractions that sum to 1 at most; a pure function."""


def rows(counts: np.ndarray) -> np.ndarray:
    """Where each row starts, int64 (n + 1,), from the number of edges in each."""
    start = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=start[1:])
    return start
