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

from numba import float64, int64, njit, void
from numba.core.ccallback import CFunc

from tripartite.interpret.kernels import cores
from tripartite.interpret.kernels.alone import StandingAlone
from tripartite.interpret.kernels.kept import Kept

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz"}}


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
    return keep(njit(**OPTIONS)(function))


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
        made = CFunc(function, (arguments.args, arguments.return_type), locals={}, options=OPTIONS)
        keep(made, function).compile()
        return made

    return decorate


def keep(made: Any, function: Callable | None = None) -> Any:
    """Keep what Numba compiles of ``made`` on disk; generated modules have a name for each content."""
    known = made.py_func if function is None else function
    made._compiler.pipeline_class = StandingAlone
    made._cache = Kept(known, "" if known.__module__.startswith(GENERATED) else _SOURCES)
    return made


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
