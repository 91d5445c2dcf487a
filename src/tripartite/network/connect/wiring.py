"""Connections of a network: from rules to the lists that kernels walk."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import outside
from tripartite.language.declarations import Valued
from tripartite.network.connect import adjacency, stability
from tripartite.network.connect.edges import Drawn, draw
from tripartite.network.connect.memory import Memory
from tripartite.network.plan.bindings import Quantity
from tripartite.network.plan.cells import THERE, row
from tripartite.network.plan.gathering import OWN, SYNAPSES, TRACE
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.projection import steps_of
from tripartite.network.rules import Cells, Edges
from tripartite.network.rules.edges import rows
from tripartite.network.values import random_of

if TYPE_CHECKING:
    from tripartite.network.connect.layout import Joined, Layout


def connect(layout: Layout, joined: Joined, number: int) -> Drawn:
    """Edges of a projection, split by delay, with the cell of every partner of each; returns them as drawn."""
    projection, network = joined.plan.projection, layout.network
    edges = draw(projection, network.seed, number)
    joined.edges, joined.given = len(edges), edges.given
    random = random_of(network.seed, joined.plan.name, "delay")
    delays = edges.steps(network.step, random)
    for name, partner in projection.places.items():
        joined.after[name] = int(steps_of(partner.delay, network.step, 1, random))
    start, targets, mates, fractions, order = edges.start, edges.targets, edges.mates, edges.fractions, None
    if delays.ndim:
        joined.delays, index = np.unique(delays if len(delays) else [0], return_inverse=True)
        start, order = adjacency.by_delay(start, len(joined.delays), index.astype(np.int32), targets)
        targets = targets[order]
        mates = {name: cells[order] for name, cells in mates.items()}
        fractions = {name: parts[order] for name, parts in fractions.items()}
    else:
        joined.delays = delays[None]
    if joined.work.reading.mergeable and not projection.places and adjacency.parallel_edges(start, targets):
        start, targets, copies = adjacency.merged(start, targets)
        layout.memory.add(joined.work.reading.multiplicity, copies, wired=True)
        joined.merged = True
    joined.start, joined.targets, joined.mates, joined.order = start, targets, mates, order
    joined.fractions = fractions
    return edges


def store(layout: Layout, joined: Joined, edges: Drawn) -> None:
    """Put the arrays of a projection into the memory: lists as far as its kernels need them, states, amounts."""
    memory, plan, work = layout.memory, joined.plan, joined.work
    name, projection = plan.name, plan.projection
    start, targets, post = joined.start, joined.targets, projection.post
    system, reading = plan.system, work.reading
    constants = np.array([e.value for e in plan.constants])
    values = {}
    for key in projection.values:
        item = next(e.declaration for e in (*system.parameters, *system.states) if e.key == key)
        assert isinstance(item, Valued)
        values[key] = edges.values(key, item, random_of(layout.network.seed, name, key))
    for position, entry in enumerate(plan.constants):
        if entry.key in plan.per_synapse:
            memory.add(reading.state_row(entry.key), _ordered(values[entry.key], joined), changing=True, owner=name)
        elif entry.key in values:
            constants[position] = values[entry.key]
    memory.add(reading.constants, constants, changing=True, exact=True, owner=name)
    memory.add(f"{name}_delays", joined.delays.astype(np.int64), wired=True)
    memory.add(f"{name}_cut", adjacency.cuts(start, targets, layout.bounds[_name(layout, post)]), of_threads=True)
    memory.add(f"{name}_target", targets, wired=True)
    for partner in plan.levels.several:
        _store_partner(layout, joined, partner)
    for place, parts in joined.fractions.items():
        memory.add(reading.fraction_row(place), parts, wired=True)
    sizes = {SHARED: 1, PRE: len(start) - 1, SYNAPSE: joined.edges, POST: post.group.size + 1}
    for partner in plan.levels.several:
        sizes[partner] = projection.places[partner].cells.group.size + 1
        sizes[paired(partner)] = joined.pairs.get(partner, 0)
    for key in plan.leaves:
        level = plan.level[key]
        if level == SUM:
            continue
        value = values.get(key, next(e.value for e in system.states if e.key == key))
        found = _ordered(value, joined) if np.ndim(value) else np.full(sizes[level], value)
        memory.add(reading.state_row(key), found, changing=True)
        if key in reading.watched:
            memory.add(reading.begun_row(key), found.copy(), changing=True)
    for level in sizes:
        if reading.lazy(level):
            memory.add(reading.last_row(level), np.zeros(sizes[level], np.int32), changing=True)
    for key in reading.summed_up:
        memory.add(reading.whole_row(key), np.zeros(sizes[plan.level[key]]), changing=True)
    for crossing in plan.crossings:
        memory.add(reading.above_row(crossing), np.zeros(sizes[crossing.level], np.uint8), changing=True)
        for emission in crossing.emitted:
            memory.add(reading.left_row(crossing, emission), np.zeros(sizes[crossing.level]), changing=True)
    for export, level in work.exports.items():
        memory.add(export, np.zeros(sizes[level]), changing=True)
    for role in (PRE, *projection.places):
        for kept, _ in work.kept_rows(role):
            memory.add(kept, np.zeros(joined.edges), changing=True)
    _store_gathered(layout, joined, values)
    _store_lists(layout, joined)


def _store_lists(layout: Layout, joined: Joined) -> None:
    """Synapses by the cells that they listen to, and by those that sum over them."""
    memory, plan, lists, targets = layout.memory, joined.plan, joined.work.lists, joined.targets
    name, projection = plan.name, plan.projection
    branch_of = np.repeat(np.arange(len(joined.start) - 1, dtype=np.int32), np.diff(joined.start))
    if POST in lists.into:
        into, edges = adjacency.by_target(
            targets - np.int32(projection.post.low), projection.post.high - projection.post.low
        )
        _store_list(memory, name, POST, into, edges, branch_of)
    for partner in plan.levels.several:
        if partner in lists.into:  # by partner, and then by the thread of the postsynaptic cell
            order = np.argsort(targets, kind="stable")
            size = projection.places[partner].cells.group.size
            begin, places = adjacency.by_target(joined.mates[partner][order], size)
            edges = order[places]
            into = adjacency.cuts(begin, targets[edges], layout.bounds[_name(layout, projection.post)])
            _store_list(memory, name, partner, into, edges, branch_of)
    for role in (PRE, *projection.places):
        if role in lists.around:
            begin, edges = adjacency.by_target(joined.cells_of(role), projection.stations[role].group.size)
            memory.add(f"{name}_around_{role}", begin, wired=True)
            memory.add(f"{name}_attached_{role}", edges, wired=True)
    if lists.branch_of:
        memory.add(f"{name}_branch_of", branch_of, wired=True)


def _store_list(
    memory: Memory, name: str, role: str, into: np.ndarray, edges: np.ndarray, branch_of: np.ndarray
) -> None:
    memory.add(f"{name}_into_{role}", into, of_threads=True)
    memory.add(f"{name}_edges_{role}", edges.astype(np.int32), wired=True)
    memory.add(f"{name}_branch_{role}", branch_of[edges], wired=True)


def _name(layout: Layout, cells: Any) -> str:
    return layout.network.names[id(cells.group)]


def _ordered(values: Any, joined: Joined) -> np.ndarray:
    """Values of every synapse, in the order in which synapses are stored."""
    order = joined.order
    found = np.broadcast_to(np.asarray(values, float), (joined.edges,))
    return found.copy() if order is None else found[order]


def _store_partner(layout: Layout, joined: Joined, partner: str) -> None:
    """Pairs of presynaptic cells and a partner, and the partner of each synapse, as far as kernels need them."""
    memory, lists, plan = layout.memory, joined.work.lists, joined.plan
    name, mates = f"{plan.name}_{partner}", joined.mates[partner]
    there = row(plan.hosts[partner], THERE) if Quantity(partner, THERE) in plan.foreign.values() else ""
    if there and there not in memory.arrays:
        memory.add(there, np.append(np.ones(plan.projection.places[partner].cells.group.size), 0.0))
    if partner in lists.pairs:
        first, mate, copies, pair_of = adjacency.pairs(joined.start, mates)
        joined.pairs[partner] = len(mate)
        bounds = layout.bounds[_name(layout, plan.projection.places[partner].cells)]
        memory.add(f"{name}_cut", adjacency.cuts(first, mate, bounds), of_threads=True)
        memory.add(f"{name}_mate", mate, wired=True)
        if partner in lists.reached:
            memory.add(f"{name}_copies", copies, wired=True)
        if partner in lists.pair_of:
            memory.add(f"{name}_pair_of", pair_of, wired=True)
        if partner in lists.pairs_into:
            into, pairs = adjacency.by_target(mate, plan.projection.places[partner].cells.group.size)
            memory.add(f"{name}_pair_into", into, wired=True)
            memory.add(f"{name}_pairs", pairs.astype(np.int32), wired=True)
            branch_of = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
            memory.add(f"{name}_pair_branch", branch_of[pairs], wired=True)
    if partner in lists.mate_of:
        memory.add(f"{name}_of", mates, wired=True)


def _store_gathered(layout: Layout, joined: Joined, values: Mapping[str, Any]) -> None:
    memory, plan, targets = layout.memory, joined.plan, joined.targets
    for gathering in joined.work.gathered:
        gathered, stem, source = gathering.gathered, gathering.stem, gathering.source
        cells = plan.projection.stations[gathered.role]
        size = cells.group.size
        degree = _degree(layout, joined, gathered.role, size)
        share = (
            np.divide(1.0, degree, out=np.zeros(size + 1), where=degree > 0) if gathered.mean else (degree > 0) * 1.0
        )
        if source == TRACE:
            assert gathered.state is not None
            start = values.get(gathered.state, next(e.value for e in plan.system.states if e.key == gathered.state))
            memory.add(stem, start * degree, changing=True)
            for suffix in ("late", "whole"):
                memory.add(f"{stem}_{suffix}", np.zeros(size + 1), changing=True)
        memory.add(f"{stem}_share", share)
        if source == OWN:
            memory.add(f"{stem}_degree", degree, wired=True)
        elif source not in (SYNAPSES, TRACE):
            mates, other = joined.mates[source], plan.projection.places[source].cells.group.size
            into, edges = adjacency.by_target(targets, size)
            first, mate, copies = adjacency.distinct(into, mates[edges])
            memory.add(f"{stem}_first", first, wired=True)
            memory.add(f"{stem}_mate", mate, wired=True)
            memory.add(f"{stem}_copies", copies, wired=True)
            memory.add(f"{stem}_value", np.zeros(other + 1), changing=True)


def _degree(layout: Layout, joined: Joined, role: str, size: int) -> np.ndarray:
    """How many synapses each cell in a role has, (size + 1,); of those that are shared, how much of them."""
    copies = layout.memory[joined.work.reading.multiplicity] if joined.merged else None
    found = np.zeros(size + 1)
    for places in joined.plan.projection.sharing.values():
        if role in places:
            for place in places:
                found += np.bincount(joined.mates[place], joined.fractions[place], minlength=size + 1)
            break
    else:
        found += np.bincount(joined.cells_of(role), copies, minlength=size + 1)[: size + 1]
    found[size] = 0
    return found


def store_couplings(layout: Layout) -> None:
    """Neighbours of coupled cells, and what differs between their contacts."""
    for plan in layout.couplings:
        coupling, cells = plan.coupling, plan.coupling.cells
        edges = coupling.edges
        if not len(edges) and cells.size > 1:
            warnings.warn(
                f"A coupling joins cells that touch; {coupling.neighbours!r} joins none of the {cells.size} cells of "
                f"`{plan.name}`, so that the run is as without it. Check its radius and unit, and the positions.",
                stacklevel=outside(),
            )
        here, there = cells.numbers[edges.sources], cells.numbers[edges.target]
        order = slice(None) if cells.listed is None else np.lexsort((there, here))
        counts = np.bincount(here, minlength=plan.host.population.size)
        whole = Edges(rows(counts), there[order].astype(np.int32))
        layout.memory.add(f"{plan.name}_start", whole.start, wired=True)
        layout.memory.add(f"{plan.name}_neighbour", whole.target, wired=True)
        place = Cells(cells.size, cells.positions)
        for name in plan.contacts.values():
            if name in plan.mechanism.values:
                value = coupling.value(name, edges, random_of(layout.network.seed, plan.name, name))
            else:
                value = coupling.neighbours.measured(name, place, edges)
            each = np.broadcast_to(value, (len(edges),)).astype(float)
            layout.memory.add(f"{plan.name}_{name}", each[order], owner=plan.name)
        if layout.stepped:
            stability.check(layout, plan, whole)
