"""Perturbations against read-outs: what each does to what, in one table."""

from tripartite.perturb.knockouts import Knockouts, knockouts

__all__ = ["Knockouts", "knockouts"]
