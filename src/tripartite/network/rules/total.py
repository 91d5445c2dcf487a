"""A fixed number of edges between two populations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tripartite import arguments
from tripartite.errors import RangeError
from tripartite.interpret.kernels import cores
from tripartite.interpret.kernels.interface import parallel
from tripartite.network.rules import checks
from tripartite.network.rules.draws import EDGES, ROWS, distinct, integers, others, step_over
from tripartite.network.rules.edges import AbstractRule, Cells, Edges, rows

_BLOCK = 4096


@parallel
def _draw_rows(begin, end, counts, first, last, key):
    """Count how often each row comes up in the draws ``first`` to ``last`` (excluded) of a row."""
    parts, n_rows = counts.shape
    for part in range(begin, end):
        block = np.empty(_BLOCK, np.int32)
        low = first + (last - first) * part // parts
        high = first + (last - first) * (part + 1) // parts
        while low < high:
            drawn = block[: min(_BLOCK, high - low)]
            integers(drawn, low, n_rows, key, 0)
            for i in range(drawn.shape[0]):
                counts[part, drawn[i]] += 1
            low += drawn.shape[0]


@parallel
def _with_multapses(low, high, start, target, n, exclude, key):
    for row in range(low, high):
        out = target[start[row] : start[row + 1]]
        integers(out, 0, n, key, row)
        out.sort()
        if exclude:
            step_over(out, row)


@parallel
def _count_distinct(low, high, kept, draws, changed, n, key):
    for row in range(low, high):
        if changed[row]:
            kept[row] = distinct(np.empty(min(draws[row], n), np.int32), draws[row], n, key, row)


@parallel
def _without_multapses(low, high, start, target, draws, n, complement, exclude, key):
    for row in range(low, high):
        out = target[start[row] : start[row + 1]]
        if complement:
            left_out = np.empty(n - out.shape[0], np.int32)
            distinct(left_out, draws[row], n, key, row)
            others(out, left_out, n)
        else:
            distinct(out, draws[row], n, key, row)
        if exclude:
            step_over(out, row)


@dataclass(frozen=True)
class FixedTotalNumber(AbstractRule):
    """``n`` edges between pairs drawn uniformly.

    ``multapses``: with replacement, so that a pair may have several edges; ``autapses``: cells may reach themselves.
    NEST's ``fixed_total_number``. **Raises** `RangeError` for more edges than pairs where multapses are excluded.
    """

    n: int
    autapses: bool = True
    multapses: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", arguments.count(self.n, "FixedTotalNumber.n", 0, 2**40))
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "FixedTotalNumber.autapses"))
        object.__setattr__(self, "multapses", arguments.flag(self.multapses, "FixedTotalNumber.multapses"))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        exclude = same and not self.autapses
        candidates = post.size - exclude
        pairs = pre.size * candidates
        if self.n > pairs and (pairs == 0 or not self.multapses):
            raise RangeError(
                f"Without multapses or autapses there are {pairs} pairs to connect; got FixedTotalNumber.n={self.n}. "
                "Lower n, allow multapses, or enlarge a population."
            )
        keys = checks.key(seed, stream, ROWS), checks.key(seed, stream, EDGES)
        if self.multapses:
            start = rows(_row_counts(pre.size, 0, self.n, keys[0]))
            target = np.empty(self.n, dtype=np.int32)
            _with_multapses(pre.size, start, target, candidates, exclude, keys[1])
            return Edges(start, target)
        return _distinct_pairs(pre.size, candidates, self.n, exclude, keys)

    def expected(self, pre: Cells, post: Cells) -> float:
        return float(self.n)


def _row_counts(n_rows: int, first: int, last: int, key: tuple) -> np.ndarray:
    counts = np.zeros((cores.COUNT, n_rows), dtype=np.int64)
    _draw_rows(len(counts), counts, first, last, key)
    return counts.sum(axis=0)


def _distinct_pairs(n_pre: int, candidates: int, n: int, exclude: bool, keys: tuple) -> Edges:
    """Draw pairs until enough of them are distinct: those to connect, or those to leave out if they are fewer."""
    complement = 2 * n > n_pre * candidates
    wanted = n_pre * candidates - n if complement else n
    draws, kept = np.zeros(n_pre, dtype=np.int64), np.zeros(n_pre, dtype=np.int64)
    taken = found = 0
    while found < wanted:
        new = _row_counts(n_pre, taken, taken + wanted - found, keys[0])
        draws += new
        _count_distinct(n_pre, kept, draws, new > 0, candidates, keys[1])
        taken, found = taken + wanted - found, int(kept.sum())
    start = rows(candidates - kept if complement else kept)
    target = np.empty(n, dtype=np.int32)
    _without_multapses(n_pre, start, target, draws, candidates, complement, exclude, keys[1])
    return Edges(start, target)
