"""Counter-based random numbers: the n-th number of a stream needs no other, so threads change nothing."""

from __future__ import annotations

import math

import numpy as np

from tripartite.interpret.kernels.interface import borrowing

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_TO_UNIT = 2.0**-53


@borrowing
def philox(a, b, c, d, key0, key1):
    """Four random 32-bit words for a counter (a, b, c, d) and a key: Philox 4x32-10 (salmon2011)."""
    for _ in range(10):
        high, low = _M0 * a, _M1 * c
        a, b, c, d = (low >> _HALF) ^ b ^ key0, low & _LOW, (high >> _HALF) ^ d ^ key1, high & _LOW
        key0, key1 = (key0 + _W0) & _LOW, (key1 + _W1) & _LOW
    return a, b, c, d


@borrowing
def uniform(seed, stream, position):
    """The number at ``position`` of ``stream``, uniform between 0 and 1 and neither of them."""
    key, place = np.uint64(seed), np.uint64(position)
    a, b, _, _ = philox(place & _LOW, place >> _HALF, np.uint64(stream), np.uint64(1), key & _LOW, key >> _HALF)
    return (np.float64(((a << _HALF) | b) >> np.uint64(11)) + 0.5) * _TO_UNIT


@borrowing
def uniform_beside(seed, stream, position):
    """A second number from the same words as `uniform`: together they cost one."""
    key, place = np.uint64(seed), np.uint64(position)
    _, _, c, d = philox(place & _LOW, place >> _HALF, np.uint64(stream), np.uint64(1), key & _LOW, key >> _HALF)
    return (np.float64(((c << _HALF) | d) >> np.uint64(11)) + 0.5) * _TO_UNIT


@borrowing
def normal(seed, stream, position):
    """The standard normal number at ``position`` of ``stream`` (Box and Muller)."""
    key, place = np.uint64(seed), np.uint64(position)
    a, b, c, d = philox(place & _LOW, place >> _HALF, np.uint64(stream), np.uint64(0), key & _LOW, key >> _HALF)
    first = (np.float64(((a << _HALF) | b) >> np.uint64(11)) + 0.5) * _TO_UNIT
    second = (np.float64(((c << _HALF) | d) >> np.uint64(11)) + 0.5) * _TO_UNIT
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


_MANY = 500.0  # expected number from which a normal approximation with its skewness gives the number


@borrowing
def quantile(luck):
    """The standard normal number below which a fraction ``luck`` lies, by bisection."""
    low, high = -9.0, 9.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if 0.5 * math.erfc(-middle * math.sqrt(0.5)) < luck:
            low = middle
        else:
            high = middle
    return low


@borrowing
def skewed(mean, deviation, skewness, z):
    """The count at the standard normal number ``z``, with the first correction of Cornish and Fisher."""
    return math.floor(mean + deviation * z + skewness * (z * z - 1.0) / 6.0 + 0.5)


@borrowing
def binomial(count, hazard, luck):
    """How many of ``count`` make a change that comes with ``hazard`` for each, by inversion of ``luck``."""
    # Mostly nothing happens: exp(-x) is above 1 - x, so that this needs no exponential.
    if luck <= 1.0 - count * hazard or not count >= 0.5 or hazard <= 0.0:
        return 0.0
    chance = -math.expm1(-hazard)
    mean = count * chance
    if mean > _MANY and count - mean > _MANY:
        return skewed(mean, math.sqrt(mean * (1.0 - chance)), 1.0 - 2.0 * chance, quantile(luck))
    most = math.floor(count + 0.5)
    if chance > 0.5:  # count those that stay, which are fewer
        staying = math.exp(-hazard) / chance
        return most - _inverted(most, staying, math.exp(most * math.log(chance)), 1.0 - luck)
    return _inverted(most, chance / (1.0 - chance), math.exp(-most * hazard), luck)


@borrowing
def _inverted(most, odds, term, luck):
    """The smallest k whose cumulated binomial probability reaches ``luck``; ``term`` is that of none."""
    k, passed = 0.0, term
    while passed < luck and k < most:
        term *= odds * (most - k) / (k + 1.0)
        k += 1.0
        passed += term
    return k


@borrowing
def poisson(mean, luck):
    """How often something happens that is expected ``mean`` times, by inversion of ``luck``."""
    if luck <= 1.0 - mean:
        return 0.0
    if mean > _MANY:
        return skewed(mean, math.sqrt(mean), 1.0, quantile(luck))
    k, term = 0.0, math.exp(-mean)
    passed = term
    while passed < luck and term > 0.0:
        k += 1.0
        term *= mean / k
        passed += term
    return k
