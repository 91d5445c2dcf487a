"""Lists of synapses by cell, pair and thread, from edges in rows: counting and sorting, in parallel."""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import compiled, parallel
from tripartite.network.runtime.calls import position


def cuts(start: np.ndarray, keys: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Where in each row the part of each thread begins, and the end: int64 (rows * threads + 1,).

    ``keys`` ascend within each of the rows that ``start`` bounds; ``bounds`` holds every thread's first cell.
    """
    rows, threads = len(start) - 1, len(bounds) - 1
    found = np.empty(rows * threads + 1, np.int64)
    found[-1] = start[rows]
    _cut(rows, found, start, keys, bounds)
    return found


@parallel
def _cut(low, high, found, start, keys, bounds):  # type: ignore[no-untyped-def]
    threads = bounds.shape[0] - 1
    for r in range(low, high):
        row = keys[start[r] : start[r + 1]]
        for t in range(threads):
            first = 0
            if t > 0:
                end = row.shape[0]
                while first < end:
                    middle = (first + end) // 2
                    if row[middle] < bounds[t]:
                        first = middle + 1
                    else:
                        end = middle
            found[r * threads + t] = start[r] + first


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


def distinct(start: np.ndarray, mates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distinct astrocytes of each row: their start, which they are, and how often."""
    ascending = mates.copy()
    _sort_rows(len(start) - 1, start, ascending)
    return merged(start, ascending)


@parallel
def _sort_rows(low, high, start, keys):  # type: ignore[no-untyped-def]
    for r in range(low, high):
        keys[start[r] : start[r + 1]].sort()


def pairs(start: np.ndarray, mates: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Distinct astrocytes of each row: their start, which they are, synapses of each, and the pair of each synapse."""
    first, mate, copies = distinct(start, mates)
    pair_of = np.empty(len(mates), np.int32)
    _number(len(start) - 1, pair_of, start, mates, first, mate)
    return first, mate, copies, pair_of


@parallel
def _number(low, high, pair_of, start, mates, first, mate):  # type: ignore[no-untyped-def]
    for r in range(low, high):
        for e in range(start[r], start[r + 1]):
            pair_of[e] = position(mate, first[r], first[r + 1], mates[e])


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


def by_delay(
    start: np.ndarray, delays: int, delay_index: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows split by delay: start of each (row, delay), and the order of the edges, targets ascending in each part."""
    rows = len(start) - 1
    begin, order = np.empty(rows * delays + 1, np.int64), np.empty(len(targets), np.int64)
    begin[-1] = start[rows]
    _split(rows, begin, order, start, delays, delay_index)
    return begin, order


@parallel
def _split(low, high, begin, order, start, delays, delay_index):  # type: ignore[no-untyped-def]
    for r in range(low, high):
        n = start[r]
        for d in range(delays):
            begin[r * delays + d] = n
            for e in range(start[r], start[r + 1]):
                if delay_index[e] == d:
                    order[n] = e
                    n += 1


def merged(start: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Equal numbers of ascending rows made one: their start, the numbers, and how many each stands for."""
    rows = len(start) - 1
    first = np.zeros(rows + 1, np.int64)
    _count(rows, first[1:], start, keys)
    np.cumsum(first, out=first)
    number, copies = np.empty(first[-1], np.int32), np.empty(first[-1], np.float32)
    _merge(rows, first, number, copies, start, keys)
    return first, number, copies


@parallel
def _count(low, high, counts, start, keys):  # type: ignore[no-untyped-def]
    for r in range(low, high):
        counts[r] = _different(keys[start[r] : start[r + 1]])


@parallel
def _merge(low, high, first, number, copies, start, keys):  # type: ignore[no-untyped-def]
    for r in range(low, high):
        part = slice(first[r], first[r + 1])
        _counted(keys[start[r] : start[r + 1]], number[part], copies[part])


@compiled
def parallel_edges(start, targets):  # type: ignore[no-untyped-def]
    """How many edges join the same two cells as the edge before them."""
    found = 0
    for r in range(start.shape[0] - 1):
        for e in range(start[r] + 1, start[r + 1]):
            found += targets[e] == targets[e - 1]
    return found
