"""What placement saved: where every synaptic variable and connection lives, and what it takes there."""

from __future__ import annotations

from dataclasses import dataclass

from tripartite.network.connect.layout import Joined, Layout
from tripartite.network.plan.levels import SUM, paired


@dataclass(frozen=True)
class Placed:
    """One synaptic variable or list of connections: on which index set it lives, and how many values that takes."""

    projection: str
    name: str
    index_set: str
    before: int
    """Values if every synapse kept its own."""
    after: int
    bytes_before: int
    bytes_after: int


@dataclass(frozen=True)
class PlacementReport:
    """All variables of all projections, with sums; printing it shows a table."""

    rows: tuple[Placed, ...]

    @property
    def values_before(self) -> int:
        return sum(row.before for row in self.rows)

    @property
    def values_after(self) -> int:
        return sum(row.after for row in self.rows)

    @property
    def bytes_before(self) -> int:
        return sum(row.bytes_before for row in self.rows)

    @property
    def bytes_after(self) -> int:
        return sum(row.bytes_after for row in self.rows)

    def __str__(self) -> str:
        head = ("projection", "variable", "lives on", "values per synapse", "values stored", "MB before", "MB after")
        lines: list[tuple[str, ...]] = [head]
        for row in self.rows:
            lines.append((row.projection, row.name, row.index_set, *_numbers(row)))
        lines.append(("", "sum", "", *_numbers(self)))
        widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
        texts = [
            "  ".join(
                cell.ljust(w) if k < 3 else cell.rjust(w) for k, (cell, w) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        ]
        return "\n".join([texts[0], "-" * len(texts[0]), *texts[1:-1], "-" * len(texts[0]), texts[-1]])

    __repr__ = __str__


def _numbers(row: Placed | PlacementReport) -> tuple[str, str, str, str]:
    before, after = (row.before, row.after) if isinstance(row, Placed) else (row.values_before, row.values_after)
    return f"{before:,}", f"{after:,}", f"{row.bytes_before / 1e6:,.3f}", f"{row.bytes_after / 1e6:,.3f}"


def placement_report(layout: Layout) -> PlacementReport:
    """The table of a network that was laid out."""
    return PlacementReport(tuple(row for joined in layout.joined for row in _rows(layout, joined)))


def _rows(layout: Layout, joined: Joined) -> list[Placed]:
    plan, memory = joined.plan, layout.memory
    names = layout.network.names
    title = names[id(plan.projection)]
    found = []
    edges = joined.edges
    for key in plan.leaves:
        level = plan.level[key]
        stem = joined.work.reading.state_row(key)
        if level == SUM:
            (role,) = {g.role for g in plan.gathered if g.state == key}
            arrays = [memory[stem], memory[f"{stem}_late"], memory[f"{stem}_whole"]]
            index_set = f"{{{role}}}, summed"
        else:
            arrays, index_set = [memory[stem]], plan.levels.text(level)
        taken = sum(array.nbytes for array in arrays)
        found.append(Placed(title, key, index_set, edges, len(arrays[0]), 8 * edges, taken))
    for level in plan.levels:
        if joined.work.reading.lazy(level):
            last, index_set = memory[joined.work.reading.last_row(level)], plan.levels.text(level)
            found.append(Placed(title, "time of the last event", index_set, edges, len(last), 4 * edges, last.nbytes))
    targets = memory[f"{plan.name}_target"]
    found.append(Placed(title, "postsynaptic cell", "{synapse}", edges, len(targets), 4 * edges, targets.nbytes))
    for partner in plan.levels.several:
        if partner in joined.work.lists.pairs:
            mates, index_set = memory[f"{plan.name}_{partner}_mate"], plan.levels.text(paired(partner))
            found.append(Placed(title, partner, index_set, edges, len(mates), 4 * edges, mates.nbytes))
    for gathering in joined.work.gathered:
        if (partner := gathering.source) in plan.levels.several:
            mates = memory[f"{gathering.stem}_mate"]
            index_set = f"{{{partner}, post}}"
            found.append(Placed(title, f"{partner} to cell", index_set, edges, len(mates), 4 * edges, mates.nbytes))
    return found
