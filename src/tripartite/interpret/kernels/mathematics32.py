"""The functions of `mathematics` in single precision: twice as many cells in every vector, seven digits.

Each is accurate to a few units in the last place of float32 over the whole range.
"""

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import float32, types
from numba.extending import intrinsic

from tripartite.interpret.kernels.interface import inlined

# exp: Taylor coefficients 1/n!, enough on |r| <= ln(2)/2 where the next term is below 1e-8.
E2, E3, E4, E5, E6, E7 = (np.float32(1 / math.factorial(n)) for n in range(2, 8))
LOG2_HIGH, LOG2_LOW = np.float32(0.693145751953125), np.float32(1.4286068203094173e-06)
LOG2_E = np.float32(1.4426950408889634)
# log: series of 2 artanh(s), |s| <= 0.1716.
A3, A5, A7, A9 = (np.float32(1 / n) for n in range(3, 10, 2))
ZERO, HALF, ONE, TWO = (np.float32(x) for x in (0, 0.5, 1, 2))
C3, C5, C7, C9 = (np.float32(x) for x in (3, 5, 7, 9))
QUARTER, LOWEST, HIGHEST = np.float32(0.25), np.float32(-87.3), np.float32(88.7)
INFINITE, NOTHING = np.float32(np.inf), np.float32(np.nan)


@intrinsic
def _as_float(typing, bits):  # type: ignore[no-untyped-def]
    """The float32 with the bit pattern of an int32."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), generate


@intrinsic
def _as_bits(typing, value):  # type: ignore[no-untyped-def]
    """The int32 with the bit pattern of a float32."""

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), generate


@inlined
def exp(x):  # type: ignore[no-untyped-def]
    """e^x; saturates at e^-87 and e^88."""
    x = min(max(float32(x), LOWEST), HIGHEST)
    k = np.floor(x * LOG2_E + HALF)
    r = (x - k * LOG2_HIGH) - k * LOG2_LOW
    r2 = r * r
    p = (E2 + r * E3) + r2 * ((E4 + r * E5) + r2 * (E6 + r * E7))
    # Two factors, because 2^128 is no float32.
    half = np.int32(k) >> np.int32(1)
    rest = np.int32(k) - half
    scale = _as_float((half + np.int32(127)) << np.int32(23))  # type: ignore[call-arg]
    other = _as_float((rest + np.int32(127)) << np.int32(23))  # type: ignore[call-arg]
    return ((p * r2 + r) + ONE) * scale * other


@inlined
def log(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a number of 1.2e-38 or more; NaN for negative ones, -inf for zero."""
    x = float32(x)
    bits = _as_bits(x)  # type: ignore[call-arg]
    k = np.int32(bits - np.int32(0x3F3504F3)) >> np.int32(23)
    m = _as_float(np.int32(bits - (k << np.int32(23))))  # type: ignore[call-arg]
    s = (m - ONE) / (m + ONE)
    z = s * s
    p = (A3 + z * A5) + z * z * (A7 + z * A9)
    f = np.float32(k)
    found = f * LOG2_HIGH + (f * LOG2_LOW + TWO * (s + s * z * p))
    found = found if x > ZERO else NOTHING
    found = found if x < INFINITE else x
    return found if x != ZERO else -INFINITE


@inlined
def power(x, p):  # type: ignore[no-untyped-def]
    """x^p for x >= 0 and any p, 1 for p = 0; saturates as `exp` does."""
    x, p = float32(x), float32(p)
    found = exp(p * log(x if x > ZERO else ONE))
    found = found if x > ZERO else (ZERO if p > ZERO else INFINITE)
    found = found if x >= ZERO else NOTHING
    return found if p != ZERO else ONE


@inlined
def tanh(x):  # type: ignore[no-untyped-def]
    """Hyperbolic tangent; a continued fraction near zero keeps its relative accuracy."""
    x = float32(x)
    z = x * x
    small = x / (ONE + z / (C3 + z / (C5 + z / (C7 + z / C9))))
    large = ONE - TWO / (exp(TWO * x) + ONE)
    return small if z < QUARTER else large


@inlined
def sqrt(x):  # type: ignore[no-untyped-def]
    """Square root."""
    return np.sqrt(float32(x))


@inlined
def absolute(x):  # type: ignore[no-untyped-def]
    """Absolute value."""
    return abs(float32(x))


@inlined
def where(condition, yes, no):  # type: ignore[no-untyped-def]
    """Choice without a branch."""
    return yes if condition else no
