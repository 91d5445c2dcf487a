"""The generated source of kernels, executed by Python on NumPy arrays: the text that is compiled, without compiling.

Arrays may have further axes: the same lines then compute many draws at once.
"""

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from tripartite.interpret.kernels import build, nothing
from tripartite.language import Mechanism
from tripartite.language.system import System

from . import index


def power(x: Any, p: Any) -> Any:
    """x^p as `mathematics.power` defines it."""
    return np.where(np.equal(p, 0), 1.0, np.power(x, np.asarray(p, dtype=float)))


FUNCTIONS: dict[str, Any] = {
    **{"np": np, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh},
    **{"absolute": np.abs, "where": np.where, "power": power},
}


def executed(text: str) -> dict[str, Callable[..., None]]:
    """The functions of a generated module by name, with NumPy's elementary functions and no decorator."""
    tree = ast.parse(text)
    names = dict(FUNCTIONS)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == nothing.__name__:
            names |= {alias.name: getattr(nothing, alias.name)._pyfunc for alias in node.names}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        function.decorator_list = []
    exec(compile(ast.Module(functions, []), "<generated>", "exec"), names)
    return names


def shape(y: np.ndarray, c: np.ndarray) -> tuple[int, ...]:
    """That of one quantity."""
    return np.broadcast_shapes(y.shape[1:], c.shape[1:])


class Kernels:
    """What the compiled kernels of a system would compute; every array ``(quantity, ...)``."""

    def __init__(self, system: System):
        self.system = system
        self.forward = executed(build.source(system))
        self.crossing_count = system.crossing_count
        self.noise_count = sum(len(index.answer(type(part.mechanism), "noise")) for part in system.parts)

    @property
    def backward(self) -> dict[str, Callable[..., None]]:
        """Derivatives, written when first asked for."""
        return self.system.once("executed derivatives", lambda: executed(build.source_of_derivatives(self.system)))

    def rates(self, y: np.ndarray, c: np.ndarray) -> np.ndarray:
        out = np.full(y.shape, np.nan)
        with np.errstate(all="ignore"):
            self.forward["rates"](y, c, out)
        return out

    def crossings(self, y: np.ndarray, c: np.ndarray) -> np.ndarray:
        out = np.full((self.crossing_count, *shape(y, c)), np.nan)
        with np.errstate(all="ignore"):
            self.forward["crossings"](y, c, out)
        return out

    def noises(self, y: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Amplitudes, and their slopes by their own states."""
        out, slope = (np.full((self.noise_count, *shape(y, c)), np.nan) for _ in range(2))
        with np.errstate(all="ignore"):
            self.forward["noises"](y, c, out, slope)
        return out, slope

    def fire(self, event: int, amount: Any, y: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """States after an event, and what it emits."""
        after, emitted = y.copy(), np.zeros((len(self.system.emissions), *shape(y, c)))
        with np.errstate(all="ignore"):
            self.forward["fire"](event, amount, after, c, emitted)
        return after, emitted

    def pull_back(self, name: str, y: np.ndarray, c: np.ndarray, w: np.ndarray, *event: Any) -> np.ndarray:
        """Derivatives by states, then constants, of a weighted sum."""
        ybar, cbar = np.zeros(y.shape), np.zeros(c.shape)
        with np.errstate(all="ignore"):
            self.backward[f"{name}_pull_back"](*event, y, c, w, ybar, cbar)
        return np.concatenate([ybar, cbar])


@cache
def kernels(kind: type[Mechanism]) -> Kernels:
    """Those of the mechanism alone."""
    return Kernels(index.alone(kind))
