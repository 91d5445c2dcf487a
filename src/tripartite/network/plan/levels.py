"""Index sets on which synaptic variables live: one number for a projection, for a cell, for a pair, for a synapse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHARED, PRE, POST, SYNAPSE, SUM = "shared", "pre", "post", "synapse", "sum"
"""Levels of every projection: one number, per branch of a presynaptic cell, per postsynaptic cell, per synapse, and
what is summed at the cell that reads it. Beside them stand each partner and its pairs with presynaptic cells."""


def paired(partner: str) -> str:
    """The level of presynaptic cells and a partner together."""
    return f"{PRE}_{partner}"


class Levels:
    """The levels of a projection with ``partners``; a ``lone`` one is the same cell for all synapses."""

    def __init__(self, partners: Iterable[str], lone: Iterable[str]):
        self.partners = list(partners)
        self.lone = frozenset(lone)
        self.several = [p for p in self.partners if p not in self.lone]
        """Partners that are another cell for another synapse."""
        self.roles: dict[str, frozenset[str]] = {SHARED: frozenset(), PRE: frozenset({PRE})}
        self.roles |= {paired(p): frozenset({PRE, p}) for p in self.several}
        self.roles |= {SYNAPSE: frozenset({SYNAPSE}), POST: frozenset({POST})}
        self.roles |= {p: frozenset({p}) for p in self.several}
        self.index = {SHARED: "0", PRE: "branch", SYNAPSE: "edge", POST: "place"}
        """What stands for the place in generated loops."""
        self.index |= {paired(p): f"pair_{p}" for p in self.several} | {p: f"mate_{p}" for p in self.several}

    def __iter__(self) -> Iterator[str]:
        return iter(self.roles)

    @property
    def words(self) -> set[str]:
        """Words that generated functions use for levels and partners."""
        found = {*self.index.values(), *(f"elapsed_{level}" for level in self)}
        return found | {f"remaining_{role}" for role in (PRE, *self.partners)}

    def of_role(self, role: str) -> frozenset[str]:
        """What a variable that reads a role depends on."""
        return frozenset() if role in self.lone else frozenset({role})

    def smallest(self, needs: frozenset[str]) -> str:
        """The level of what depends on some roles."""
        fitting = [level for level, roles in self.roles.items() if needs <= roles]
        return min(fitting, key=lambda level: len(self.roles[level]), default=SYNAPSE)

    def text(self, level: str) -> str:
        """The index set in words."""
        return f"{{{', '.join(sorted(self.roles[level], key=lambda role: (role != PRE, role)))}}}"
