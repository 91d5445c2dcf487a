"""Published networks with fewer or more cells."""

from typing import Any

from tripartite import memory, units
from tripartite.errors import RangeError

_BYTES = 1000.0  # of a cell while it is declared


def scaled(scale: Any, *cells: int, densest: float) -> tuple[Any, ...]:
    """``scale`` as a number, and numbers of cells times it, where every cell keeps its in-degree.

    Then probabilities of a connection are divided by ``scale``; ``densest`` is the largest of them as published.

    **Raises** `RangeError` where it would exceed 1.
    """
    factor = units.number(scale, "1", "scale")
    if not densest <= factor <= 1e6:
        raise RangeError(
            f"Cells keep their in-degree at any scale, for which a probability of {densest:g} allows scales from "
            f"{densest:g} to 1e6; got {factor:g}. Choose one of them, or build the network from its parts."
        )
    memory.check(_BYTES * factor * sum(cells), "a network of so many cells", "Lower `scale`.", RangeError)
    return factor, *(round(factor * n) for n in cells)
