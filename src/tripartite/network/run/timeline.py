"""The plan of a protocol on the steps and arrays of a running network."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from tripartite.errors import WiringError
from tripartite.interpret.kernels import courses, trace
from tripartite.language import grid
from tripartite.language.mechanism import provided
from tripartite.language.protocol import Occur, Put
from tripartite.language.system import free_key
from tripartite.network.connect.layout import NEVER, Layout
from tripartite.network.plan.cells import CellPlan, constants_row, rate_row, row
from tripartite.network.run.cuts import Cuts, ratios_of
from tripartite.network.run.samples import calculated
from tripartite.network.run.targets import Target
from tripartite.network.stimuli import Deed, Plan


class Timeline:
    """Changes and events at steps; ``apply`` before the step that begins then."""

    def __init__(self, layout: Layout, plan: Plan, base: dict[str, np.ndarray], settle: Callable[[str], None]):
        """``base``: arrays as they were before any protocol, kept here at first touch; ``settle`` brings lazy synapses
        of a population or projection to the present before what they depend on changes."""
        self.layout, self.width, self.base, self.settle = layout, layout.network.step, base, settle
        self.targets: dict[tuple[str, str, str], Target] = {}
        self.events: dict[int, list[Deed]] = {}
        self.puts: dict[int, list[Deed]] = {}
        for deed in sorted(plan.deeds, key=lambda d: d.action.time):
            if isinstance(deed.action, Occur):
                self.events.setdefault(round(deed.action.time / self.width), []).append(deed)
            elif isinstance(deed.action, Put):
                self.puts.setdefault(math.ceil(grid.position(deed.action.time, self.width)), []).append(deed)
            else:
                self._target(deed).add(deed, self.width)
        self._check_driven()
        for target in self.targets.values():
            target.check()
        for target in self.targets.values():
            grid.warn_short(target.name, target.times, target.value, self.width)
        self.changes = {key: grid.changes(target.times) for key, target in self.targets.items()}
        self.cuts = Cuts(layout, [(t.ratios, self.changes[key]) for key, t in self.targets.items()])
        self.steps = sorted(set().union(self.events, self.puts, self.cuts.steps, *self.changes.values()))
        self.done = -1

    def start(self, step: int) -> None:
        """Undo what earlier protocols changed, and hold what this one has changed by ``step``."""
        wanted = {name: values.copy() for name, values in self.base.items()}
        for target in self.targets.values():
            target.put(wanted[target.array], target.at(step))
        self.cuts.check(step, wanted)
        for name, values in wanted.items():
            array = self.layout.memory[name]
            if not np.array_equal(array, values, equal_nan=True):
                self.settle(name)
                array[:] = values
        for begun in sorted(at for at in self.puts if at < step):
            for deed in self.puts[begun]:
                self._put(deed, self.targets[deed.kind, deed.name, free_key(deed.action.key)].value(step) == 0)
        self.cuts.begin(step)

    def after(self, step: int) -> int:
        """The next step before which something happens."""
        place = bisect_right(self.steps, step)
        return self.steps[place] if place < len(self.steps) else NEVER

    def apply(self, step: int) -> None:
        """Make the changes of a step and send its events, once."""
        if step <= self.done:
            return
        self.done = step
        self.cuts.begin(step)
        self.change(step)
        for deed in self.events.get(step, []):
            self._send(deed, step)

    def change(self, step: int) -> bool:
        """Make the changes of a step and place states, which a second call repeats; whether there are any."""
        due = [target for key, target in self.targets.items() if step in self.changes[key]]
        for target in due:
            self.settle(target.array)
        self._hold(due, step)
        for deed in self.puts.get(step, []):
            self._put(deed)
        return bool(due) or step in self.puts

    def _hold(self, targets: Iterable[Target], step: int) -> None:
        for target in targets:
            target.put(self.layout.memory[target.array], target.at(step))

    def _put(self, deed: Deed, held: np.ndarray | None = None) -> None:
        """Place a state; ``held``: where alone, of all cells or as one for all of them."""
        action, memory = deed.action, self.layout.memory
        assert isinstance(action, Put)
        if deed.kind == "cells":
            name = row(self.layout.cells[deed.name], action.key)
        else:
            name = next(j for j in self.layout.joined if j.plan.name == deed.name).work.reading.state_row(action.key)
        places = np.arange(len(memory[name]))[deed.index]
        if held is not None:
            places = places[held[places] if len(held) > 1 else np.repeat(held, len(places))]
        memory[name][places] = action.value

    def _target(self, deed: Deed) -> Target:
        key = (deed.kind, deed.name, deed.action.key)
        if key not in self.targets:
            made = self._make(deed)
            self.base.setdefault(made.array, self.layout.memory[made.array].copy())
            base = self.base[made.array]
            made.unchanged = base[: made.unchanged.size] if made.place is None else base[made.place : made.place + 1]
            made.ratios = frozenset(ratios_of(self.layout, deed.kind, deed.name, deed.action.key))
            self.targets[key] = made
        return self.targets[key]

    def _make(self, deed: Deed) -> Target:
        key, memory = deed.action.key, self.layout.memory
        if deed.kind == "group":
            return Target(rate_row(deed.name), 0, np.zeros(1), name=f"{deed.name}.rate")
        if deed.kind == "input":
            item = self.layout.network.inputs[int(deed.name)]
            name = f"{self.layout.network.names[id(item.cells.group)]}.{item.event}.rate"
            return Target("inputs_mean", int(deed.name), np.zeros(1), self.width, name=name)
        if deed.kind == "contacts":
            coupling = next(plan.coupling for plan in self.layout.couplings if plan.name == deed.name)
            parameter = _last(key)
            declared, array = coupling.mechanism.declarations[parameter], f"{deed.name}_{parameter}"
            return Target(array, None, memory[array], declared=declared, name=f"{self._title(coupling)}.{parameter}")
        if deed.kind == "synapses":
            joined = next(j for j in self.layout.joined if j.plan.name == deed.name)
            if key in joined.plan.drives:
                raise WiringError(
                    f"An input has one source; `{self._title(joined.plan.projection)}.{key}` is wired from cells and "
                    "driven by the protocol. Drop one of them."
                )
            place = next(i for i, e in enumerate(joined.plan.constants) if e.key == key)
            declared = joined.plan.constants[place].declaration
            title = f"{self._title(joined.plan.projection)}.{key}"
            if key in joined.plan.per_synapse:
                name = joined.work.reading.state_row(key)
                return Target(name, None, memory[name], declared=declared, name=title)
            return Target(joined.work.reading.constants, place, np.zeros(1), declared=declared, name=title)
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
        return Target(constants_row(plan), place, np.zeros(1), declared=declared, name=f"{deed.name}.{key}")

    def _title(self, connection: Any) -> str:
        return self.layout.network.names[id(connection)]

    def _check_driven(self) -> None:
        for name, plan in self.layout.cells.items():
            for entry in plan.system.drives:
                if entry.key in plan.held:
                    continue
                target = self.targets.get(("cells", name, entry.key))
                if np.isnan(entry.value if target is None else target.at(0)).any():
                    some = "" if target is None else "some cells of "
                    raise WiringError(
                        f"Every input needs a source from 0 s on; `{entry.key}` ({entry.unit}) of {some}`{name}` has "
                        f'none. Wire it from synapses, or drive it: `On({name}, Constant({{"{entry.key}": ...}}))`.'
                        + provided({entry.key.rsplit(".", 1)[-1]: entry.unit})
                    )

        for joined in self.layout.joined:
            for entry in joined.plan.constants:
                target = self.targets.get(("synapses", joined.plan.name, entry.key))
                if math.isnan(entry.value if target is None else target.at(0)[0]):
                    given = f'On({self._title(joined.plan.projection)}, Constant({{"{entry.key}": ...}}))'
                    raise WiringError(
                        f"The input `{entry.key}` of the synapse ({entry.declaration.meaning}) has no source. Wire it "
                        "from `pre`, `post` or `astrocyte`, add a mechanism to the synapse that provides it, or drive "
                        f"it from 0 s on: `{given}`."
                    )

    def _send(self, deed: Deed, step: int) -> None:
        """Add an event to what its cells collect for their step, as it will have decayed by then."""
        plan, action = self.layout.cells[deed.name], deed.action
        assert isinstance(action, Occur)
        memory, cells = self.layout.memory, deed.index
        remaining = (self.cuts.span(plan.ratio, step)[1] - step) * self.width
        read = {text: _constant(self.layout, plan, key, cells) for key, text in plan.names.names.items()}
        read["remaining"] = remaining
        for name, rates in plan.slots(action.key).items():
            weight = calculated(courses.response(rates, trace.name("remaining")), read)
            memory[name][cells] += action.amount * weight


def _constant(layout: Layout, plan: CellPlan, key: str, cells: slice | np.ndarray) -> Any:
    position = plan.system.constant_position.get(key)
    if position is None:
        return np.nan
    if key in plan.varying | plan.held:
        return layout.memory[row(plan, key)][cells]
    return layout.memory[constants_row(plan)][position]


def _last(key: str) -> str:
    return key.rsplit(".", 1)[-1]
