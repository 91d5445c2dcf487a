"""A quantity that a fit searches, between two bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripartite import units
from tripartite.errors import DimensionError, RangeError
from tripartite.language.built import Owned


@dataclass(frozen=True)
class Free(metaclass=Owned):
    """A quantity to be found between two bounds, searched by its logarithm where ``low`` is above zero.

    ``high`` may name another free quantity that this one does not exceed: ``rise=Free(0.1 * s, "decay")``.

    **Raises** `QuantityError`, `DimensionError` and `RangeError` for bounds that are none.
    """

    low: Any
    high: Any

    def __post_init__(self) -> None:
        low = self._bound(self.low, "low")
        if isinstance(self.high, str) and self.high.strip().replace(".", "_").isidentifier():
            return
        high = self._bound(self.high, "high")
        if high.dimensionality != low.dimensionality:
            raise DimensionError(
                f"Both bounds of a free quantity have one dimension; got {units.shown(low)} and {units.shown(high)}. "
                "Correct the unit of one."
            )
        if not self.number(self.low) < self.number(self.high):
            raise RangeError(
                f"A free quantity lies between two bounds, the lower first; got {units.shown(low)} and "
                f"{units.shown(high)}. Exchange or widen them; hold it by `problem.fix(...)`."
            )

    def _bound(self, value: Any, name: str) -> Any:
        return units.single(value, name)

    @property
    def ceiling(self) -> str | None:
        """The free quantity that this one does not exceed, where ``high`` names one."""
        named = isinstance(self.high, str) and self.high.strip().replace(".", "_").isidentifier()
        return self.high if named else None

    @property
    def unit(self) -> Any:
        """The unit of the lower bound, in which all values of the quantity are given."""
        return units.as_quantity(self.low, "1", "low").units

    @property
    def logarithmic(self) -> bool:
        return self.number(self.low) > 0

    def number(self, value: Any) -> float:
        """``value`` as a number in the unit of this quantity."""
        found = units.single(value, "value")
        if found.dimensionality != self.unit.dimensionality:
            raise DimensionError(
                f"The quantity is measured in {units.shown(self.unit)}; got {units.shown(found)}. Correct the unit."
            )
        return float(found.to(self.unit).magnitude)
