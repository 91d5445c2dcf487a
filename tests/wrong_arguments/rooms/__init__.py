"""Calls that are right, room by room."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call
from . import (
    analysis,
    experiments,
    figures,
    fit,
    language,
    mechanisms,
    models,
    morphology,
    network,
    observe,
    protocols,
    rules,
    solve,
    stored,
)

ROOMS: dict[str, Callable[[], list[Call]]] = {
    "mechanisms": mechanisms.calls,
    "protocols": protocols.calls,
    "language": language.calls,
    "models": models.calls,
    "solve": solve.calls,
    "stored": stored.calls,
    "network": network.calls,
    "rules": rules.calls,
    "morphology": morphology.calls,
    "analysis": analysis.calls,
    "observe": observe.calls,
    "fit": fit.calls,
    "figures": figures.calls,
    "experiments": experiments.calls,
}
