"""Random numbers of a row and what is drawn with them; every number is a function of seed, stream, row and place.

``key``: seed, stream and purpose, as `checks.key` makes it.
"""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import compiled
from tripartite.interpret.kernels.random import philox

EDGES, ROWS, ASTROCYTES, POOLS, POSITIONS = 1, 2, 3, 4, 5
"""Purposes; 0 belongs to the noise of cells."""

_LOW, _HALF, _CUT, _ONE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11), np.uint64(1)
_TO_UNIT = 2.0**-53
_WORD, _IN_WORD = np.uint64(6), np.uint64(63)
_DENSE = 2048  # below that many candidates per draw, scanning a bit for each is faster than sorting


def _lowest_bits() -> tuple[np.uint64, np.ndarray]:
    """A factor that sends every power of two to its own top six bits, and the exponents in that order."""
    factor = 0x03F79D71B4CB0A89  # a de Bruijn sequence of order 6
    exponents = np.zeros(64, dtype=np.int64)
    for exponent in range(64):
        exponents[((1 << exponent) * factor & (2**64 - 1)) >> 58] = exponent
    return np.uint64(factor), exponents


_SPREAD, _EXPONENT = _lowest_bits()
_TOP = np.uint64(58)


@compiled
def lowest(bits):
    """The number of the lowest bit that is set."""
    return _EXPONENT[((bits & (~bits + _ONE)) * _SPREAD) >> _TOP]


@compiled
def ascending(numbers, marks, groups):
    """Sort distinct numbers from 0 on by marking them, where they are not too far apart for that.

    ``marks`` has a bit for each number and ``groups`` one for each word of them; all are zero, before and after.
    """
    if groups.shape[0] > 16 * numbers.shape[0]:
        numbers.sort()
        return
    for number in numbers:
        value = np.uint64(number)
        word = value >> _WORD
        marks[word] |= _ONE << (value & _IN_WORD)
        groups[word >> _WORD] |= _ONE << (word & _IN_WORD)
    written = 0
    for group in range(groups.shape[0]):
        words = groups[group]
        groups[group] = 0
        while words:
            word = (group << 6) + lowest(words)
            words &= words - _ONE
            bits = marks[word]
            marks[word] = 0
            while bits:
                numbers[written] = (word << 6) + lowest(bits)
                bits &= bits - _ONE
                written += 1


@compiled
def two(key, row, place):
    """Two uniform numbers in (0, 1), the ``place``-th pair of a row."""
    seed, stream, purpose = key
    at = np.uint64(place)
    a, b, c, d = philox(at & _LOW, np.uint64(row), stream, purpose | (at >> _HALF) << _HALF, seed & _LOW, seed >> _HALF)
    first = (np.float64(((a << _HALF) | b) >> _CUT) + 0.5) * _TO_UNIT
    second = (np.float64(((c << _HALF) | d) >> _CUT) + 0.5) * _TO_UNIT
    return first, second


@compiled
def integers(out, first, n, key, row):
    """Fill ``out`` with the numbers ``first``, ``first`` + 1, ... of a row, uniform on 0 to n - 1."""
    count = out.shape[0]
    i = 0
    if first & 1 and count > 0:
        _, u = two(key, row, first >> 1)
        out[0] = int(u * n)
        i = 1
    while i < count:
        u, v = two(key, row, (first + i) >> 1)
        out[i] = int(u * n)
        if i + 1 < count:
            out[i + 1] = int(v * n)
        i += 2


@compiled
def distinct(out, draws, n, key, row):
    """Write distinct numbers of a row ascending; returns how many.

    Numbers are taken one by one until ``out`` is full or ``draws`` of them are taken: stopping when full makes
    every subset of that size equally likely.
    """
    if n <= _DENSE * min(out.shape[0], draws):
        return _distinct_by_marks(out, draws, n, key, row)
    return _distinct_by_sorting(out, draws, n, key, row)


@compiled
def _distinct_by_marks(out, draws, n, key, row):
    marks = np.zeros((n >> 6) + 1, np.uint64)
    found, taken = 0, 0
    while found < out.shape[0] and taken < draws:
        pair = two(key, row, taken >> 1)
        for u in pair:
            if found < out.shape[0] and taken < draws:
                value = np.uint64(u * n)
                bit = _ONE << (value & _IN_WORD)
                found += (marks[value >> _WORD] & bit) == 0
                marks[value >> _WORD] |= bit
                taken += 1
    written = 0
    for word in range(marks.shape[0]):
        bits = marks[word]
        while bits:
            out[written] = (word << 6) + lowest(bits)
            bits &= bits - _ONE
            written += 1
    return found


@compiled
def _distinct_by_sorting(out, draws, n, key, row):
    found, taken = 0, 0
    while found < out.shape[0] and taken < draws:
        batch = min(out.shape[0] - found, draws - taken)
        integers(out[found : found + batch], taken, n, key, row)
        taken += batch
        ahead = out[: found + batch]
        ahead.sort()
        found = 1
        for i in range(1, ahead.shape[0]):
            if ahead[i] != ahead[found - 1]:
                ahead[found] = ahead[i]
                found += 1
    return found


@compiled
def others(out, chosen, n):
    """Write the numbers from 0 to n - 1 that are not in ``chosen`` (ascending, distinct)."""
    written, skip = 0, 0
    for value in range(n):
        if skip < chosen.shape[0] and chosen[skip] == value:
            skip += 1
        else:
            out[written] = value
            written += 1


@compiled
def subset(out, n, key, row):
    """Fill ``out`` with a subset of 0 to n - 1, ascending; each of that size is equally likely."""
    k = out.shape[0]
    if 2 * k <= n:
        distinct(out, np.int64(1) << 62, n, key, row)
    else:
        left_out = np.empty(n - k, np.int32)
        distinct(left_out, np.int64(1) << 62, n, key, row)
        others(out, left_out, n)


@compiled
def step_over(out, excluded):
    """Turn numbers of candidates into numbers of cells where the cell ``excluded`` is no candidate."""
    for i in range(out.shape[0]):
        out[i] += out[i] >= excluded


@compiled
def uniforms(count, key, row):
    """The first ``count`` uniform numbers in (0, 1) of a row."""
    out = np.empty(count)
    for pair in range((count + 1) >> 1):
        u, v = two(key, row, pair)
        out[2 * pair] = u
        if 2 * pair + 1 < count:
            out[2 * pair + 1] = v
    return out
