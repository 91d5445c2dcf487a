"""Rows of a network's memory as generated drivers find them: by address.

A driver has one argument for all of them. Hundreds of arrays, each handed over, cut and counted, would take longer to
compile than the equations.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import lower_builtin, type_callable


def table(arrays: Iterable[np.ndarray]) -> np.ndarray:
    """Address and length of one array after the other; true as long as they live."""
    return np.array([part for a in arrays for part in (a.ctypes.data, a.size)], np.int64)


def _reader(kind: str) -> Callable[..., Any]:
    """The function that finds a row of numbers of this kind, or the stretch from ``low`` to ``high`` of it."""
    dtype, number_type = np.dtype(kind), getattr(types, kind)
    width = ir.Constant(ir.IntType(64), dtype.itemsize)

    def found(memory: np.ndarray, number: int, low: int = 0, high: int | None = None) -> np.ndarray:
        address, size = memory[2 * number : 2 * number + 2].tolist()
        held = (ctypes.c_char * (size * dtype.itemsize)).from_address(address)
        return np.ndarray(size, dtype, held)[low:high]

    @type_callable(found)
    def _(context: Any) -> Callable:
        return lambda memory, number, low=None, high=None: types.Array(number_type, 1, "C")

    def whole(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.shl(args[1], ir.Constant(args[1].type, 1))
        address = builder.load(builder.gep(places, [place]))
        size = builder.load(builder.gep(places, [builder.add(place, ir.Constant(place.type, 1))]))
        return array(context, builder, signature, address, size)

    def part(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.shl(args[1], ir.Constant(args[1].type, 1))
        address = builder.load(builder.gep(places, [place]))
        begin = builder.add(address, builder.mul(args[2], width))
        return array(context, builder, signature, begin, builder.sub(args[3], args[2]))

    def array(context: Any, builder: Any, signature: Any, address: Any, size: Any) -> Any:
        made = context.make_array(signature.return_type)(context, builder)
        data = builder.inttoptr(address, context.get_data_type(number_type).as_pointer())
        context.populate_array(made, data=data, shape=[size], strides=[width], itemsize=width, meminfo=None)
        return made._getvalue()

    lower_builtin(found, types.Array, types.Integer)(whole)
    lower_builtin(found, types.Array, types.Integer, types.Integer, types.Integer)(part)
    return found


float64s, float32s, int64s, int32s, uint8s = map(_reader, ("float64", "float32", "int64", "int32", "uint8"))
