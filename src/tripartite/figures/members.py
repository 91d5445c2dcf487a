"""The courses of an ensemble in one panel: told apart by the value in which members differ, or a band over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, LogNorm, Normalize

from tripartite.language.card import unit_text

MOST_LINES = 8
"""Courses with an entry each in the legend; more have a colour bar, or are drawn as a band."""
_MOST_SHADED = 50
_LIGHTEST = 0.9  # of viridis, whose yellow end is too faint on white


@dataclass(frozen=True)
class Sweep:
    """Members by the values in which they differ: the first numeric one has the colours."""

    coordinate: Any
    others: tuple[Any, ...]
    order: np.ndarray
    """Numbers of the members, by rising value."""

    @property
    def scale(self) -> ScalarMappable:
        """Colours by value; over decades where the values are more evenly spaced there."""
        values = np.asarray(self.coordinate.values, dtype=float)
        steps = np.diff(np.unique(values))
        kind = Normalize
        if values.min() > 0:
            decades = np.diff(np.log(np.unique(values)))
            kind = LogNorm if np.std(decades) / np.mean(decades) < np.std(steps) / np.mean(steps) else Normalize
        colours = matplotlib.colormaps["viridis"](np.linspace(0, _LIGHTEST, 256))
        return ScalarMappable(kind(values.min(), values.max()), ListedColormap(colours))

    @property
    def title(self) -> str:
        """Name and unit of the values, and what else differs."""
        also = ", ".join(_short(c) for c in self.others)
        return f"{_short(self.coordinate)}{_unit(self.coordinate, '({})')}" + (f"; also differ: {also}" if also else "")

    @property
    def span(self) -> str:
        """``ip3 0.3-0.6 µM``."""
        low, high = (self.coordinate.values[self.order[k]] for k in (0, -1))
        return f"{_short(self.coordinate)} {low:.4g}-{high:.4g}{_unit(self.coordinate)}"

    def entry(self, member: int) -> str:
        """What a member has: ``ip3 = 0.3 µM``, and a name as it is."""
        return ", ".join(_valued(c, member) for c in (self.coordinate, *self.others))


def sweep(variable: Any) -> Sweep | None:
    """How the members of a variable differ: ``(member, time)`` or ``(member, event)``; None where seeds alone do."""
    dims = [str(dim) for dim in variable.dims if not str(dim).startswith("time") and not str(dim).endswith(".event")]
    if len(dims) != 1 or variable.sizes[dims[0]] < 2:
        return None
    differ = [c for c in variable.coords.values() if c.dims == (dims[0],) and len(np.unique(c.values)) > 1]
    differ.sort(key=lambda c: not _numeric(c))
    if not differ:
        return None
    by_value = np.argsort(differ[0].values, kind="stable") if _numeric(differ[0]) else np.arange(len(differ[0]))
    return Sweep(differ[0], tuple(differ[1:]), by_value)


def shades(found: Sweep | None, count: int) -> list[Any] | None:
    """A colour for each of ``count`` members by their values; None where no value tells them apart."""
    if found is None:
        return None
    if _numeric(found.coordinate) and count > MOST_LINES:
        scale = found.scale
        return list(scale.to_rgba(np.asarray(found.coordinate.values, dtype=float)))  # type: ignore[arg-type]
    if count > MOST_LINES:
        return None
    made = np.empty((count, 4))
    made[found.order] = matplotlib.colormaps["viridis"](np.linspace(0, _LIGHTEST, count))
    return list(made)


def draw(panel: Any, variable: Any, label: str, colour: str) -> Sweep | None:
    """The course of one run, or those of an ensemble; of a sweep that needs a colour bar, the sweep.

    ``label`` names a condition, which has ``colour`` then; members have colours of their own where there is none.
    """
    time = variable["time"].values
    courses = np.moveaxis(variable.values, variable.dims.index("time"), -1).reshape(-1, len(time))
    found, count = sweep(variable), len(courses)
    alone = "o" if len(time) == 1 else None  # a single sample makes no line
    own = shades(found, count)
    if count > MOST_LINES and own is None:
        low, middle, high = np.nanquantile(courses, [0.05, 0.5, 0.95], axis=0)
        band = f"median and 5-95 % of {count} members"
        panel.plot(time, middle, color=colour, label=f"{label} ({band})" if label else band, marker=alone)
        panel.fill_between(time, low, high, color=colour, alpha=0.25, lw=0)
        return None
    order = np.arange(count) if found is None else found.order
    if count > _MOST_SHADED:
        order = order[np.linspace(0, count - 1, _MOST_SHADED).round().astype(int)]
    entries = _entries(found, label, count, len(order))
    for place, member in enumerate(order):
        shade = colour if label or own is None else own[member]
        text = entries[place] if place < len(entries) else "_"
        panel.plot(time, courses[member], color=shade, label=text, marker=alone, lw=1.3 if count == 1 else 0.8)
    return found if own is not None and not label and count > MOST_LINES else None


def _entries(found: Sweep | None, label: str, count: int, drawn: int) -> list[str]:
    """Entries of the legend, by line as drawn; one for all where a colour bar or the condition tells them apart."""
    if found is not None and not label and count <= MOST_LINES:
        return [found.entry(member) for member in found.order]
    part = f"{drawn} of {count} members" if drawn < count else f"{count} members"
    span = f", {found.span}" if found is not None and _numeric(found.coordinate) else ""
    if label:
        return [f"{label} ({part}{span})" if count > 1 else label]
    return [part] if drawn < count else []


def _numeric(coordinate: Any) -> bool:
    return np.issubdtype(coordinate.dtype, np.number)


def _numbered(coordinate: Any) -> bool:
    """Whether the values are numbers of cells or the like, ``neurons_0_3_cell``, and no quantity."""
    return coordinate.dims == (coordinate.name,)


def _short(coordinate: Any) -> str:
    if _numbered(coordinate):
        return str(coordinate.name).rpartition("_")[2]
    return str(coordinate.name).removesuffix(".start").rsplit(".", 1)[-1] + (
        " at 0 s" if str(coordinate.name).endswith(".start") else ""
    )


def _unit(coordinate: Any, form: str = "{}") -> str:
    unit = unit_text(str(coordinate.attrs.get("units", "1")))
    return f" {form.format(unit)}" if unit else ""


def _valued(coordinate: Any, k: int) -> str:
    """``ip3 = 0.3 µM``, ``cell 0``, and a name as it is."""
    value = coordinate.values[k]
    if _numbered(coordinate):
        return f"{_short(coordinate)} {value}"
    text = f"{value:.4g}" if _numeric(coordinate) else str(value)
    return f"{_short(coordinate)} = {text}{_unit(coordinate)}"
