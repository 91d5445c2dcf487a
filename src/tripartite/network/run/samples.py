"""From records to rows that the running loop reads, and from what it read to labelled values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any

import numpy as np

from tripartite import units
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import Node
from tripartite.language import grid
from tripartite.language.system import Entry
from tripartite.network.connect.layout import Layout
from tripartite.network.plan.cells import CellPlan, constants_row, row
from tripartite.network.population import Members
from tripartite.network.recording import Average, States, interval
from tripartite.network.run.tracks import Track, Tracks, short
from tripartite.network.runtime.sampler import MEAN, VALUES, sample

_CALCULATE = trace._CALCULATE | {"where": np.where}
_BUFFER = 2**22
"""About how many numbers are read before they are labelled."""


@dataclass(frozen=True)
class Row:
    """One array of the memory, read every ``interval`` steps: listed cells, or mean and deviation of a stretch."""

    array: str
    kind: int
    first: int
    cells: int
    listed: bytes
    interval: int

    @property
    def count(self) -> int:
        """Numbers in a line."""
        return 2 if self.kind == MEAN else self.cells


@dataclass
class Quantity:
    """A variable of the result: how it follows from rows."""

    name: str
    plan: CellPlan
    entry: Entry
    node: Node
    leaves: dict[str, tuple[str, Row | None]]
    """Text of each leaf: key, and the row that is read (none: a constant)."""
    numbers: np.ndarray
    interval: int
    averaged: bool
    direct: bool


@dataclass
class Samples:
    """What a run samples within its loop."""

    layout: Layout
    records: Sequence[States | Average]
    tracks: Tracks
    quantities: list[Quantity] = field(default_factory=list)
    rows: dict[Row, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.records:
            self._add(record)
        self.every = gcd(*(r.interval for r in self.rows)) if self.rows else 0
        self._lists = np.frombuffer(b"".join(r.listed for r in self.rows), np.int64).copy()

    def _add(self, record: States | Average) -> None:
        network = self.layout.network
        plan = self.layout.cells[network.name_of(record.cells.group, "a record")]
        averaged = isinstance(record, Average)
        steps, label = interval(record, network), record.label(network)
        dim = self.tracks.time(steps * network.step, steps)
        for key in _keys(plan, record.quantities):
            quantity = self._quantity(plan, key, f"{label}.{short(plan, key)}", record.cells, steps, averaged)
            self.quantities.append(quantity)
            self._track(quantity, dim, label)

    def _track(self, quantity: Quantity, dim: str, label: str) -> None:
        entry, name = quantity.entry, quantity.name
        attrs = {"units": entry.unit, "long_name": entry.declaration.label}
        if quantity.averaged:
            count = f"{len(quantity.numbers)} cells"
            self.tracks.add(Track(f"{name}.mean", (dim,), {**attrs, "long_name": f"{entry.declaration.label}: mean"}))
            self.tracks.add(
                Track(f"{name}.sd", (dim,), {**attrs, "long_name": f"{entry.declaration.label}: s.d. over {count}"})
            )
        else:
            cells = self.tracks.fixed(
                f"{label}_cell", quantity.numbers, f"number of the cell in `{quantity.plan.name}`"
            )
            self.tracks.add(Track(name, (dim, cells), attrs, (len(quantity.numbers),)))
            self._shape(quantity, cells, label)

    def _shape(self, quantity: Quantity, dim: str, label: str) -> None:
        """Tell which compartment of which branching cell is recorded."""
        population = quantity.plan.population
        if population.morphology is None:
            return
        tree, compartment = np.divmod(
            np.argsort(population.places, axis=None)[quantity.numbers], population.morphology.size
        )
        path, region = population.morphology.path[compartment], population.morphology.region[compartment]
        coordinates = self.tracks.coordinates
        coordinates[f"{label}.tree"] = (dim, tree, {"long_name": "number of the branching cell"})
        coordinates[f"{label}.region"] = (dim, region, {"long_name": "region of the compartment"})
        coordinates[f"{label}.path"] = (dim, path, {"long_name": "distance from the root", "units": "um"})

    def _quantity(self, plan: CellPlan, key: str, name: str, cells: Members, steps: int, averaged: bool) -> Quantity:
        system, numbers = plan.system, cells.numbers
        entry = next(e for e in (*system.states, *system.outputs, *system.drives) if e.key == key)
        node = trace.as_node(plan.values[key])
        key_of = {text: k for k, text in plan.names.names.items()}
        direct = node.op == "name" and (key in plan.leaves or key in plan.held)
        direct = direct and not (averaged and cells.listed is not None)  # means are read of stretches alone
        leaves: dict[str, tuple[str, Row | None]] = {}
        for leaf in trace.order([node]):
            if leaf.op == "name":
                own = key_of[leaf.args[0]]
                sampled = own in plan.leaves or own in plan.held
                kind = MEAN if direct and averaged else VALUES
                listed = numbers.astype(np.int64).tobytes() if kind == VALUES else b""
                found = Row(row(plan, own), kind, int(numbers[0]), len(numbers), listed, steps) if sampled else None
                if found is not None:
                    self.rows.setdefault(found, len(self.rows))
                leaves[leaf.args[0]] = (own, found)
        return Quantity(name, plan, entry, node, leaves, numbers, steps, averaged, direct)

    # While running

    def longest(self) -> int:
        """How many steps fit into the buffer."""
        if not self.rows:
            return 2**31
        per_step = sum(r.count / r.interval for r in self.rows)
        return max(int(_BUFFER / per_step), *(r.interval for r in self.rows))

    def tables(self, begin: int, end: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """The arguments of `sample` for a stretch of steps: interval, table, lists, buffer."""
        table = np.zeros((len(self.rows), 7), np.int64)
        offset = first = 0
        for place, found in enumerate(self.rows):
            array = self.layout.memory[found.array]
            if found.kind == MEAN:
                low, count = found.first, found.cells
            else:
                low, count = first, found.cells
                first += count
            table[place] = array.ctypes.data, _width(array), found.kind, low, count, found.interval, offset
            offset += (end // found.interval - begin // found.interval) * found.count
        return self.every, table, self._lists, np.zeros(offset)

    def now(self, step: int) -> dict[str, np.ndarray]:
        """What is due at a step, read outside of the loop."""
        every, table, lists, out = self.tables(step - 1, step)
        if every and step % every == 0:
            sample(step, step - 1, table, lists, out)
        return self.read(step - 1, step, table, out)

    def read(self, begin: int, end: int, table: np.ndarray, out: np.ndarray) -> dict[str, np.ndarray]:
        """Labelled values of a stretch of steps, by track."""
        found: dict[str, np.ndarray] = {}
        for quantity in self.quantities:
            steps = quantity.interval
            due = np.arange(begin // steps + 1, end // steps + 1) * steps
            values = self._values(quantity, due, table, out)
            scale = units.factor(quantity.entry.unit)
            if quantity.averaged:
                found[f"{quantity.name}.mean"], found[f"{quantity.name}.sd"] = values[0] / scale, values[1] / scale
            else:
                found[quantity.name] = values[0] / scale
            found[self.tracks.times[steps]] = grid.seconds(due, self.layout.network.step)
        return found

    def _values(self, quantity: Quantity, due: np.ndarray, table: np.ndarray, out: np.ndarray) -> Sequence[np.ndarray]:
        plan = quantity.plan
        shape = (len(due), len(quantity.numbers))
        read: dict[str, Any] = {}
        for text, (key, source) in quantity.leaves.items():
            if source is None:
                read[text] = self._constant(plan, key, quantity.numbers)
                continue
            block = out[table[self.rows[source], 6] :][: len(due) * source.count].reshape(len(due), source.count)
            if key not in plan.clocks:
                read[text] = block
            elif source.kind == MEAN:
                read[text] = np.stack([plan.shown(block[:, 0], due), plan.shown(0, block[:, 1])], axis=1)
            else:
                read[text] = plan.shown(block, due[:, None])
        if quantity.direct:
            (values,) = read.values()
            return (values[:, 0], values[:, 1]) if quantity.averaged else (values,)
        values = np.broadcast_to(calculated(quantity.node, read), shape)
        return (values.mean(axis=1), values.std(axis=1)) if quantity.averaged else (values,)

    def _constant(self, plan: CellPlan, key: str, numbers: np.ndarray) -> Any:
        if key in plan.varying:
            return self.layout.memory[row(plan, key)][numbers]
        return self.layout.memory[constants_row(plan)][plan.system.constant_position[key]]


def _width(array: np.ndarray) -> int:
    """Bytes of a number, negative for whole ones."""
    return array.itemsize if array.dtype.kind == "f" else -array.itemsize


def calculated(root: Node, values: Mapping[str, Any]) -> Any:
    """The array that ``root`` is for given arrays of its names."""
    made: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in trace.order([root]):
            if node.op == "name":
                made[id(node)] = values[node.args[0]]
            elif node.op == "number":
                made[id(node)] = node.args[0]
            else:
                made[id(node)] = _CALCULATE[node.op](*(made[id(a)] for a in node.args))
    return made[id(root)]


def _keys(plan: CellPlan, quantities: Sequence[str]) -> list[str]:
    """Keys of the named quantities; all states but clocks when none is named."""
    system = plan.system
    if not quantities:
        return [key for key in plan.leaves if key not in plan.clocks]
    known = [e.key for e in (*system.states, *system.outputs, *system.drives)]
    return [plan.population.model.resolve(path, known, "state, output or input") for path in quantities]
