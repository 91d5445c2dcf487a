"""Which astrocyte ensheathes which synapse."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial import KDTree

from tripartite import arguments
from tripartite.errors import NetworkError, RangeError, said
from tripartite.interpret.kernels.interface import parallel
from tripartite.language.built import Owned
from tripartite.network.rules import checks
from tripartite.network.rules.distance import wrapped
from tripartite.network.rules.draws import ASTROCYTES, POOLS, subset, two
from tripartite.network.rules.edges import LARGEST, AbstractAttachment, Cells, Edges
from tripartite.network.space import Torus


@parallel
def _random_pools(low, high, pools, n, key):
    for cell in range(low, high):
        subset(pools[cell], n, key, cell)


@parallel
def _attach(low, high, astrocyte, target, p, pools, everyone, key):
    """``everyone``: all so many astrocytes are in each pool, which then need not be listed; else 0."""
    width = everyone if everyone > 0 else pools.shape[1]
    for edge in range(low, high):
        u, v = two(key, 0, edge)
        if u < p:
            chosen = int(v * width)
            astrocyte[edge] = chosen if everyone > 0 else pools[target[edge], chosen]
        else:
            astrocyte[edge] = -1


class AbstractPool(metaclass=Owned):
    """How the pool of astrocytes of each postsynaptic cell is chosen."""

    @abc.abstractmethod
    def table(self, n_post: int, n_astrocytes: int, size: int, key: tuple) -> np.ndarray:
        """Astrocytes in the pool of each postsynaptic cell, int32 (n_post, size)."""


@dataclass(frozen=True)
class RandomPool(AbstractPool):
    """``pool_size`` astrocytes drawn without replacement for each postsynaptic cell (NEST's ``"random"``)."""

    def table(self, n_post: int, n_astrocytes: int, size: int, key: tuple) -> np.ndarray:
        pools = np.empty((n_post, size), dtype=np.int32)
        _random_pools(n_post, pools, n_astrocytes, key)
        return pools


@dataclass(frozen=True)
class BlockPool(AbstractPool):
    """Pools that follow each other and do not overlap (NEST's ``"block"``).

    With pool size 1, as many consecutive postsynaptic cells share each astrocyte; with a larger one, each
    postsynaptic cell has the next ``pool_size`` astrocytes for itself.
    **Raises** `RangeError` unless the astrocytes are divided without remainder.
    """

    def table(self, n_post: int, n_astrocytes: int, size: int, key: tuple) -> np.ndarray:
        if size == 1:
            if n_post % n_astrocytes:
                raise RangeError(
                    f"Blocks with one astrocyte each share out the postsynaptic cells evenly; got {n_post} of them "
                    f"for {n_astrocytes} astrocytes. Make it a multiple, or use `RandomPool()`."
                )
            return (np.arange(n_post) // (n_post // n_astrocytes)).astype(np.int32)[:, None]
        if n_post * size != n_astrocytes:
            raise RangeError(
                f"Blocks of {size} astrocytes, one for each of {n_post} postsynaptic cells, use up {n_post * size}; "
                f"got {n_astrocytes} astrocytes. Adjust a number, or use `RandomPool()`."
            )
        return np.arange(n_astrocytes, dtype=np.int32).reshape(n_post, size)


@dataclass(frozen=True)
class BernoulliWithPool(AbstractAttachment):
    """Each synapse has, with probability ``p``, one astrocyte drawn uniformly from the pool of its target.

    ``pool_size``: astrocytes in the pool of each postsynaptic cell (None: all of them); ``pool``: how they are
    chosen. NEST's ``third_factor_bernoulli_with_pool``.
    **Raises** `RangeError` for a pool larger than the population of astrocytes.
    """

    p: float = 1.0
    pool_size: int | None = None
    pool: AbstractPool = RandomPool()

    def __post_init__(self) -> None:
        object.__setattr__(self, "p", checks.probability(self.p, "BernoulliWithPool.p"))
        if self.pool_size is not None:
            object.__setattr__(
                self, "pool_size", arguments.count(self.pool_size, "BernoulliWithPool.pool_size", 1, LARGEST)
            )
        if not isinstance(self.pool, AbstractPool):
            raise NetworkError(
                f"A pool is chosen at random or in blocks; got {said(self.pool)}. Give `RandomPool()` or `BlockPool()`."
            )

    def attach(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        pools, everyone = self._pools(post, astrocytes, seed, stream)
        found = np.empty(len(edges), dtype=np.int32)
        _attach(len(edges), found, edges.target, self.p, pools, everyone, checks.key(seed, stream, ASTROCYTES))
        return found

    def pools(self, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        """The pool of each postsynaptic cell, ascending, int32 (n_post, pool_size)."""
        table, everyone = self._pools(post, astrocytes, seed, stream)
        return np.tile(np.arange(everyone, dtype=np.int32), (post.size, 1)) if everyone else table

    def _pools(self, post: Cells, astrocytes: Cells, seed: int, stream: int) -> tuple[np.ndarray, int]:
        n = astrocytes.size
        size = n if self.pool_size is None else self.pool_size
        if size > n:
            raise RangeError(
                f"A pool holds at most all {n} astrocytes; got BernoulliWithPool.pool_size={size}. "
                "Lower it, or leave it out to draw from all."
            )
        if size == n and isinstance(self.pool, RandomPool):
            return np.empty((0, 0), dtype=np.int32), n
        return self.pool.table(post.size, n, size, checks.key(seed, stream, POOLS)), 0


@dataclass(frozen=True)
class Pre:
    """The presynaptic cell of a synapse."""


@dataclass(frozen=True)
class Post:
    """The postsynaptic cell of a synapse."""


@dataclass(frozen=True)
class NearestTerritory(AbstractAttachment):
    """The astrocyte nearest to one of the two cells of a synapse, by default the postsynaptic one.

    ``within``: synapses of cells further than this from every astrocyte (quantity) have none;
    ``space``: `Torus` for periodic borders. **Raises** `NetworkError` where positions are missing.
    """

    of: Pre | Post = Post()
    within: Any = None
    space: Torus | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.of, Pre | Post):
            raise NetworkError(
                f"A territory is that of `Pre()` or of `Post()`; got {said(self.of)}. Give one of the two."
            )
        if self.within is not None:
            checks.length(self.within, "NearestTerritory.within")
        checks.space(self.space, "NearestTerritory.space")

    def attach(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        if isinstance(self.of, Post):
            return self._nearest(post, "postsynaptic", astrocytes)[edges.target]
        return np.repeat(self._nearest(pre, "presynaptic", astrocytes), edges.out_degrees)

    def _nearest(self, cells: Cells, name: str, astrocytes: Cells) -> np.ndarray:
        centres = checks.placed(astrocytes, "astrocyte")
        points = checks.placed(cells, name, centres.shape[1])
        points, centres, extent = wrapped(points, centres, self.space)
        box = None if self.space is None else extent
        distance, nearest = KDTree(centres, boxsize=box).query(points)
        found = np.asarray(nearest, dtype=np.int32)
        if self.within is not None:
            found[distance > checks.length(self.within, "NearestTerritory.within")] = -1
        return found


@dataclass(frozen=True, eq=False)
class ExplicitAttachment(AbstractAttachment):
    """The astrocyte of each edge as a list, -1 for none.

    In the order in which the edges were given to `Explicit`; those of other rules count by presynaptic, then by
    postsynaptic cell.
    **Raises** `RangeError` for another length and for numbers outside the population of astrocytes.
    """

    indices: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "indices", checks.indices(self.indices, "ExplicitAttachment.indices", low=-1))

    def attach(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        if len(self.indices) != len(edges):
            raise RangeError(
                f"Every edge has its entry, an astrocyte or -1; got {len(self.indices)} for {len(edges)} edges. "
                "Give one for each, in the order of `Edges`."
            )
        checks.within(self.indices, astrocytes.size, "ExplicitAttachment.indices")
        return self.indices if edges.order is None else self.indices[edges.order]
