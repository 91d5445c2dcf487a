"""Diffusion along trees, prepared for a step: the matrix V + h D S / L of each substance, eliminated once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tripartite.errors import NetworkError
from tripartite.network.diffusion import Diffusion
from tripartite.network.morphology import Morphology
from tripartite.network.plan.cells import CellPlan

if TYPE_CHECKING:
    from tripartite.network.connect.layout import Layout

_PARTS = ("flow", "pull", "pivot")


@dataclass
class Spreading:
    """One substance that diffuses in one population."""

    name: str
    host: CellPlan
    key: str
    coefficients: np.ndarray
    """µm²/ms (compartment,)"""
    made: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=dict)
    """What `eliminated` returned, by the number of steps of the network."""


def plan(layout: Layout, diffusion: Diffusion) -> None:
    """Add the substances of a declared diffusion to the layout."""
    host = layout.cells[layout.network.names[id(diffusion.cells.group)]]
    for name, coefficients in diffusion.coefficients.items():
        key = host.population.model.resolve(name, [e.key for e in host.system.states], "state")
        if any(other.host is host and other.key == key for other in layout.spreading):
            raise NetworkError(f"A state diffuses once; `{host.name}.{key}` does twice. Add the coefficients up.")
        if key in host.clocks:
            raise NetworkError(f"Substances diffuse, times do not; `{host.name}.{key}` is a time. Leave it out.")
        if key in host.clamped:
            raise NetworkError(
                f"What diffuses is moved by all cells at once, and is not clamped; `{host.name}.{key}` is. Take a "
                "mechanism that lets much of it in and out, or leave the diffusion out."
            )
        layout.spreading.append(Spreading(f"diffusion{len(layout.spreading)}", host, key, coefficients))


def store(layout: Layout) -> None:
    """Put trees and eliminated matrices into the memory."""
    for spreading in layout.spreading:
        population = spreading.host.population
        shape = population.shape("diffusion")
        tree = f"{spreading.host.name}_tree"
        if f"{tree}_above" not in layout.memory.arrays:
            rank = np.empty(shape.size + 1, np.int64)
            rank[shape.order], rank[-1] = np.arange(shape.size), -1
            layout.memory.add(f"{tree}_above", rank[shape.parent[shape.order]].astype(np.int32))
            layout.memory.add(f"{tree}_place", population.places[:, shape.order].astype(np.int32).ravel())
        for part, array in zip(_PARTS, _made(layout, spreading, spreading.host.ratio), strict=True):
            layout.memory.add(f"{spreading.name}_{part}", array, exact=True)
        layout.memory.add(f"{spreading.name}_change", np.zeros(population.size), exact=True)


def prepare(layout: Layout, spreading: Spreading, steps: int) -> None:
    """Put the matrix for a step of so many steps of the network into the memory."""
    for part, array in zip(_PARTS, _made(layout, spreading, steps), strict=True):
        layout.memory[f"{spreading.name}_{part}"][:] = array


def _made(layout: Layout, spreading: Spreading, steps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if steps not in spreading.made:
        host = spreading.host
        width = host.width if steps == host.ratio else steps * layout.network.step
        spreading.made[steps] = eliminated(host.population.shape("diffusion"), spreading.coefficients, width)
    return spreading.made[steps]


def eliminated(shape: Morphology, coefficients: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What `spread` needs of each compartment, in the order of `Morphology.order`.

    **Returns** flow: step times D S / L to the parent (µm³); pull: the part of a compartment's change that its parent
    brings about, and of its balance that it passes on; pivot: the inverse of what is left on the diagonal (1/µm³).
    """
    order = shape.order
    flow = np.zeros(shape.size)
    inner = order[1:]
    flow[1:] = step * coefficients[inner] * shape.contact[inner] / shape.distance[inner]
    rank = np.empty(shape.size, np.int64)
    rank[order] = np.arange(shape.size)
    above = np.append(-1, rank[shape.parent[inner]])
    left = shape.volume[order] + flow
    np.add.at(left, above[1:], flow[1:])
    pull = np.zeros(shape.size)
    for child in range(shape.size - 1, 0, -1):
        pull[child] = flow[child] / left[child]
        left[above[child]] -= pull[child] * flow[child]
    return flow, pull, 1 / left
