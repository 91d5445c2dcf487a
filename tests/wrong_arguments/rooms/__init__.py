"""Calls that are right, room by room."""

from __future__ import annotations

from collections.abc import Callable

from ..call import Call
from . import language, mechanisms, models, morphology, network, protocols, rules, solve

ROOMS: dict[str, Callable[[], list[Call]]] = {
    "mechanisms": mechanisms.calls,
    "protocols": protocols.calls,
    "language": language.calls,
    "models": models.calls,
    "solve": solve.calls,
    "network": network.calls,
    "rules": rules.calls,
    "morphology": morphology.calls,
}
