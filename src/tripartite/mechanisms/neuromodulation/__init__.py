"""Slow modulators of release."""

from tripartite.mechanisms.neuromodulation.adenosine import Adenosine, AdenosineA1, AdenosineUtilization

__all__ = [
    "Adenosine",
    "AdenosineA1",
    "AdenosineUtilization",
]
