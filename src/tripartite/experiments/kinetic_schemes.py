"""Steady states and relaxations of kinetic schemes: states that exchange their fractions at held concentrations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite.language import Model
from tripartite.protocols import Constant
from tripartite.units import mM, mV


def scheme(model: Model, v: float, glutamate: Any = 1 * mM) -> tuple[list[str], np.ndarray]:
    """Names of the states and the matrix of a kinetic scheme (1/ms) at a held potential (mV)."""
    from tripartite.solve.flow import Flow

    flow = Flow(model, Constant(glutamate=glutamate, v=v * mV))
    names = [entry.key.rsplit(".", 1)[-1] for entry in flow.entries]
    return names, flow.linear(flow.start)[1]


def steady(
    model: Model, v: float, glutamate: Any = 1 * mM, changes: Mapping[str, Any] | None = None
) -> dict[str, float]:
    """Steady fraction of each state: the vector that the scheme leaves as it is, with sum 1."""
    names, matrix = scheme(model.replace(changes or {}), v, glutamate)
    rows = np.vstack([matrix, np.ones(len(matrix))])
    # Rows are brought to one size: rates differ by eight orders.
    size = np.abs(rows).max(axis=1)
    found = np.linalg.lstsq(rows / size[:, None], np.append(np.zeros(len(matrix)), 1.0), rcond=None)[0]
    return dict(zip(names, found.tolist(), strict=True))
