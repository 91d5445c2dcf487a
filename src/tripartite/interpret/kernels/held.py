"""What the held kernels of a model compute, over arrays of any kind: for drivers that are not written in Numba."""

from __future__ import annotations

from typing import Any

from tripartite.interpret.kernels import switches, trace
from tripartite.interpret.kernels.build import Names, flow
from tripartite.language.system import System


class Held:
    """Rates and crossing values of a system whose switches are in the modes that follow its constants."""

    def __init__(self, system: System):
        self.names = Names(system)
        self._rates, self._crossings = flow(self.names, self.names.values(), True)
        trace.start()

    def rates(self, y: Any, c: Any) -> list[Any]:
        """The rate of every state; y of shape ``(state, ...)``, c of shape ``(constant + switch, ...)``."""
        return trace.evaluate_all(self._rates, self._values(y, c))

    def crossings(self, y: Any, c: Any) -> list[Any]:
        """Every crossing value, those of switches last."""
        return trace.evaluate_all(self._crossings, self._values(y, c))

    def _values(self, y: Any, c: Any) -> dict[str, Any]:
        system, names = self.names.system, self.names.names
        known = {names[entry.key]: y[i] for i, entry in enumerate(system.states)}
        known |= {names[entry.key]: c[i] for i, entry in enumerate(system.constants)}
        first = len(system.constants)
        return known | {switches.mode(i - first): c[i] for i in range(first, len(c))}
