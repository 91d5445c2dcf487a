"""From samples of a traced cell to compartments: one for the soma, equal lengths along every unbranched stretch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tripartite.errors import RangeError
from tripartite.network.morphology.morphology import Morphology
from tripartite.network.morphology.swc import Samples
from tripartite.units import Quantity

_SOMA = 1
_NAMES = {1: "soma", 2: "axon"}
_MOST = 1_000_000
_NOTHING = 1e-9
"""µm: shorter stretches are none."""


@dataclass
class Growing:
    """Compartments made so far, by column."""

    columns: dict[str, list] = field(
        default_factory=lambda: {
            k: [] for k in ("parent", "volume", "area", "contact", "distance", "position", "region")
        }
    )
    reach: list[float] = field(default_factory=list)
    """From the centre of each compartment to where its children begin (µm)."""

    def add(self, reach: float, **values: object) -> int:
        """Its number."""
        for name, value in values.items():
            self.columns[name].append(value)
        self.reach.append(reach)
        return len(self.reach) - 1

    def morphology(self) -> Morphology:
        """The finished tree."""
        powers = {"volume": "um**3", "area": "um**2", "contact": "um**2", "distance": "um", "position": "um"}
        columns = {k: Quantity(np.array(v), powers[k]) if k in powers else v for k, v in self.columns.items()}
        return Morphology(**columns)


def from_samples(samples: Samples, longest: float, regions: Mapping[int, str]) -> Morphology:
    """Compartments of at most ``longest`` µm along the processes, and one for the soma."""
    if longest <= 0:
        raise RangeError(f"`longest` is a positive length; got {longest:g} µm. Write for instance `longest=1 * um`.")
    names = {**_NAMES, **regions}
    made = Growing()
    children: list[list[int]] = [[] for _ in samples.parent]
    for child, parent in enumerate(samples.parent):
        if parent >= 0:
            children[parent].append(child)
    soma = _soma_samples(samples, children)
    host: dict[int, int] = {}
    if soma:
        host = dict.fromkeys(soma, _add_soma(made, samples, soma, names[_SOMA]))
    elif not children[0]:
        radius = samples.radius[0]
        region = names.get(int(samples.kind[0]), "branch")
        made.add(radius, **_ball(radius), parent=-1, position=samples.position[0], region=region)
    heads = [(start, child) for start in soma or [0] for child in children[start] if child not in host]
    waiting = heads[::-1]
    while waiting:
        start, sample = waiting.pop()
        stretch = [sample]
        kind = samples.kind[sample]
        while len(children[stretch[-1]]) == 1 and samples.kind[children[stretch[-1]][0]] == kind:
            stretch += children[stretch[-1]]
        points, radii = _polyline(samples, start, stretch, start in soma)
        region = names.get(int(kind), "branch")
        above = host.get(start, 0 if made.reach else -1)
        last = _cut(made, points, radii, longest, above, region)
        if last >= 0:  # a stretch of no length at the root makes none
            host[stretch[-1]] = last
        waiting += [(stretch[-1], child) for child in reversed(children[stretch[-1]])]
    if not made.reach:
        raise RangeError(
            "A cell has a soma, or processes of some length; got a process whose samples are all in one place. "
            "Correct the file, or give its root type 1."
        )
    return made.morphology()


def _soma_samples(samples: Samples, children: list[list[int]]) -> list[int]:
    """Samples of the soma that hang together at the root."""
    found = [0] if samples.kind[0] == _SOMA else []
    for sample in found:
        found += [child for child in children[sample] if samples.kind[child] == _SOMA]
    return found


def _add_soma(made: Growing, samples: Samples, soma: list[int], region: str) -> int:
    radius = float(samples.radius[0])
    position = samples.position[0]
    if len(soma) == 1 or _three_points(samples, soma):
        sizes = _ball(radius)
    else:
        ends = np.array([(samples.parent[k], k) for k in soma[1:]])
        length = np.linalg.norm(np.diff(samples.position[ends], axis=1)[:, 0], axis=1)
        volume, area = _frusta(length, samples.radius[ends[:, 0]], samples.radius[ends[:, 1]])
        sizes = {"volume": volume.sum(), "area": area.sum(), "contact": 0.0, "distance": 0.0}
        position = samples.position[soma].mean(axis=0)
    return made.add(radius, **sizes, parent=-1, position=position, region=region)


def _three_points(samples: Samples, soma: list[int]) -> bool:
    """Whether a soma is written as its centre and two points a radius away on either side."""
    if len(soma) != 3 or any(samples.parent[k] != soma[0] for k in soma[1:]):
        return False
    apart = np.linalg.norm(samples.position[soma[1:]] - samples.position[soma[0]], axis=1)
    return bool(np.allclose(apart, samples.radius[soma[0]], rtol=0.05))


def _ball(radius: float) -> dict[str, float]:
    return {"volume": 4 / 3 * np.pi * radius**3, "area": 4 * np.pi * radius**2, "contact": 0.0, "distance": 0.0}


def _polyline(samples: Samples, start: int, stretch: list[int], from_soma: bool) -> tuple[np.ndarray, np.ndarray]:
    """Points and radii of a stretch from where it leaves its parent; a process leaves the soma at its surface."""
    points, radii = samples.position[stretch], samples.radius[stretch]
    origin = samples.position[start]
    if not from_soma:
        return np.vstack([origin, points]), np.append(samples.radius[start], radii)
    away = points[0] - origin
    apart = float(np.linalg.norm(away))
    if apart <= samples.radius[start]:
        return points, radii
    return np.vstack([origin + away / apart * samples.radius[start], points]), np.append(radii[0], radii)


def _cut(made: Growing, points: np.ndarray, radii: np.ndarray, longest: float, above: int, region: str) -> int:
    """Add the compartments of a stretch; returns the last one, or ``above`` if it has no length."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    whole = along[-1]
    if whole < _NOTHING:
        return above
    count = int(np.ceil(whole / longest * (1 - 1e-12)))
    if len(made.reach) + count > _MOST:
        raise RangeError(
            f"A cell has at most {_MOST:,} compartments; got a stretch of {whole:g} µm to be cut every {longest:g} µm. "
            "Coordinates are in µm; correct them, or take a larger `longest`."
        )
    cuts = np.linspace(0, whole, count + 1)
    at = np.unique(np.concatenate([along, cuts]))
    radius = np.interp(at, along, radii)
    volume, area = _frusta(np.diff(at), radius[:-1], radius[1:])
    piece = np.clip(np.searchsorted(cuts, (at[:-1] + at[1:]) / 2) - 1, 0, count - 1)
    volumes, areas = np.bincount(piece, volume, count), np.bincount(piece, area, count)
    half = whole / count / 2
    centres = [np.interp(cuts[:-1] + half, along, points[:, axis]) for axis in range(3)]
    contacts = np.pi * np.interp(cuts[:-1], along, radii) ** 2
    for k in range(count):
        distance = half + made.reach[above] if above >= 0 else 0.0
        above = made.add(
            half,
            parent=above,
            volume=volumes[k],
            area=areas[k],
            contact=contacts[k],
            distance=distance,
            position=[axis[k] for axis in centres],
            region=region,
        )
    return above


def _frusta(length: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Volumes and side areas of frusta."""
    volume = np.pi * length / 3 * (first**2 + first * second + second**2)
    return volume, np.pi * (first + second) * np.sqrt(length**2 + (first - second) ** 2)
