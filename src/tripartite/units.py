"""The coherent unit system: quantities at the border, plain numbers in ms, µM, mV, pA, nS, pF, µm inside.

Any unit that pint knows can be imported: ``from tripartite.units import uM, s, Hz``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pint

from tripartite.errors import DimensionError, QuantityError

registry = pint.UnitRegistry(cache_folder=":auto:")
Quantity = registry.Quantity

# Base units chosen so that pA = nS mV = pF mV / ms and µM = zmol / µm³: equations need no conversion factor.
_INTERNAL_IN_SI = {
    "[length]": 1e-6,
    "[time]": 1e-3,
    "[mass]": 1e-12,
    "[current]": 1e-12,
    "[substance]": 1e-21,
    "[temperature]": 1.0,
    "[luminosity]": 1.0,
}


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return getattr(registry, name)
    except pint.UndefinedUnitError:
        raise AttributeError(f"`tripartite.units` knows no unit called `{name}`.") from None


@lru_cache(maxsize=None)
def unit(text: str) -> pint.Unit:
    """The pint unit written as ``text``; ``"1"`` is dimensionless."""
    return registry.Unit("dimensionless" if text in ("1", "") else text)


@lru_cache(maxsize=None)
def factor(text: str) -> float:
    """The number by which a value in unit ``text`` is multiplied to get the internal value."""
    si = registry.Quantity(1.0, unit(text)).to_base_units().magnitude
    scale = 1.0
    for dimension, power in unit(text).dimensionality.items():
        scale *= _INTERNAL_IN_SI[dimension] ** float(power)
    # Pint's base is SI here, so `si / scale` is exact up to rounding; 15 digits hide that rounding.
    return float(f"{si / scale:.15g}")


def same_dimension(first: str, second: str) -> bool:
    """Whether two units measure the same kind of quantity."""
    return unit(first).dimensionality == unit(second).dimensionality


def to_internal(value: Any, expected: str, name: str) -> Any:
    """``value`` (a quantity, or a string such as ``"0.3 uM"``) as internal number(s).

    **Raises** `QuantityError` for a bare number where ``expected`` has a dimension, for text that is no
    quantity and for values that are not finite; `DimensionError` for the wrong dimension.
    """
    quantity = as_quantity(value, expected, name)
    if quantity.dimensionality != unit(expected).dimensionality:
        raise DimensionError(
            f"`{name}` is measured in {expected}; got {quantity:~P}, which has another dimension. "
            f"Write for instance `{name.rsplit('.', 1)[-1]}=1 * {_as_code(expected)}`."
        )
    magnitude = np.asarray(quantity.magnitude, dtype=float)
    if not np.all(np.isfinite(magnitude)):
        raise QuantityError(f"`{name}` must be finite; got {quantity:~P}. Give a number in {expected}.")
    internal = magnitude * factor(str(quantity.units))
    return float(internal) if internal.ndim == 0 else internal


def as_quantity(value: Any, expected: str, name: str) -> Any:
    """``value`` as a pint quantity; bare numbers are accepted only where ``expected`` is dimensionless."""
    if isinstance(value, str):
        try:
            value = registry.parse_expression(value)
        except Exception:
            raise QuantityError(
                f"`{name}` must be a number with a unit; got the text {value!r}. "
                f'Write for instance "1 {expected}".'
            ) from None
    if isinstance(value, pint.Quantity):
        return value
    if isinstance(value, pint.Unit):
        return 1.0 * value
    if unit(expected).dimensionless:
        return Quantity(value, "dimensionless")
    raise QuantityError(
        f"`{name}` must carry a unit; got {value!r}. Write `{value!r} * {_as_code(expected)}` "
        f"if the value is in {expected}."
    )


def from_internal(value: Any, text: str) -> Any:
    """Internal number(s) expressed in unit ``text``."""
    return value / factor(text)


def _as_code(text: str) -> str:
    return text if "/" not in text and "*" not in text else f"units.unit({text!r})"
