"""First reading: pint quantities prove that every equation has the dimension of what it defines."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pint

from tripartite import units
from tripartite.errors import DefinitionError, DimensionError, nearest, said
from tripartite.interpret.probe import Condition, Probe
from tripartite.language import functions
from tripartite.language.declarations import Chance, Declaration, Emission, Input, Output, State, Valued
from tripartite.language.events import Add
from tripartite.language.mechanism import SPIKES, Mechanism, Quantities, check_on_definition
from tripartite.language.transitions import Transition


def _is_quantity(kind: type) -> bool:
    return issubclass(kind, pint.Quantity | Condition)


def _plain(function: Any) -> Any:
    def of_number(x: Any) -> Any:
        return type(x)(function(x.to("dimensionless").magnitude), "dimensionless")

    return of_number


def _where(condition: Any, yes: Any, no: Any) -> Any:
    plain = Probe if isinstance(condition, Condition) else units.Quantity
    kind = next((type(v) for v in (yes, no) if isinstance(v, pint.Quantity)), plain)
    yes, no = (v if isinstance(v, pint.Quantity) else kind(v) for v in (yes, no))
    if yes.dimensionality != no.dimensionality and 0 not in (yes.magnitude, no.magnitude):
        raise pint.DimensionalityError(yes.units, no.units)
    holds = condition.holds if isinstance(condition, Condition) else bool(condition)
    return yes if holds else kind(no.magnitude, no.units if no.magnitude else yes.units)


functions.teach(
    _is_quantity,
    {
        "exp": _plain(np.exp),
        "log": _plain(np.log),
        "tanh": _plain(np.tanh),
        "sqrt": lambda x: x**0.5,
        "absolute": abs,
        "where": _where,
    },
)


def declared_quantities(mechanism: type[Mechanism], equation: str) -> dict[str, Any]:
    """Every name that an equation may read, as a quantity: declared values, one unit of inputs and outputs.

    The amount of an event is known to its own ``on_<event>`` only, outputs to all equations but ``outputs``.

    Magnitudes are NumPy floats, so that a denominator that starts at zero gives inf and no exception.
    """
    handled = mechanism.events()
    found: dict[str, Any] = {}
    for name, item in mechanism.declarations.items():
        if isinstance(item, Valued):
            found[name] = Probe(np.float64(item.value), units.unit(item.unit))
        if isinstance(item, Chance) and equation.startswith("on_"):
            found[name] = Probe(np.float64(0.5), units.unit(item.unit))
        known = isinstance(item, Input) and (name not in handled or equation == f"on_{name}")
        if known or (isinstance(item, Output) and equation != "outputs"):
            found[name] = Probe(np.float64(1.0), units.unit(item.unit))
    return found


@check_on_definition
def check(mechanism: type[Mechanism]) -> None:
    """Raise unless every equation of a mechanism returns declared names in their dimension."""
    names = mechanism.declarations
    states, outputs = mechanism.declared(State), mechanism.declared(Output)
    adds = states | mechanism.declared(Input)
    _check_equation(mechanism, "rates", adds, "1/s")
    _check_equation(mechanism, "noise", adds, "1/s**0.5")
    _check_transitions(mechanism, adds)
    found = _check_equation(mechanism, "outputs", outputs, "1")
    for name in outputs.keys() - found:
        raise DefinitionError(
            f"`{mechanism.__name__}` declares the output `{name}` but `outputs(q)` does not return it. "
            f'Add "{name}" to the returned dictionary.'
        )
    if bool(mechanism.equation("crossing")) != bool(mechanism.equation("on_crossing")):
        raise DefinitionError(
            f"`crossing(q)` and `on_crossing(q)` come together; `{mechanism.__name__}` has only one. Add the other."
        )
    events = mechanism.events()
    jumps = {name: item for name, item in adds.items() if name not in events} | mechanism.declared(Emission)
    mechanism.answers = {}
    if mechanism.equation("crossing"):
        _evaluate(mechanism, "crossing")
        mechanism.answers["on_crossing"] = _check_equation(mechanism, "on_crossing", jumps, "1")
    for event in events:
        if event not in SPIKES and not isinstance(names.get(event), Input):
            raise DefinitionError(
                f"`{mechanism.__name__}.on_{event}` answers an event called `{event}`, which is no declared Input. "
                f"{nearest(event, [*SPIKES, *mechanism.declared(Input)])}"
            )
        default = getattr(names.get(event), "default", None)
        if default not in (None, 0):
            raise DefinitionError(
                f"An event happens or does not, and its default can only be 0: nobody need send it; "
                f"`{mechanism.__name__}.{event}` has {default:g}. Drop it, or read `q.{event}` in place of "
                f"`on_{event}(q)`."
            )
        mechanism.answers[f"on_{event}"] = _check_equation(mechanism, f"on_{event}", jumps, "1")


def _check_transitions(mechanism: type[Mechanism], adds: Mapping[str, Declaration]) -> None:
    answer = _evaluate(mechanism, "transitions")
    place = f"{mechanism.__name__}.transitions"
    if not isinstance(answer, dict) or not all(isinstance(each, Transition) for each in answer.values()):
        raise DefinitionError(
            f"`{place}` returns a `Transition` by name; got {said(answer)}. Write for instance "
            '`{"closing": Transition(q.open, q.rate, {"open": -1})}`.'
        )
    for name, each in answer.items():
        for part, value, unit in (("count", each.count, "1"), ("rate", each.rate, "1/s")):
            if value is not None:
                _check_value(f"{place}: {name}", part, value, unit)
        _check_values(f"{place}: {name}", each.change, adds, "1", mechanism)


def _evaluate(mechanism: type[Mechanism], equation: str) -> Any:
    function = mechanism.equation(equation)
    quantities = Quantities(declared_quantities(mechanism, equation), mechanism.__name__)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return function(quantities) if function else {}
    except DefinitionError as reason:
        raise DefinitionError(f"In `{mechanism.__name__}.{equation}`: {reason}") from None
    except (pint.DimensionalityError, pint.OffsetUnitCalculusError) as reason:
        raise DimensionError(
            f"Terms that are added, compared or exponentiated must match in dimension; in "
            f"`{mechanism.__name__}.{equation}`{_line(function, reason)}: {reason}. Check the units declared for the "
            f"quantities of that line.{_bare(reason)}"
        ) from reason
    except ValueError as reason:
        raise DimensionError(
            f"A quantity with a unit cannot be compared with a bare number; in `{mechanism.__name__}.{equation}`"
            f"{_line(function, reason)}: {reason}. Declare the number as a Parameter; a choice by it is "
            "`where(condition, yes, no)`, not `if`."
        ) from reason


def _line(function: Any, reason: BaseException) -> str:
    """The line of an equation at which an error was raised, as it is written; nothing where its text is not known."""
    frames = traceback.extract_tb(reason.__traceback__)
    found = [
        f for f in frames if f.filename == function.__code__.co_filename and f.name == function.__name__ and f.line
    ]
    return f", line {found[-1].lineno}, `{found[-1].line}`" if found else ""


def _bare(reason: BaseException) -> str:
    """What to do where one of two terms has no unit at all."""
    given = (getattr(reason, "units1", None), getattr(reason, "units2", None))
    if not any(unit is not None and units.unit(f"{unit}").dimensionless for unit in given):
        return ""
    return " A number that stands for a quantity is a Parameter with its unit, value and source."


def _check_equation(
    mechanism: type[Mechanism],
    equation: str,
    allowed: Mapping[str, Declaration],
    per: str,
) -> frozenset[str]:
    answer = _evaluate(mechanism, equation)
    place = f"{mechanism.__name__}.{equation}"
    if not isinstance(answer, dict):
        raise DefinitionError(f"`{place}` returns a dictionary of values by name; got {said(answer)}. Return one.")
    for name, value in answer.items():
        if isinstance(value, Add) and not (equation.startswith("on_") and isinstance(allowed.get(name), State)):
            raise DefinitionError(
                f"`Add` stands where an event adds to a state that its mechanism owns; `{place}` returns it for "
                f"`{name}`. Return the amount itself."
            )
    answer = {name: value.amount if isinstance(value, Add) else value for name, value in answer.items()}
    _check_values(place, answer, allowed, per, mechanism)
    return frozenset(answer)


def _check_values(
    place: str,
    answer: Mapping[str, Any],
    allowed: Mapping[str, Declaration],
    per: str,
    mechanism: type[Mechanism],
) -> None:
    for name, value in answer.items():
        if name not in allowed:
            raise DefinitionError(
                f"`{place}` returns `{name}`, which `{mechanism.__name__}` does not declare for that. "
                f"{nearest(name, allowed)}"
            )
        _check_value(place, name, value, units.unit(allowed[name].unit) * units.unit(per))


def _check_value(place: str, name: str, value: Any, expected: Any) -> None:
    expected = units.unit(expected) if isinstance(expected, str) else expected
    if isinstance(value, bool | str) or not isinstance(value, pint.Quantity | int | float):
        raise DefinitionError(f"`{place}` must give a value for `{name}`; got {said(value)}. Return a quantity.")
    got = value if isinstance(value, pint.Quantity) else units.Quantity(value)
    if got.dimensionality != expected.dimensionality and not (got.dimensionless and got.magnitude == 0):
        shown = "a bare number" if got.unitless else f"in {units.shown(got.units)}"
        wanted = "without unit" if units.Quantity(1.0, expected).unitless else f"in {units.shown(expected)}"
        raise DimensionError(
            f"`{place}` must give `{name}` {wanted}; it is {shown}. Check the equation and the units of its parameters."
        )
