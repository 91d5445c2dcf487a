"""The kernel of gap junctions: what the neighbours of each cell add to the rate of a state."""

from __future__ import annotations

from typing import Any

from tripartite.interpret.kernels.trace import number
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import CellPlan, coupling_row, row


def couple_function(name: str, plan: CellPlan, coupling: Any, key: str, rate: Any) -> Function:
    """The kernel ``couple_<name>``, for a flux between two cells as a traced value."""
    function = Function(
        f"couple_{name}", ("low", "high"), "What neighbours add to the rate of a state.", real=plan.real
    )
    state = "{" + row(plan, key) + "}"
    here = key.rsplit(".", 1)[-1] + "_here"
    function.leaf(here, 1, f"{state}[cell]")
    function.leaf("neighbour", 2, state + "[{" + f"{name}_neighbour" + "}[edge]]")
    outside, by_cell, by_edge = function.nested([("total +=", rate + number(0.0), 2)], 3)
    start, goal = function.array(f"{name}_start"), function.array(coupling_row(plan, key))
    function.body = [
        *outside,
        "for cell in range(low, high):",
        *indented([*by_cell, "total = 0.0", f"for edge in range({start}[cell], {start}[cell + 1]):"]),
        *indented(by_edge, 2),
        f"    {goal}[cell] = total",
    ]
    return function
