"""Neuron-astrocyte science: mechanisms written once, simulated, perturbed, fitted and reproduced.

Rooms load when first named, so that importing the package costs little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tripartite import interpret, units
from tripartite.errors import room
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
    Recording,
    Result,
    State,
    Wire,
    drawing,
)

if TYPE_CHECKING:
    from tripartite import (
        analysis,
        experiments,
        figures,
        fit,
        identify,
        mechanisms,
        models,
        network,
        observe,
        parameters,
        perturb,
        protocols,
        solve,
        sources,
    )
    from tripartite.network import Morphology, Network, Population, Projection
    from tripartite.perturb import knockouts
    from tripartite.solve import (
        EulerMaruyama,
        Kvaerno5,
        Milstein,
        Tsit5,
        continuation,
        gradient,
        rerun,
        simulate,
        steady_states,
    )

__version__ = "0.1.0"

__all__ = [
    "Compartment",
    "Emission",
    "EulerMaruyama",
    "Input",
    "Kvaerno5",
    "Mechanism",
    "Milstein",
    "Model",
    "Morphology",
    "Network",
    "Output",
    "Parameter",
    "ParameterSet",
    "Perturbation",
    "Population",
    "Projection",
    "Protocol",
    "Recording",
    "Result",
    "State",
    "Tsit5",
    "Wire",
    "analysis",
    "continuation",
    "dimensions",
    "experiments",
    "figures",
    "fit",
    "gradient",
    "identify",
    "interpret",
    "knockouts",
    "mechanisms",
    "models",
    "network",
    "observe",
    "parameters",
    "perturb",
    "protocols",
    "rerun",
    "simulate",
    "solve",
    "sources",
    "steady_states",
    "units",
]

_LAZY = {
    "solve": (
        "EulerMaruyama",
        "Kvaerno5",
        "Milstein",
        "Tsit5",
        "continuation",
        "gradient",
        "rerun",
        "simulate",
        "steady_states",
    ),
    "network": ("Morphology", "Network", "Population", "Projection"),
    "perturb": ("knockouts",),
}
_WHERE = {name: f"tripartite.{place}" for place, names in _LAZY.items() for name in names}
_WHERE |= {name: f"tripartite.{name}" for name in __all__ if name.islower() and name not in _WHERE}

__getattr__, __dir__ = room(__name__, [*__all__, "__version__"], _WHERE)


@drawing.register("fit")
def _plot_fit(found: Any, **options: Any) -> Any:
    from tripartite import figures

    return figures.plot_fit(found, **options)


@drawing.register("profile")
def _plot_profile(found: Any, **options: Any) -> Any:
    from tripartite import figures

    return figures.plot_profile(found, **options)


@drawing.register("recording")
def _plot_recording(recording: Recording, **options: Any) -> Any:
    from tripartite import figures

    return figures.plot_recording(recording, **options)


@Result.register_plot
def _plot(result: Result, *names: str, **options: Any) -> Any:
    from tripartite import figures

    return figures.plot(result, *names, **options)
