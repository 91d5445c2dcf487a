"""Diffusion along a tree, one step backward in time: towards the root and back."""

from __future__ import annotations

from tripartite.interpret.kernels.interface import borrowing


@borrowing
def spread(row, place, above, flow, pull, pivot, change, thread, threads):
    """Changes of a substance in all trees of this thread.

    ``place`` gives the cell of each member of each tree, parents before children; ``above`` is the parent's place in
    that order. Solved for the change, so that what is everywhere the same stays so to the last bit.
    """
    size = above.shape[0]
    for tree in range(thread, place.shape[0] // size, threads):
        cells = place[tree * size : tree * size + size]
        balance = change[tree * size : tree * size + size]
        balance[:] = 0.0
        for child in range(size - 1, 0, -1):
            parent = above[child]
            gained = flow[child] * (row[cells[parent]] - row[cells[child]])
            balance[child] += gained
            balance[parent] += pull[child] * balance[child] - gained
        balance[0] *= pivot[0]
        for child in range(1, size):
            balance[child] = balance[child] * pivot[child] + pull[child] * balance[above[child]]


@borrowing
def changed(row, place, change, part, size, thread, threads):
    """Add ``part`` of the changes to a row, in the trees of this thread."""
    for tree in range(thread, place.shape[0] // size, threads):
        for member in range(tree * size, tree * size + size):
            row[place[member]] += part * change[member]
