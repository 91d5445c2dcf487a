"""Labelled data with their provenance: what a simulation returns and a recording becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import ResultError
from tripartite.language.paths import resolve

if TYPE_CHECKING:
    import xarray as xr

_plot: list[Callable[..., Any]] = []


class Result:
    """States, outputs and events of a run over time in seconds, as an xarray dataset.

    ``result["astrocyte.ca"]`` (or ``result["ca"]`` where that names one variable) is a DataArray with
    ``units`` and ``long_name``; ``result["time"]`` is its time, ``result.data`` the whole dataset. Runs over
    many members carry a leading dimension ``member``.
    """

    def __init__(self, build: Callable[[], xr.Dataset]):
        self._build = build

    @cached_property
    def data(self) -> xr.Dataset:
        """The dataset; built when first asked for."""
        return self._build()

    def __getitem__(self, path: str) -> xr.DataArray:
        if path in self.data.coords:
            return self.data[path]
        return self.data[self.resolve(path)]

    @property
    def time(self) -> xr.DataArray:
        """Save times (s)."""
        return self.data["time"]

    @property
    def names(self) -> list[str]:
        """Variables over time."""
        return [str(n) for n, v in self.data.data_vars.items() if any(str(d).startswith("time") for d in v.dims)]

    def resolve(self, path: str) -> str:
        """The one variable over time that ``path`` names."""
        return resolve(path, self.names, "The result has no")

    def events(self, path: str) -> xr.Dataset:
        """Times (s) of an emission with amounts, or in networks cells: ``result.events("bouton.release")``."""
        found = [str(n)[: -len(".times")] for n in self.data.data_vars if str(n).endswith(".times")]
        key = resolve(path, found, "The result has no emission")
        import xarray as xr

        parts = {"time": f"{key}.times", "amount": f"{key}.amounts", "cell": f"{key}.cells"}
        found = {name: self.data[place] for name, place in parts.items() if place in self.data}
        return xr.Dataset(found).dropna(f"{key}.event", how="all")

    @property
    def provenance(self) -> dict[str, Any]:
        """Model, parameters with sources, protocol, seeds, solver, tolerances and versions."""
        return _facts(self.data.attrs.get("provenance", "{}"))

    @property
    def ok(self) -> Any:
        """Whether each member reached its end: a bool, or an array ``(member,)``."""
        good = self.data["status"].values == 0
        return bool(good) if good.ndim == 0 else good

    def message(self, member: int | None = None) -> str:
        """A sentence on how the solve of a member ended."""
        codes = np.atleast_1d(self.data["status"].values)
        if member is None and len(codes) > 1:
            failed = np.flatnonzero(codes)
            if not len(failed):
                return f"All {len(codes)} members reached the end."
            return f"{len(failed)} of {len(codes)} members failed; the first is {failed[0]}: {self.message(failed[0])}"
        return _facts(self.data["status"].attrs["messages"]).get(str(member or 0), "Reached the end.")

    def save(self, path: str | Path) -> Path:
        """Write to ``path``: a NetCDF file (``.nc``) or a zarr folder (``.zarr``)."""
        path = Path(path)
        if path.suffix == ".nc":
            self.data.to_netcdf(path, engine="h5netcdf")
        elif path.suffix == ".zarr":
            self.data.to_zarr(path, mode="w", consolidated=False)
        else:
            raise ResultError(f"A result is saved as .nc or .zarr; got `{path}`. Choose one of the two endings.")
        return path

    @classmethod
    def load(cls, path: str | Path) -> Result:
        """Read what `save` wrote."""
        import xarray as xr

        path = Path(path)
        if not path.exists():
            raise ResultError(f"A saved result is read from disk; there is no `{path}`. Check the path.")
        if path.suffix == ".zarr":
            return cls(lambda: xr.open_zarr(path, consolidated=False))
        if path.suffix != ".nc":
            raise ResultError(f"A result is read from .nc or .zarr; got `{path}`. Give one of the two.")
        return cls(lambda: xr.load_dataset(path, engine="h5netcdf"))

    def plot(self, *names: str, **options: Any) -> Any:
        """A figure with one panel per variable, units, and bars for stimuli and perturbations."""
        return _plot[0](self, *names, **options)

    @staticmethod
    def register_plot(function: Callable[..., Any]) -> Callable[..., Any]:
        """Make ``function(result, *names, **options)`` the meaning of `plot`."""
        _plot[:] = [function]
        return function

    def __repr__(self) -> str:
        return f"Result of {', '.join(self.names)}\n{self.message()}"


def _facts(text: Any) -> dict[str, Any]:
    """What is stored as JSON beside the numbers."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ResultError(
            f"A result keeps where it comes from as JSON; got {str(text)[:60]!r}. The file was changed or is damaged: "
            "use an unchanged copy."
        )
    return found
