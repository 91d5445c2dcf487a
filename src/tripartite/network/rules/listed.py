"""Rules that draw nothing: everyone, one to one, and edges that are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tripartite import arguments
from tripartite.errors import NetworkError, QuantityError, RangeError, said
from tripartite.interpret.kernels.interface import parallel
from tripartite.network.rules import checks
from tripartite.network.rules.edges import AbstractRule, Cells, Edges, rows


@parallel
def _everyone(low, high, target, n, exclude):
    for row in range(low, high):
        for i in range(n):
            target[row * n + i] = i + (exclude and i >= row)


@dataclass(frozen=True)
class AllToAll(AbstractRule):
    """Every presynaptic cell reaches every postsynaptic one; ``autapses``: also itself."""

    autapses: bool = True
    independent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "AllToAll.autapses"))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        exclude = same and not self.autapses
        n = post.size - exclude
        target = np.empty(pre.size * n, dtype=np.int32)
        _everyone(pre.size, target, n, exclude)
        return Edges(np.arange(pre.size + 1, dtype=np.int64) * n, target)

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(pre.size) * post.size


@dataclass(frozen=True)
class OneToOne(AbstractRule):
    """The i-th presynaptic cell reaches the i-th postsynaptic one.

    **Raises** `NetworkError` for populations of unequal size.
    """

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        if pre.size != post.size:
            raise NetworkError(
                f"One to one needs as many cells on both sides; got {pre.size} presynaptic and {post.size} "
                "postsynaptic ones. Connect slices of equal length, such as `cells[0:100]`."
            )
        return Edges(np.arange(pre.size + 1, dtype=np.int64), np.arange(pre.size, dtype=np.int32))

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(pre.size)


@dataclass(frozen=True, eq=False)
class Explicit(AbstractRule):
    """Edges as two lists: edge i goes from cell ``pre[i]`` to cell ``post[i]``.

    Lists may have any order; what belongs to the edges (weights, delays, astrocytes) is given in the same one.
    **Raises** `RangeError` for lists of unequal length and for numbers outside the populations.
    """

    pre: Any
    post: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "pre", checks.indices(self.pre, "Explicit.pre"))
        object.__setattr__(self, "post", checks.indices(self.post, "Explicit.post"))
        if len(self.pre) != len(self.post):
            raise RangeError(
                f"Every edge has two ends; got {len(self.pre)} presynaptic and {len(self.post)} postsynaptic cells. "
                "Give two lists of equal length."
            )

    @classmethod
    def from_matrix(cls, matrix: Any) -> Explicit:
        """An edge for each stored entry of a SciPy sparse matrix (pre, post), or each nonzero one of an array.

        Edges come in the order of the entries, so that ``matrix.data`` (``array[array != 0]``) are their values.
        """
        if hasattr(type(matrix), "tocoo"):
            entries = matrix.tocoo()
            return cls(entries.row, entries.col)
        table = matrix if isinstance(matrix, np.ndarray) and matrix.dtype == bool else arguments.plain(matrix)
        if table is None or table.ndim != 2 or arguments.unit_of(matrix) is not None or not np.all(np.isfinite(table)):
            raise QuantityError(
                "A connection matrix has a row per presynaptic and a column per postsynaptic cell, of finite numbers; "
                f"got {said(matrix)}. Give a SciPy sparse matrix or an array with two axes."
            )
        return cls(*np.nonzero(table))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        checks.within(self.pre, pre.size, "Explicit.pre")
        checks.within(self.post, post.size, "Explicit.post")
        counts = np.bincount(self.pre, minlength=pre.size)
        pairs = (self.pre.astype(np.int64) << 32) | self.post
        order = None if np.all(pairs[:-1] <= pairs[1:]) else np.argsort(pairs, kind="stable")
        return Edges(rows(counts), self.post if order is None else self.post[order], order)

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(len(self.pre))
