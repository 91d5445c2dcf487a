"""The flow of a model between events, with its exact derivatives, at the constants that hold at 0 s."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import SolveError
from tripartite.interpret.kernels import backward
from tripartite.interpret.kernels.interface import borrowing
from tripartite.language.model import Model
from tripartite.language.protocol import Nothing, Protocol, check_factor, warn_unreached
from tripartite.solve.explicit import kernels
from tripartite.solve.records import CHANGE, PUT
from tripartite.solve.schedule import Held, schedule

_INSTANT = 1e-9  # ms; what a protocol does before this time holds at 0 s


@borrowing
def linearise(flow, pull_back, y, c, weight, rates, by_state, by_constant):
    """Rates, and a row of derivatives by states and by constants for each of them; ``weight``: a zero for each."""
    flow(y, c, rates)
    by_state[:] = 0.0
    by_constant[:] = 0.0
    for i in range(rates.shape[0]):
        weight[i] = 1.0
        pull_back(y, c, weight, by_state[i], by_constant[i])
        weight[i] = 0.0


class Flow:
    """Rates and Jacobian of the states that move; ``c`` holds the constants at 0 s, ``y`` the start.

    States without a rate of their own (they only jump at events) keep their start, and clamped ones what they are
    held at: ``free`` lists the others.
    Vectors of states in the methods hold the free states only.
    """

    def __init__(self, model: Model, protocol: Protocol | None = None, held: Mapping[str, float] | None = None):
        given = (
            Nothing()
            if protocol is None
            else arguments.instance(protocol, Protocol, "protocol", "Constant(ip3=1 * uM)")
        )
        self.model = model.clamping(given.clamps(model))
        self.system = self.model.system
        self._rates, self._pull_back = kernels(self.system).rates, backward(self.system).rates
        self.y = np.array([e.value for e in self.system.states])
        warn_unreached(given, _INSTANT, "Fixed points are those of what a protocol does at 0 s", 4)
        self.c = self._constants(given, held or {})
        self.free = self._moving()
        if not len(self.free):
            raise SolveError("No state of the model has a rate, so it has no flow. Add a mechanism with `rates`.")
        self.entries = [self.system.states[i] for i in self.free]
        self.start = self.y[self.free]
        low = [getattr(e.declaration, "low", None) for e in self.entries]
        high = [getattr(e.declaration, "high", None) for e in self.entries]
        factor = np.array([units.factor(e.unit) for e in self.entries])
        self.low = np.array([-np.inf if bound is None else bound for bound in low]) * factor
        self.high = np.array([np.inf if bound is None else bound for bound in high]) * factor
        size = np.where(self.start == 0, factor, np.abs(self.start))
        self.size = np.where(np.isfinite(self.high - self.low), self.high - self.low, size)

    def linear(self, y: np.ndarray, c: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rates, derivatives by free states and derivatives by constants at the free states ``y``."""
        whole = self.y.copy()
        whole[self.free] = y
        constants = self.c if c is None else c
        n = len(whole)
        rates, by_state, by_constant = np.empty(n), np.empty((n, n)), np.empty((n, len(constants)))
        linearise(self._rates, self._pull_back, whole, constants, np.zeros(n), rates, by_state, by_constant)
        return rates[self.free], by_state[np.ix_(self.free, self.free)], by_constant[self.free]

    def points(self, states: Mapping[str, Any] | None, name: str) -> np.ndarray:
        """Free states ``(point, state)`` of the model's start, with those given by path as quantities, one or a row."""
        keys, given = [e.key for e in self.entries], {}
        chosen = {} if states is None else arguments.mapping(states, name, f'{name}={{"ca": 0.2 * uM}}')
        for key, value in self.model.resolved(chosen, keys, "state that moves").items():
            position = keys.index(key)
            given[position] = units.row(value, self.entries[position].unit, keys[position])
        lengths = {len(values) for values in given.values()} | {1}
        if 0 in lengths:
            raise SolveError(f"`{name}` gives one number or more for a state; got none for one. Leave it out.")
        if len(lengths - {1}) > 1:
            raise SolveError(
                f"`{name}` gives one number for a state, or for each of several points; got {sorted(lengths)} of them. "
                "Repeat the shorter."
            )
        points = np.tile(self.start, (max(lengths), 1))
        for position, values in given.items():
            points[:, position] = values
        return points

    def _constants(self, protocol: Protocol, held: Mapping[str, float]) -> np.ndarray:
        position = self.system.constant_position
        drives = {e.key for e in self.system.drives}
        stand_in = Held(tuple((key, value) for key, value in held.items() if key in drives))
        planned = schedule(self.model, protocol & stand_in, _INSTANT, seed=0)
        c = np.array([e.value for e in self.system.constants])
        for key, value in planned.starts.items():
            c[position[key]] = value
        placed = planned.kind == PUT
        self.y[planned.index[placed]] = planned.value[placed]
        table = zip(planned.kind, planned.index, planned.value, planned.share, strict=True)
        for _, index, value, share in (row for row in table if row[0] == CHANGE):
            entry = self.system.constants[index]
            if entry.key in held:
                does, instead = f"multiplies it by {share:g}", "perturbation out, and multiply `low` and `high`"
                if not share:
                    does, instead = f"sets it to {units.from_internal(value, entry.unit):g} {entry.unit}", "course out"
                raise SolveError(
                    f"A branch is followed along the values of `{entry.key}` itself; the protocol {does} at 0 s. Take "
                    f"the {instead}."
                )
            check_factor(c[index], share, entry.key)
            c[index] = c[index] * share + value
        for key, value in held.items():
            c[position[key]] = value
        return c

    def _moving(self) -> np.ndarray:
        """Positions of the states that have a rate: equations that are not zero by themselves."""
        from tripartite.interpret.kernels import trace

        named = [trace.name(f"y{i}") for i in range(len(self.y))], [trace.name(f"c{i}") for i in range(len(self.c))]
        rates = [trace.as_node(rate) for rate in self.system.rates(self.system.values(*named))]
        trace.start()
        moving = [i for i, r in enumerate(rates) if not (r.op == "number" and r.args[0] == 0)]
        still = {key for key, free in self.system.free.items() if self.c[self.system.constant_position[free]] == 0}
        return np.array([i for i in moving if self.system.states[i].key not in still], dtype=int)
