"""Connections of a network: from rules to the lists that kernels walk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError
from tripartite.language.declarations import Valued
from tripartite.network.build import adjacency, stability
from tripartite.network.build.memory import Memory
from tripartite.network.kernels.gathering import OWN, SYNAPSES
from tripartite.network.plan.levels import POST, PRE, SHARED, SUM, SYNAPSE, paired
from tripartite.network.projection import Projection, steps_of
from tripartite.network.rules import Cells, Edges
from tripartite.network.rules.edges import rows
from tripartite.network.values import drawn, is_drawn, random_of, stream

if TYPE_CHECKING:
    from tripartite.network.build.layout import Joined, Layout


def connect(layout: Layout, joined: Joined, number: int) -> None:
    """Edges of a projection, split by delay, with the cell of every partner of each."""
    projection, network = joined.plan.projection, layout.network
    pre, post = projection.pre, projection.post
    same = pre.group is post.group and pre.low == post.low
    before, after = Cells(pre.size, pre.positions), Cells(post.size, post.positions)
    edges = projection.rule.connect(before, after, network.seed, number, same)
    random = random_of(network.seed, joined.plan.name, "delay")
    edges = _without_autapses(projection, edges)
    joined.edges, joined.given = len(edges), edges.order
    delays = steps_of(projection.delay, network.step, joined.edges, random)
    if delays.ndim and edges.order is not None and not is_drawn(projection.delay):
        delays = delays[edges.order]
    mates = {}
    for name, partner in projection.partners.items():
        cells = partner.cells
        if partner.attach is not None:
            around = Cells(cells.size, cells.positions)
            origin = number if name == "astrocyte" else stream("partner", number, name)
            attached = partner.attach.attach(edges, before, after, around, network.seed, origin)
            mates[name] = np.where(attached < 0, cells.group.size, attached + cells.low).astype(np.int32)
        joined.after[name] = int(steps_of(partner.delay, network.step, 1, random))
    start, targets, order = edges.start, edges.target, None
    if delays.ndim:
        joined.delays, index = np.unique(delays if len(delays) else [0], return_inverse=True)
        start, order = adjacency.by_delay(start, len(joined.delays), index.astype(np.int32), targets)
        targets = targets[order]
        mates = {name: cells[order] for name, cells in mates.items()}
    else:
        joined.delays = delays[None]
    if joined.writer.mergeable and not projection.partners and adjacency.parallel_edges(start, targets):
        start, targets, copies = adjacency.merged(start, targets)
        layout.memory.add(f"{joined.plan.name}_multiplicity", copies, wired=True)
        joined.writer.merged = True
    if post.low:
        targets = targets + np.int32(post.low)
    joined.start, joined.targets, joined.mates, joined.order = start, targets, mates, order


def _without_autapses(projection: Projection, edges: Edges) -> Edges:
    """Edges of a rule that excludes autapses without those between two slices that begin at different cells."""
    pre, post, rule = projection.pre, projection.post, projection.rule
    shift = pre.low - post.low
    overlap = pre.group is post.group and shift and pre.low < post.high and post.low < pre.high
    if not overlap or getattr(rule, "autapses", True):
        return edges
    kept = edges.sources + shift != edges.target
    if not rule.independent and not np.all(kept):
        raise NetworkError(
            f"A fixed number of edges without autapses joins slices that begin at the same cell or share none; got "
            f"cells {pre.low} to {pre.high - 1} and {post.low} to {post.high - 1} of one population. Allow autapses, "
            "or split the slices."
        )
    counts = np.bincount(edges.sources[kept], minlength=len(edges.start) - 1)
    return Edges(rows(counts), edges.target[kept])


def store(layout: Layout, joined: Joined) -> None:
    """Put the arrays of a projection into the memory: lists as far as its kernels need them, states, amounts."""
    memory, plan, writer = layout.memory, joined.plan, joined.writer
    name, projection = plan.name, plan.projection
    start, targets, post = joined.start, joined.targets, projection.post
    system = plan.system
    constants = np.array([e.value for e in system.parameters])
    values = {}
    for key, value in projection.values.items():
        item = next(e.declaration for e in (*system.parameters, *system.states) if e.key == key)
        assert isinstance(item, Valued)
        random = random_of(layout.network.seed, name, key)
        values[key] = drawn(value, item, joined.edges, key, random)
        if np.ndim(values[key]) and joined.given is not None and not is_drawn(value):
            values[key] = values[key][joined.given]
    for position, entry in enumerate(system.parameters):
        if entry.key in plan.per_synapse:
            memory.add(writer.state_row(entry.key), _ordered(values[entry.key], joined), changing=True)
        elif entry.key in values:
            constants[position] = values[entry.key]
    memory.add(f"{name}_constants", constants, changing=True, exact=True)
    memory.add(f"{name}_delays", joined.delays.astype(np.int64), wired=True)
    memory.add(f"{name}_cut", adjacency.cuts(start, targets, layout.bounds[_name(layout, post)]), of_threads=True)
    memory.add(f"{name}_target", targets, wired=True)
    for partner in plan.levels.several:
        _store_partner(layout, joined, partner)
    sizes = {SHARED: 1, PRE: len(start) - 1, SYNAPSE: joined.edges, POST: post.group.size + 1}
    for partner in plan.levels.several:
        sizes[partner] = projection.partners[partner].cells.group.size + 1
        sizes[paired(partner)] = joined.pairs.get(partner, 0)
    for key in plan.leaves:
        level = plan.level[key]
        if level == SUM:
            continue
        value = values.get(key, next(e.value for e in system.states if e.key == key))
        found = _ordered(value, joined) if np.ndim(value) else np.full(sizes[level], value)
        memory.add(writer.state_row(key), found, changing=True)
    for level in sizes:
        if writer.lazy(level):
            memory.add(writer.last_row(level), np.zeros(sizes[level], np.int32), changing=True)
    for crossing in plan.crossings:
        memory.add(writer.above_row(crossing), np.zeros(sizes[crossing.level], np.uint8), changing=True)
        for emission in crossing.emitted:
            memory.add(writer.left_row(crossing, emission), np.zeros(sizes[crossing.level]), changing=True)
    for export, level in writer.exports:
        memory.add(export, np.zeros(sizes[level]), changing=True)
    for role in (PRE, *projection.partners):
        for kept, _ in writer.kept_rows(role):
            memory.add(kept, np.zeros(joined.edges), changing=True)
    _store_gathered(layout, joined, values)
    _store_lists(layout, joined)


def _store_lists(layout: Layout, joined: Joined) -> None:
    """Synapses by the cells that they listen to, and by those that sum over them."""
    memory, plan, writer, targets = layout.memory, joined.plan, joined.writer, joined.targets
    name, projection, read = plan.name, plan.projection, joined.writer.lists_read
    branch_of = np.repeat(np.arange(len(joined.start) - 1, dtype=np.int32), np.diff(joined.start))
    if f"{name}_into_post" in read:
        into, edges = adjacency.by_target(targets - np.int32(projection.post.low), projection.post.size)
        _store_list(memory, name, POST, into, edges, branch_of)
    for partner in plan.levels.several:
        if f"{name}_into_{partner}" in read:  # by partner, and then by the thread of the postsynaptic cell
            order = np.argsort(targets, kind="stable")
            size = projection.partners[partner].cells.group.size
            begin, places = adjacency.by_target(joined.mates[partner][order], size)
            edges = order[places]
            into = adjacency.cuts(begin, targets[edges], layout.bounds[_name(layout, projection.post)])
            _store_list(memory, name, partner, into, edges, branch_of)
    for role in (PRE, *projection.partners):
        if writer.kept_rows(role) or f"{name}_around_{role}" in read:
            begin, edges = adjacency.by_target(joined.cells_of(role), projection.roles[role].group.size)
            memory.add(f"{name}_around_{role}", begin, wired=True)
            memory.add(f"{name}_attached_{role}", edges, wired=True)
    if f"{name}_branch_of" in read:
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
    memory, writer, plan = layout.memory, joined.writer, joined.plan
    name, mates, read = f"{plan.name}_{partner}", joined.mates[partner], writer.lists_read
    if partner in plan.paired or writer.reaches(partner):
        first, mate, copies, pair_of = adjacency.pairs(joined.start, mates)
        joined.pairs[partner] = len(mate)
        bounds = layout.bounds[_name(layout, plan.projection.partners[partner].cells)]
        memory.add(f"{name}_cut", adjacency.cuts(first, mate, bounds), of_threads=True)
        memory.add(f"{name}_mate", mate, wired=True)
        if writer.reaches(partner):
            memory.add(f"{name}_copies", copies, wired=True)
        if f"{name}_pair_of" in read:
            memory.add(f"{name}_pair_of", pair_of, wired=True)
        if f"{name}_pair_into" in read:
            into, pairs = adjacency.by_target(mate, plan.projection.partners[partner].cells.group.size)
            memory.add(f"{name}_pair_into", into, wired=True)
            memory.add(f"{name}_pairs", pairs.astype(np.int32), wired=True)
            branch_of = np.repeat(np.arange(len(first) - 1, dtype=np.int32), np.diff(first))
            memory.add(f"{name}_pair_branch", branch_of[pairs], wired=True)
    if f"{name}_of" in read:
        memory.add(f"{name}_of", mates, wired=True)


def _store_gathered(layout: Layout, joined: Joined, values: Mapping[str, Any]) -> None:
    memory, plan, writer, targets = layout.memory, joined.plan, joined.writer, joined.targets
    for gathered in plan.gathered:
        cells = plan.projection.roles[gathered.role]
        size = cells.group.size
        ends = joined.cells_of(gathered.role)
        copies = memory[f"{plan.name}_multiplicity"] if writer.merged else None
        degree = np.bincount(ends, copies, minlength=size + 1)[: size + 1].astype(float)
        degree[size] = 0
        share = (
            np.divide(1.0, degree, out=np.zeros(size + 1), where=degree > 0) if gathered.mean else (degree > 0) * 1.0
        )
        if gathered.state is not None and plan.level[gathered.state] == SUM:
            stem = writer.state_row(gathered.state)
            start = values.get(gathered.state, next(e.value for e in plan.system.states if e.key == gathered.state))
            memory.add(stem, start * degree, changing=True)
            for suffix in ("late", "whole"):
                memory.add(f"{stem}_{suffix}", np.zeros(size + 1), changing=True)
            memory.add(f"{stem}_share", share)
            continue
        stem = gathered.source
        memory.add(f"{stem}_share", share)
        source = writer.source_of(gathered)
        if source == OWN:
            memory.add(f"{stem}_degree", degree, wired=True)
        elif source != SYNAPSES:
            mates, other = joined.mates[source], plan.projection.partners[source].cells.group.size
            into, edges = adjacency.by_target(np.where(mates < other, targets, -1), size)
            first, mate, copies = adjacency.distinct(into, mates[edges])
            memory.add(f"{stem}_first", first, wired=True)
            memory.add(f"{stem}_mate", mate, wired=True)
            memory.add(f"{stem}_copies", copies, wired=True)
            memory.add(f"{stem}_value", np.zeros(other + 1), changing=True)


def store_couplings(layout: Layout) -> None:
    """Neighbours of coupled cells, and what differs between their contacts."""
    for plan in layout.couplings:
        coupling, cells = plan.coupling, plan.coupling.cells
        edges = coupling.edges
        start = np.full(plan.host.population.size + 1, edges.start[-1], np.int64)
        start[: cells.low], start[cells.low : cells.high + 1] = 0, edges.start
        whole = Edges(start, edges.target + np.int32(cells.low))
        layout.memory.add(f"{plan.name}_start", whole.start, wired=True)
        layout.memory.add(f"{plan.name}_neighbour", whole.target, wired=True)
        place = Cells(cells.size, cells.positions)
        for name in plan.contacts.values():
            if name in plan.mechanism.values:
                value = coupling.value(name, edges, random_of(layout.network.seed, plan.name, name))
            else:
                value = coupling.neighbours.measured(name, place, edges)
            layout.memory.add(f"{plan.name}_{name}", np.broadcast_to(value, (len(edges),)).astype(float))
        if layout.stepped:
            stability.check(layout, plan, whole)
