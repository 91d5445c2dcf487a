"""The classes that stored data may be made of: those of the package, and those that a caller names."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from tripartite import arguments
from tripartite.language.mechanism import Mechanism
from tripartite.language.protocol import Protocol

_ROOMS = (
    "tripartite.mechanisms",
    "tripartite.observe",
    "tripartite.models.tripartite_synapse",
    "tripartite.protocols",
    "tripartite.solve.schedule",
    "tripartite.solve.solvers",
    "tripartite.network.stimuli",
    "tripartite.experiments.ion_carriers",
    "tripartite.experiments.moving_place_fields",
)
"""Modules of the package that define or list mechanisms, protocols and solvers; no file adds one."""


def known(classes: Iterable[type] = ()) -> Mapping[str, type]:
    """Classes by ``module:name``: the package's own and ``classes``."""
    own = arguments.several(classes, type, "classes", "classes=[MyMechanism]")
    return _of_the_package() | {path_of(kind): kind for kind in own}


def path_of(kind: type) -> str:
    """How stored data name a class."""
    return f"{kind.__module__}:{kind.__qualname__}"


@cache
def _of_the_package() -> dict[str, type]:
    modules = [importlib.import_module(room) for room in _ROOMS]
    solver = next(m for m in modules if m.__name__ == "tripartite.solve.solvers").Solver
    found = [kind for root in (Mechanism, Protocol, solver) for kind in _below(root)]
    return {path_of(kind): kind for kind in found if kind.__module__.startswith("tripartite.")}


def _below(kind: type) -> Iterator[type]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _below(sub)
