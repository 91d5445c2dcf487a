"""The kernel of a coupling: what the neighbours of each cell add to the rates of its states."""

from __future__ import annotations

from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.cells import CellPlan, constants_row, coupling_row, row
from tripartite.network.plan.couplings import CouplingPlan


def couple_function(plan: CouplingPlan, first: set[str]) -> Function:
    """The kernel ``couple_<name>``; it sets what it adds to the states ``first``, and adds to the others."""
    name, host = plan.name, plan.host
    function = Function(
        f"couple_{name}", ("low", "high"), "What neighbours add to the rates of states.", real=host.real
    )
    for text, key in plan.here.items():
        _read(function, host, text, key, 1, "cell")
    for text, key in plan.there.items():
        _read(function, host, text, key, 2, "neighbour")
    for text, key in plan.contacts.items():
        function.leaf(text, 2, "{" + f"{name}_{key}" + "}[edge]")
    targets = [(f"total{number} +=", rate, 2) for number, rate in enumerate(plan.rates.values())]
    outside, by_cell, by_edge = function.nested(targets, 3)
    start, neighbour = function.array(f"{name}_start"), function.array(f"{name}_neighbour")
    goals = [(function.array(coupling_row(host, key)), "=" if key in first else "+=") for key in plan.rates]
    function.body = [
        *outside,
        "for cell in range(low, high):",
        *indented([*by_cell, *(f"total{number} = 0.0" for number in range(len(goals)))]),
        f"    for edge in range({start}[cell], {start}[cell + 1]):",
        f"        neighbour = {neighbour}[edge]",
        *indented(by_edge, 2),
        *(f"    {goal}[cell] {sign} total{number}" for number, (goal, sign) in enumerate(goals)),
    ]
    return function


def _read(function: Function, host: CellPlan, text: str, key: str, depth: int, index: str) -> None:
    """Tell the kernel how to read a quantity of a cell."""
    position = host.system.constant_position.get(key)
    if position is None or key in host.varying or key in host.held:
        function.leaf(text, depth, "{" + row(host, key) + "}" + f"[{index}]")
    else:
        function.leaf(text, 0, "{" + constants_row(host) + f"}}[{position}]")
