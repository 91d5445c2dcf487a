"""Lists of synapses by cell, pair and thread, from edges in rows: counting and sorting, in parallel."""

from __future__ import annotations

import numpy as np
from numba import prange

from tripartite.interpret.kernels.interface import compiled, parallel


@parallel
def cuts(start, keys, bounds):  # type: ignore[no-untyped-def]
    """Where in each row the part of each thread begins, and the end: int64 (rows * threads + 1,).

    ``keys`` ascend within each of the rows that ``start`` bounds; ``bounds`` holds every thread's first cell.
    """
    rows, threads = start.shape[0] - 1, bounds.shape[0] - 1
    found = np.empty(rows * threads + 1, np.int64)
    found[rows * threads] = start[rows]
    for r in prange(rows):
        row = keys[start[r] : start[r + 1]]
        for t in range(threads):
            low = 0
            if t > 0:
                first, end = 0, row.shape[0]
                while first < end:
                    middle = (first + end) // 2
                    if row[middle] < bounds[t]:
                        first = middle + 1
                    else:
                        end = middle
                low = first
            found[r * threads + t] = start[r] + low
    return found


@compiled
def _different(row):  # type: ignore[no-untyped-def]
    """How many different numbers an ascending row holds."""
    found = 0
    for i in range(row.shape[0]):
        found += i == 0 or row[i] != row[i - 1]
    return found


@compiled
def _counted(row, numbers, copies):  # type: ignore[no-untyped-def]
    """Write the different numbers of an ascending row, and how often each is there."""
    place = -1
    for i in range(row.shape[0]):
        if i == 0 or row[i] != row[i - 1]:
            place += 1
            numbers[place] = row[i]
            copies[place] = np.float32(0)
        copies[place] += np.float32(1)


@parallel
def distinct(start, edges, mates):  # type: ignore[no-untyped-def]
    """Distinct astrocytes among the listed edges of each cell: their start, which they are, and how often."""
    rows = start.shape[0] - 1
    counts = np.zeros(rows + 1, np.int64)
    for r in prange(rows):
        counts[r + 1] = _different(np.sort(mates[edges[start[r] : start[r + 1]]]))
    first = np.cumsum(counts)
    mate, copies = np.empty(first[rows], np.int32), np.empty(first[rows], np.float32)
    for r in prange(rows):
        row = np.sort(mates[edges[start[r] : start[r + 1]]])
        _counted(row, mate[first[r] : first[r + 1]], copies[first[r] : first[r + 1]])
    return first, mate, copies


@parallel
def pairs(start, mates):  # type: ignore[no-untyped-def]
    """Distinct astrocytes of each row: their start, which they are, synapses of each, and the pair of each synapse."""
    first, mate, copies = distinct(start, np.arange(mates.shape[0]), mates)
    pair_of = np.empty(mates.shape[0], np.int32)
    for r in prange(start.shape[0] - 1):
        own = mate[first[r] : first[r + 1]]
        for e in range(start[r], start[r + 1]):
            pair_of[e] = first[r] + np.searchsorted(own, mates[e])
    return first, mate, copies, pair_of


@compiled
def by_target(keys, size):  # type: ignore[no-untyped-def]
    """Edges by key, ascending: start (size + 1,) and the edges of each; keys outside [0, size) are left out."""
    start = np.zeros(size + 1, np.int64)
    for key in keys:
        if 0 <= key < size:
            start[key + 1] += 1
    for i in range(size):
        start[i + 1] += start[i]
    place = start[:-1].copy()
    edges = np.empty(start[size], np.int64)
    for e in range(keys.shape[0]):
        key = keys[e]
        if 0 <= key < size:
            edges[place[key]] = e
            place[key] += 1
    return start, edges


@parallel
def by_delay(start, delays, delay_index, targets):  # type: ignore[no-untyped-def]
    """Rows split by delay: start of each (row, delay), and the order of the edges, targets ascending in each part."""
    rows, count = start.shape[0] - 1, delays
    begin = np.empty(rows * count + 1, np.int64)
    begin[rows * count] = start[rows]
    order = np.empty(targets.shape[0], np.int64)
    for r in prange(rows):
        n = start[r]
        for d in range(count):
            begin[r * count + d] = n
            for e in range(start[r], start[r + 1]):
                if delay_index[e] == d:
                    order[n] = e
                    n += 1
    return begin, order


@parallel
def merged(start, targets):  # type: ignore[no-untyped-def]
    """Rows with equal neighbours made one: their start, the targets, and how many edges each stands for."""
    rows = start.shape[0] - 1
    counts = np.zeros(rows + 1, np.int64)
    for r in prange(rows):
        counts[r + 1] = _different(targets[start[r] : start[r + 1]])
    first = np.cumsum(counts)
    target, copies = np.empty(first[rows], np.int32), np.empty(first[rows], np.float32)
    for r in prange(rows):
        row = targets[start[r] : start[r + 1]]
        _counted(row, target[first[r] : first[r + 1]], copies[first[r] : first[r + 1]])
    return first, target, copies


@compiled
def parallel_edges(start, targets):  # type: ignore[no-untyped-def]
    """How many edges join the same two cells as the edge before them."""
    found = 0
    for r in range(start.shape[0] - 1):
        for e in range(start[r] + 1, start[r + 1]):
            found += targets[e] == targets[e - 1]
    return found
