"""What the package offers to be called: public functions, classes, and methods that take arguments."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any

import tripartite as tp
from tripartite import language, sources
from tripartite.network import rules

ROOMS: tuple[ModuleType, ...] = (
    tp, language, sources, tp.analysis, tp.experiments, tp.figures, tp.fit, tp.identify, tp.mechanisms, tp.models,
    tp.network, tp.observe, tp.perturb, tp.protocols, rules, tp.solve,
)  # fmt: skip
_SPOKEN = ("__add__", "__and__", "__call__", "__getitem__", "__rshift__")


@cache
def offered() -> dict[str, Any]:
    """Every public callable by a name of its own; a method stands with the class that defines it.

    Equations of mechanisms are none: the package calls them, with what it has looked at.
    """
    found: dict[str, Any] = {}
    for room in ROOMS:
        for name in room.__all__:  # type: ignore[attr-defined]
            item = getattr(room, name)
            if not callable(item) or not item.__module__.startswith("tripartite"):
                continue
            own = name if found.get(name, item) is item else f"{room.__name__.rpartition('.')[2]}.{name}"
            if takes(item):
                found[own] = item
            if isinstance(item, type):
                found |= dict(_methods(item))
    return found


def takes(item: Any) -> list[str]:
    """Names of the parameters of a callable, without the object itself and without those in any number."""
    try:
        parameters = inspect.signature(item).parameters.values()
    except (ValueError, TypeError):
        return []
    return [p.name for p in parameters if p.name not in ("self", "cls", "args", "kwargs")]


def _methods(kind: type) -> Iterator[tuple[str, Any]]:
    for base in kind.__mro__:
        if not base.__module__.startswith("tripartite"):
            continue
        for name, item in vars(base).items():
            function = getattr(item, "__func__", item)
            equation = issubclass(base, tp.Mechanism) and takes(function) == ["q"]
            if equation or (name.startswith("_") and name not in _SPOKEN):
                continue
            if inspect.isfunction(function) and function.__module__.startswith("tripartite") and takes(function):
                yield f"{base.__name__}.{name}", function
