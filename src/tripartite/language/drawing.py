"""How objects of lower rooms get their figures: `figures` draws them, and the package says so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_drawers: dict[str, Callable[..., Any]] = {}


def register(kind: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the decorated function the one that draws objects of a ``kind``."""

    def take(function: Callable[..., Any]) -> Callable[..., Any]:
        _drawers[kind] = function
        return function

    return take


def draw(kind: str, item: Any, **options: Any) -> Any:
    """The figure of ``item``."""
    return _drawers[kind](item, **options)
