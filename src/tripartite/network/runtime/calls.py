"""What generated drivers call: a barrier between threads, spike lists, and random numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, lower_builtin, type_callable

from tripartite.interpret.kernels.interface import BORROWING, borrowing, driver
from tripartite.interpret.kernels.random import philox

_PATIENCE, _POLITE = 4000, 100
"""How often a waiting thread looks before it lets others run, and how often it does that before it naps."""


@intrinsic
def _add(typing, array, place, value):  # type: ignore[no-untyped-def]
    """Add to an element of an int64 array, seen by all threads; returns what was there."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        pointer = _pointer(context, builder, signature, args)
        return builder.atomic_rmw("add", pointer, args[2], "acq_rel")

    return types.int64(array, types.int64, types.int64), generate


@intrinsic
def _load(typing, array, place):  # type: ignore[no-untyped-def]
    """An element of an int64 array as other threads left it."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        pointer = _pointer(context, builder, signature, args)
        return builder.load_atomic(pointer, "acquire", 8)

    return types.int64(array, types.int64), generate


def _pointer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    kind = signature.args[0]
    array = context.make_array(kind)(context, builder, args[0])
    return cgutils.get_item_pointer(context, builder, kind, array, [args[1]])


@intrinsic
def _yield(typing):  # type: ignore[no-untyped-def]
    """Let another thread run."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        name = "SwitchToThread" if sys.platform == "win32" else "sched_yield"
        kind = ir.FunctionType(ir.IntType(32), [])
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        builder.call(function, [])
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def _nap(typing):  # type: ignore[no-untyped-def]
    """Leave the core to others for 50 microseconds."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        if sys.platform == "win32":
            kind, name, time = ir.FunctionType(ir.VoidType(), [ir.IntType(32)]), "Sleep", 0
        else:
            kind, name, time = ir.FunctionType(ir.IntType(32), [ir.IntType(32)]), "usleep", 50
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        builder.call(function, [ir.Constant(ir.IntType(32), time)])
        return context.get_dummy_value()

    return types.void(), generate


def soon(array: np.ndarray, place: int) -> None:
    """Ask memory for an element of an array that will be read; compiled code goes on meanwhile."""


@type_callable(soon)
def _soon(context: Any) -> Callable:
    return lambda array, place: types.void


@lower_builtin(soon, types.Array, types.Integer)
def _asked(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    word, byte = ir.IntType(32), cgutils.voidptr_t
    pointer = builder.bitcast(_pointer(context, builder, signature, args), byte)
    kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
    fetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    # To be read, kept in all caches, data: lines of lists are shared between cores, and asked for whole they would go
    # back and forth.
    builder.call(fetch, [pointer, word(0), word(3), word(1)])
    return context.get_dummy_value()


@borrowing
def wait(gate, crew, round_):
    """Wait until all threads of a crew have come here once more than ``round_`` times; returns how often that is.

    ``gate[0]`` counts arrivals; the rest, a cache line for each part, is for word that parts leave each other.
    """
    round_ += 1
    if crew == 1:
        return round_
    _add(gate, 0, 1)  # type: ignore[call-arg]
    turns = 0
    while _load(gate, 0) < crew * round_:  # type: ignore[call-arg]
        turns += 1
        if turns > _PATIENCE + _POLITE:  # more threads than cores: one that yields again and again keeps its core busy
            _nap()  # type: ignore[call-arg]
        elif turns > _PATIENCE:
            _yield()  # type: ignore[call-arg]
    return round_


def kernel(function: Callable) -> Any:
    """Decorator of a generated kernel: its arrays never overlap, which lets LLVM vectorise its loops."""
    options: dict[str, Any] = {**BORROWING, "fastmath": {"contract", "nsz", "arcp"}}
    return driver(function, options, apart=True)


@borrowing
def collect(flags, low, high, ring, counts, slot, thread, threads):
    """Write the cells of [low, high) whose flag is up into their part of the ring, ascending; returns how many."""
    size = ring.shape[0] // (counts.shape[0] // threads)
    start = slot * size + low
    found = 0
    cell = low
    words = flags[low : low + (high - low) // 8 * 8].view(np.uint64)
    for word in range(words.shape[0]):
        if words[word] != 0:
            for cell in range(low + 8 * word, low + 8 * word + 8):
                if flags[cell] != 0:
                    ring[start + found] = cell
                    found += 1
    for cell in range(low + words.shape[0] * 8, high):
        if flags[cell] != 0:
            ring[start + found] = cell
            found += 1
    counts[slot * threads + thread] = found
    return found


@borrowing
def spiked(counts, first, end):
    """Whether a thread has spikes, by their counts from ``first`` to ``end`` (excluded)."""
    for place in range(first, end):
        if counts[place] > 0:
            return True
    return False


@borrowing
def position(ring, first, end, cell):
    """Where in the ascending part [first, end) of a list the cells from ``cell`` on begin."""
    while first < end:
        middle = (first + end) // 2
        if ring[middle] < cell:
            first = middle + 1
        else:
            end = middle
    return first


@borrowing
def note(ring, start, found, now, log_steps, log_cells, log_counts, thread, threads):
    """Append the spikes of a step to the thread's part of the log."""
    place = thread * (log_steps.shape[0] // threads) + log_counts[thread]
    for k in range(found):
        log_steps[place + k] = now
        log_cells[place + k] = ring[start + k]
    log_counts[thread] += found


@borrowing
def at_mode(mean):
    """Most likely value of a Poisson number, its probability, and that of being at most that; up to a few hundred."""
    mode = np.int64(mean)
    p = math.exp(-mean)
    total = p
    for k in range(1, mode + 1):
        p *= mean / k
        total += p
    return mode, p, total


@borrowing
def poisson_count(u, mean, mode, p, total):
    """A Poisson number by inversion of ``u`` in (0, 1), searched from the mode, where most of them are."""
    k = mode
    if u > total:
        while u > total and p > 1e-300:
            k += 1
            p *= mean / k
            total += p
        return k
    while k > 0 and u <= total - p:
        total -= p
        p *= k / mean
        k -= 1
    return k


BLOCK = 256
"""Cells that share a draw of how many Poisson events they get in a step; threads own whole blocks."""

_LOW, _HALF, _BYTE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(0xFF)


@borrowing
def words(seed, stream, now, block, number):
    """Four random words that no other block, step or stream shares."""
    key = np.uint64(seed)
    place = (np.uint64(number) << _HALF) | np.uint64(stream)
    return philox(np.uint64(now) & _LOW, np.uint64(block), place & _LOW, place >> _HALF, key & _LOW, key >> _HALF)


@borrowing
def count_events(seed, stream, now, block, parts, mean, mode, p, total):
    """How many events a block of cells gets in a step: the sum of ``parts`` Poisson numbers of one mean."""
    count = 0
    for part in range(parts):
        a, b, _, _ = words(seed, stream, now, block, part)
        u = (np.float64(((a << _HALF) | b) >> np.uint64(11)) + 0.5) * 2.0**-53
        count += poisson_count(u, mean, mode, p, total)
    return count


@borrowing
def rain(row, low, high, bottom, top, mean, amount, seed, stream, now):
    """Poisson events for the cells of [bottom, top) that lie in [low, high), a multiple of the block.

    A block draws how many events it gets and then a cell for each; ``mean`` is per cell and step.
    """
    if mean <= 0.0 or low >= high:  # a thread without cells must not deal out the block that its bounds fall into
        return
    known = 0
    parts = 1
    mode, p, total = 0, 1.0, 1.0
    for block in range(low // BLOCK, (high + BLOCK - 1) // BLOCK):
        begin, end = max(block * BLOCK, bottom), min(block * BLOCK + BLOCK, top)
        size = end - begin
        if size <= 0:
            continue
        if size != known:
            known = size
            parts = 1 + np.int64(mean * size / 200.0)
            mode, p, total = at_mode(mean * size / parts)
        count = count_events(seed, stream, now, block, parts, mean * size / parts, mode, p, total)
        cells = row[begin:end]
        number = 1 << 20
        if size == BLOCK:  # a byte is a uniform cell of a whole block
            for _ in range(count // 16):
                for word in words(seed, stream, now, block, number):
                    cells[word & _BYTE] += amount
                    cells[(word >> np.uint64(8)) & _BYTE] += amount
                    cells[(word >> np.uint64(16)) & _BYTE] += amount
                    cells[(word >> np.uint64(24)) & _BYTE] += amount
                number += 1
            left = count % 16
            for word in words(seed, stream, now, block, number):
                for shift in range(0, 32, 8):
                    if left > 0:
                        cells[(word >> np.uint64(shift)) & _BYTE] += amount
                        left -= 1
        else:
            left = count
            while left > 0:
                for word in words(seed, stream, now, block, number):
                    if left > 0:
                        cells[(word * np.uint64(size)) >> _HALF] += amount
                        left -= 1
                number += 1


@borrowing
def sprinkle(row, low, high, chosen, mean, amount, seed, stream, now):
    """As `rain`, for the cells of [low, high) among those that ``chosen`` lists, ascending."""
    if mean <= 0.0 or low >= high:
        return
    begin = np.searchsorted(chosen, low)
    for block in range(low // BLOCK, (high + BLOCK - 1) // BLOCK):
        end = np.searchsorted(chosen, min(block * BLOCK + BLOCK, high))
        size = end - begin
        if size > 0:
            parts = 1 + np.int64(mean * size / 200.0)
            mode, p, total = at_mode(mean * size / parts)
            left = count_events(seed, stream, now, block, parts, mean * size / parts, mode, p, total)
            number = 1 << 20
            while left > 0:
                for word in words(seed, stream, now, block, number):
                    if left > 0:
                        row[chosen[begin + np.int64((word * np.uint64(size)) >> _HALF)]] += amount
                        left -= 1
                number += 1
        begin = end


@borrowing
def burst(flags, low, high, mean, seed, stream, now):
    """Flags of the Poisson group's cells that spike in a step."""
    flags[low:high] = 0
    if mean <= 0.0 or low >= high:
        return
    for block in range(low // BLOCK, (high + BLOCK - 1) // BLOCK):
        begin, end = max(block * BLOCK, low), min(block * BLOCK + BLOCK, high)
        size = end - begin
        parts = 1 + np.int64(mean * size / 200.0)
        mode, p, total = at_mode(mean * size / parts)
        count = count_events(seed, stream, now, block, parts, mean * size / parts, mode, p, total)
        for k in range(count):
            word, _, _, _ = words(seed, stream, now, block, (1 << 20) + k)
            flags[begin + np.int64((word * np.uint64(size)) >> _HALF)] = 1


@borrowing
def play(flags, low, high, train_steps, train_cells, now):
    """Flags of the cells of given trains that spike in a step."""
    flags[low:high] = 0
    first, end = np.searchsorted(train_steps, now), np.searchsorted(train_steps, now + 1)
    for k in range(first, end):
        if low <= train_cells[k] < high:
            flags[train_cells[k]] = 1
