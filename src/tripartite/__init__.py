"""Neuron-astrocyte science: mechanisms written once, simulated, perturbed, fitted and reproduced.

Rooms load when first named, so that importing the package costs little.
"""

from __future__ import annotations

import importlib
from typing import Any

from tripartite import interpret, units
from tripartite.errors import UnknownNameError, nearest
from tripartite.interpret import dimensions
from tripartite.language import (
    Compartment,
    Emission,
    Input,
    Mechanism,
    Model,
    Output,
    Parameter,
    ParameterSet,
    Perturbation,
    Protocol,
    Result,
    State,
)

__version__ = "0.1.0"

_ROOMS = (
    "analysis",
    "experiments",
    "figures",
    "fit",
    "identify",
    "mechanisms",
    "models",
    "network",
    "observe",
    "parameters",
    "perturb",
    "protocols",
    "solve",
    "sources",
)
_FROM_SOLVE = (
    "EulerMaruyama",
    "Kvaerno5",
    "Milstein",
    "Tsit5",
    "continuation",
    "gradient",
    "rerun",
    "simulate",
    "steady_states",
)
_FROM_PERTURB = ("knockouts",)
_FROM_NETWORK = ("Morphology", "Network", "Population", "Projection")

__all__ = [
    "Compartment",
    "Emission",
    "Input",
    "Mechanism",
    "Model",
    "Output",
    "Parameter",
    "ParameterSet",
    "Perturbation",
    "Protocol",
    "Result",
    "State",
    "dimensions",
    "interpret",
    "units",
    *_FROM_NETWORK,
    *_FROM_PERTURB,
    *_FROM_SOLVE,
    *_ROOMS,
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"tripartite.{name}")
    if name in _FROM_SOLVE:
        globals()[name] = getattr(importlib.import_module("tripartite.solve"), name)
        return globals()[name]
    if name in _FROM_NETWORK:
        globals()[name] = getattr(importlib.import_module("tripartite.network"), name)
        return globals()[name]
    if name in _FROM_PERTURB:
        globals()[name] = getattr(importlib.import_module("tripartite.perturb"), name)
        return globals()[name]
    raise UnknownNameError(f"`tripartite` has no `{name}`. {nearest(name, __all__)}")


@Result.register_plot
def _plot(result: Result, *names: str, **options: Any) -> Any:
    from tripartite import figures

    return figures.plot(result, *names, **options)
