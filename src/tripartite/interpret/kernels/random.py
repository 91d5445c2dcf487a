"""Counter-based random numbers: the n-th number of a stream needs no other, so threads change nothing."""

from __future__ import annotations

import math

import numpy as np

from tripartite.interpret.kernels.interface import compiled

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_TO_UNIT = 2.0**-53


@compiled
def philox(a, b, c, d, key0, key1):
    """Four random 32-bit words for a counter (a, b, c, d) and a key: Philox 4x32-10 (salmon2011)."""
    for _ in range(10):
        high, low = _M0 * a, _M1 * c
        a, b, c, d = (low >> _HALF) ^ b ^ key0, low & _LOW, (high >> _HALF) ^ d ^ key1, high & _LOW
        key0, key1 = (key0 + _W0) & _LOW, (key1 + _W1) & _LOW
    return a, b, c, d


@compiled
def uniform(seed, stream, position):
    """The number at ``position`` of ``stream``, uniform between 0 and 1 and neither of them."""
    key, place = np.uint64(seed), np.uint64(position)
    a, b, _, _ = philox(place & _LOW, place >> _HALF, np.uint64(stream), np.uint64(1), key & _LOW, key >> _HALF)
    return (np.float64(((a << _HALF) | b) >> np.uint64(11)) + 0.5) * _TO_UNIT


@compiled
def normal(seed, stream, position):
    """The standard normal number at ``position`` of ``stream`` (Box and Muller)."""
    key, place = np.uint64(seed), np.uint64(position)
    a, b, c, d = philox(place & _LOW, place >> _HALF, np.uint64(stream), np.uint64(0), key & _LOW, key >> _HALF)
    first = (np.float64(((a << _HALF) | b) >> np.uint64(11)) + 0.5) * _TO_UNIT
    second = (np.float64(((c << _HALF) | d) >> np.uint64(11)) + 0.5) * _TO_UNIT
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)
