"""A trace as a list of NumPy operations, put in order once and run many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node


class Program:
    """The values of ``roots`` for given values of their names: ``program(values)`` is a list in their order."""

    def __init__(self, roots: Sequence[Node]):
        nodes = trace.order(roots)
        place = {id(node): number for number, node in enumerate(nodes)}
        self.roots = [place[id(root)] for root in roots]
        self.names = {node.args[0]: place[id(node)] for node in nodes if node.op == "name"}
        self.numbers = [node.args[0] if node.op == "number" else None for node in nodes]
        self.steps = [
            (place[id(node)], trace._CALCULATE[node.op], [place[id(argument)] for argument in node.args])
            for node in nodes
            if node.op not in ("name", "number")
        ]

    def __call__(self, values: Mapping[str, Any]) -> list[Any]:
        made: list[Any] = list(self.numbers)
        for name, place in self.names.items():
            made[place] = values[name]
        with np.errstate(all="ignore"):
            for place, calculate, arguments in self.steps:
                made[place] = calculate(*[made[number] for number in arguments])
        return [made[place] for place in self.roots]
