"""The coherent unit system: quantities at the border, plain numbers in ms, µM, mV, pA, nS, pF, µm inside.

Any unit that pint knows can be imported: ``from tripartite.units import uM, s, Hz``; ``import *`` brings the common
ones.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

import numpy as np
import pint

from tripartite import arguments, definitions, written
from tripartite.errors import DimensionError, QuantityError, UnknownNameError, nearest, said

registry = definitions.registry()
Quantity: Any = registry.Quantity


def _rebuilt(powers: Any, *magnitude: Any) -> Any:
    """What was pickled as a unit or a quantity; pint would make it one of another registry."""
    found = registry.parse_units(str(powers)) if len(powers) else registry.Unit("")
    return Quantity(*magnitude, found) if magnitude else found


Quantity.__reduce__ = lambda quantity: (_rebuilt, (quantity._units, quantity.magnitude))
registry.Unit.__reduce__ = lambda unit: (_rebuilt, (unit._units,))

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


_LISTED = 6
"""Numbers that a message lists; of more it names the ends."""

_COMMON = (
    "us ms s minute hour day Hz kHz",
    "M mM uM nM pM mol umol nmol pmol fmol amol",
    "V mV uV A uA nA pA fA S mS uS nS pS F uF nF pF ohm kohm Mohm Gohm",
    "m cm mm um nm L mL uL nL pL fL",
    "K kelvin degree percent dimensionless",
)
__all__ = [name for group in _COMMON for name in group.split()]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return getattr(registry, name)
    except pint.UndefinedUnitError:
        hint = f"{nearest(name, __all__)} Any unit that pint knows can be written."
        raise UnknownNameError(f"`tripartite.units` knows no unit `{name}`. {hint}") from None


def __dir__() -> list[str]:
    return __all__


def unit(text: str) -> pint.Unit:
    """The pint unit written as ``text``; ``"1"`` is dimensionless."""
    if not isinstance(text, str):
        raise QuantityError(f'A unit is written as text such as "uM/s"; got {said(text)}. Put it in quotes.')
    return _unit(text)


@cache
def _unit(text: str) -> pint.Unit:
    try:
        found = registry.Unit("dimensionless")
        for name, power in written.powers(text).items():
            found = found * registry.Unit("percent" if name == "%" else name) ** (
                int(power) if power % 1 == 0 else power
            )
        countable = registry.Quantity(1.0, found)._is_multiplicative
        scale = registry.Quantity(1.0, found).to_base_units().magnitude if countable else 1.0
        if not 1e-200 < scale < 1e200:
            raise ValueError("its powers are out of reach")
    except Exception:  # pint raises what its parser meets
        raise QuantityError(
            f'A unit is one that pint knows, such as "uM", "1/s" or "nS"; got {said(text[:80])}. Correct its spelling.'
        ) from None
    if not countable:
        raise QuantityError(f"A unit counts from zero; got {said(text)}. Use kelvin for temperatures.")
    return found


@cache
def factor(text: str) -> float:
    """The number by which a value in unit ``text`` is multiplied to get the internal value."""
    si: Any = registry.Quantity(1.0, unit(text)).to_base_units().magnitude
    scale = 1.0
    for dimension, power in unit(text).dimensionality.items():
        exponent: Any = power
        scale *= _INTERNAL_IN_SI[dimension] ** float(exponent)
    exact = si / scale
    # Pint's base is SI here, so `exact` is right up to rounding; 15 digits hide that, unless they cut 1/60.
    short = float(f"{exact:.15g}")
    return short if math.isclose(short, exact, rel_tol=1e-15) else exact


@cache
def _text(known: pint.Unit) -> str:
    """How pint writes a unit, which takes it longer than all else that is done with one."""
    return str(known)


def same_dimension(first: str, second: str) -> bool:
    """Whether two units measure the same kind of quantity."""
    return unit(first).dimensionality == unit(second).dimensionality


@cache
def _turns(text: str) -> bool:
    """Whether a unit is one of angles per time or the like: a cycle, for pint, is 2π radian."""
    known = registry.Quantity(1.0, unit(text)).to_root_units().units
    return "radian" in str(known) and "[time]" in known.dimensionality


def check_angles(came: str, expected: str, name: str) -> None:
    """Raise `DimensionError` for an angle per time where a plain rate is asked for, and the reverse."""
    if _turns(came) == _turns(expected):
        return
    one = "an angle over time" if _turns(expected) else "times per time"
    raise DimensionError(
        f"`{name}` is measured in {expected}, {one}; got {came}, and whether a cycle counts as 1 or as 2π radians is "
        f"not said. Write what is counted as {'radian/s' if _turns(expected) else '1/min or Hz'}."
    )


def to_internal(value: Any, expected: str, name: str) -> Any:
    """``value`` (a quantity, or a string such as ``"0.3 uM"``) as internal number(s).

    **Raises** `QuantityError` for a bare number where ``expected`` has a dimension, for text that is no
    quantity and for values that are not finite; `DimensionError` for the wrong dimension.
    """
    quantity = as_quantity(value, expected, name)
    if quantity.dimensionality != unit(expected).dimensionality:
        raise DimensionError(
            f"`{name}` is measured in {expected}; got {shown(quantity)}, which has another dimension. "
            f"Write for instance `{name.rsplit('.', 1)[-1]}={_example(value, expected)}`."
        )
    check_angles(_text(quantity.units), expected, name)
    if not np.all(np.isfinite(quantity.magnitude)):
        raise QuantityError(f"`{name}` must be finite; got {shown(quantity)}. Give a number in {expected}.")
    with np.errstate(over="ignore"):
        internal = np.asarray(quantity.magnitude, dtype=float) * factor(_text(quantity.units))
    if not np.all(np.isfinite(internal)):
        raise QuantityError(f"`{name}` is too large for a number; got {shown(quantity)}. Correct value and unit.")
    return float(internal) if np.ndim(internal) == 0 else internal


def number(value: Any, expected: str, name: str) -> float:
    """``value`` as one internal number; **raises** as `to_internal`, and `QuantityError` for several."""
    internal = to_internal(value, expected, name)
    if not isinstance(internal, float):
        raise QuantityError(
            f"`{name}` is one number; got {internal.size} of them. Give one, or an ensemble: `simulate(..., vary=...)`."
        )
    return internal


def row(values: Any, expected: str, name: str) -> np.ndarray:
    """``values`` as internal numbers of shape ``(count,)``; **raises** as `to_internal`."""
    internal = np.atleast_1d(to_internal(values, expected, name))
    if internal.ndim > 1:
        raise QuantityError(f"`{name}` is a list of numbers; got a table of shape {internal.shape}. Flatten it.")
    return internal


def single(value: Any, name: str) -> Any:
    """``value`` as one finite quantity of whatever dimension; a bare number has none."""
    quantity = as_quantity(value, "1", name)
    number(quantity, f"{quantity.units}", name)
    return quantity


def seconds(value: Any, name: str) -> float:
    """``value`` in seconds: a plain number is in seconds already, as data are; **raises** as `number`."""
    bare = None if arguments.unit_of(value) is not None else arguments.plain(value)
    if bare is not None and bare.ndim == 0 and np.isfinite(bare):
        return float(bare)
    return number(value, "s", name) / 1000


def clock(values: Any, name: str, *, finite: bool = True) -> np.ndarray:
    """Times in seconds ``(count,)``: plain numbers are in seconds already, as data are; **raises** as `row`.

    Those that are not ``finite`` may be allowed: in lists of spikes NaN is none.
    """
    if arguments.unit_of(values) is None and not isinstance(values, str):
        listed = isinstance(values, list | tuple) and any(isinstance(v, pint.Quantity) for v in values)
        if not listed:
            return arguments.array(values, name, finite=finite)
    quantity = as_quantity(values, "s", name)
    if finite or np.all(np.isfinite(quantity.magnitude)):
        return row(quantity, "s", name) / 1000
    known = np.where(np.isfinite(quantity.magnitude), quantity.magnitude, 0.0)
    return np.where(np.isfinite(quantity.magnitude), row(Quantity(known, quantity.units), "s", name) / 1000, np.nan)


def as_quantity(value: Any, expected: str, name: str) -> Any:
    """``value`` as a pint quantity of floats; bare numbers are accepted only where ``expected`` is dimensionless.

    A labelled array carries its unit in the attribute ``units``. Temperatures in degrees become kelvin.
    """
    if isinstance(value, str):
        return _parsed(value, expected, name)
    if isinstance(value, list | tuple) and value and all(isinstance(v, pint.Quantity) for v in value):
        return _joined(value, expected, name)
    carried = arguments.unit_of(value)
    if isinstance(value, pint.Unit):
        value, carried = 1.0, value
    magnitude = value.magnitude if isinstance(value, pint.Quantity) else value
    plain = arguments.plain(magnitude)
    if plain is not None and carried is None and unit(expected).dimensionless:
        return Quantity(plain[()], "dimensionless")
    if plain is None or carried is None:
        _refuse(value, plain, expected, name)
    as_given = magnitude if isinstance(magnitude, int) else plain[()]  # type: ignore[index]
    return _counting(as_given, _own_unit(carried, value, name), name)


def _refuse(value: Any, plain: Any, expected: str, name: str) -> None:
    """Raise the error for what is no quantity."""
    bare = plain is not None
    code = f"`{as_code(1, expected)}`"
    if bare:
        few = np.size(plain) <= _LISTED
        code = f"`{as_code(value, expected) if few else f'{name} * {_spaced(expected)}'}` if the value is in {expected}"
    must = "carry a unit" if bare and not unit(expected).dimensionless else "be a number"
    if not bare and not unit(expected).dimensionless:
        must = "be a number with a unit" if arguments.unit_of(value) is not None else "carry a unit"
    raise QuantityError(f"`{name}` must {must}; got {said(value)}. Write {code}.")


def _own_unit(carried: Any, value: Any, name: str) -> pint.Unit:
    """A unit of this package; one that another pint registry made may mean something else under the same name."""
    if isinstance(carried, str):
        return unit(carried)
    if not isinstance(carried, registry.Unit):
        raise QuantityError(
            f"`{name}` is a quantity in units of `tripartite.units`; got {said(value)} with units of another registry. "
            'Write for instance `0.3 * tripartite.units.uM`, or text: "0.3 uM".'
        )
    return carried


def _counting(plain: Any, known: Any, name: str) -> Any:
    """A quantity that counts from zero; temperatures in degrees become kelvin, logarithms of ratios are refused."""
    quantity = Quantity(plain, known)
    if quantity._is_multiplicative and "delta_" not in _text(known):
        return quantity
    if quantity._is_multiplicative or dict(known.dimensionality) != {"[temperature]": 1}:
        raise QuantityError(
            f"`{name}` counts from zero; got {shown(quantity)}, a difference or a logarithm. Write it in a unit that "
            "does, such as kelvin or a plain ratio."
        )
    return quantity.to_root_units()


def _parsed(text: str, expected: str, name: str) -> Any:
    try:
        value, spelled = written.quantity(text)
        return _counting(value, unit(spelled), name)
    except (ValueError, QuantityError) as reason:
        why = "the unit is none that pint knows" if isinstance(reason, QuantityError) else str(reason)
    raise QuantityError(
        f"`{name}` must be a number with a unit; got the text {said(text[:80])}: {why}. "
        f"Write for instance {_example(text, expected)}."
    )


def _example(value: Any, expected: str) -> str:
    """One unit of what is expected, in the way in which ``value`` was written: as text or as code."""
    if not isinstance(value, str):
        return as_code(1, expected)
    return '"1"' if unit(expected).dimensionless else f'"1 {expected}"'


def _joined(values: Any, expected: str, name: str) -> Any:
    wanted = unit(expected)
    each = [as_quantity(value, expected, name) for value in values]
    for value in each:
        if value.dimensionality != wanted.dimensionality or np.ndim(value.magnitude):
            raise DimensionError(
                f"`{name}` is measured in {expected}; one of its values is {shown(value)}. Give all in {expected}."
            )
        check_angles(str(value.units), expected, name)
    return Quantity(np.array([value.to(wanted).magnitude for value in each]), wanted)


def shown(quantity: Any, digits: str = "") -> str:
    """A quantity or unit as text: ``0.5 µM``; ``digits`` formats the number, as in ``".6g"``.

    Of many numbers it is the first and the last.
    """
    values = getattr(quantity, "magnitude", 1.0)  # a unit has none
    if np.size(values) > _LISTED:
        flat = np.ravel(values)
        ends = (f"{flat[k]:{digits or '.6g'}}" for k in (0, -1))
        return f"{' … '.join(ends)}{'' if quantity.unitless else ' ' + shown(quantity.units)}, {flat.size} numbers"
    if not isinstance(quantity, pint.Unit) and quantity.unitless:
        return f"{quantity.magnitude:{digits}} (no unit)"
    # Pint writes the micro sign or the Greek letter, depending on its version.
    return f"{quantity:{digits}~P}".replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}")


def from_internal(value: Any, text: str) -> Any:
    """Internal number(s) in unit ``text``: those that `to_internal` takes back to ``value``, to the last bit."""
    scale = factor(text)
    if scale == 1.0:
        return value
    shown = value / scale
    for neighbour in (np.nextafter(shown, np.inf), np.nextafter(shown, -np.inf)):
        better = (shown * scale != value) & (neighbour * scale == value)
        shown = np.where(better, neighbour, shown)
    return shown if isinstance(value, np.ndarray) else float(shown)


def as_code(value: Any, text: str) -> str:
    """The line of Python that makes a quantity of ``value`` in unit ``text``."""
    if unit(text).dimensionless:
        return repr(value)
    if not text.startswith("1/"):
        return f"{said(value)} * {_spaced(text)}"
    over = _spaced(text[2:])
    return f"{said(value)} * (1 / {over})" if isinstance(value, list | tuple) else f"{said(value)} / {over}"


def _spaced(text: str) -> str:
    return re.sub(r"(?<!\*)[*/](?!\*)", r" \g<0> ", text)
