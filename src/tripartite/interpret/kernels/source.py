"""From a trace to lines of Python: shared values get a name, the rest is written as the paper writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tripartite.interpret.kernels.trace import Node, order

_BINDING = {"<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "neg": 4, "**": 5}
_CALLS = ("exp", "log", "sqrt", "tanh", "absolute", "where")
_LONGEST = 110


def lines(targets: Iterable[tuple[str, Node]], prefix: str = "x", updates: str = "=") -> list[str]:
    """Assignments ``target = expression`` for each pair, preceded by those of shared subexpressions."""
    pairs = list(targets)
    uses: Counter[int] = Counter()
    for node in order(value for _, value in pairs):
        uses.update(id(a) for a in node.args if isinstance(a, Node))
    uses.update(id(value) for _, value in pairs)
    written: dict[int, str] = {}
    text: dict[int, tuple[str, int]] = {}
    found: list[str] = []
    for node in order(value for _, value in pairs):
        expression, binding = _expression(node, text)
        shared = uses[id(node)] > 1 and node.op not in ("name", "number")
        if shared or (len(expression) > _LONGEST and node.op not in ("name", "number")):
            written[id(node)] = f"{prefix}{len(written)}"
            found.append(f"{written[id(node)]} = {expression}")
            expression, binding = written[id(node)], 9
        text[id(node)] = (expression, binding)
    found += [f"{target} {updates} {text[id(value)][0]}" for target, value in pairs]
    return found


def _expression(node: Node, text: dict[int, tuple[str, int]]) -> tuple[str, int]:
    if node.op == "name":
        return node.args[0], 9
    if node.op == "number":
        return repr(node.args[0]), 9 if node.args[0] >= 0 else 0
    if node.op in _CALLS:
        return f"{node.op}({', '.join(text[id(a)][0] for a in node.args)})", 9
    rank = _BINDING[node.op]
    if node.op == "neg":
        return f"-{_bound(text[id(node.args[0])], rank)}", rank
    first, second = node.args
    if node.op == "**" and not (second.op == "number" and isinstance(second.args[0], int)):
        return f"power({text[id(first)][0]}, {text[id(second)][0]})", 9
    left = _bound(text[id(first)], rank + (node.op == "**"))
    right = _bound(text[id(second)], rank + 1)
    return f"{left}{node.op}{right}" if node.op == "**" else f"{left} {node.op} {right}", rank


def _bound(part: tuple[str, int], rank: int) -> str:
    return part[0] if part[1] >= rank else f"({part[0]})"
