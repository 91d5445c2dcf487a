"""The plan of a protocol on the steps and arrays of a running network."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from tripartite.errors import WiringError
from tripartite.language.declarations import Valued
from tripartite.language.mechanism import provided
from tripartite.language.protocol import Drive, Occur, Scale, check_factor
from tripartite.network.build.layout import Layout
from tripartite.network.plan.cells import CellPlan, row
from tripartite.network.run.samples import calculated
from tripartite.network.stimuli import Deed, Plan, check_ranges

_NEVER = 2**62


@dataclass
class Target:
    """A constant, and everything that a protocol does to it.

    What steps every ``ratio`` steps of the network sees the mean over its step of what is done within.
    """

    array: str
    place: int | None
    """Position in the array; none where every cell or synapse has its own value."""
    unchanged: np.ndarray
    factor: float = 1.0
    """Internal unit to what the array holds."""
    declared: Any = None
    name: str = ""
    ratio: int = 1
    deeds: list[Deed] = field(default_factory=list)

    def changes(self, width: float) -> set[int]:
        """Steps before which its values change."""
        exact = {_step(time, width) for time in _times(self.deeds)} - {_NEVER}
        begun = {step - step % self.ratio for step in exact}
        return begun | {step + self.ratio - step % self.ratio for step in exact if step % self.ratio}

    def at(self, step: int, width: float) -> np.ndarray:
        """Its values from ``step`` on, to the end of the step of those that read it."""
        begin = step - step % self.ratio
        end = begin + self.ratio
        inside = {_step(time, width) for time in _times(self.deeds)}
        cuts = [begin, *sorted(cut for cut in inside if begin < cut < end), end]
        parts = [self._from(cut, width) * ((after - cut) / self.ratio) for cut, after in pairwise(cuts)]
        return sum(parts[1:], parts[0])

    def _from(self, step: int, width: float) -> np.ndarray:
        """Its values from ``step`` to the next change."""
        values = np.array(self.unchanged, dtype=float)
        for deed in self.deeds:  # drives first come, last holds
            where = slice(deed.low, deed.high) if self.place is None and deed.high else slice(None)
            action = deed.action
            if isinstance(action, Drive) and _step(action.time, width) <= step:
                values[where] = action.value * self.factor
            if isinstance(action, Scale) and _step(action.time, width) <= step < _step(action.stop, width):
                values[where] = values[where] * action.factor
        if isinstance(self.declared, Valued):
            check_ranges(values, self.declared, f"{self.name} (perturbed)")
        return values

    def put(self, array: np.ndarray, values: np.ndarray) -> None:
        """Write its values to where the network reads them."""
        if self.place is None:
            array[: len(values)] = values
        else:
            array[self.place] = values[0]


class Timeline:
    """Changes and events at steps; ``apply`` before the step that begins then."""

    def __init__(self, layout: Layout, plan: Plan, base: dict[str, np.ndarray], settle: Callable[[str], None]):
        """``base``: arrays as they were before any protocol, kept here at first touch; ``settle`` brings lazy synapses
        of a population or projection to the present before what they depend on changes."""
        self.layout, self.width, self.base, self.settle = layout, layout.network.step, base, settle
        self.targets: dict[tuple[str, str, str], Target] = {}
        self.events: dict[int, list[Deed]] = {}
        for deed in sorted(plan.deeds, key=lambda d: d.action.time):
            if isinstance(deed.action, Occur):
                self.events.setdefault(_step(deed.action.time, self.width), []).append(deed)
            else:
                self._target(deed).deeds.append(deed)
        self._check_driven()
        self.changes = {key: target.changes(self.width) for key, target in self.targets.items()}
        self.steps = sorted(set().union(self.events, *self.changes.values()))
        self.done = -1

    def start(self, step: int) -> None:
        """Undo what earlier protocols changed, and hold what this one has changed by ``step``."""
        wanted = {name: values.copy() for name, values in self.base.items()}
        for target in self.targets.values():
            target.put(wanted[target.array], target.at(step, self.width))
        for name, values in wanted.items():
            array = self.layout.memory[name]
            if not np.array_equal(array, values, equal_nan=True):
                self.settle(name)
                array[:] = values

    def after(self, step: int) -> int:
        """The next step before which something happens."""
        place = bisect_right(self.steps, step)
        return self.steps[place] if place < len(self.steps) else _NEVER

    def apply(self, step: int) -> None:
        """Make the changes of a step and send its events, once."""
        if step <= self.done:
            return
        self.done = step
        due = [target for key, target in self.targets.items() if step in self.changes[key]]
        for target in due:
            self.settle(target.array)
        self._hold(due, step)
        for deed in self.events.get(step, []):
            self._send(deed, step)

    def _hold(self, targets: Iterable[Target], step: int) -> None:
        for target in targets:
            target.put(self.layout.memory[target.array], target.at(step, self.width))

    def _target(self, deed: Deed) -> Target:
        key = (deed.kind, deed.name, deed.action.key)
        if key not in self.targets:
            made = self._make(deed)
            self.base.setdefault(made.array, self.layout.memory[made.array].copy())
            base = self.base[made.array]
            made.unchanged = base[: made.unchanged.size] if made.place is None else base[made.place : made.place + 1]
            made.ratio = self._ratio(deed)
            self.targets[key] = made
        if isinstance(deed.action, Scale):
            where = slice(deed.low, deed.high) if self.targets[key].place is None and deed.high else slice(None)
            check_factor(self.targets[key].unchanged[where], deed.action.factor, self.targets[key].name)
        return self.targets[key]

    def _ratio(self, deed: Deed) -> int:
        """How many steps of the network one step of those takes who read what a deed changes."""
        if not self.layout.stepped:
            return 1
        if deed.kind == "cells":
            return self.layout.cells[deed.name].ratio
        if deed.kind == "contacts":
            return next(c.host.ratio for c in self.layout.couplings if c.name == deed.name)
        if deed.kind == "synapses":
            return next(j.plan.pace(deed.action.key) for j in self.layout.joined if j.plan.name == deed.name)
        return 1

    def _make(self, deed: Deed) -> Target:
        key, memory = deed.action.key, self.layout.memory
        if deed.kind == "group":
            return Target(f"{deed.name}_rate", 0, np.zeros(1))
        if deed.kind == "input":
            return Target("inputs_mean", int(deed.name), np.zeros(1), self.width)
        if deed.kind == "contacts":
            coupling, parameter = self.layout.network.couplings[int(deed.name.removeprefix("coupling"))], _last(key)
            declared, array = coupling.mechanism.declarations[parameter], f"{deed.name}_{parameter}"
            return Target(array, None, memory[array], declared=declared, name=f"{deed.name}.{parameter}")
        if deed.kind == "synapses":
            joined = next(j for j in self.layout.joined if j.plan.name == deed.name)
            place = next(i for i, e in enumerate(joined.plan.system.parameters) if e.key == key)
            declared = joined.plan.system.parameters[place].declaration
            if key in joined.plan.per_synapse:
                name = joined.writer.state_row(key)
                return Target(name, None, memory[name], declared=declared, name=f"{deed.name}.{key}")
            return Target(f"{deed.name}_constants", place, np.zeros(1), declared=declared, name=f"{deed.name}.{key}")
        plan = self.layout.cells[deed.name]
        if key in plan.held:
            raise WiringError(
                f"An input has one source; `{deed.name}.{key}` is wired from synapses and driven by the protocol. Drop "
                "one of them."
            )
        place = plan.system.constant_position[key]
        declared = plan.system.constants[place].declaration
        if key in plan.varying:
            size = plan.population.size
            return Target(row(plan, key), None, np.zeros(size), declared=declared, name=f"{deed.name}.{key}")
        return Target(f"{deed.name}_constants", place, np.zeros(1), declared=declared, name=f"{deed.name}.{key}")

    def _check_driven(self) -> None:
        for name, plan in self.layout.cells.items():
            for entry in plan.system.drives:
                if entry.key in plan.held:
                    continue
                target = self.targets.get(("cells", name, entry.key))
                if target is None or np.isnan(target.at(0, self.width)).any():
                    some = "" if target is None else "some cells of "
                    raise WiringError(
                        f"Every input needs a source from 0 s on; `{entry.key}` ({entry.unit}) of {some}`{name}` has "
                        f'none. Wire it from synapses, or drive it: `On({name}, Constant({{"{entry.key}": ...}}))`.'
                        + provided({entry.key.rsplit(".", 1)[-1]: entry.unit})
                    )

    def _send(self, deed: Deed, step: int) -> None:
        """Add an event to what its cells collect for their step, as it will have decayed by then."""
        plan, action = self.layout.cells[deed.name], deed.action
        assert isinstance(action, Occur)
        memory, cells = self.layout.memory, slice(deed.low, deed.high)
        plain, *late = plan.slots(action.key)
        memory[plain][cells] += action.amount
        remaining = (plan.ratio - step % plan.ratio) * self.width
        for name, rate in zip(late, plan.received[action.key], strict=True):
            read = {text: _constant(self.layout, plan, key, cells) for key, text in plan.names.names.items()}
            memory[name][cells] += action.amount * np.exp(calculated(rate, read) * remaining)


def _constant(layout: Layout, plan: CellPlan, key: str, cells: slice) -> Any:
    position = plan.system.constant_position.get(key)
    if position is None:
        return np.nan
    if key in plan.varying | plan.held:
        return layout.memory[row(plan, key)][cells]
    return layout.memory[f"{plan.name}_constants"][position]


def _last(key: str) -> str:
    return key.rsplit(".", 1)[-1]


def _times(deeds: Iterable[Deed]) -> Iterable[float]:
    for deed in deeds:
        yield deed.action.time
        if isinstance(deed.action, Scale):
            yield deed.action.stop


def _step(time: float, width: float) -> int:
    """The step that begins at a time (ms), rounded; `_NEVER` for one that never comes."""
    return round(time / width) if math.isfinite(time) else _NEVER
