"""Generated functions: loads, shared values and assignments in nested loops, as readable Python."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.source import nested
from tripartite.interpret.kernels.trace import Node


@dataclass
class Function:
    """A function under construction.

    ``scalars`` come first in the call; arrays are passed by the name they have in `Memory`.
    """

    name: str
    scalars: Sequence[str]
    summary: str
    own: str = ""
    """The population whose own cells the arrays are cut to, if any."""
    real: str = ""
    """The type of cells' and synapses' numbers, where it is not float64."""
    arrays: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, tuple[int, str]] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    """Arrays that are handed over as they are, without regard to whose cells are a thread's own."""
    seeded: bool = False
    """Whether it draws random numbers with a seed that is none of its ``scalars``."""

    def array(self, name: str) -> str:
        """The name under which the function knows an array of the memory."""
        return self.arrays.setdefault(name, f"{name}_")

    def leaf(self, text: str, depth: int, code: str) -> None:
        """``text`` is known in loop ``depth``, where it is read as ``code``; array names in braces."""
        self.leaves[text] = (depth, code)

    def nested(self, targets: Sequence[tuple[str, Node, int]], loops: int) -> list[list[str]]:
        """Lines of each loop: loads of what is used, shared values, assignments."""
        used = {n.args[0] for n in trace.order(value for _, value, _ in targets) if n.op == "name"}
        found: list[list[str]] = [[] for _ in range(loops)]
        for text, (depth, code) in self.leaves.items():
            if text in used:
                code = self.filled(code)
                self.seeded |= "(seed, " in code and "seed" not in self.scalars
                cast = self.real and not code.startswith("np.int")
                found[depth].append(f"{text} = {self.real}({code})" if cast else f"{text} = {code}")
        known = self._depths([value for _, value, _ in targets])
        swift = _multiplied([value for _, value, _ in targets], known, bool(self.real))
        targets = [(self.filled(target), swift[id(value)], loop) for target, value, loop in targets]
        depth = {text: depth for text, (depth, _) in self.leaves.items()}
        calculated = nested(targets, lambda text: depth.get(text, 0), loops, real=self.real)
        return [loads + lines for loads, lines in zip(found, calculated, strict=True)]

    def _depths(self, roots: list[Node]) -> dict[int, int]:
        """In which loop every value becomes known."""
        found: dict[int, int] = {}
        for node in trace.order(roots):
            parts = [found[id(a)] for a in node.args if isinstance(a, Node)]
            found[id(node)] = self.leaves.get(node.args[0], (0,))[0] if node.op == "name" else max(parts, default=0)
        return found

    def filled(self, code: str) -> str:
        """``code`` with every ``{array}`` replaced by the parameter that stands for it."""
        while "{" in code:
            name = code[code.index("{") + 1 : code.index("}")]
            code = code.replace("{" + name + "}", self.array(name))
        return code

    def text(self, decorator: str = "@kernel") -> str:
        """The source of the function."""
        parameters = [*self.scalars, *self._seed, *self.arrays.values()]
        head = f"\n\n{decorator}\ndef {self.name}({', '.join(parameters)}):"
        return "\n".join([head, f'    """{self.summary}"""', *indented(self.body or ["pass"])]) + "\n"

    def call(self, *scalars: str) -> str:
        """The line that calls it."""
        cut = self.cut
        arrays = [own(name) if name in cut else name for name in self.arrays]
        return f"{self.name}({', '.join([*scalars, *self._seed, *arrays])})"

    @property
    def cut(self) -> set[str]:
        """Arrays of which it gets the part of a thread's own cells."""
        return self.arrays.keys() - self.whole if self.own else set()

    @property
    def _seed(self) -> list[str]:
        return ["seed"] if self.seeded else []


def _multiplied(roots: list[Node], depth: dict[int, int], powers: bool) -> dict[int, Node]:
    """Each root with divisions by what a loop does not change as products with its inverse, taken once outside.

    ``powers``: whole powers as products too, which Numba would take in double precision.
    """
    made: dict[int, Node] = {}
    for node in trace.order(roots):
        args = [made[id(a)] if isinstance(a, Node) else a for a in node.args]
        if node.op == "/" and node.args[1].op != "number" and depth[id(node.args[1])] < depth[id(node)]:
            made[id(node)] = args[0] * (1 / args[1])
        elif powers and node.op == "**" and isinstance(_literal(node.args[1]), int) and _literal(node.args[1]) > 0:
            made[id(node)] = _product(args[0], _literal(node.args[1]))
        elif any(new is not old for new, old in zip(args, node.args, strict=True)):
            made[id(node)] = trace.rebuilt(node, *args)
        else:
            made[id(node)] = node
    return {id(root): made[id(root)] for root in roots}


def _literal(node: Node) -> Any:
    return node.args[0] if node.op == "number" else None


def _product(base: Node, power: int) -> Node:
    if power == 1:
        return base
    half = _product(base, power // 2)
    return half * half if power % 2 == 0 else half * half * base


def own(array: str) -> str:
    """The driver's name for the part of an array that belongs to this thread's cells."""
    return f"own_{array}"


def indented(lines: Iterable[str], by: int = 1) -> list[str]:
    return ["    " * by + line for line in lines]
