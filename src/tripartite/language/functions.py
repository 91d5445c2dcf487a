"""Functions that every reading of a mechanism understands: numbers, quantities, symbols, arrays, traces.

A reading teaches the functions its own kind of value with `teach`; plain numbers and NumPy arrays need none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

_lessons: list[tuple[Callable[[type], bool], Mapping[str, Callable]]] = []
_by_type: dict[type, Mapping[str, Callable]] = {}

_NUMPY: Mapping[str, Callable] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "absolute": np.abs,
    "where": np.where,
}


def teach(recognises: Callable[[type], bool], functions: Mapping[str, Callable]) -> None:
    """Use ``functions`` (same names as here) whenever an argument's type is recognised."""
    _lessons.append((recognises, functions))
    _by_type.clear()


def _reading(values: tuple) -> Mapping[str, Callable]:
    chosen = _NUMPY
    for value in values:
        kind = type(value)
        if kind not in _by_type:
            _by_type[kind] = next((fs for recognises, fs in _lessons if recognises(kind)), _NUMPY)
        if _by_type[kind] is not _NUMPY:
            chosen = _by_type[kind]
    return chosen


def exp(x: Any) -> Any:
    """Exponential of a dimensionless value."""
    return _reading((x,))["exp"](x)


def log(x: Any) -> Any:
    """Natural logarithm of a dimensionless positive value."""
    return _reading((x,))["log"](x)


def sqrt(x: Any) -> Any:
    """Square root; halves the dimension."""
    return _reading((x,))["sqrt"](x)


def tanh(x: Any) -> Any:
    """Hyperbolic tangent of a dimensionless value."""
    return _reading((x,))["tanh"](x)


def absolute(x: Any) -> Any:
    """Absolute value."""
    return _reading((x,))["absolute"](x)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the condition (a comparison of two quantities) holds, else ``no``."""
    return _reading((condition, yes, no))["where"](condition, yes, no)


def hill(x: Any, half: Any, exponent: Any = 1) -> Any:
    """Saturation x^n / (x^n + K^n): a half at ``x = half``; ``x`` must not be negative for broken n."""
    if isinstance(exponent, int) and exponent == 1:
        return x / (x + half)
    return x**exponent / (x**exponent + half**exponent)


def linoid(x: Any) -> Any:
    """x / (1 - exp(-x)), smooth through its value 1 at x = 0: a rate that is linear in one direction."""
    return _reading((x,)).get("linoid", _linoid)(x)


def _linoid(x: Any) -> Any:
    # Near zero the quotient loses all digits; the series of Bernoulli numbers is exact to 1e-17 there.
    near = absolute(x) < 0.25
    z = x * x
    even = z * (1 / 12 + z * (-1 / 720 + z * (1 / 30240 + z * (-1 / 1209600 + z / 47900160))))
    far = where(near, 1.0, x)
    return where(near, 1 + x / 2 + even, far / (1 - exp(-far)))


def boltzmann(v: Any, half: Any, slope: Any) -> Any:
    """Sigmoid 1 / (1 + exp((half - v) / slope)): a half at ``v = half``, rising for positive slope."""
    return 1 / (1 + exp((half - v) / slope))
