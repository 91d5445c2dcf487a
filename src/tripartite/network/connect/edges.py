"""The synapses of a projection as its rules draw them, numbered as the cells of their populations are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import memory, units
from tripartite.errors import NetworkError
from tripartite.language.declarations import Valued
from tripartite.network.by_distance import AbstractByDistance, between_cells
from tripartite.network.population import Members
from tripartite.network.projection import Projection, steps_of
from tripartite.network.rules import AbstractSharing, Cells, Edges
from tripartite.network.rules.edges import rows
from tripartite.network.values import drawn, is_drawn, random_of, stream

if TYPE_CHECKING:
    import xarray as xr

    from tripartite.network.network import Network


@dataclass
class Drawn:
    """Synapses as compressed rows: of every cell from the first presynaptic one to the last, by postsynaptic cell."""

    start: np.ndarray
    """Where the row of each presynaptic cell begins, int64 (cells + 1,)."""
    targets: np.ndarray
    """Postsynaptic cell of each, int32 (synapses,)."""
    mates: dict[str, np.ndarray]
    """By partner, the cell of each, the size of the population for none, int32 (synapses,)."""
    fractions: dict[str, np.ndarray]
    """By place of partners that share synapses, the part that the cell there has, float64 (synapses,)."""
    given: np.ndarray | None
    """Where each stands in the order in which values are given, int64 (synapses,); None if it stands there as here."""

    projection: Projection

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def sources(self) -> np.ndarray:
        """Presynaptic cell of each, int32 (synapses,)."""
        low = self.projection.pre.low
        return np.repeat(np.arange(low, low + len(self.start) - 1, dtype=np.int32), np.diff(self.start))

    def distance(self) -> np.ndarray:
        """Distance (µm) between the two cells of each, (synapses,)."""
        projection = self.projection
        return between_cells(projection.pre, self.sources, projection.post, self.targets, projection.space)

    def steps(self, step: float, random: np.random.Generator) -> np.ndarray:
        """Delays in whole steps (ms), of shape () if they are all the same."""
        return self._taken(
            steps_of(self.projection.delay, step, len(self), random, self.distance), self.projection.delay
        )

    def values(self, key: str, item: Valued, random: np.random.Generator) -> float | np.ndarray:
        """Internal value(s) that the projection gives for a parameter or start of its synapses."""
        value = self.projection.values[key]
        return self._taken(drawn(value, item, len(self), key, random, self.distance), value)

    def _taken(self, found: Any, value: Any) -> Any:
        """What was given for each synapse, in the order of the rows."""
        listed = np.ndim(found) and not is_drawn(value) and not isinstance(value, AbstractByDistance)
        return found[self.given] if listed and self.given is not None else found

    def listed(self, values: np.ndarray) -> np.ndarray:
        """What stands in the order of the rows, in the order in which values are given."""
        if self.given is None:
            return values
        found = np.empty_like(values)
        found[self.given] = values
        return found


def draw(projection: Projection, seed: int, number: int) -> Drawn:
    """The synapses of the projection that is the ``number``-th of a network, a pure function of the arguments."""
    pre, post = projection.pre, projection.post
    before, after = Cells(pre.size, pre.positions), Cells(post.size, post.positions)
    edges = projection.rule.connect(before, after, seed, number, _same(pre, post))
    edges = _without_autapses(projection, edges)
    mates, fractions = {}, {}
    for name, partner in projection.partners.items():
        cells: Members = partner.cells
        origin = number if name == "astrocyte" else stream("partner", number, name)
        asked = edges, before, after, Cells(cells.size, cells.positions), seed, origin
        if isinstance(partner.attach, AbstractSharing):
            shares = partner.attach.share(*asked)
            shares.check(len(edges), partner.attach.places, cells.size, partner.attach)
            for place, attached, parts in zip(
                projection.sharing[name], shares.cells.T, shares.fractions.T, strict=True
            ):
                mates[place], fractions[place] = _attached(attached, cells), np.where(attached < 0, 0.0, parts)
        elif partner.attach is not None:
            mates[name] = _attached(partner.attach.attach(*asked), cells)
    start, targets, given = edges.start, _numbered(edges.target, post), edges.order
    if pre.listed is None and post.listed is None:
        return Drawn(start, targets, mates, fractions, given, projection)
    sources = _numbered(edges.sources, pre)
    order = np.lexsort((targets, sources))
    given = order if given is None else given[order]
    counts = np.bincount(sources - pre.low, minlength=pre.high - pre.low)
    mates, fractions = ({name: each[order] for name, each in found.items()} for found in (mates, fractions))
    return Drawn(rows(counts), targets[order], mates, fractions, given, projection)


def _attached(cells: np.ndarray, members: Members) -> np.ndarray:
    """Chosen cells by number in their population, its size for none."""
    return np.where(cells < 0, members.group.size, _numbered(cells, members)).astype(np.int32)


def _numbered(places: np.ndarray, cells: Members) -> np.ndarray:
    """Numbers in their group of cells that are counted within ``cells``."""
    if cells.listed is not None:
        return cells.listed[places].astype(np.int32)
    return places + np.int32(cells.low) if cells.low else places


def _same(pre: Members, post: Members) -> bool:
    """Whether the i-th cell is the same on both sides, as far as both go."""
    if pre.group is not post.group:
        return False
    if pre.listed is None and post.listed is None:
        return pre.low == post.low
    both = min(pre.size, post.size)
    return np.array_equal(pre.numbers[:both], post.numbers[:both])


def _without_autapses(projection: Projection, edges: Edges) -> Edges:
    """Edges of a rule that excludes autapses without those between the same cells at different places."""
    pre, post, rule = projection.pre, projection.post, projection.rule
    if getattr(rule, "autapses", True) or _same(pre, post) or pre.common(post) is None:
        return edges
    kept = _numbered(edges.sources, pre) != _numbered(edges.target, post)
    if not rule.independent and not np.all(kept):
        raise NetworkError(
            "A fixed number of edges without autapses joins cells that are the same in the same order, or share none; "
            f"got {pre.text} and {post.text} of one population. Allow autapses, or split the cells."
        )
    counts = np.bincount(edges.sources[kept], minlength=len(edges.start) - 1)
    return Edges(rows(counts), edges.target[kept])


_EACH = 60
"""Bytes for each synapse while a table of them is made, values aside."""


def table(network: Network, projection: Projection) -> xr.Dataset:
    """The synapses of a projection in the order in which values are given; see `Network.edges`."""
    import xarray as xr

    name, number = network.names[id(projection)], network.projections.index(projection)
    pre, post = projection.pre, projection.post
    cells = (Cells(each.size, each.positions) for each in (pre, post))
    each = _EACH + 16 * len(projection.values)
    memory.check(
        each * projection.rule.expected(*cells), f"a table of the synapses of `{name}`", "Ask for fewer.", NetworkError
    )
    edges = draw(projection, network.seed, number)
    system, stem = projection.model.system, f"synapses{number}"
    found: dict[str, tuple[Any, str, str]] = {
        "pre": (edges.sources, "", "presynaptic cell"), "post": (edges.targets, "", "postsynaptic cell")
    }  # fmt: skip
    for role, partner in projection.places.items():
        lone = partner.cells.low
        mates = edges.mates.get(role, np.full(len(edges), lone, np.int32))
        found[role] = np.where(mates < partner.cells.group.size, mates, -1), "", f"partner `{role}`, -1 for none"
        if role in edges.fractions:
            found[f"{role}_fraction"] = edges.fractions[role], "", f"part of the synapse that `{role}` has"
    before, after = pre.group.positions, post.group.positions
    if before is not None and after is not None and before.shape[1] == after.shape[1]:
        found["distance"] = edges.distance(), "um", "distance between the two cells"
    steps = edges.steps(network.step, random_of(network.seed, stem, "delay"))
    found["delay"] = steps * network.step, "ms", "from the spike to the synapse"
    for key in projection.values:
        entry = next(e for e in (*system.parameters, *system.states) if e.key == key)
        assert isinstance(entry.declaration, Valued)
        values = edges.values(key, entry.declaration, random_of(network.seed, stem, key))
        last = key.rsplit(".", 1)[1]
        alone = last not in found and sum(other.rsplit(".", 1)[1] == last for other in projection.values) == 1
        found[last if alone else key] = (
            units.from_internal(np.asarray(values), entry.unit),
            entry.unit,
            entry.declaration.label,
        )
    return xr.Dataset({
        key: ("synapse", edges.listed(np.broadcast_to(values, (len(edges),))).copy(), _attributes(unit, label))
        for key, (values, unit, label) in found.items()
    })  # fmt: skip


def _attributes(unit: str, label: str) -> dict[str, str]:
    return {"units": unit, "long_name": label} if unit else {"long_name": label}
