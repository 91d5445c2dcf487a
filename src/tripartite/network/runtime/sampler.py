"""What the generated loop calls to read recorded rows of the memory, by address, into one buffer."""

from __future__ import annotations

from functools import partial
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from tripartite.interpret.kernels.interface import BORROWING, borrowing, driver

VALUES, MEAN = range(2)
"""What is kept of a row: its listed cells, or mean and standard deviation of a stretch of cells."""


@intrinsic
def _double(typing, address, place):  # type: ignore[no-untyped-def]
    """The float64 at an address, ``place`` numbers on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], ir.DoubleType().as_pointer())
        return builder.load(builder.gep(pointer, [args[1]]))

    return types.float64(types.int64, types.int64), generate


@intrinsic
def _single(typing, address, place):  # type: ignore[no-untyped-def]
    """The float32 at an address, ``place`` numbers on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], ir.FloatType().as_pointer())
        return builder.fpext(builder.load(builder.gep(pointer, [args[1]])), ir.DoubleType())

    return types.float64(types.int64, types.int64), generate


@intrinsic
def _whole(typing, address, place):  # type: ignore[no-untyped-def]
    """The int32 at an address, ``place`` numbers on, as a float64."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], ir.IntType(32).as_pointer())
        return builder.sitofp(builder.load(builder.gep(pointer, [args[1]])), ir.DoubleType())

    return types.float64(types.int64, types.int64), generate


@borrowing
def _peek(address, width, place):
    if width == 8:
        return _double(address, place)  # type: ignore[call-arg]
    return _single(address, place) if width == 4 else _whole(address, place)  # type: ignore[call-arg]


_SUMMING: dict[str, Any] = {**BORROWING, "fastmath": {"contract", "nsz", "reassoc"}}


@partial(driver, options=_SUMMING)
def _moments(address, width, first, count, origin):
    """Sums of the distances of numbers from ``origin`` and of their squares, in vectors."""
    total, square = 0.0, 0.0
    if width == 8:
        for j in range(first, first + count):
            apart = _double(address, j) - origin  # type: ignore[call-arg]
            total += apart
            square += apart * apart
    elif width == 4:
        for j in range(first, first + count):
            apart = _single(address, j) - origin  # type: ignore[call-arg]
            total += apart
            square += apart * apart
    else:
        for j in range(first, first + count):
            apart = _whole(address, j) - origin  # type: ignore[call-arg]
            total += apart
            square += apart * apart
    return total, square


@borrowing
def sample(step, begin, table, listed, out):
    """Read the rows that are due at ``step``; lines are counted from the first after ``begin``.

    A line of ``table`` is a row of the memory: address, bytes of a number (negative: whole numbers), kind,
    first and count (a stretch of ``listed``, or of the cells themselves), interval in steps, and offset in
    ``out``, where it has a block (line, value).
    """
    for k in range(table.shape[0]):
        address, width, kind, first, count, interval, offset = table[k]
        if step % interval != 0:
            continue
        line = step // interval - begin // interval - 1
        if kind == VALUES:
            place = offset + line * count
            for j in range(count):
                out[place + j] = _peek(address, width, listed[first + j])
            continue
        origin = _peek(address, width, first)
        total, square = _moments(address, width, first, count, origin)
        out[offset + 2 * line] = origin + total / count
        out[offset + 2 * line + 1] = max(square / count - (total / count) ** 2, 0.0) ** 0.5
