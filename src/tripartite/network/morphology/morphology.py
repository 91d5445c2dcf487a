"""A branching cell as a tree of well-mixed compartments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import DimensionError, QuantityError, RangeError, said
from tripartite.language.built import Owned
from tripartite.network.morphology.trees import parents_first

_MOST, _LARGEST = 2**31 - 1, 1e9


class Morphology(metaclass=Owned):
    """A tree of compartments: how large each is, where, in which region, and how it touches its parent.

    Compartments are numbered region after region, in the order in which regions first appear, so that a region is a
    stretch of them; within a region they keep the order given.

    **Arguments** (one number per compartment) parent: number of the compartment towards the root, -1 for the root;
    volume, area: of the compartment and of its membrane; contact, distance: area through which it touches its parent
    and distance between the two centres (of no meaning for the root); position: (compartment, axis) of the centre;
    region: its name, such as ``"leaflet"``.

    **Raises** `NetworkError` for what is no tree, `RangeError` for sizes that are not positive.
    """

    volume: np.ndarray
    """µm³ (compartment,)"""
    area: np.ndarray
    """µm² (compartment,), of the membrane"""
    contact: np.ndarray
    """µm² (compartment,), with the parent; 0 for the root"""
    distance: np.ndarray
    """µm (compartment,), to the centre of the parent; 0 for the root"""
    position: np.ndarray
    """µm (compartment, axis)"""
    parent: np.ndarray
    """int64 (compartment,), -1 for the root"""
    region: np.ndarray
    """Name of the region of each compartment."""
    given: np.ndarray
    """Where each compartment stood in the arguments."""

    def __init__(
        self,
        *,
        parent: Sequence[int] | np.ndarray,
        volume: Any,
        area: Any,
        contact: Any,
        distance: Any,
        position: Any,
        region: Sequence[str] | np.ndarray | str = "branch",
    ):
        tree = arguments.wholes(parent, "parent", -1, _MOST)
        depth_first = parents_first(tree)
        root = tree < 0
        label = _names(region, len(tree))
        rank = {name: place for place, name in enumerate(dict.fromkeys(label[depth_first]))}
        place = np.array([rank[name] for name in label])
        self.given = np.argsort(place, kind="stable")
        sizes = {"volume": (volume, "um**3"), "area": (area, "um**2")}
        joints = {"contact": (contact, "um**2"), "distance": (distance, "um")}
        for name, (value, unit) in {**sizes, **joints}.items():
            found = _row(value, unit, name, len(tree)).copy()
            if name in joints:
                found[root] = 0
            _check_positive(name, found, ~root if name in joints else np.ones_like(root), unit)
            setattr(self, name, arguments.sealed(found[self.given]))
        places = np.asarray(units.to_internal(position, "um", "position"), dtype=float)
        if places.ndim != 2 or len(places) != len(tree):
            raise RangeError(
                f"`position` has a row for each of {len(tree)} compartments; got shape {places.shape}. Give "
                "coordinates for every centre."
            )
        self.position, self.region = arguments.sealed(places[self.given]), arguments.sealed(label[self.given])
        new = np.empty(len(tree) + 1, np.int64)
        new[self.given], new[-1] = np.arange(len(tree)), -1
        self.parent = arguments.sealed(new[tree[self.given]])

    # Shapes

    @classmethod
    def from_swc(
        cls, path: str | Path, *, longest: Any = "1 um", regions: Mapping[int, str] | None = None
    ) -> Morphology:
        """The cell in an SWC file, its processes cut into compartments of at most ``longest``.

        The soma is one compartment: a sphere around its first sample for one sample or the three-point convention,
        else the sum of its frusta. A process begins where it first leaves the soma's surface on its way from the
        sample it is attached to, and is as thick there as at its next sample; what lies within the soma is soma.
        The soma need not come first. A tip may have radius 0 and is then a cone. ``regions`` names types of samples; by
        default 1 is ``"soma"``, 2 ``"axon"`` and all others are ``"branch"``.

        **Raises** `NetworkError`, with the line, for a file that is no tree of samples.
        """
        from tripartite.network.morphology.compartments import from_samples
        from tripartite.network.morphology.swc import read

        named = {} if regions is None else regions
        if not isinstance(named, Mapping) or not all(isinstance(kind, int) for kind in named):
            raise QuantityError(
                f"Regions are names by type of sample, a whole number; got {said(regions)}. Write "
                '`regions={3: "process"}`.'
            )
        return from_samples(read(arguments.path(path, "path")), units.number(longest, "um", "longest"), named)

    @classmethod
    def cable(cls, length: Any, radius: Any, count: int, *, region: str = "branch") -> Morphology:
        """A cylinder along the x axis, in ``count`` compartments of equal length; closed at both ends."""
        from tripartite.network.morphology import shapes

        return shapes.cable(length, radius, count, region)

    @classmethod
    def shells(cls, radius: Any, count: int, *, region: str = "shell") -> Morphology:
        """A sphere as ``count`` shells of equal thickness around its core, which is the root."""
        from tripartite.network.morphology import shapes

        return shapes.shells(radius, count, region)

    @classmethod
    def tree(cls, **options: Any) -> Morphology:
        """An astrocyte that nobody measured: soma, forked branches, leaflets on all branches, an endfoot.

        Arguments and defaults are those of `tripartite.network.morphology.shapes.Tree`.
        """
        from tripartite.network.morphology import shapes

        return shapes.Tree(**options).morphology()

    @classmethod
    def star(cls, **options: Any) -> Morphology:
        """A `tree` whose branches do not fork."""
        return cls.tree(**{"generations": 1, **options})

    # What follows from it

    @property
    def size(self) -> int:
        """Number of compartments."""
        return len(self.parent)

    @cached_property
    def regions(self) -> dict[str, slice]:
        """The stretch of compartments of each region."""
        names, begin, count = np.unique(self.region.astype(str), return_index=True, return_counts=True)
        ordered = np.argsort(begin)
        return {str(names[k]): slice(int(begin[k]), int(begin[k] + count[k])) for k in ordered}

    def within(self, region: str) -> slice:
        """The stretch of compartments of one region."""
        return self.regions[arguments.known(region, self.regions, "The morphology has no region")]

    @cached_property
    def order(self) -> np.ndarray:
        """Compartments such that parents come before children, int64 (compartment,)."""
        return arguments.sealed(parents_first(self.parent))

    @cached_property
    def path(self) -> np.ndarray:
        """µm (compartment,): from the centre of the root to the centre of each compartment, along the tree."""
        found = np.zeros(self.size)
        for child in self.order[1:]:
            found[child] = found[self.parent[child]] + self.distance[child]
        return arguments.sealed(found)

    @property
    def surface_to_volume(self) -> np.ndarray:
        """1/µm (compartment,): membrane per volume."""
        return self.area / self.volume

    def places(self, count: int) -> np.ndarray:
        """Where each compartment of ``count`` such cells is, (count, compartment), region after region in all cells."""
        found = np.empty((count, self.size), np.int64)
        for stretch in self.regions.values():
            size = stretch.stop - stretch.start
            found[:, stretch] = count * stretch.start + np.arange(count * size).reshape(count, size)
        return found

    def placed(self, places: np.ndarray, origins: np.ndarray | None) -> np.ndarray:
        """Positions (µm) of the compartments of several cells whose origins are given, zero where not."""
        axes = self.position.shape[1]
        shift = np.zeros((len(places), axes))
        if origins is not None:
            shift[:, : origins.shape[1]] = origins[:, :axes]
        found = np.empty((places.size, axes))
        found[places] = self.position + shift[:, None, :]
        return found

    def scaled(self, factor: float) -> Morphology:
        """The same shape with all lengths times ``factor``."""
        times = units.number(factor, "1", "factor")
        if not 0 < times <= _LARGEST:
            raise RangeError(
                f"A factor of lengths is positive and at most {_LARGEST:g}; got {times:g}. The same size is 1."
            )
        return self._with(
            volume=self.volume * times**3,
            area=self.area * times**2,
            contact=self.contact * times**2,
            distance=self.distance * times,
            position=self.position * times,
        )

    def labelled(self, region: str, chosen: Any) -> Morphology:
        """The same shape with other compartments in a region; ``chosen``: a truth value for each compartment.

        ``m.labelled("leaflet", m.surface_to_volume > 10)`` says which are leaflets. Compartments are numbered anew.
        """
        arguments.text(region, "region")
        try:
            mask = np.asarray(chosen)
        except (ValueError, TypeError, RuntimeError):  # ragged lists, objects that cannot be asked
            mask = np.zeros(0)
        if mask.dtype != bool or mask.shape != (self.size,):
            raise RangeError(
                f"`chosen` says for each of {self.size} compartments whether it belongs to the region; got "
                f"{said(chosen)}. Write for instance `m.area < 1`."
            )
        return self._with(region=np.where(mask, region, self.region))

    def with_leaflets(
        self, count: int, *, length: Any = "1 um", radius: Any = "0.1 um", region: str = "branch"
    ) -> Morphology:
        """The same shape with ``count`` leaflets around every compartment of a region, as cylinders on its surface.

        Tracing sees no leaflets: their number and sizes are assumed.
        """
        from tripartite.network.morphology import shapes

        return shapes.with_leaflets(self, count, length, radius, region)

    def by_region(self, *default: Any, **values: Any) -> Any:
        """A quantity with one value per compartment: ``by_region(0.9 * uM / s, leaflet=0.2 * uM / s)``.

        Without a default every region needs a value.
        """
        whole = [(slice(None), value) for value in default]
        stretches = [(self.within(name), value) for name, value in values.items()]
        missing = sorted(self.regions.keys() - values.keys())
        if len(default) > 1 or (missing and not default):
            raise QuantityError(
                f"Every compartment has one value; there are {len(default)} defaults, and no values for "
                f"{', '.join(f'`{m}`' for m in missing)}. Write for instance `by_region(1 * uM, leaflet=2 * uM)`."
            )
        pairs = [(stretch, units.single(v, "value")) for stretch, v in [*whole, *stretches]]
        unit = pairs[0][1].units
        found = np.empty(self.size)
        for stretch, value in pairs:
            if not value.is_compatible_with(unit):
                raise DimensionError(
                    f"Values of all regions have one dimension; got {value} beside {unit:~}. Write it in {unit:~}."
                )
            found[stretch] = value.to(unit).magnitude
        return units.Quantity(found, unit)

    def _with(self, **changes: Any) -> Morphology:
        kept = {
            "parent": self.parent,
            "volume": self.volume,
            "area": self.area,
            "contact": self.contact,
            "distance": self.distance,
            "position": self.position,
            "region": self.region,
        } | changes
        powers = {"volume": "um**3", "area": "um**2", "contact": "um**2", "distance": "um", "position": "um"}
        return Morphology(**{k: units.Quantity(v, powers[k]) if k in powers else v for k, v in kept.items()})

    def __repr__(self) -> str:
        parts = ", ".join(f"{s.stop - s.start} {name}" for name, s in self.regions.items())
        return f"Morphology of {self.size} compartments ({parts}; {self.volume.sum():.4g} µm³)"


def _names(region: Any, size: int) -> np.ndarray:
    """The name of the region of each of ``size`` compartments."""
    found = arguments.several(region, str, "region", 'region="branch"')
    for name in set(found):
        arguments.text(name, "region")
    if len(found) not in (1, size):
        raise RangeError(
            f"`region` is one name or one for each of {size} compartments; got {len(found)} of them. Give {size} names."
        )
    made = np.empty(size, dtype=object)
    made[:] = found if len(found) == size else found * size
    return made


def _row(value: Any, unit: str, name: str, size: int) -> np.ndarray:
    found = np.asarray(units.to_internal(value, unit, name), dtype=float)
    if found.shape not in ((), (size,)):
        raise RangeError(
            f"`{name}` has one number for each of {size} compartments; got shape {found.shape}. Give {size} numbers."
        )
    return np.broadcast_to(found, (size,))


def _check_positive(name: str, found: np.ndarray, where: np.ndarray, unit: str) -> None:
    wrong = np.flatnonzero(where & ~(found > 0))
    if len(wrong):
        raise RangeError(
            f"`{name}` is positive; compartment {wrong[0]} has {found[wrong[0]]:g} {unit}. Correct it or leave the "
            "compartment out."
        )
