"""Perturbations against read-outs: what each does to what, in one table."""

from tripartite.errors import room
from tripartite.perturb.knockouts import Knockouts, knockouts

__all__ = ["Knockouts", "knockouts"]

__getattr__, __dir__ = room(__name__, __all__)
