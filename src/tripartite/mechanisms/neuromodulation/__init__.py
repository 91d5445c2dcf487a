"""Slow modulators of release."""

from tripartite.errors import room
from tripartite.mechanisms.neuromodulation.adenosine import (
    Adenosine,
    AdenosineA1,
    AdenosineInhibition,
    AdenosineUtilization,
)
from tripartite.mechanisms.neuromodulation.neuronal_adenosine import NeuronalAdenosine
from tripartite.mechanisms.neuromodulation.noradrenaline import Noradrenaline
from tripartite.mechanisms.neuromodulation.purines import PurineCascade, PurineChain, Purines

__all__ = [
    "Adenosine",
    "AdenosineA1",
    "AdenosineInhibition",
    "AdenosineUtilization",
    "NeuronalAdenosine",
    "Noradrenaline",
    "PurineCascade",
    "PurineChain",
    "Purines",
]

__getattr__, __dir__ = room(__name__, __all__)
