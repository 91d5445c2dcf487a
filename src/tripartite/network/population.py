"""Populations: many cells of one model, each with its own state, and its own values where they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import ArgumentError, NetworkError, RangeError, UnknownNameError, said
from tripartite.errors import named as called
from tripartite.language.built import Kept
from tripartite.language.card import Card, Table
from tripartite.language.declarations import State, Valued
from tripartite.language.model import Model, as_model
from tripartite.language.paths import fits
from tripartite.language.wiring import check_immediate
from tripartite.network import choosing
from tripartite.network.methods import Heun, Method
from tripartite.network.morphology import Morphology
from tripartite.network.space import Torus
from tripartite.network.values import drawn, is_drawn

LARGEST = 2**31 - 1
"""Cells are counted with 32 bits."""


class Group(Kept):
    """Cells that can be connected; some of them are chosen as of an array: ``group[a:b]``, ``group[[1, 5]]``."""

    size: int
    positions: np.ndarray | None = None

    def __getitem__(self, chosen: Any) -> Members:
        return members(self)[chosen]

    def near(self, centre: Any, radius: Any, *, space: Torus | None = None) -> Members:
        """The cells at most ``radius`` away from a point, ascending; ``space``: `Torus` for periodic borders."""
        return members(self).near(centre, radius, space=space)

    def between(self, low: Any, high: Any) -> Members:
        """The cells in the box between its lowest and its highest corner, ascending."""
        return members(self).between(low, high)


@dataclass(frozen=True, eq=False, repr=False)
class Members:
    """Some cells of a group: ``low`` to ``high`` (excluded), or those of them that are ``listed``, in that order.

    Chosen from once more, cells are counted within these: ``cells[10:20][[0, 3]]`` are cells 10 and 13 of the group.
    """

    group: Group
    low: int
    high: int
    listed: np.ndarray | None = None
    """Numbers in the group, int64 (size,); None for all from ``low`` on, ascending."""

    @property
    def size(self) -> int:
        return self.high - self.low if self.listed is None else len(self.listed)

    @property
    def numbers(self) -> np.ndarray:
        """Number in the group of each, int64 (size,)."""
        return np.arange(self.low, self.high) if self.listed is None else self.listed

    @property
    def index(self) -> slice | np.ndarray:
        """Where they stand in arrays of the group."""
        return slice(self.low, self.high) if self.listed is None else self.listed

    @property
    def whole(self) -> bool:
        """Whether these are all cells of the group, as they are numbered."""
        return self.listed is None and (self.low, self.high) == (0, self.group.size)

    @property
    def positions(self) -> np.ndarray | None:
        """Positions (cell, axis) in µm, if the group has any."""
        return None if self.group.positions is None else self.group.positions[self.index]

    def __getitem__(self, chosen: Any) -> Members:
        """Some of these cells, by a number or several, a slice or a mask, in the order in which they are given.

        **Raises** `RangeError` for none, for a cell that comes twice, and for what lies outside.
        """
        found = choosing.chosen(chosen, self.size)
        if isinstance(found, range) and found.step == 1 and self.listed is None:
            return Members(self.group, self.low + found.start, self.low + found.stop)
        numbers = np.array(found, dtype=np.int64)
        numbers = numbers + self.low if self.listed is None else self.listed[numbers]
        low, high = int(numbers.min()), int(numbers.max()) + 1
        if high - low == len(numbers) and np.all(np.diff(numbers) == 1):
            return Members(self.group, low, high)
        numbers.setflags(write=False)
        return Members(self.group, low, high, numbers)

    def near(self, centre: Any, radius: Any, *, space: Torus | None = None) -> Members:
        """Those at most ``radius`` away from a point, in their order; ``space``: `Torus` for periodic borders."""
        return self[choosing.near(self._placed(), centre, radius, space)]

    def between(self, low: Any, high: Any) -> Members:
        """Those in the box between its lowest and its highest corner, in their order."""
        return self[choosing.between(self._placed(), low, high)]

    def _placed(self) -> np.ndarray:
        if self.positions is None:
            raise NetworkError(
                f"Cells of a region are found by their positions; {self!r} have none. Give `positions` to their "
                "population, for instance `lattice(10, 10, 50 * um)`."
            )
        return self.positions

    def common(self, other: Members) -> Members | None:
        """The cells that are among these and the others, ascending; None if there are none."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if self.group is not other.group or low >= high:
            return None
        if self.listed is None and other.listed is None:
            return Members(self.group, low, high)
        both = np.intersect1d(self.numbers, other.numbers)
        return self.group[both] if len(both) else None

    @property
    def text(self) -> str:
        """What they are: ``cells 0 to 99``, ``3 cells from 5 to 19``."""
        if self.listed is None:
            return f"cells {self.low} to {self.high - 1}" if self.size > 1 else f"cell {self.low}"
        return f"{self.size} cells from {self.low} to {self.high - 1}"

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Members) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple:
        return id(self.group), self.low, self.high, None if self.listed is None else self.listed.tobytes()

    def __repr__(self) -> str:
        return f"{self.text} of {self.group!r}"


def members(cells: Any) -> Members:
    """``cells`` as some of a group."""
    if isinstance(cells, Members):
        return cells
    if isinstance(cells, Group):
        return Members(cells, 0, cells.size)
    raise NetworkError(f"Populations and cells of them can be connected; got {said(cells)}. Build a `Population`.")


class Population(Group):
    """``size`` cells of one model, or all compartments of one or ``count`` branching cells of one morphology.

    **Arguments** model: a model, compartment or mechanism; size: number of cells, or a `Morphology`, of whose
    compartments each is a cell here; count: how many cells of that morphology; positions: (size, 2 or 3) with a
    unit of length, with a morphology the places of the origins of its ``count`` cells; values: parameters and starts
    by path, each one value, one per cell (or per compartment of the morphology), or `Uniform`/`Normal`;
    step: how often the cells are advanced, a multiple of the network's step (which is the default); method:
    how the nonlinear states are integrated within a step; spikes: a source of as many spike trains, for cells that
    do not make their spikes but hear them (`on_spike`), such as traces that synapses read: they spike when it does.

    With a morphology, ``population["leaflet"]`` are the compartments of a region in all cells, a stretch of the
    population; `places` says where the compartments of each cell are.
    """

    def __init__(
        self,
        model: Any,
        size: int | Morphology,
        *,
        count: int = 1,
        positions: Any = None,
        values: Mapping[str, Any] | None = None,
        step: Any = None,
        method: Method = Heun(),
        spikes: Group | None = None,
    ):
        self.model = as_model(model)
        check_immediate(self.model.wiring, "a cell")
        self.morphology = size if isinstance(size, Morphology) else None
        self.count = arguments.count(count, "count", 1, LARGEST)
        if isinstance(size, Morphology):
            self.size = arguments.count(self.count * size.size, "size", 1, LARGEST)
            memory.check(
                8.0 * self.size * 8, f"a population of {self.count} such cells", "Build fewer cells.", NetworkError
            )
            self.positions = size.placed(self.places, None if positions is None else located(positions, self.count))
        else:
            if self.count > 1:
                raise NetworkError(
                    f"`count` repeats a morphology; got a size of {said(size)}. Give the size of them all."
                )
            self.size = arguments.count(size, "size", 1, LARGEST)
            self.positions = None if positions is None else located(positions, self.size)
        self.values = mapped(values, "values")
        self.step = None if step is None else units.number(step, "ms", "step")
        if self.step is not None and self.step <= 0:
            raise RangeError(f"A step is positive; got {step}. Give a step such as `0.1 * ms`.")
        self.method = arguments.instance(method, Method, "method", "method=RungeKutta4()")
        self.spikes, self.heard = spikes, None if spikes is None else self._heard(spikes)
        """Where its spikes come from, if they are given, and the event at which its model hears them."""
        keys = {e.key: e for e in (*self.model.system.parameters, *self.model.system.states)}
        self.values = self.model.resolved(self.values, keys)
        self.values = {key: self._repeated(key, value) for key, value in self.values.items()}
        for key, value in self.values.items():  # whatever is wrong with them is said here
            self.model.check_free(key)
            drawn(value, self.declared(key), self.size, key, np.random.default_rng(0))

    def __getitem__(self, chosen: Any) -> Members:
        if not isinstance(chosen, str):
            return super().__getitem__(chosen)
        stretch = self.shape(f"the region {called(chosen)}").within(chosen)
        return Members(self, stretch.start * self.count, stretch.stop * self.count)

    @cached_property
    def places(self) -> np.ndarray:
        """Where in the population each compartment of each cell is, int64 (count, compartment of the morphology)."""
        return self.shape("places of compartments").places(self.count)

    def shape(self, wanted: str) -> Morphology:
        """The morphology; **raises** `NetworkError` for cells without one, naming what it is ``wanted`` for."""
        if self.morphology is None:
            raise NetworkError(
                f"Only branching cells have {wanted}; got {said(self)}. Build it with a `Morphology` in place "
                "of the size."
            )
        return self.morphology

    def _heard(self, spikes: Any) -> str:
        """The event of the model that given spikes are."""
        if not isinstance(spikes, Group) or isinstance(spikes, Population) or spikes.size != self.size:
            raise NetworkError(
                f"Spikes of a population are given by a source of as many trains; got {said(spikes)} for {self.size} "
                f"cells. Write for instance `spikes=PoissonGroup({self.size}, 5 * Hz)`."
            )
        sent = [e.key for e in self.model.system.emissions if e.key.rsplit(".", 1)[-1] == "spike"]
        heard = [key for key in self.model.system.happenings.listeners if key.rsplit(".", 1)[-1] == "spike"]
        if sent:
            raise NetworkError(
                f"Cells make their spikes or are given them; a threshold of {kind_of(self)} sends `{sent[0]}`. Leave "
                "out `spikes`, or the mechanism that makes them."
            )
        if len(heard) != 1:
            raise NetworkError(
                f"Given spikes are heard by one `on_spike`; {kind_of(self)} has {len(heard) or 'none'}. "
                + ("Put what hears them into one compartment." if heard else "Project from the source itself.")
            )
        if self.step is not None:
            raise NetworkError(
                f"Cells whose spikes are given hear them at every step of the network; got step={self.step:g} ms. "
                "Leave `step` out."
            )
        return heard[0]

    def _repeated(self, key: str, value: Any) -> Any:
        """Values of the compartments of the morphology, once for each cell."""
        if self.morphology is None or self.count == 1 or is_drawn(value):
            return value
        quantity = units.as_quantity(value, self.declared(key).unit, key)
        if np.shape(quantity.magnitude) != (self.morphology.size,):
            return value
        compartment = np.empty(self.size, np.int64)
        compartment[self.places] = np.arange(self.morphology.size)
        return quantity[compartment]

    def declared(self, key: str) -> Valued:
        """The declaration of a parameter or state."""
        system = self.model.system
        return next(e.declaration for e in (*system.parameters, *system.states) if e.key == key)  # type: ignore

    def is_state(self, key: str) -> bool:
        return isinstance(self.declared(key), State)

    def _remedy(self, name: str) -> str:
        known = [entry.key for entry in (*self.model.system.parameters, *self.model.system.states)]
        if not any(fits(name, key) for key in known):
            return "What it is to have is said when it is built: `Population(model, size, ...)`."
        return f'Values are given when it is built: `Population(model, size, values={{"{name}": ...}})`.'

    def __repr__(self) -> str:
        return f"Population of {self.size} ({kind_of(self)})"

    def _repr_html_(self) -> str:
        parts = [(part.label, part.mechanism.summary()) for part in self.model.system.parts]
        step = "that of the network" if self.step is None else f"{self.step:g} ms"
        facts = [("step", step), ("method", repr(self.method)), ("values", ", ".join(self.values))]
        facts += [("spikes", "" if self.spikes is None else repr(self.spikes))]
        facts += [("positions", "" if self.positions is None else f"in {self.positions.shape[1]} dimensions")]
        facts += [("morphology", repr(self.morphology) if self.morphology else "")]
        tables = [Table("Mechanisms", ("", ""), parts), Table("Details", ("", ""), [row for row in facts if row[1]])]
        return Card(f"Population of {self.size}", kind_of(self), tables).html()


def kind_of(item: Any) -> str:
    """The model of cells or of synapses in a few words."""
    model = getattr(item, "model", None)
    if model is None:
        return repr(item)
    named = type(model) is not Model
    return type(model).__name__ if named else " + ".join(type(p.mechanism).__name__ for p in model.system.parts)


def mapped(values: Any, name: str) -> dict[str, Any]:
    """``values`` by path."""
    found = {} if values is None else values
    if not isinstance(found, Mapping) or not all(isinstance(path, str) for path in found):
        raise ArgumentError(
            f"`{name}` gives values by path; got {said(values)}. Write for instance "
            f'`{name}={{"v": Uniform(-60 * mV, -50 * mV)}}`.'
        )
    return dict(found)


def located(positions: Any, size: int) -> np.ndarray:
    """Positions (size, axes) in µm."""
    found = np.asarray(units.to_internal(positions, "um", "positions"), dtype=float)
    if found.ndim != 2 or found.shape[0] != size or found.shape[1] not in (1, 2, 3):
        raise RangeError(
            f"Positions have a row per cell and 1 to 3 columns, ({size}, 2) for instance; got shape {found.shape}. "
            "Give one point for every cell."
        )
    return found


def named(group: Group, names: Mapping[int, str]) -> str:
    """The name of a group in its network."""
    if id(group) not in names:
        raise UnknownNameError(
            f"A network connects its own populations; {said(group)} is none of {sorted(names.values())}."
        )
    return names[id(group)]
