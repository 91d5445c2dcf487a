"""Drugs: perturbations that name a receptor instead of a parameter, with dose and onset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tripartite import units
from tripartite.errors import RangeError, WiringError
from tripartite.language.model import Model
from tripartite.language.protocol import Action, Bar, Perturbation, Protocol
from tripartite.mechanisms import AdenosineA1, AdenosineUtilization

_A1 = ((AdenosineUtilization, "strength"), (AdenosineA1, "inhibition"))
"""Where adenosine acts through A1 receptors: mechanism and the parameter that carries the action."""


@dataclass(frozen=True)
class Dpcpx(Protocol):
    """The A1 antagonist DPCPX from ``at`` to ``stop``: 1 / (1 + dose / affinity) of the A1 action is left.

    It acts on every ``AdenosineUtilization.strength`` (exact for a competitive antagonist) and every
    ``AdenosineA1.inhibition`` (receptors taken out of play, which adenosine does not win back).

    **Sources** ``dose`` by default 500 nM (hargus2009, table 1). ``affinity`` by default 0.5 nM (assumed:
    order of the binding constant in rat brain; at the usual doses the block is complete whatever it is).
    """

    at: Any = field(kw_only=True)
    stop: Any = field(default=None, kw_only=True)
    dose: Any = field(default="500 nM", kw_only=True)
    affinity: Any = field(default="0.5 nM", kw_only=True)

    @property
    def unblocked(self) -> float:
        """Fraction of the A1 action that is left."""
        dose = units.to_internal(self.dose, "uM", "dose")
        affinity = units.to_internal(self.affinity, "uM", "affinity")
        if dose < 0 or affinity <= 0:
            raise RangeError(
                f"A dose is not negative and an affinity positive; got dose={self.dose}, "
                f"affinity={self.affinity}. Give two concentrations."
            )
        return 1 / (1 + dose / affinity)

    def targets(self, model: Model) -> dict[str, float]:
        """Factor by parameter key; a model without A1 action is an error."""
        keys = [
            part.keys[name]
            for part in model.system.parts
            for mechanism, name in _A1
            if isinstance(part.mechanism, mechanism)
        ]
        if not keys:
            wanted = " or ".join(f"`{mechanism.__name__}` ({name})" for mechanism, name in _A1)
            raise WiringError(
                f"DPCPX acts on A1 receptors; the model of {', '.join(part.label for part in model.system.parts)} "
                f"has none. Add {wanted}, or write a `Perturbation` of the parameter you mean."
            )
        return dict.fromkeys(keys, self.unblocked)

    def actions(self, model: Model, until: float, seed: int) -> Iterator[Action]:
        change = Perturbation("DPCPX", self.targets(model), at=self.at, stop=self.stop)
        return change.actions(model, until, seed)

    def bars(self, until: float) -> list[Bar]:
        label = f"DPCPX {units.shown(units.as_quantity(self.dose, 'uM', 'dose'))}"
        return Perturbation(label, {}, at=self.at, stop=self.stop).bars(until)
