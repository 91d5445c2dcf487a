"""Microdomains: how fast calcium leaves them, what buffers do to that, and when they are on their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError

_LARGEST = 1e100


class Buffer(NamedTuple):
    """A protein that binds calcium: its concentration, its dissociation constant, and how fast it diffuses."""

    total: Any
    affinity: Any
    diffusion: Any = "0 um**2/s"

    def binding_ratio(self, calcium: Any) -> float:
        """Change of bound over change of free calcium: kappa = B K / (K + C)²."""
        total, affinity = (_positive(v, "uM", n) for v, n in ((self.total, "total"), (self.affinity, "affinity")))
        return total * affinity / (affinity + _positive(calcium, "uM", "calcium", zero=True)) ** 2


def free_share(calcium: Any, buffers: Iterable[Buffer]) -> float:
    """Share of entering calcium that stays free beside buffers in equilibrium: beta = 1 / (1 + sum of kappa).

    Every flux into a space with such buffers changes free calcium by that much less.
    """
    present = arguments.several(buffers, Buffer, "buffers", "[Buffer(100 * uM, 1 * uM)]")
    return 1 / (1 + sum(buffer.binding_ratio(calcium) for buffer in present))


def effective_diffusion(diffusion: Any, calcium: Any, buffers: Iterable[Buffer]) -> Any:
    """Diffusion coefficient (quantity) of calcium among buffers: beta (D + sum of kappa_j D_j over mobile ones).

    **Arguments** diffusion: coefficient of free calcium; calcium: free concentration around which it changes.
    **Holds for** buffers that bind faster than calcium spreads, and changes small against their affinities.
    """
    present = arguments.several(buffers, Buffer, "buffers", "[Buffer(100 * uM, 1 * uM)]")
    carried = _positive(diffusion, "um**2/s", "diffusion")
    for buffer in present:
        carried += buffer.binding_ratio(calcium) * _positive(buffer.diffusion, "um**2/s", "diffusion", zero=True)
    return _quantity(free_share(calcium, present) * carried, "um**2/s")


def diffusion_time(radius: Any, diffusion: Any) -> Any:
    """Time (quantity) to leave a microdomain of a radius, as a compartment beside its parent: a² / D."""
    return _quantity(_positive(radius, "um", "radius") ** 2 / _positive(diffusion, "um**2/s", "diffusion"), "ms")


def emptying_time(radius: Any, diffusion: Any) -> Any:
    """Time constant (quantity) of the slowest mode of a sphere with an absorbing surface: a² / (pi² D)."""
    return diffusion_time(radius, diffusion) / np.pi**2


def escape_time(radius: Any, diffusion: Any) -> Any:
    """Mean time (quantity) from the centre of a sphere to its surface: a² / (6 D)."""
    return diffusion_time(radius, diffusion) / 6


def length_constant(diffusion: Any, loss: Any) -> Any:
    """Distance (quantity) over which a steady profile falls to 1/e along a process: sqrt(D / k)."""
    ratio = _positive(diffusion, "um**2/s", "diffusion") / _positive(loss, "1/s", "loss")
    return _quantity(np.sqrt(ratio), "um")


def damkoehler(radius: Any, diffusion: Any, flux_time: Any) -> float:
    """Time to leave a microdomain over the time constant of its fluxes.

    Far above one it is on its own, far below it follows its surroundings; calcium that enters is dealt with inside
    in the share Da / (1 + Da).
    """
    leaving = _positive(radius, "um", "radius") ** 2 / _positive(diffusion, "um**2/s", "diffusion")
    return leaving / _positive(flux_time, "ms", "flux_time")


def _quantity(internal: float, unit: str) -> Any:
    return units.Quantity(internal / units.factor(unit), unit)


def _positive(value: Any, unit: str, name: str, zero: bool = False) -> float:
    found = units.number(value, unit, name)
    if not 0 <= found <= _LARGEST or (found == 0 and not zero):
        raise RangeError(
            f"`{name}` is {'not negative' if zero else 'positive'} and not out of all reach; got {value}. Give for "
            f"instance `1 {unit}`."
        )
    return found
