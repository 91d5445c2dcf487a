"""From what is given to labelled values over time: times in seconds, numbers with their unit, names of courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from tripartite import arguments, units
from tripartite.errors import DimensionError, RecordingError, said

if TYPE_CHECKING:
    import xarray as xr

T = TypeVar("T", bound="xr.DataArray | xr.Dataset")

_SECONDS = units.unit("s")


def time_dimension(values: Any) -> Any:
    """The one dimension of a DataArray that is time, or None."""
    names = [dim for dim in values.dims if str(dim) == "time"] or [
        dim for dim in values.dims if str(dim).startswith("time") or str(dim).endswith(".time")
    ]
    return names[0] if len(names) == 1 else None


def time_first(values: Any) -> Any:
    """Plain values whose time is last, with time first."""
    carried = values.magnitude if isinstance(values, units.Quantity) else values
    try:
        moved = np.moveaxis(np.asarray(carried), -1, 0)
    except (ValueError, TypeError, RuntimeError, np.exceptions.AxisError):  # what it is, is said where it is read
        return values
    return units.Quantity(moved, values.units) if isinstance(values, units.Quantity) else moved


def labelled(times: np.ndarray, values: Any, unit: str | None, name: str, places: Any) -> xr.DataArray:
    """Values with their unit beside their times (s), courses under their names."""
    import xarray as xr

    plain, found = numbers(values, unit, "values", (1, 2, 3, 4))
    dims: list[Any]
    coordinates: dict[Any, Any]
    if isinstance(values, xr.DataArray):
        dim = time_dimension(values) or values.dims[0]
        dims = ["time" if d == dim else d for d in values.dims]
        coordinates = {n: c for n, c in values.coords.items() if dim not in c.dims and n != "time"}
    else:
        dims = ["time", *(["place"] if plain.ndim == 2 else [f"place_{k}" for k in range(1, plain.ndim)])]
        coordinates = {"place": np.arange(plain.shape[1])} if plain.ndim == 2 else {}
    along = plain.shape[dims.index("time")]
    if along != len(times):
        raise RecordingError(
            f"Every value has its time, (time, place); got times of shape {times.shape} and values of shape "
            f"{plain.shape}. Transpose the values, or give the times they were taken at."
        )
    if places is not None:
        others = [d for d in dims if d != "time"]
        names = [arguments.text(place, "places") for place in arguments.several(places, str, "places", '["soma"]')]
        if len(others) != 1 or len(names) != plain.shape[dims.index(others[0])] or len(set(names)) < len(names):
            raise RecordingError(
                f"Every course has a name of its own; got {said(names)} for values of shape "
                f"{plain.shape}. Give one for each."
            )
        coordinates[others[0]] = names
    coordinates["time"] = ("time", times, {"units": "s"})
    return xr.DataArray(plain, coordinates, dims, name or None, {"units": found, "long_name": name})


def seconds(times: Any) -> np.ndarray:
    """Two times or more, rising, in seconds."""
    if isinstance(times, units.Quantity):
        units.row(times, "s", "times")
        found = np.atleast_1d(np.asarray(times.to(_SECONDS).magnitude, dtype=float))
    elif arguments.labelled(times):
        unit = str(times.attrs.get("units", "s"))
        same_dimension(unit, "s", "times")
        plain = arguments.array(times.values, "times")
        found = plain if units.unit(unit) == _SECONDS else plain * (units.factor(unit) / units.factor("s"))
    else:
        found = arguments.array(times, "times")
    if len(found) < 2 or not np.all(np.diff(found) > 0):
        steps = np.diff(found)
        raise RecordingError(
            f"A recording has two samples or more, at times that rise; got {len(found)} samples, with steps from "
            f"{np.min(steps, initial=np.inf):g} s on. Sort it by time, drop what comes twice, or record for longer."
        )
    return found


def numbers(values: Any, unit: str | None, name: str, axes: tuple[int, ...]) -> tuple[np.ndarray, str]:
    """Plain floating-point numbers, and the unit they are in."""
    wanted = None if unit is None else unit_text(unit)
    carried: str | None = None
    if isinstance(values, units.Quantity):
        carried, plain = _short(values.units), values.magnitude
    elif arguments.labelled(values):
        carried, plain = values.attrs.get("units"), values.values
        carried = None if carried is None else unit_text(carried)
    else:
        masked = np.ma.isMaskedArray(values)
        plain = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan) if masked else values
    found = arguments.array(plain, name, axes=axes, finite=False)
    if np.any(np.isinf(found)):
        raise RecordingError(
            f"`{name}` is finite, or NaN where a frame is missing; got {int(np.isinf(found).sum())} infinite. "
            "Correct what divided by zero."
        )
    if carried is None or wanted is None or carried == wanted:
        return found, carried or wanted or "1"
    same_dimension(carried, wanted, name)
    return found * (units.factor(carried) / units.factor(wanted)), wanted


def sealed(data: T) -> T:
    """``data``, labelled, whose values that are in memory cannot be written to from here on."""
    held = data.variables.values() if hasattr(data, "variables") else (data, *data.coords.values())  # type: ignore
    for variable in (getattr(item, "variable", item) for item in held):
        if variable._in_memory:
            arguments.sealed(variable.values)
    return data


def unit_text(unit: Any) -> str:
    """A unit as text: one of pint's, or text that names one."""
    if isinstance(unit, type(_SECONDS)):
        return _short(unit)
    if isinstance(unit, str) and unit in ("", "1", "dimensionless"):
        return "1"
    units.unit(arguments.text(unit, "unit"))
    return unit


def _short(unit: Any) -> str:
    text = f"{unit:~}".replace("\N{MICRO SIGN}", "u").replace("\N{GREEK SMALL LETTER MU}", "u").replace(" ", "")
    return text or "1"


def same_dimension(came: str, wanted: str, name: str) -> None:
    """Raise `DimensionError` where two units measure different things."""
    if not units.same_dimension(came, wanted):
        raise DimensionError(
            f"`{name}` is measured in {wanted}; got {came}, which has another dimension. Correct the unit."
        )
    units.check_angles(came, wanted, name)


def extent(data: xr.DataArray) -> str:
    """How many frames of how many courses, as text."""
    count = data.sizes["time"]
    courses = int(np.prod([n for d, n in data.sizes.items() if d != "time"]))
    return f"{count} frames" if data.ndim == 1 else f"{count} frames of {courses} courses"
