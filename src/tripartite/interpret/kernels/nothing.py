"""Kernels of what a model does not have, compiled once for all models: no states, crossings, events or noise."""

from __future__ import annotations

import numpy as np

from tripartite.interpret.kernels.interface import callback


@callback("rates")
def rates(y, c, dy):  # type: ignore[no-untyped-def]
    """No rate."""


@callback("crossings")
def crossings(y, c, g):  # type: ignore[no-untyped-def]
    """No crossing value."""


@callback("fire")
def fire(event, amount, y, c, emitted):  # type: ignore[no-untyped-def]
    """Nothing jumps, nothing is emitted."""
    emitted[:] = np.nan


@callback("noises")
def noises(y, c, b, slope):  # type: ignore[no-untyped-def]
    """No amplitude."""


@callback("rates_pull_back")
def rates_pull_back(y, c, w, ybar, cbar):  # type: ignore[no-untyped-def]
    """No derivative."""


@callback("crossings_pull_back")
def crossings_pull_back(y, c, w, ybar, cbar):  # type: ignore[no-untyped-def]
    """No derivative."""


@callback("fire_pull_back")
def fire_pull_back(event, amount, y, c, w, ybar, cbar):  # type: ignore[no-untyped-def]
    """No derivative."""
