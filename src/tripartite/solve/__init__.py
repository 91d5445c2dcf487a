"""Solving models: simulation, gradients, steady states, continuation."""

from __future__ import annotations

import importlib
from typing import Any

_WHERE = {
    "Kvaerno5": "solvers",
    "EulerMaruyama": "solvers",
    "Milstein": "solvers",
    "Solver": "solvers",
    "Tsit5": "solvers",
    "continuation": "branches",
    "gradient": "gradients",
    "rerun": "simulation",
    "simulate": "simulation",
    "steady_states": "steady",
}

__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"`tripartite.solve` has no `{name}`.")
    return getattr(importlib.import_module(f"tripartite.solve.{_WHERE[name]}"), name)
