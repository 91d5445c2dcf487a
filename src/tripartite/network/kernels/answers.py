"""The kernels that run when other cells than presynaptic ones spike: `answer` for postsynaptic cells, `hear` for
partners.
"""

from __future__ import annotations

from typing import Any

from tripartite.interpret.kernels.trace import Node
from tripartite.network.kernels.arrivals import ArrivalWriter, Rows
from tripartite.network.kernels.function import Function, indented
from tripartite.network.plan.bindings import Occasion
from tripartite.network.plan.levels import POST, PRE, SHARED, SYNAPSE, paired


class AnswerWriter(ArrivalWriter):
    """Writes what events of a postsynaptic cell or a partner do, which reach the synapses of a cell by its lists."""

    def answer(self, number_: int) -> Function | None:
        """The kernel for one list of postsynaptic spikes: all synapses of the cell, then what they share."""
        events = self.lists[POST][number_]
        changed, sent = self._happening(events)
        loops = {POST: 1, SYNAPSE: 2}
        own = [target for level, loop in loops.items() for target in self._changes(events, changed, level, loop)]
        own += self._sending(sent)
        if not own:
            return None
        function = self._at_spikes_function(
            f"answer_{self.name}{_suffix(number_)}", "What a postsynaptic spike does to synapses."
        )
        self._leaves(function, lambda level: {SHARED: 0, POST: 1}.get(level, 2))
        self._copies(function)
        outside, by_cell, by_edge = function.nested(own, 3)
        stores = [line for line in by_cell if "[place] =" in line]
        loads = [line for line in by_cell if "[place] =" not in line]
        body = ["place = spikes[spike]", *loads]
        if by_edge:
            text = "\n".join(by_edge)
            edges = [line for line in self._edge_indices(function, text) if not line.startswith("place")]
            begin = function.array(f"{self.name}_into_post")
            body.append(f"for step in range({begin}[place - base], {begin}[place - base + 1]):")
            body += indented([*self._listed(function, POST, text), *edges, *by_edge])
        function.body = [*outside, "for spike in range(first, count):", *indented([*body, *stores])]
        return function

    def hear(self, partner: str, number_: int) -> dict[str, Function]:
        """The kernels for one list of events of a partner, by level, from the synapses to what they share.

        Each level reads the others as they were before the event, and only levels within itself: in this order, each
        complete before the next begins.
        """
        events = self.lists[partner][number_]
        changed, sent = self._happening(events)
        order = sorted(self.levels, key=lambda level: -len(self.levels.roles[level]))
        order = [SYNAPSE, *(level for level in order if level != SYNAPSE)]
        found = {}
        for level in order:
            targets = self._changes(events, changed, level, 2)
            targets += self._sending(sent) if level == SYNAPSE else []
            if targets:
                found[level] = self._heard(partner, f"{level}{_suffix(number_)}", level, targets)
        return found

    def _heard(self, partner: str, name: str, level: str, targets: list[Any]) -> Function:
        """The kernel of one level for events of a partner: its own loop for each way of finding who listens."""
        name, summary = f"hear_{partner}_{self.name}_{name}", f"What an event of the partner `{partner}` does."
        if partner in self.levels.lone:
            return self._over(level, name, targets, summary, *self.remaining.values(), "remaining")
        function = self._at_spikes_function(name, summary)
        self._leaves(function, lambda level: {SHARED: 0, partner: 1}.get(level, 2))
        self._copies(function)
        outside, by_cell, inner = function.nested(targets, 3)
        mate, text = f"mate_{partner}", "\n".join(inner)
        body = [f"{mate} = spikes[spike]", *by_cell]
        if level == partner:
            body += inner
        elif level == paired(partner):
            begin, pairs = (function.array(f"{self.name}_{partner}_{part}") for part in ("pair_into", "pairs"))
            branch = function.array(f"{self.name}_{partner}_pair_branch")
            loads = [f"pair_{partner} = {pairs}[step]", f"branch = {branch}[step]"]
            loads += [f"cell = {self.plan.projection.pre.low} + branch // delays"] if "[cell]" in text else []
            body += [f"for step in range({begin}[{mate}], {begin}[{mate} + 1]):", *indented([*loads, *inner])]
        else:
            cut = function.array(f"{self.name}_into_{partner}")
            edges = [line for line in self._edge_indices(function, text) if not line.startswith(mate)]
            ends = f"{cut}[{mate} * threads + thread], {cut}[{mate} * threads + thread + 1]"
            body.append(f"for step in range({ends}):")
            body += indented([*self._listed(function, partner, text), *edges, *inner])
        function.body = [*outside, "for spike in range(first, count):", *indented(body)]
        return function

    def _listed(self, function: Function, role: str, text: str) -> list[str]:
        """How a synapse in the list of a cell and its presynaptic cell are found."""
        loads = [f"edge = {function.array(f'{self.name}_edges_{role}')}[step]"]
        if "[branch]" in text or "[cell]" in text:
            loads.append(f"branch = {function.array(f'{self.name}_branch_{role}')}[step]")
        if "[cell]" in text:
            loads.append(f"cell = {self.plan.projection.pre.low} + branch // delays")
        return loads

    def _changes(self, events: list[Occasion], changed: dict[str, Node], level: str, loop: int) -> list[Any]:
        """New values of the states of a level, and of those that move along with them."""
        mine = [key for key in changed if self.plan.level[key] == level]
        if not mine and not (level == SYNAPSE and self._draws(events)):
            return []
        at = f"[{self.index[level]}]"
        targets = [("{" + self.state_row(key) + "}" + at, changed[key], loop) for key in mine]
        if self.lazy(level):
            along = [key for key in self.lazy(level) if key not in changed]
            targets += [("{" + self.state_row(key) + "}" + at, self._moved[key], loop) for key in along]
            targets += self.looked(level, loop)
        return targets

    def _draws(self, events: list[Occasion]) -> bool:
        """Whether what is sent reads a random state, which stays where it was seen."""
        seen = {self.plan.leaves[key].args[0] for key in self.plan.random & self.plan.lazy}
        return any(wire.by in events and self.plan.leaves_of(wire.amount) & seen for wire in self.plan.sent())

    def _sending(self, sent: list[tuple[str, Rows, Node]]) -> list[Any]:
        """What synapses send: at once to postsynaptic cells, kept for others until they step."""
        targets = self._weighted([(rows, amount) for role, rows, amount in sent if role == POST], "place")
        for role in (PRE, *self.levels.partners):
            kept = [(rows, amount) for other, rows, amount in sent if other == role]
            targets += self._kept({role: kept}) if kept else []
        return self._multiplied(targets)

    def kept_rows(self, role: str) -> list[tuple[str, str]]:
        """Pairs of rows: what synapses keep for a partner, and where it goes."""
        if role == POST:
            return []
        sent = [rows for arrival in self.arrivals for rows, _ in arrival.kept_for.get(role, [])]
        passed = {crossing.key for crossing in self.plan.crossings}
        sent += [self._rows(role, w.event) for w in self.plan.sent() if w.role == role and w.by in passed]
        for other, lists in self.lists.items():
            for events in lists if other != PRE else ():
                sent += [rows for to, rows, _ in self._happening(events)[1] if to == role]
        names = [name for rows in sent for name, _ in rows]
        return [(self._kept_row(role, name), name) for name in dict.fromkeys(names)]


def _suffix(number: int) -> str:
    return f"_{number}" if number else ""
