"""From a declared network to plans, connections and memory."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tripartite.errors import NetworkError, RangeError, WiringError
from tripartite.interpret.kernels import trace
from tripartite.language.declarations import State
from tripartite.network.connect import estimate, spreading, stability, wiring
from tripartite.network.connect.edges import Drawn
from tripartite.network.connect.memory import Memory
from tripartite.network.connect.spreading import Spreading
from tripartite.network.coupling import Coupling
from tripartite.network.network import Network
from tripartite.network.plan.cells import (
    CellPlan,
    above_row,
    constants_row,
    coupling_row,
    cut_row,
    gathered_row,
    mean_row,
    rate_row,
    row,
    sample_row,
    samples_row,
)
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.plan.given import gathered_name
from tripartite.network.plan.levels import POST, PRE
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.plan.work import Work
from tripartite.network.population import Population
from tripartite.network.projection import role_key
from tripartite.network.roles import Reduced, role_of
from tripartite.network.runtime.calls import BLOCK
from tripartite.network.sources import PoissonGroup, SpikeTrains, source_of
from tripartite.network.values import drawn, is_many, random_of

Needs = Mapping[str, Mapping[str, set[str]]]
NEVER = 2**62
"""A step that no network reaches."""


@dataclass
class Spikes:
    """One list of spikes: of a crossing of a population, or of a source."""

    name: str
    group: str
    size: int
    crossing: int
    slots: int = 1


@dataclass
class Joined:
    """A projection with its connections."""

    plan: SynapsePlan
    spikes: dict[str, list[Spikes]]
    """Lists of the cells in each role that the synapses listen to."""
    work: Work = field(init=False)
    edges: int = 0
    """Synapses before equal ones are merged."""
    merged: bool = False
    """Whether equal ones between two cells were made one, with a multiplicity."""
    pairs: dict[str, int] = field(default_factory=dict)
    """Pairs of a presynaptic cell and a cell of each partner."""
    delays: np.ndarray = field(init=False)
    """Different delays, in steps."""
    start: np.ndarray = field(init=False)
    """First synapse of every branch: a presynaptic cell and a delay."""
    targets: np.ndarray = field(init=False)
    """Postsynaptic cell of every synapse, ascending within a branch."""
    mates: dict[str, np.ndarray] = field(default_factory=dict)
    """The cell of each partner that belongs to every synapse, the size of the population for none."""
    fractions: dict[str, np.ndarray] = field(default_factory=dict)
    """What part of every synapse belongs to the cell in a place that shares it, float64 (synapses,)."""
    after: dict[str, int] = field(default_factory=dict)
    """Delays of the events of partners, in steps."""
    given: np.ndarray | None = None
    """Where every synapse, as it was drawn, stands in the order in which values are given, if elsewhere."""
    order: np.ndarray | None = None
    """Where every synapse stood as it was drawn, if it stands elsewhere now."""

    def cells_of(self, role: str) -> np.ndarray:
        """The cell in a role of every stored synapse, the size of the population for none."""
        cells = self.plan.projection.stations[role]
        if role == PRE:
            branch = np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))
            return cells.low + branch // len(self.delays)
        if role == POST:
            return self.targets
        return self.mates[role] if role in self.mates else np.full(len(self.targets), cells.low, np.int32)


@dataclass
class Layout:
    """Everything that the generated code needs to know about a network."""

    network: Network
    threads: int
    stepped: bool = True
    """Whether couplings are held over steps, which must be short enough for them."""
    cells: dict[str, CellPlan] = field(default_factory=dict)
    joined: list[Joined] = field(default_factory=list)
    couplings: list[CouplingPlan] = field(default_factory=list)
    spreading: list[Spreading] = field(default_factory=list)
    spikes: dict[str, Spikes] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    bounds: dict[str, np.ndarray] = field(default_factory=dict)
    """First cell of every thread in each population, then the size."""

    @property
    def longer(self) -> dict[int, float]:
        """Steps (ms) of cells and synapses that are longer than the network's, by their length in its steps."""
        found = {plan.ratio: plan.width for plan in self.cells.values()}
        found |= {j.plan.ratio: j.plan.ratio * self.network.step for j in self.joined if j.plan.ratio not in found}
        return {ratio: found[ratio] for ratio in sorted(found) if ratio > 1}


def plan_out(network: Network, threads: int, needs: Needs | None = None) -> Layout:
    """Plans of a network that is not connected yet.

    **Arguments** needs: of a protocol, by name. varying: by population, constants that it will make differ between
    cells, and by coupling, parameters that it will change; heard: by population, events that it sends; clamped: by
    population and projection, states that it clamps; driven: by projection, inputs that it drives.
    """
    kinds = ("varying", "heard", "clamped", "driven")
    varying, heard, clamped, driven = ((needs or {}).get(kind, {}) for kind in kinds)
    trace.start()
    layout = Layout(network, threads, memory=Memory(network.precision))
    for name, group in network.groups.items():
        layout.bounds[name] = _bounds(group.size, threads)
        if isinstance(group, Population):
            layout.cells[name] = _cell_plan(network, name, group, varying.get(name, set()), clamped.get(name, set()))
    _held(layout)
    _inputs(layout)
    for name, events in heard.items():
        for event in sorted(events):
            layout.cells[name].receive(event)
    for number, projection in enumerate(network.projections):
        name = _plan_name(number)
        _join(layout, number, projection, frozenset(clamped.get(name, ())), frozenset(driven.get(name, ())))
    for number, coupling in enumerate(network.couplings):
        _couple(layout, number, coupling, varying)
    for diffusion in network.diffusions:
        spreading.plan(layout, diffusion)
    for name, plan in layout.cells.items():
        for place in plan.senders:
            _spikes_of(layout, name, place)
    for name, group in network.groups.items():
        if not isinstance(group, Population):
            _spikes_of(layout, name, 0)
    for joined in layout.joined:
        joined.work = Work(joined.plan)
    return layout


def lay_out(network: Network, threads: int, needs: Needs | None = None, stepped: bool = True) -> Layout:
    """Plans and memory of a network; arguments as those of `plan_out`; ``stepped``: by steps of a fixed length.

    **Raises** `NetworkError` for a network that needs more memory than is free, before it is built.
    """
    layout = plan_out(network, threads, needs)
    layout.stepped = stepped
    estimate.check(layout)
    drawn = _connect(layout)
    for name in network.groups:
        _store_cells(layout, name)
    inputs = network.inputs
    for item in inputs:
        item.check(item.rate, network.step)
    layout.memory.add(
        "inputs_mean", np.array([i.rate * network.step for i in inputs] or [0.0]), changing=True, exact=True
    )
    layout.memory.add("inputs_amount", np.array([i.brought for i in inputs] or [0.0]), changing=True, exact=True)
    for place, item in enumerate(inputs):
        if item.cells.listed is not None:
            layout.memory.add(f"inputs{place}_cells", np.sort(item.cells.listed))
    for ratio in layout.longer:
        layout.memory.add(cut_row(ratio), np.array([0, NEVER]), changing=True)
    for joined in layout.joined:
        wiring.store(layout, joined, drawn.pop(0))
        if joined.plan.real:
            stability.tell_of_small_jumps(layout, joined)
    wiring.store_couplings(layout)
    for plan in layout.cells.values():
        if plan.real:
            stability.tell_of_slow_states(layout, plan)
    spreading.store(layout)
    return layout


def busy(network: Network, threads: int) -> int:
    """How many of ``threads`` have cells of their own: whole blocks of the largest population are dealt out."""
    largest = max(group.size for group in network.groups.values())
    return min(threads, -(-largest // BLOCK))


def _bounds(size: int, threads: int) -> np.ndarray:
    """First cell of every thread, then the size: whole blocks, as equal as possible."""
    blocks = (size + BLOCK - 1) // BLOCK
    cuts = np.minimum(np.round(np.linspace(0, blocks, threads + 1)).astype(np.int64) * BLOCK, size)
    return cuts.astype(np.int64)


def _cell_plan(network: Network, name: str, population: Population, varying: set[str], clamped: set[str]) -> CellPlan:
    width = network.steps.get(name, network.step)
    ratio = _ratio(network, f"`{name}`", width)
    apart = {k for k, v in population.values.items() if not population.is_state(k) and is_many(v)}
    return CellPlan(name, population, ratio, width, apart | varying, network.real, frozenset(clamped))


def _ratio(network: Network, name: str, width: float) -> int:
    """How many steps of the network one of ``width`` ms is."""
    ratio = round(width / network.step)
    if ratio < 1 or abs(ratio * network.step - width) > 1e-9 * width:
        raise NetworkError(
            f"A step of cells or synapses is a multiple of the network's; {name} has {width:g} ms, the network "
            f"{network.step:g} ms. Choose a multiple, or a shorter step for the network."
        )
    return ratio


def _held(layout: Layout) -> None:
    """Inputs of cells that sums over synapses provide; what several give to one is summed."""
    for number, projection in enumerate(layout.network.projections):
        count = itertools.count()
        for wire in projection.wires:
            role = role_of(wire.target)
            if not isinstance(wire.source, Reduced):
                continue
            assert role is not None
            name = layout.network.names[id(projection.roles[role].group)]
            plan = layout.cells[name]
            key = role_key(wire.target, plan.system, role)
            if key not in {e.key for e in plan.system.drives}:
                raise WiringError(f"`{role}.{wire.target.name}` is no free input of `{name}`.")
            plan.held.add(key)
            for _ in projection.sharing.get(role, [role]):
                plan.summed.setdefault(key, []).append(gathered_name(_plan_name(number), next(count)))


def _plan_name(number: int) -> str:
    return f"synapses{number}"


def _inputs(layout: Layout) -> None:
    for item in layout.network.inputs:
        layout.cells[layout.network.names[id(item.cells.group)]].receive(item.key)


def _join(layout: Layout, number: int, projection: Any, clamped: frozenset[str], driven: frozenset[str]) -> None:
    network = layout.network
    names = {role: network.names[id(cells.group)] for role, cells in projection.stations.items()}
    hosts = {role: layout.cells[name] for role, name in names.items() if name in layout.cells}
    system = projection.model.system
    apart = {key for key, value in projection.values.items() if is_many(value)}
    name, given = _plan_name(number), network.names[id(projection)]
    ratio = 1 if projection.step is None else _ratio(network, f"the projection `{given}`", network.steps[given])
    plan = SynapsePlan(name, projection, hosts, network.placing, apart, network.real, clamped, driven, ratio)
    for sent in plan.sent:
        hosts[sent.role].receive(sent.event)
    for gathered in plan.gathered:
        host, lasts = hosts[gathered.role], plan.lasts(gathered)
        if lasts != host.ratio:
            host.sampled[gathered.source] = lasts
    for quantity in plan.averaged:
        hosts[quantity.role].averaged.add(quantity.key)
    spikes = {role: [_spikes_of(layout, name, n) for n in plan.lists(role)] for role, name in names.items()}
    assert {e.key for e in system.states} == set(plan.level)
    layout.joined.append(Joined(plan, spikes))


def _spikes_of(layout: Layout, name: str, crossing: int) -> Spikes:
    key = f"{name}_spikes{crossing}"
    if key not in layout.spikes:
        layout.spikes[key] = Spikes(key, name, layout.network.groups[name].size, crossing)
        if name in layout.cells:
            layout.cells[name].announced.add(crossing)
    return layout.spikes[key]


def _couple(layout: Layout, number: int, coupling: Coupling, varying: Mapping[str, set[str]]) -> None:
    host = layout.cells[layout.network.names[id(coupling.cells.group)]]
    name = f"coupling{number}"
    plan = CouplingPlan(name, host, coupling, varying.get(name, set()))
    host.added |= plan.rates.keys()
    host.classify()
    layout.couplings.append(plan)


def _connect(layout: Layout) -> list[Drawn]:
    drawn = []
    for number, joined in enumerate(layout.joined):
        drawn.append(wiring.connect(layout, joined, number))
        for role, lists in joined.spikes.items():
            longest = int(joined.delays.max(initial=0)) if role == PRE else joined.after.get(role, 0)
            for spikes in lists:
                spikes.slots = max(spikes.slots, longest + 2)
    estimate.check_rings(layout)
    return drawn


def _store_cells(layout: Layout, name: str) -> None:
    memory, network = layout.memory, layout.network
    group = network.groups[name]
    memory.add(f"{name}_bounds", layout.bounds[name], of_threads=True)
    for spikes in layout.spikes.values():
        if spikes.group == name:
            memory.add(
                f"{spikes.name}_ring", np.zeros(spikes.slots * group.size, np.int32), changing=True, of_threads=True
            )
            memory.add(
                f"{spikes.name}_counts",
                np.zeros(spikes.slots * layout.threads, np.int64),
                changing=True,
                of_threads=True,
            )
            memory.add(f"{name}_flags{spikes.crossing}", np.zeros(group.size + 8, np.uint8), of_threads=True)
            room = layout.threads * max(4 * group.size, 2**16)
            for part, kind, length in (("steps", np.int32, room), ("cells", np.int32, room)):
                memory.add(f"{spikes.name}_log_{part}", np.zeros(length, kind), of_threads=True)
            memory.add(f"{spikes.name}_log_counts", np.zeros(layout.threads, np.int64), of_threads=True)
    source = source_of(group)
    if isinstance(source, SpikeTrains):
        steps = np.rint(source.times / network.step).astype(np.int64)
        order = np.lexsort((source.cells, steps))
        _check_trains(name, steps[order], source.cells[order], network.step)
        memory.add(f"{name}_train_steps", steps[order], wired=True)
        memory.add(f"{name}_train_cells", source.cells[order], wired=True)
    if isinstance(source, PoissonGroup):
        source.check(source.rate, network.step, name)
        memory.add(rate_row(name), np.array([source.rate]), changing=True, exact=True)
    if name in layout.cells:
        _store_population(layout, layout.cells[name])


def _check_trains(name: str, steps: np.ndarray, cells: np.ndarray, step: float) -> None:
    """``steps`` ascending, ``cells`` ascending within each."""
    if len(steps) and steps[0] < 1:
        raise RangeError(
            f"Spikes come at the end of a step; `{name}` has one at 0 ms. Begin its trains at {step:g} ms or later."
        )
    twice = np.flatnonzero((np.diff(steps) == 0) & (np.diff(cells) == 0))
    if len(twice):
        raise RangeError(
            f"A cell spikes once in a step; cell {cells[twice[0]]} of `{name}` does twice at "
            f"{steps[twice[0]] * step:g} ms. Leave one out or shorten the step of {step:g} ms."
        )


def _store_population(layout: Layout, plan: CellPlan) -> None:
    memory, population = layout.memory, plan.population
    size = population.size
    constants = np.array([e.value for e in plan.system.constants])
    for position, entry in enumerate(plan.system.parameters):
        value = entry.value
        if entry.key in population.values:
            random = random_of(layout.network.seed, plan.name, entry.key)
            value = drawn(population.values[entry.key], population.declared(entry.key), size, entry.key, random)
        if entry.key in plan.varying:
            memory.add(row(plan, entry.key), _with_ghost(value, size), changing=True, owner=plan.name)
        else:
            constants[position] = value
    memory.add(constants_row(plan), constants, changing=True, exact=True, owner=plan.name)
    for entry in plan.system.states:
        value = entry.value
        if entry.key in population.values:
            random = random_of(layout.network.seed, plan.name, entry.key)
            value = drawn(population.values[entry.key], population.declared(entry.key), size, entry.key, random)
        stored = _with_ghost(value, size)
        if entry.key in plan.clocks:
            stored = -stored / plan.width * plan.ratio
        if entry.key in plan.counted:
            stored = np.rint(stored).astype(np.int32)
        assert isinstance(entry.declaration, State)
        memory.add(row(plan, entry.key), stored, changing=True, exact=entry.key in plan.clocks)
    for place in range(len(plan.crossings)):
        memory.add(above_row(plan, place), np.zeros(size, np.uint8), changing=True)
    for key in sorted(plan.held):
        memory.add(row(plan, key), np.zeros(size + 1), changing=True)
    for entry in plan.system.drives:
        if entry.key in plan.varying:
            memory.add(row(plan, entry.key), np.full(size + 1, entry.value), changing=True, owner=plan.name)
    for event in plan.received:
        for slot in plan.slots(event):
            memory.add(slot, np.zeros(size + 1), changing=True)
    for key in sorted(plan.added):
        memory.add(coupling_row(plan, key), np.zeros(size + 1))
    for key in sorted(plan.averaged):
        memory.add(mean_row(plan, key), np.zeros(size + 1), changing=True)
    for key, sources in plan.summed.items():
        for source in sources if len(sources) > 1 else ():
            memory.add(gathered_row(plan, key, source), np.zeros(size + 1), changing=True)
        for source in (source for source in sources if source in plan.sampled):
            memory.add(sample_row(plan, key, source), np.zeros(size + 1))
            memory.add(samples_row(plan, key, source), np.zeros(size + 1), changing=True)


def _with_ghost(value: Any, size: int) -> np.ndarray:
    """A row with one more place, which stays zero."""
    found = np.zeros(size + 1)
    found[:size] = value
    return found
