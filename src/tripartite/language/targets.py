"""What a drug, a tool or a knock-out acts on, named at the parameter that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tripartite import arguments


@dataclass(frozen=True)
class Target:
    """A receptor, pump or channel by name; the parameter says how much it does.

    ``Parameter(..., target="SERCA")`` is short for ``target=Target("SERCA")``. What blocks or removes it takes the
    same part of the parameter.
    """

    name: str

    def __post_init__(self) -> None:
        arguments.text(self.name, "target")


@dataclass(frozen=True)
class HalfConcentration(Target):
    """A receptor or carrier whose agonist has half its effect at the parameter: what competes with it raises that."""


@dataclass(frozen=True)
class BindingRate(Target):
    """A receptor or carrier that binds its agonist at the parameter: what competes with it slows that."""


def as_target(given: Any) -> Target | None:
    """A target by its name, or as it is."""
    return given if given is None or isinstance(given, Target) else Target(given)
