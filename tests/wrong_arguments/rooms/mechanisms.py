"""Every mechanism with each of its parameters and starts as they are declared."""

from __future__ import annotations

import tripartite as tp

from ..call import Call

TEMPERATURE = {
    "degrees": "a temperature", "difference of degrees": "pint takes a difference for kelvin",
}  # fmt: skip


_NAMED = [getattr(room, name) for room in (tp.mechanisms, tp.observe, tp.models) for name in room.__all__]
EACH = [kind for kind in _NAMED if isinstance(kind, type) and issubclass(kind, tp.Mechanism)]
"""Every mechanism of the index."""


def calls() -> list[Call]:
    found = []
    for kind in EACH:
        whole = kind()
        warm = {n: TEMPERATURE for n, item in kind.declarations.items() if tp.units.same_dimension(item.unit, "K")}
        found.append(Call(kind, {name: getattr(whole, name) for name in whole.values}, also=warm))
    return found
