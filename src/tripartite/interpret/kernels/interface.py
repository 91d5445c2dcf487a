"""The functions that `build` writes for a model, as the compiled drivers receive them.

They are passed as function pointers, so a driver is compiled once per machine and a new model costs only the
compilation of its own equations. y: states, c: constants (parameters, then driven inputs), w: weights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

from numba import float64, int64, void
from numba.core.ccallback import CFunc

from tripartite.interpret.kernels import cores
from tripartite.interpret.kernels.kept import Kept
from tripartite.interpret.kernels.parts import Driver, MakesWhole, Part, Whole

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz"}}

BORROWING: dict[str, Any] = {**OPTIONS, "_nrt": False}
"""Counting the owners of arrays takes half of the code of a driver that hands on many, and of its compilation."""


def _sources() -> str:
    """Digest of everything a driver may be compiled from."""
    package = Path(__file__).parents[2]
    folders = ("interpret/kernels", "solve", "network")
    files = [path for folder in folders for path in package.glob(f"{folder}/**/*.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


_SOURCES = _sources()
GENERATED = "tripartite_kernels_"
"""How names of generated modules begin; a digest of what they are made from follows."""


def compiled(function: Callable) -> Any:
    """Decorator of a driver: compiled for its argument types when first called, kept on disk."""
    return driver(function, OPTIONS)


def borrowing(function: Callable) -> Any:
    """Decorator as `compiled` of a driver that makes and returns no arrays: it counts no owners of those it gets."""
    return driver(function, BORROWING)


def inlined(function: Callable) -> Any:
    """Decorator of a small function that goes into each that calls it."""
    return driver(function, {"forceinline": True, "error_model": "numpy", "fastmath": {"contract", "nsz", "arcp"}})


def parallel(function: Callable) -> Callable[..., None]:
    """Decorator as `compiled` of a driver of the parts from ``low`` to ``high`` (excluded), its first two arguments.

    It is called with the number of parts in place of them, and cores share the parts: one writes where no other does.
    """
    made = compiled(function)

    @wraps(function)
    def shared(parts: int, *arguments: Any) -> None:
        made(0, 0, *arguments)  # compiled before several threads ask for it
        cores.share(lambda low, high: made(low, high, *arguments), parts)

    return shared


def callback(name: str) -> Callable[[Callable], Any]:
    """Decorator of a generated function of `SIGNATURES`: compiled at once, called through its address."""

    def decorate(function: Callable) -> Any:
        arguments = SIGNATURES[name]
        made: Any = CFunc(function, (arguments.args, arguments.return_type), {}, OPTIONS, pipeline_class=MakesWhole)
        made._cache = Kept(function, _version(function), Whole.kind)
        made.compile()
        return made

    return decorate


def driver(function: Callable, options: dict[str, Any], apart: bool = False) -> Driver:
    """Compiled with Numba's ``options`` for its argument types, and kept on disk."""
    made: Any = Driver(function, targetoptions=options, apart=apart)
    made._cache = Kept(function, _version(function), Whole.kind)
    if not function.__module__.startswith(GENERATED):  # where parts go into one whole, which is kept
        made.parts._cache = Kept(function, _version(function), Part.kind)
    return made


def _version(function: Callable) -> str:
    """Names what a function is compiled from; generated modules have a name for each content."""
    return "" if function.__module__.startswith(GENERATED) else _SOURCES


_VECTOR = float64[::1]
SIGNATURES = {
    "rates": void(*[_VECTOR] * 3),
    "crossings": void(*[_VECTOR] * 3),
    "fire": void(int64, float64, *[_VECTOR] * 3),
    "noises": void(*[_VECTOR] * 4),
    "rates_pull_back": void(*[_VECTOR] * 5),
    "crossings_pull_back": void(*[_VECTOR] * 5),
    "fire_pull_back": void(int64, float64, *[_VECTOR] * 5),
}


class _Forward(NamedTuple):
    rates: Any
    crossings: Any
    fire: Any
    noises: Any


class _Backward(NamedTuple):
    rates: Any
    crossings: Any
    fire: Any


class Forward(_Forward):
    """What every driver needs.

    ``rates(y, c, dy)`` writes dy/dt; ``crossings(y, c, g)`` writes every crossing value;
    ``fire(event, amount, y, c, emitted)`` lets y jump and writes what is emitted (else NaN);
    ``noises(y, c, b, slope)`` writes noise amplitudes and their derivatives by their own states.
    """

    _numba_type_: Any


class Backward(_Backward):
    """What the way back over a tape needs; each adds the derivatives of a weighted sum to ybar and cbar.

    ``rates_pull_back(y, c, w, ybar, cbar)`` of w·dy/dt; ``crossings_pull_back`` (same arguments) of w·g;
    ``fire_pull_back(event, amount, y, c, w, ybar, cbar)`` of w·(y after the event).
    """

    _numba_type_: Any
