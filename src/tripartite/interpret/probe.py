"""Quantities on which equations are tried when they are defined: what other readings cannot follow is refused."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pint

from tripartite import units
from tripartite.errors import DefinitionError, said
from tripartite.language.events import Add

_ARITHMETIC = (np.add, np.subtract, np.multiply, np.true_divide, np.power, np.negative, np.absolute)


_calculating: list[str] = []
"""Operations of pint under way, within which it may compare quantities for its own purposes."""


class Condition:
    """A comparison of two quantities, good for ``where`` only."""

    def __init__(self, holds: bool):
        self.holds = holds

    def __bool__(self) -> bool:
        raise DefinitionError(
            "An equation must not branch with `if`, `min` or `max` on a quantity, because it is also read "
            "symbolically. Use `where(condition, yes, no)`."
        )


class Probe(units.registry.Quantity):
    """A quantity that refuses what symbols, arrays and kernels do not understand."""

    def __float__(self) -> float:
        raise DefinitionError(
            "An equation must not turn a quantity into a number, as `float` and `math.exp` do. "
            "Use `exp`, `log`, `sqrt`, `tanh`, `absolute` and `where` of `tripartite.language`."
        )

    def __bool__(self) -> bool:
        return bool(Condition(True))

    def __eq__(self, other: object) -> Any:
        if _calculating:
            return super().__eq__(other)
        raise DefinitionError(
            "An equation must not ask whether a quantity equals another, which a computed number never does exactly. "
            "Compare with <, <=, > or >= inside `where`."
        )

    __ne__ = __eq__  # type: ignore[assignment]
    __hash__ = units.registry.Quantity.__hash__

    def __array_ufunc__(self, function: Any, method: str, *values: Any, **options: Any) -> Any:
        if function in _ARITHMETIC:
            return super().__array_ufunc__(function, method, *values, **options)
        raise DefinitionError(
            f"An equation must not call `numpy.{function.__name__}`, which symbols and kernels do not know. "
            "Use `exp`, `log`, `sqrt`, `tanh`, `absolute` and `where` of `tripartite.language`."
        )


def _guarded(name: str, finish: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    original = getattr(units.registry.Quantity, name)

    def operation(self: Probe, other: Any) -> Any:
        if isinstance(other, pint.Quantity | pint.Unit) and not isinstance(other, Probe):
            raise DefinitionError(
                f"An equation must not contain a quantity of its own; got {said(other)}. Declare it as a Parameter, "
                "with its meaning and source."
            )
        if isinstance(other, Add):
            other.alone(self)
        _calculating.append(name)
        try:
            return finish(original(self, other))
        finally:
            _calculating.pop()

    return operation


for _operator in ("add", "sub", "mul", "truediv", "pow"):
    for _name in (f"__{_operator}__", f"__r{_operator}__"):
        setattr(Probe, _name, _guarded(_name, lambda value: value))
for _comparison in (operator.lt, operator.le, operator.gt, operator.ge):
    _name = f"__{_comparison.__name__}__"
    setattr(Probe, _name, _guarded(_name, lambda holds: Condition(bool(holds))))
