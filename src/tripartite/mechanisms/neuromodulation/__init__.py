"""Slow modulators of release."""

from tripartite.mechanisms.neuromodulation.adenosine import Adenosine, AdenosineA1, AdenosineUtilization
from tripartite.mechanisms.neuromodulation.noradrenaline import Noradrenaline
from tripartite.mechanisms.neuromodulation.purines import Purines

__all__ = [
    "Adenosine",
    "AdenosineA1",
    "AdenosineUtilization",
    "Noradrenaline",
    "Purines",
]
