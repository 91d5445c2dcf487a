"""From a trace to lines of Python: shared values get a name, the rest is written as the paper writes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from tripartite.interpret.kernels.trace import Node, order

_BINDING = {"<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "neg": 4, "**": 5}
_CALLS = ("exp", "log", "sqrt", "tanh", "absolute", "where", "binomial", "poisson")
_LONGEST = 110


def lines(targets: Iterable[tuple[str, Node]], prefix: str = "x", updates: str = "=") -> list[str]:
    """Assignments ``target = expression`` for each pair, preceded by those of shared subexpressions."""
    pairs = [(target, value, 0) for target, value in targets]
    return nested(pairs, lambda name: 0, 1, prefix, updates)[0]


def nested(
    targets: Sequence[tuple[str, Node, int]],
    depth: Callable[[str], int],
    loops: int,
    prefix: str = "x",
    updates: str = "=",
    real: str = "",
) -> list[list[str]]:
    """Lines for each of ``loops`` nested loops, outermost first: every value is computed as far out as it can be.

    **Arguments** targets: (target, value, loop in which it is assigned), where a target that ends with ``=`` brings
    its own sign; depth: loop in which a name is known; real: the type to which what the loops use is converted
    outside of them, where it is not Python's own float.
    """
    roots = [value for _, value, _ in targets]
    inner: dict[int, int] = {}
    uses: Counter[int] = Counter(id(value) for value in roots)
    crosses: set[int] = set()
    nodes = order(roots)
    for node in nodes:
        parts = [a for a in node.args if isinstance(a, Node)]
        uses.update(id(a) for a in parts)
        inner[id(node)] = depth(node.args[0]) if node.op == "name" else max((inner[id(a)] for a in parts), default=0)
        crosses |= {id(a) for a in parts if inner[id(a)] < inner[id(node)]}
    crosses |= {id(value) for _, value, loop in targets if inner[id(value)] < loop}
    found: list[list[str]] = [[] for _ in range(loops)]
    text: dict[int, tuple[str, int]] = {}
    count = 0
    literals: dict[float, str] = {}
    for node in nodes:
        expression, binding = _expression(node, text)
        if real and node.op == "number":
            if node.args[0] not in literals:
                literals[node.args[0]] = f"number{len(literals)}"
                found[0].append(f"number{len(literals) - 1} = {real}({expression})")
            expression, binding = literals[node.args[0]], 9
        if real and inner[id(node)] == 0 and node.op not in ("name", "number"):
            expression, binding = f"{real}({expression})", 9
        if node.op not in ("name", "number"):
            shared = uses[id(node)] > 1 or id(node) in crosses
            if shared or len(expression) > _LONGEST:
                found[inner[id(node)]].append(f"{prefix}{count} = {expression}")
                expression, binding = f"{prefix}{count}", 9
                count += 1
        text[id(node)] = (expression, binding)
    for target, value, loop in targets:
        sign = "" if target.endswith("=") else f" {updates}"
        found[loop].append(f"{target}{sign} {text[id(value)][0]}")
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
