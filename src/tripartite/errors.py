"""Typed exceptions; every message states the rule, what came and what to do."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_LONGEST_NAME = 120
_MANY = 1000


class TripartiteError(Exception):
    """Base of every error that the package raises for its users."""


class DefinitionError(TripartiteError):
    """A mechanism is declared in a way that cannot be read."""


class DimensionError(TripartiteError):
    """A quantity or an equation has the wrong dimension."""


class QuantityError(TripartiteError):
    """A value is not a finite number with a unit."""


class RangeError(TripartiteError):
    """A value lies outside the range in which it has a meaning."""


class ArgumentError(TripartiteError):
    """An argument that is not of the kind asked for: no seed, no path, no object of the class."""


class UnknownNameError(TripartiteError, AttributeError):
    """A name that nothing carries; the message lists the nearest names."""


class WiringError(TripartiteError):
    """An input without a source or with several, or a state with several owners."""


class NoTargetError(WiringError):
    """A perturbation of a model that has nothing it acts on."""


class SolveError(TripartiteError):
    """A solve that cannot be started as asked."""


class NetworkError(TripartiteError):
    """A network that cannot be built or run as asked."""


class DelayError(NetworkError):
    """A delay that cannot be kept with the step of the network."""


class DivergedError(NetworkError):
    """Numbers of a running network stopped being finite; ``result`` is what was recorded until then."""

    def __init__(self, message: str, result: Any = None):
        super().__init__(message)
        self.result = result


class ResultError(TripartiteError):
    """Stored data that cannot be read or written as a result."""


class RecordingError(ResultError):
    """Values over time that cannot be taken as a recording."""


class MissingDataError(TripartiteError):
    """Measurements that the package may not ship and that were not found where the user keeps them."""


def nearest(name: Any, candidates: Iterable[str], count: int = 3) -> str:
    """The closest of ``candidates`` as a phrase: ``"Did you mean `uptake`?"``, or the whole list."""
    pool = sorted(set(candidates))
    if not pool:
        return "There is none to choose from."
    close: list[str] = []
    if isinstance(name, str) and len(name) <= _LONGEST_NAME:
        place, _, last = name.lower().rpartition(".")
        by_last: dict[str, list[str]] = {}
        for candidate in pool:
            by_last.setdefault(candidate.rsplit(".", 1)[-1].lower(), []).append(candidate)
        words = difflib.get_close_matches(last, by_last, n=count)
        close = [max(by_last[word], key=lambda candidate: _alike(place, candidate)) for word in words]
        close = close or difflib.get_close_matches(name, pool, n=count, cutoff=0.5)
    if close:
        return "Did you mean " + " or ".join(f"`{c}`" for c in close) + "?"
    shown = ", ".join(f"`{c}`" for c in pool[:12])
    return f"Choose from {shown}" + (" and others." if len(pool) > 12 else ".")


def _alike(place: str, candidate: str) -> float:
    """How like ``place`` what stands before the last word of a path is, its first word or all of it, from 0 to 1."""
    whole = candidate.lower().rpartition(".")[0]
    meant = place.replace(".", "_")
    return max(
        difflib.SequenceMatcher(None, meant, text.replace(".", "_")).ratio() for text in (whole, whole.split(".")[0])
    )


def room(
    module: str, names: Iterable[str], lazy: Mapping[str, str] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a module: ``names`` are completed, and a wrong one gets the nearest.

    ``lazy`` names the module from which a name is loaded when it is first asked for, or that it is itself.
    """
    known, places = sorted(set(names)), dict(lazy or {})

    def load(name: str) -> Any:
        if name in places:
            source = importlib.import_module(places[name])
            found = source if places[name] == f"{module}.{name}" else getattr(source, name)
            setattr(sys.modules[module], name, found)
            return found
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        raise UnknownNameError(f"`{module}` has no `{name}`. {nearest(name, known)}")

    return load, lambda: known


def outside() -> int:
    """The ``stacklevel`` of a warning at which the call from outside the package stands."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).split(".")[0] == "tripartite":
        frame, level = frame.f_back, level + 1
    return level


def said(value: Any) -> str:
    """``value`` as a short text in one line, whatever it is: some objects cannot even be shown, others are too long."""
    try:
        if isinstance(value, list | tuple | dict | set | frozenset) and len(value) > _MANY:
            return f"{len(value):,} things (an object of `{type(value).__name__}`)"
        shown = " ".join(repr(value).split())
    except Exception:
        return f"an object of `{type(value).__name__}`"
    return shown if len(shown) <= 120 else f"{shown[:100]}… (an object of `{type(value).__name__}`)"


def brief(found: Any) -> str:
    """A named tuple as text, arrays by their shapes alone: ``Found(p=<5 × 5 values>, mean=0.2)``."""
    shapes = {name: getattr(value, "shape", ()) for name, value in found._asdict().items()}
    rows = (
        f"{name}=<{' × '.join(map(str, shapes[name]))} values>" if shapes[name] else f"{name}={said(value)}"
        for name, value in found._asdict().items()
    )
    return f"{type(found).__name__}({', '.join(rows)})"


def named(value: Any) -> str:
    """A name that was given, in backticks where it can be a name, else as `said`."""
    plain = isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_NAME
    return f"`{value}`" if plain else said(value)
