"""Elementary functions as polynomials, so that LLVM can vectorise the loops that call them.

Each is accurate to a few units in the last place of float64 over the whole range; `power` loses about one
more for every unit of |p log x|.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from tripartite.interpret.kernels.interface import inlined

# exp: Taylor coefficients 1/n!, enough on |r| <= ln(2)/2 where the next term is below 1e-17.
E2, E3, E4, E5, E6, E7 = (1 / math.factorial(n) for n in range(2, 8))
E8, E9, E10, E11, E12, E13 = (1 / math.factorial(n) for n in range(8, 14))
LOG2_HIGH = 0.693145751953125  # 16 significant bits of ln 2, so that k * LOG2_HIGH is exact
LOG2_LOW = 1.4286068203094173e-06
LOG2_E = 1.4426950408889634
# log: series of 2 artanh(s), |s| <= 0.1716.
A3, A5, A7, A9, A11, A13 = (1 / n for n in range(3, 14, 2))
A15, A17, A19, A21, A23 = (1 / n for n in range(15, 24, 2))


@intrinsic
def _as_float(typing, bits):  # type: ignore[no-untyped-def]
    """The float64 with the bit pattern of an int64."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), generate


@intrinsic
def _as_bits(typing, value):  # type: ignore[no-untyped-def]
    """The int64 with the bit pattern of a float64."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), generate


@inlined
def exp(x):  # type: ignore[no-untyped-def]
    """e^x; saturates at e^-708 and e^709."""
    x = min(max(x, -708.0), 709.0)
    k = np.floor(x * LOG2_E + 0.5)
    r = (x - k * LOG2_HIGH) - k * LOG2_LOW
    # Estrin's scheme: short chains of dependent operations.
    r2 = r * r
    r4 = r2 * r2
    low = (E2 + r * E3) + r2 * (E4 + r * E5)
    middle = (E6 + r * E7) + r2 * (E8 + r * E9)
    high = (E10 + r * E11) + r2 * (E12 + r * E13)
    p = (low + r4 * middle) + (r4 * r4) * high
    return ((p * r2 + r) + 1.0) * _as_float((np.int64(k) + 1023) << 52)  # type: ignore[call-arg]


@inlined
def log(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a number of 2.3e-308 or more; NaN for negative ones, -inf for zero."""
    bits: Any = _as_bits(x)  # type: ignore[call-arg]
    k = (bits - 0x3FE6A09E667F3BCD) >> 52
    m = _as_float(bits - (k << 52))
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    z2 = z * z
    z4 = z2 * z2
    low = (A3 + z * A5) + z2 * (A7 + z * A9)
    middle = (A11 + z * A13) + z2 * (A15 + z * A17)
    high = (A19 + z * A21) + z2 * A23
    p = (low + z4 * middle) + (z4 * z4) * high
    found = k * LOG2_HIGH + (k * LOG2_LOW + 2.0 * (s + s * z * p))
    found = found if x > 0.0 else np.nan
    found = found if x < np.inf else x
    return found if x != 0.0 else -np.inf


@inlined
def power(x, p):  # type: ignore[no-untyped-def]
    """x^p for x >= 0 and any p, 1 for p = 0; saturates as `exp` does."""
    found = exp(p * log(x if x > 0.0 else 1.0))
    found = found if x > 0.0 else (0.0 if p > 0.0 else np.inf)
    found = found if x >= 0.0 else np.nan
    return found if p != 0.0 else 1.0


@inlined
def tanh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic tangent; a continued fraction near zero keeps its relative accuracy."""
    z = x * x
    small = x / (1.0 + z / (3.0 + z / (5.0 + z / (7.0 + z / (9.0 + z / (11.0 + z / 13.0))))))
    large = 1.0 - 2.0 / (exp(2.0 * x) + 1.0)
    return small if z < 0.25 else large


@inlined
def sqrt(x):  # type: ignore[no-untyped-def]
    """Square root."""
    return np.sqrt(x)


@inlined
def absolute(x):  # type: ignore[no-untyped-def]
    """Absolute value."""
    return abs(x)


@inlined
def where(condition, yes, no):  # type: ignore[no-untyped-def]
    """Choice without a branch."""
    return yes if condition else no
