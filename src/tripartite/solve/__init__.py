"""Solving models: simulation, gradients, steady states, continuation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tripartite.errors import room

if TYPE_CHECKING:
    from tripartite.solve.branches import continuation
    from tripartite.solve.gradients import gradient
    from tripartite.solve.simulation import rerun, simulate
    from tripartite.solve.solvers import EulerMaruyama, Kvaerno5, Milstein, Solver, Tsit5
    from tripartite.solve.steady import steady_states

_WHERE = {
    "EulerMaruyama": "solvers",
    "Kvaerno5": "solvers",
    "Milstein": "solvers",
    "Solver": "solvers",
    "Tsit5": "solvers",
    "continuation": "branches",
    "gradient": "gradients",
    "rerun": "simulation",
    "simulate": "simulation",
    "steady_states": "steady",
}

__all__ = [
    "EulerMaruyama",
    "Kvaerno5",
    "Milstein",
    "Solver",
    "Tsit5",
    "continuation",
    "gradient",
    "rerun",
    "simulate",
    "steady_states",
]

__getattr__, __dir__ = room(__name__, __all__, {name: f"{__name__}.{place}" for name, place in _WHERE.items()})
