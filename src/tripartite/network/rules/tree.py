"""A binary tree of boxes around cells, so that far cells are skipped together.

Cells stand in the order of a space-filling curve (Morton); a node holds a stretch of that order, its children the
two halves. Children of node i are 2 i + 1 and 2 i + 2.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tripartite.interpret.kernels.interface import compiled

_LEAF = 16


class Tree(NamedTuple):
    """Cells in tree order and the boxes of all nodes."""

    order: np.ndarray
    """Number of each cell, int32 (cells,)"""
    points: np.ndarray
    """Positions in that order, (cells, axes) in µm"""
    begin: np.ndarray
    """First and, in the next column, last (excluded) place of each node, int64 (nodes, 2)"""
    low: np.ndarray
    """Lower corner of each box, (nodes, axes)"""
    high: np.ndarray
    """Upper corner of each box, (nodes, axes)"""
    leaves: int
    """Number of the first leaf"""


def build(positions: np.ndarray) -> Tree:
    """The tree of cells at ``positions`` (cells, axes)."""
    size, axes = positions.shape
    order = np.argsort(_morton(positions), kind="stable").astype(np.int32)
    points = np.ascontiguousarray(positions[order])
    depth = max(0, int(np.ceil(np.log2(max(1, size / _LEAF)))))
    first_leaf = 2**depth - 1
    begin = np.zeros((2 * first_leaf + 1, 2), dtype=np.int64)
    low = np.full((len(begin), axes), np.inf)
    high = np.full((len(begin), axes), -np.inf)
    for level in range(depth, -1, -1):
        nodes = np.arange(2**level - 1, 2 ** (level + 1) - 1)
        edges = np.arange(2**level + 1, dtype=np.int64) * size >> level
        begin[nodes, 0], begin[nodes, 1] = edges[:-1], edges[1:]
        if level == depth:
            filled = nodes[edges[1:] > edges[:-1]]
            low[filled] = np.minimum.reduceat(points, begin[filled, 0], axis=0)
            high[filled] = np.maximum.reduceat(points, begin[filled, 0], axis=0)
        else:
            low[nodes] = np.minimum(low[2 * nodes + 1], low[2 * nodes + 2])
            high[nodes] = np.maximum(high[2 * nodes + 1], high[2 * nodes + 2])
    return Tree(order, points, begin, low, high, first_leaf)


def _morton(positions: np.ndarray) -> np.ndarray:
    """Places along a curve that keeps neighbours together, uint64 (cells,)."""
    low = positions.min(axis=0)
    span = np.maximum(positions.max(axis=0) - low, np.finfo(float).tiny).max()
    cells = ((positions - low) / span * (2**20 - 1)).astype(np.uint64)
    axes = positions.shape[1]
    code = np.zeros(len(positions), dtype=np.uint64)
    for bit in range(20):
        for axis in range(axes):
            code |= (cells[:, axis] >> np.uint64(bit) & np.uint64(1)) << np.uint64(bit * axes + axis)
    return code


@compiled
def squared_distance(points, i, others, j, extent):
    """Squared distance (µm²) of two points; ``extent`` closes each axis, infinity leaves it open."""
    total = 0.0
    for axis in range(points.shape[1]):
        gap = abs(points[i, axis] - others[j, axis])
        gap = min(gap, extent[axis] - gap)
        total += gap * gap
    return total


@compiled
def squared_distances(out, points, i, others, places, extent):
    """`squared_distance` of one point to those at ``places``, axis after axis, which lets LLVM take several at once."""
    out[:] = 0.0
    for axis in range(points.shape[1]):
        x, width = points[i, axis], extent[axis]
        for k in range(out.shape[0]):
            gap = abs(x - others[places[k], axis])
            gap = min(gap, width - gap)
            out[k] += gap * gap


@compiled
def squared_gap(points, i, cells, node, extent):
    """Least squared distance (µm²) of a point to a box, never above that to a point of the box, rounding included."""
    total = 0.0
    for axis in range(points.shape[1]):
        x, low, high = points[i, axis], cells.low[node, axis], cells.high[node, axis]
        gap = 0.0
        if x < low:
            gap = min(low - x, extent[axis] - (high - x))
        elif x > high:
            gap = min(x - high, extent[axis] - (x - low))
        total += gap * gap
    return total
