"""Whether couplings, which are held over a step, stay stable with the step they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.errors import NetworkError, said
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import number
from tripartite.network.plan.cells import row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.rules import Edges

if TYPE_CHECKING:
    from tripartite.network.connect.layout import Layout


def check(layout: Layout, plan: CouplingPlan, edges: Edges) -> None:
    """Refuse a coupling that could empty a cell within a step, or swing ever wider.

    Judged by its slopes where the network starts; ``edges`` join cells of the whole population.
    """
    known = {text: _stored(layout, plan, key, edges.sources) for text, key in plan.here.items()}
    known |= {text: _stored(layout, plan, key, edges.target) for text, key in plan.there.items()}
    known |= {text: layout.memory[f"{plan.name}_{key}"].astype(float) for text, key in plan.contacts.items()}
    host = plan.host
    for key, rate in plan.rates.items():
        (slope,) = trace.pull_back([(rate, number(1.0))], [host.leaves[key]])
        with np.errstate(all="ignore"):
            found = np.broadcast_to(trace.evaluate(slope, known), (len(edges),))
        per_cell = np.bincount(edges.sources, -np.nan_to_num(found), minlength=1)
        worst = int(np.argmax(per_cell))
        if per_cell[worst] * host.width > 1:
            raise NetworkError(
                f"A coupling moves at most what differs in a step; {said(plan.mechanism)} changes "
                f"`{host.name}.{key}` of "
                f"cell {worst} at {1000 * per_cell[worst]:.3g} 1/s with a step of {host.width:g} ms. Give the "
                f"population a step below {1 / per_cell[worst]:.2g} ms, or let `Diffusion` exchange it implicitly."
            )


def _stored(layout: Layout, plan: CouplingPlan, key: str, cells: np.ndarray) -> np.ndarray | float:
    """Starting value of a quantity for each of ``cells``, one if they share it."""
    host = plan.host
    position = host.system.constant_position.get(key)
    if position is None or key in host.varying or key in host.held:
        return layout.memory[row(host, key)][cells].astype(float)
    return float(layout.memory[f"{host.name}_constants"][position])
