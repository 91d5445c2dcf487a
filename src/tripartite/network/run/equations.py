"""The equations of a network without spikes, as functions of arrays: of all cells, and of all their contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tripartite import units
from tripartite.network.connect.layout import Layout
from tripartite.network.plan.cells import CellPlan, constants_row, row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.run.program import Program


@dataclass
class Cells:
    """The states of one population that move, and their rates without contacts."""

    plan: CellPlan
    layout: Layout
    moving: dict[str, int] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        plan = self.plan
        self.size = plan.population.size
        self.moving = {key: number for number, key in enumerate(plan.rates)}
        self.program = Program(list(plan.rates.values()))
        self.count = self.size * len(self.moving)
        entries = {entry.key: entry for entry in plan.system.states}
        self.units = np.array([units.factor(entries[key].unit) for key in self.moving])
        self.rows = [self.layout.memory[row(plan, key)] for key in self.moving]

    @property
    def start(self) -> np.ndarray:
        return np.concatenate([array[: self.size] for array in self.rows] or [np.zeros(0)]).astype(float)

    def read(self) -> None:
        """Take up constants, and states that do not move, as the protocol has set them."""
        plan, memory = self.plan, self.layout.memory
        for entry in plan.system.constants:
            if entry.key in plan.varying | plan.held:
                value: Any = memory[row(plan, entry.key)][: self.size].copy()
            else:
                value = float(memory[constants_row(plan)][plan.system.constant_position[entry.key]])
            self.known[plan.names.names[entry.key]] = value
        for key in plan.leaves.keys() - self.moving.keys():
            self.known[plan.names.names[key]] = memory[row(plan, key)][: self.size].copy()

    def store(self, y: np.ndarray) -> None:
        """Write states to where samples read them."""
        for array, values in zip(self.rows, y.reshape(-1, self.size), strict=True):
            array[: self.size] = values

    def values(self, y: np.ndarray) -> dict[str, Any]:
        """Values of all leaves by text."""
        names = self.plan.names.names
        rows = y.reshape(-1, self.size)
        return self.known | {names[key]: rows[number] for key, number in self.moving.items()}

    def rates(self, values: Mapping[str, Any]) -> np.ndarray:
        """Shape (state, cell)."""
        made = np.empty((len(self.moving), self.size))
        for place, rate in enumerate(self.program(values)):
            made[place] = rate
        return made


@dataclass
class Contacts:
    """What neighbours add to rates, over all directed contacts of one coupling."""

    plan: CouplingPlan
    layout: Layout

    def __post_init__(self) -> None:
        memory, name = self.layout.memory, self.plan.name
        self.there = memory[f"{name}_neighbour"].astype(np.int64)
        self.here = np.repeat(np.arange(self.plan.host.population.size), np.diff(memory[f"{name}_start"]))
        self.program = Program(list(self.plan.rates.values()))
        self.read()

    def read(self) -> None:
        """Take up what differs between contacts."""
        name, memory = self.plan.name, self.layout.memory
        self.known = {text: memory[f"{name}_{key}"] for text, key in self.plan.contacts.items()}

    def add(self, cells: Mapping[str, Any], rates: np.ndarray, places: Mapping[str, int]) -> None:
        """Add to ``rates`` (state, cell) what follows from values of cells by text."""
        names = self.plan.host.names.names
        read = dict(self.known)
        for texts, index in ((self.plan.here, self.here), (self.plan.there, self.there)):
            for text in texts.keys() & self.program.names.keys():
                value = cells[names[texts[text]]]
                read[text] = value[index] if np.ndim(value) else value
        for key, found in zip(self.plan.rates, self.program(read), strict=True):
            each = np.broadcast_to(found, (len(self.here),))
            rates[places[key]] += np.bincount(self.here, each, minlength=rates.shape[1])
