"""Each pair of cells is connected with the same probability, by skipping over the pairs that are not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tripartite import arguments
from tripartite.interpret.kernels.interface import compiled, parallel
from tripartite.network.rules import checks
from tripartite.network.rules.draws import EDGES, two
from tripartite.network.rules.edges import AbstractRule, Cells, Edges, rows


@compiled
def _row(out, n, log_miss, key, row):
    """Write the chosen of n candidates ascending, as far as there is room; returns how many are chosen."""
    found, pair, last = 0, 0, -1.0
    while True:
        for u in two(key, row, pair):
            last += 1.0 + math.floor(math.log(u) / log_miss)
            if last >= n:
                return found
            if found < out.shape[0]:
                out[found] = int(last)
            found += 1
        pair += 1


@parallel
def _count(low, high, counts, n, log_miss, key):
    for row in range(low, high):
        counts[row] = _row(np.empty(0, np.int32), n, log_miss, key, row)


@parallel
def _fill(low, high, start, target, n, log_miss, exclude, key):
    for row in range(low, high):
        out = target[start[row] : start[row + 1]]
        _row(out, n, log_miss, key, row)
        if exclude:
            for i in range(out.shape[0]):
                out[i] += out[i] >= row


@dataclass(frozen=True)
class PairwiseBernoulli(AbstractRule):
    """Each pair is connected with probability ``p``, at most once; ``autapses``: cells may reach themselves.

    NEST's ``pairwise_bernoulli``. **Raises** `RangeError` unless p lies in [0, 1].
    """

    p: float
    autapses: bool = True
    independent: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", checks.probability(self.p, "PairwiseBernoulli.p"))
        object.__setattr__(self, "autapses", arguments.flag(self.autapses, "PairwiseBernoulli.autapses"))

    def connect(self, pre: Cells, post: Cells, seed: int, stream: int, same: bool) -> Edges:
        exclude = same and not self.autapses
        counts = np.zeros(pre.size, dtype=np.int64)
        log_miss = -math.inf if self.p == 1 else math.log1p(-self.p)
        where = (post.size - exclude, log_miss)
        key = checks.key(seed, stream, EDGES)
        if self.p > 0:
            _count(pre.size, counts, *where, key)
        start = rows(counts)
        target = np.empty(start[-1], dtype=np.int32)
        if self.p > 0:
            _fill(pre.size, start, target, *where, exclude, key)
        return Edges(start, target)

    def expected(self, pre: Cells, post: Cells) -> float:
        return self.p * pre.size * post.size
