"""The soma of a traced cell: a sphere or a chain of frusta, and where processes leave it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tripartite.network.morphology.swc import SOMA, Samples

_PARTS = 64
"""Parts of a piece of a process in which the surface is looked for."""
_SLACK = 1e-9
"""µm: so near to the surface, a point lies on it."""


@dataclass(frozen=True)
class Soma:
    """One body: the sphere around its first sample, or all frusta between its samples."""

    samples: list[int]
    position: np.ndarray
    """(3,) of its centre"""
    volume: float
    area: float
    first: np.ndarray
    """(frustum, 3), where each begins; the centre of a sphere"""
    axis: np.ndarray
    """(frustum, 3), from its beginning to its end; zero for a sphere"""
    radius: np.ndarray
    """(frustum, 2), at its beginning and its end"""

    def inside(self, points: np.ndarray, slack: float = 0.0) -> np.ndarray:
        """Whether each of (point, 3) lies in the body, or as near to it as ``slack``."""
        away = points[:, None, :] - self.first
        length = np.linalg.norm(self.axis, axis=1)
        if length.max() == 0:
            return (np.linalg.norm(away, axis=2) <= self.radius[:, 0] + slack).any(axis=1)
        along = (away * self.axis).sum(axis=2) / np.where(length > 0, length, 1)
        aside = np.sqrt(np.maximum((away**2).sum(axis=2) - along**2, 0))
        part = np.clip(along / np.where(length > 0, length, 1), 0, 1)
        wide = self.radius[:, 0] * (1 - part) + self.radius[:, 1] * part
        return ((along >= -slack) & (along <= length + slack) & (aside <= wide + slack)).any(axis=1)

    def left(self, points: np.ndarray, radii: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The part of a process, (point, 3) from within the soma on, from where it first leaves it."""
        for k in range(len(points) - 1):
            start, step = points[k], points[k + 1] - points[k]
            parts = np.linspace(0, 1, _PARTS + 1)
            out = np.flatnonzero(~self.inside(start + parts[:, None] * step, _SLACK))
            if not len(out):
                continue
            low, high = (parts[max(out[0] - 1, 0)], parts[out[0]]) if out[0] else (0.0, 0.0)
            while high - low > 1e-14:
                middle = (low + high) / 2
                within = bool(self.inside((start + middle * step)[None])[0])
                low, high = (middle, high) if within else (low, middle)
            # A piece from a sample of the soma is as thick as where it leads.
            thick = radii[1] if k == 0 else radii[k] + low * (radii[k + 1] - radii[k])
            return np.vstack([start + low * step, points[k + 1 :]]), np.append(thick, radii[k + 1 :])
        return points[-1:], radii[-1:]


def soma_of(samples: Samples) -> Soma | None:
    """The body that the samples of the soma at the root make, if the root is one."""
    if samples.kind[0] != SOMA:
        return None
    found = [0]
    for child, parent in enumerate(samples.parent):
        if samples.kind[child] == SOMA and parent in found:
            found.append(child)
    radius = float(samples.radius[0])
    if len(found) == 1 or _three_points(samples, found):
        centre = samples.position[:1]
        sphere = 4 / 3 * np.pi * radius**3, 4 * np.pi * radius**2
        return Soma(found, centre[0], *sphere, centre, np.zeros((1, 3)), np.full((1, 2), radius))
    ends = np.array([(samples.parent[k], k) for k in found[1:]])
    axis = np.diff(samples.position[ends], axis=1)[:, 0]
    wide = samples.radius[ends]
    volume, area = frusta(np.linalg.norm(axis, axis=1), wide[:, 0], wide[:, 1])
    first = samples.position[ends[:, 0]]
    return Soma(found, samples.position[found].mean(axis=0), float(volume.sum()), float(area.sum()), first, axis, wide)


def _three_points(samples: Samples, soma: list[int]) -> bool:
    """Whether a soma is written as its centre and two points a radius away on either side."""
    if len(soma) != 3 or any(samples.parent[k] != soma[0] for k in soma[1:]):
        return False
    apart = np.linalg.norm(samples.position[soma[1:]] - samples.position[soma[0]], axis=1)
    return bool(np.allclose(apart, samples.radius[soma[0]], rtol=0.05))


def frusta(length: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Volumes and side areas of frusta."""
    volume = np.pi * length / 3 * (first**2 + first * second + second**2)
    return volume, np.pi * (first + second) * np.sqrt(length**2 + (first - second) ** 2)
