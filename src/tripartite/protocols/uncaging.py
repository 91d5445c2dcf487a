"""Uncaging: flashes that set IP3 or calcium free at a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tripartite import units
from tripartite.errors import QuantityError
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Occur
from tripartite.mechanisms import CagedCalcium, CagedIp3
from tripartite.protocols.tools import AbstractTool


@dataclass(frozen=True)
class AbstractUncaging(AbstractTool):
    """Flashes at ``times``, each of which raises a concentration by ``amount`` within the time of the dark reaction.

    ``into`` names the compartment; without it every compartment that holds the substance is struck.
    """

    amount: Any = field(kw_only=True)
    times: Any = field(kw_only=True)

    event: ClassVar[str]

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        times, amount = units.row(self.times, "s", "times"), units.number(self.amount, "uM", "amount")
        if amount < 0 or (len(times) and times.min() < 0):
            raise QuantityError(
                f"Flashes come at or after 0 s and set 0 µM or more free; got times={self.times}, "
                f"amount={self.amount}. Correct them."
            )
        for place in self.places(model):
            yield from (Occur(float(time), f"{place}.{self.event}", amount) for time in times if time < until)

    def begins(self) -> Iterator[tuple[str, Any]]:
        yield self.label, units.row(self.times, "s", "times")

    def bars(self, until: float) -> list[Bar]:
        times = units.row(self.times, "s", "times") / 1000
        return [Bar(self.label, float(time), min(float(time) + 0.01 * until, until)) for time in times if time < until]


@dataclass(frozen=True)
class Ip3Uncaging(AbstractUncaging):
    """Flashes that set IP3 free: ``Ip3Uncaging(into="soma", amount=1 * uM, times=[5] * s)``."""

    label: ClassVar[str] = "IP3 uncaging"
    event: ClassVar[str] = "ip3_uncaging"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (CagedIp3,)
    needs: ClassVar[str] = "ip3"


@dataclass(frozen=True)
class CalciumUncaging(AbstractUncaging):
    """Flashes that set calcium free, in a cell whose total calcium can change (`TotalCalcium`)."""

    label: ClassVar[str] = "calcium uncaging"
    event: ClassVar[str] = "calcium_uncaging"
    expressed: ClassVar[tuple[type[Mechanism], ...]] = (CagedCalcium,)
    needs: ClassVar[str] = "ca_total"
