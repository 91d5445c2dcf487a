"""Connections of a network: from rules to the lists that kernels walk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError
from tripartite.language.declarations import Valued
from tripartite.network.build import adjacency, stability
from tripartite.network.projection import Projection, steps_of
from tripartite.network.rules import Cells, Edges
from tripartite.network.rules.edges import rows
from tripartite.network.values import drawn, is_drawn, random_of

if TYPE_CHECKING:
    from tripartite.network.build.layout import Joined, Layout


def connect(layout: Layout, joined: Joined, number: int) -> None:
    """Edges of a projection, split by delay, with the astrocyte of each."""
    projection, network = joined.plan.projection, layout.network
    pre, post, third = projection.pre, projection.post, projection.third
    same = pre.group is post.group and pre.low == post.low
    before, after = Cells(pre.size, pre.positions), Cells(post.size, post.positions)
    edges = projection.rule.connect(before, after, network.seed, number, same)
    random = random_of(network.seed, joined.plan.name, "delay")
    edges = _without_autapses(projection, edges)
    joined.edges, joined.given = len(edges), edges.order
    delays = steps_of(projection.delay, network.step, joined.edges, random)
    if delays.ndim and edges.order is not None and not is_drawn(projection.delay):
        delays = delays[edges.order]
    mates = None
    if third is not None:
        around = Cells(third.size, third.positions)
        attached = projection.attach.attach(edges, before, after, around, network.seed, number)
        ghost = third.group.size
        mates = np.where(attached < 0, ghost, attached + third.low).astype(np.int32)
    start, targets, order = edges.start, edges.target, None
    if delays.ndim:
        joined.delays, index = np.unique(delays if len(delays) else [0], return_inverse=True)
        start, order = adjacency.by_delay(start, len(joined.delays), index.astype(np.int32), targets)
        targets = targets[order]
        mates = None if mates is None else mates[order]
    else:
        joined.delays = delays[None]
    if joined.writer.mergeable and mates is None and adjacency.parallel_edges(start, targets):
        start, targets, copies = adjacency.merged(start, targets)
        layout.memory.add(f"{joined.plan.name}_multiplicity", copies)
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
    start, targets, mates = joined.start, joined.targets, joined.mates
    post, third = projection.post, projection.third
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
    memory.add(f"{name}_delays", joined.delays.astype(np.int64))
    memory.add(f"{name}_cut", adjacency.cuts(start, targets, layout.bounds[_name(layout, post)]))
    memory.add(f"{name}_target", targets)
    if mates is not None:
        _store_third(layout, joined, start, mates)
    branches = len(start) - 1
    sizes = {"pre": branches, "pair": joined.pairs, "synapse": joined.edges, "post": post.group.size + 1}
    sizes["astrocyte"] = 0 if third is None else third.group.size + 1
    for key in plan.leaves:
        level = plan.level[key]
        if level == "sum":
            continue
        value = values.get(key, next(e.value for e in system.states if e.key == key))
        found = _ordered(value, joined) if np.ndim(value) else np.full(sizes[level], value)
        memory.add(writer.state_row(key), found, changing=True)
    for level in sizes:
        if writer.lazy(level):
            memory.add(writer.last_row(level), np.zeros(sizes[level], np.int32), changing=True)
    for export, level in writer.exports:
        memory.add(export, np.zeros(sizes[level]), changing=True)
    for each, _ in writer.each_rows():
        memory.add(each, np.zeros(joined.edges), changing=True)
    _store_gathered(layout, joined, values)
    if writer.answers_synapses():
        into, incoming = adjacency.by_target(targets - np.int32(post.low), post.size)
        branch_of = np.repeat(np.arange(branches, dtype=np.int32), np.diff(start))[incoming]
        memory.add(f"{name}_into", into)
        memory.add(f"{name}_incoming", incoming.astype(np.int32))
        memory.add(f"{name}_branch_of", branch_of)


def _name(layout: Layout, cells: Any) -> str:
    return layout.network.names[id(cells.group)]


def _ordered(values: Any, joined: Joined) -> np.ndarray:
    """Values of every synapse, in the order in which synapses are stored."""
    order = joined.order
    found = np.broadcast_to(np.asarray(values, float), (joined.edges,))
    return found.copy() if order is None else found[order]


def _store_third(layout: Layout, joined: Joined, start: np.ndarray, mates: np.ndarray) -> None:
    memory, writer, name = layout.memory, joined.writer, joined.plan.name
    third = joined.plan.projection.third
    assert third is not None
    texts = writer.needs_astrocyte_of()
    if writer.paired or writer.to_astrocyte:
        first, mate, copies, pair_of = adjacency.pairs(start, mates)
        joined.pairs = len(mate)
        memory.add(f"{name}_pair_cut", adjacency.cuts(first, mate, layout.bounds[_name(layout, third)]))
        memory.add(f"{name}_mate", mate)
        if writer.to_astrocyte:
            memory.add(f"{name}_copies", copies)
        if any(level == "pair" for _, level in writer.exports):
            memory.add(f"{name}_pair_of", pair_of)
    if texts:
        memory.add(f"{name}_astrocyte_of", mates)
    if writer.each_rows():
        begin, attached = adjacency.by_target(mates, third.group.size)
        memory.add(f"{name}_around", begin)
        memory.add(f"{name}_attached", attached)


def _store_gathered(layout: Layout, joined: Joined, values: Mapping[str, Any]) -> None:
    memory, plan, writer = layout.memory, joined.plan, joined.writer
    mates, targets = joined.mates, joined.targets
    for number, gathered in enumerate(plan.gathered):
        cells = plan.projection.roles[gathered.role]
        size = cells.group.size
        ends = targets if gathered.role == "post" or mates is None else mates
        copies = memory[f"{plan.name}_multiplicity"] if writer.merged else None
        degree = np.bincount(ends, copies, minlength=size + 1)[: size + 1].astype(float)
        degree[size] = 0
        share = (
            np.divide(1.0, degree, out=np.zeros(size + 1), where=degree > 0) if gathered.mean else (degree > 0) * 1.0
        )
        if gathered.state is not None and plan.level[gathered.state] == "sum":
            stem = writer.state_row(gathered.state)
            start = values.get(gathered.state, next(e.value for e in plan.system.states if e.key == gathered.state))
            memory.add(stem, start * degree, changing=True)
            for suffix in ("late", "whole"):
                memory.add(f"{stem}_{suffix}", np.zeros(size + 1), changing=True)
            memory.add(f"{stem}_share", share)
            continue
        stem = f"{plan.name}_gathered{number}"
        memory.add(f"{stem}_share", share)
        kind = writer.gathered_kind(gathered)
        if kind == "own":
            memory.add(f"{stem}_degree", degree)
        elif kind == "astrocyte":
            assert plan.projection.third is not None and mates is not None
            other = plan.projection.third.group.size
            into, edges = adjacency.by_target(np.where(mates < other, targets, -1), size)
            first, mate, copies = adjacency.distinct(into, mates[edges])
            memory.add(f"{stem}_first", first)
            memory.add(f"{stem}_mate", mate)
            memory.add(f"{stem}_copies", copies)
            memory.add(f"{stem}_value", np.zeros(other + 1), changing=True)


def store_couplings(layout: Layout) -> None:
    """Neighbours of coupled cells, and what differs between their contacts."""
    for plan in layout.couplings:
        coupling, cells = plan.coupling, plan.coupling.cells
        edges = coupling.edges
        start = np.full(plan.host.population.size + 1, edges.start[-1], np.int64)
        start[: cells.low], start[cells.low : cells.high + 1] = 0, edges.start
        whole = Edges(start, edges.target + np.int32(cells.low))
        layout.memory.add(f"{plan.name}_start", whole.start)
        layout.memory.add(f"{plan.name}_neighbour", whole.target)
        place = Cells(cells.size, cells.positions)
        for name in plan.contacts.values():
            if name in plan.mechanism.values:
                value = coupling.value(name, edges, random_of(layout.network.seed, plan.name, name))
            else:
                value = coupling.neighbours.measured(name, place, edges)
            layout.memory.add(f"{plan.name}_{name}", np.broadcast_to(value, (len(edges),)).astype(float))
        if layout.stepped:
            stability.check(layout, plan, whole)
