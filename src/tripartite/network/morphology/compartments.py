"""From samples of a traced cell to compartments: one for the soma, equal lengths along every unbranched stretch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tripartite.errors import RangeError
from tripartite.network.morphology.morphology import Morphology
from tripartite.network.morphology.soma import Soma, frusta, soma_of
from tripartite.network.morphology.swc import SOMA, Samples
from tripartite.units import Quantity

_NAMES = {SOMA: "soma", 2: "axon"}
MOST = 1_000_000
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
    soma = soma_of(samples)
    host: dict[int, int] = {}
    if soma:
        host = dict.fromkeys(soma.samples, _add_soma(made, soma, names[SOMA]))
    elif not children[0]:
        radius = samples.radius[0]
        region = names.get(int(samples.kind[0]), "branch")
        made.add(radius, **_ball(radius), parent=-1, position=samples.position[0], region=region)
    heads = [(start, child) for start in (soma.samples if soma else [0]) for child in children[start]]
    waiting = [(start, child) for start, child in heads if child not in host][::-1]
    while waiting:
        start, sample = waiting.pop()
        stretch = [sample]
        kind = samples.kind[sample]
        while len(children[stretch[-1]]) == 1 and samples.kind[children[stretch[-1]][0]] == kind:
            stretch += children[stretch[-1]]
        path = [start, *stretch]
        points, radii = samples.position[path], samples.radius[path]
        region = names.get(int(kind), "branch")
        above = host.get(start, 0 if made.reach else -1)
        reach = made.reach[above] if above >= 0 else 0.0
        if soma and above == 0:
            points, radii = soma.left(points, radii)
            reach = float(np.linalg.norm(points[0] - soma.position))
        last = _cut(made, points, radii, longest, above, reach, region)
        if last >= 0:  # a stretch of no length at the root makes none
            host[stretch[-1]] = last
        waiting += [(stretch[-1], child) for child in reversed(children[stretch[-1]])]
    if not made.reach:
        raise RangeError(
            "A cell has a soma, or processes of some length; got a process whose samples are all in one place. "
            "Correct the file, or give its root type 1."
        )
    return made.morphology()


def _add_soma(made: Growing, soma: Soma, region: str) -> int:
    sizes = {"volume": soma.volume, "area": soma.area, "contact": 0.0, "distance": 0.0}
    return made.add(0.0, **sizes, parent=-1, position=soma.position, region=region)


def _ball(radius: float) -> dict[str, float]:
    return {"volume": 4 / 3 * np.pi * radius**3, "area": 4 * np.pi * radius**2, "contact": 0.0, "distance": 0.0}


def _cut(
    made: Growing, points: np.ndarray, radii: np.ndarray, longest: float, above: int, reach: float, region: str
) -> int:
    """Add the compartments of a stretch that begins ``reach`` from the centre of ``above``.

    Returns the last one, or ``above`` if the stretch has no length.
    """
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    whole = along[-1]
    if whole < _NOTHING:
        return above
    pieces = np.ceil(whole / longest * (1 - 1e-12))
    if len(made.reach) + pieces > MOST:
        raise RangeError(
            f"A cell has at most {MOST:,} compartments; got a stretch of {whole:g} µm to be cut every {longest:g} µm. "
            "Coordinates are in µm; correct them, or take a larger `longest`."
        )
    count = int(pieces)
    cuts = np.linspace(0, whole, count + 1)
    at = np.unique(np.concatenate([along, cuts]))
    radius = np.interp(at, along, radii)
    volume, area = frusta(np.diff(at), radius[:-1], radius[1:])
    piece = np.clip(np.searchsorted(cuts, (at[:-1] + at[1:]) / 2) - 1, 0, count - 1)
    volumes, areas = np.bincount(piece, volume, count), np.bincount(piece, area, count)
    half = whole / count / 2
    centres = [np.interp(cuts[:-1] + half, along, points[:, axis]) for axis in range(3)]
    contacts = np.pi * np.interp(cuts[:-1], along, radii) ** 2
    for k in range(count):
        distance = half + (made.reach[above] if k else reach) if above >= 0 else 0.0
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
