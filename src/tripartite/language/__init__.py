"""What a model is: mechanisms, compartments, models, protocols, results."""

from tripartite.errors import room
from tripartite.language.compartment import Compartment, Port, Wire
from tripartite.language.declarations import Chance, Emission, Input, Output, Parameter, State
from tripartite.language.events import Add
from tripartite.language.functions import absolute, boltzmann, exp, hill, linoid, log, sqrt, tanh, where
from tripartite.language.mechanism import Mechanism, Quantities
from tripartite.language.model import Model, as_model
from tripartite.language.parameter_set import ParameterSet
from tripartite.language.protocol import Nothing, Perturbation, Protocol
from tripartite.language.recording import Recording
from tripartite.language.result import Result
from tripartite.language.targets import BindingRate, HalfConcentration, Target
from tripartite.language.transitions import Transition

__all__ = [
    "Add",
    "BindingRate",
    "Chance",
    "Compartment",
    "Emission",
    "HalfConcentration",
    "Input",
    "Mechanism",
    "Model",
    "Nothing",
    "Output",
    "Parameter",
    "ParameterSet",
    "Perturbation",
    "Port",
    "Protocol",
    "Quantities",
    "Recording",
    "Result",
    "State",
    "Target",
    "Transition",
    "Wire",
    "absolute",
    "as_model",
    "boltzmann",
    "exp",
    "hill",
    "linoid",
    "log",
    "sqrt",
    "tanh",
    "where",
]

__getattr__, __dir__ = room(__name__, __all__)
