"""Labelled data with their provenance: what a simulation returns and a recording becomes."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.errors import ResultError, TripartiteError, UnknownNameError, said
from tripartite.language import storage
from tripartite.language.built import Kept
from tripartite.language.card import Card, Table, unit_text
from tripartite.language.closeness import missed
from tripartite.language.paths import fits, resolve
from tripartite.language.sampled import sealed

if TYPE_CHECKING:
    import xarray as xr

_plot: list[Callable[..., Any]] = []


class Result(Kept):
    """States, outputs and events of a run over time in seconds, as an xarray dataset.

    ``result["astrocyte.ca"]`` (or ``result["ca"]`` where that names one variable) is a DataArray with
    ``units`` and ``long_name``; ``result["time"]`` is its time, ``result.data`` the whole dataset. Runs over
    many members carry a leading dimension ``member``. What jumps at events has the time (s) in which it falls back
    as ``decays_in``; reading it from the default save times, where they are further apart, gives a warning.
    """

    def __init__(self, build: Callable[[], xr.Dataset]):
        self._build = build

    @cached_property
    def data(self) -> xr.Dataset:
        """The dataset; built when first asked for."""
        return sealed(self._build())

    def __getstate__(self) -> dict[str, Any]:
        """A copy, in this process or another, holds the data themselves, in memory."""
        return {"data": self.data.compute()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(_build=partial(state.__getitem__, "data"), _built=True)

    def __getitem__(self, path: str) -> xr.DataArray:
        if isinstance(path, str) and path in self.data.coords:
            return self.data[path].copy(deep=False)
        found = self.data[self.resolve(path)].copy(deep=False)
        if (why := missed(found)) and not any(self.provenance.get("saved", {}).values()):
            warnings.warn(
                f"Save times follow what is read from them; `{found.name}` {why}. They are the 1,001 of the default. "
                "Save more often (`save_every`), or closely where it matters (`save_at`); either is taken as it is.",
                stacklevel=2,
            )
        return found

    def _ipython_key_completions_(self) -> list[str]:
        return [*map(str, self.data.coords), *self.names]

    @property
    def time(self) -> xr.DataArray:
        """Save times (s)."""
        return self.data["time"]

    @property
    def names(self) -> list[str]:
        """Variables over time."""
        return [str(n) for n, v in self.data.data_vars.items() if any(str(d).startswith("time") for d in v.dims)]

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and any(fits(path, name) for name in self.names)

    def resolve(self, path: str, others: Iterable[str] = ()) -> str:
        """The one variable over time, or of ``others``, that ``path`` names."""
        try:
            return resolve(path, [*self.names, *others], "The result has no")
        except UnknownNameError as reason:
            raise UnknownNameError(f"{reason}{self._instead(path)}") from None

    @property
    def emissions(self) -> list[str]:
        """Names of what happened at instants: spikes and releases, with their times."""
        return [str(n).removesuffix(".times") for n in self.data.data_vars if str(n).endswith(".times")]

    def _instead(self, path: str) -> str:
        """What to write where a path names events, which have no course over time."""
        name = re.sub(r"\.(times|amounts|cells)$", "", path) if isinstance(path, str) else ""
        found = [key for key in self.emissions if fits(name, key)]
        if len(found) != 1:
            return self._driven(path)
        call = f'("{found[0]}")`'
        return f" `{found[0]}` happens at instants: `result.events{call} gives them, `result.plot{call} draws them."

    def _driven(self, path: str) -> str:
        """What to say where a path names an input of the model, whose course the protocol knows and no result keeps."""
        from tripartite.language.encoding import decode_model

        try:
            drives = decode_model(self.provenance["model"]).system.drives
        except (KeyError, TripartiteError):  # of a network, or of a class that a file cannot name
            return ""
        found = [entry.key for entry in drives if isinstance(path, str) and fits(path, entry.key)]
        if len(found) != 1:
            return ""
        return (
            f" `{found[0]}` is an input that the protocol drives; a result keeps what the model makes of it. Figures "
            "show steps and pulses of it as bars."
        )

    def events(self, path: str) -> xr.Dataset:
        """Times (s) of an emission with amounts, or in networks cells: ``result.events("bouton.release")``."""
        key = resolve(path, self.emissions, "The result has no emission")
        import xarray as xr

        parts = {"time": f"{key}.times", "amount": f"{key}.amounts", "cell": f"{key}.cells"}
        found = {name: self.data[place] for name, place in parts.items() if place in self.data}
        return xr.Dataset(found).dropna(f"{key}.event", how="all")

    @property
    def provenance(self) -> dict[str, Any]:
        """Model, parameters with sources, protocol, seeds, solver, tolerances and versions."""
        return _facts(self.data.attrs.get("provenance", "{}"))

    @property
    def _status(self) -> xr.DataArray:
        if "status" not in self.data.variables:
            raise ResultError("A result says how its run ended; this one has no `status`. Use an unchanged copy.")
        return self.data["status"]

    @property
    def ok(self) -> Any:
        """Whether each member reached its end, all its numbers finite: a bool, or an array ``(member,)``."""
        good = self._status.values == 0
        return bool(good) if good.ndim == 0 else good

    def message(self, member: int | None = None) -> str:
        """A sentence on how the solve of a member ended."""
        codes = np.atleast_1d(self._status.values)
        found = _facts(self._status.attrs.get("messages", "{}"))
        if "all" in found:
            return found["all"]
        if member is None and len(codes) > 1:
            failed = np.flatnonzero(codes)
            if not len(failed):
                return f"All {len(codes)} members reached the end."
            return f"{len(failed)} of {len(codes)} members failed; the first is {failed[0]}: {self.message(failed[0])}"
        member = arguments.count(0 if member is None else member, "member", 0, len(codes) - 1)
        return found.get(str(member), "Reached the end.")

    def save(self, path: str | Path) -> Path:
        """Write to ``path``: a NetCDF file (``.nc``) or a zarr folder (``.zarr``).

        A result that lies there is replaced when the new one is whole; a kill or a full disk leaves the old one.
        Anything else that lies there is left alone.

        **Raises** `ResultError` for what is no result there, and for a place that cannot be written to.
        """
        path = arguments.path(path, "path")
        there = path.is_dir()
        storage.save(self.data, path)
        if there:
            vars(self)["data"] = sealed(storage.load(path))  # what was read from this folder lies elsewhere in it now
        return path

    @classmethod
    def load(cls, path: str | Path) -> Result:
        """Read what `save` or a streamed run wrote; a large folder is read, and compared with its digests, where used.

        **Raises** `ResultError`, also when data are first used, for what was changed or is missing.
        """
        path = arguments.path(path, "path")
        storage.check(path)
        return cls(lambda: storage.load(path))

    def plot(self, *names: str, **options: Any) -> Any:
        """A figure with one panel per variable, units, and bars for stimuli and perturbations."""
        return _plot[0](self, *names, **options)

    @staticmethod
    def register_plot(function: Callable[..., Any]) -> Callable[..., Any]:
        """Make ``function(result, *names, **options)`` the meaning of `plot`."""
        _plot[:] = [function]
        return function

    def _noun(self) -> str:
        return "A result"

    def _remedy(self, name: str) -> str:
        return f"Keep it in a variable, or in a dataset of your own: `result.data.assign({name}=...)`."

    def _repr_html_(self) -> str:
        variables = [self.data[name] for name in self.names]
        rows = [
            (v.name, unit_text(v.attrs.get("units", "1")), v.attrs.get("long_name", ""), _shape(v), *_ends(v))
            for v in variables
        ]
        events = [(key, self.data[f"{key}.times"].size) for key in self.emissions]
        tables = [
            Table("Variables", ("name", "unit", "meaning", "along", "first", "last"), rows),
            Table("Events", ("name", "slots"), events),
        ]
        return Card("Result", f"{self._span()}\n{self.message()}", tables).html()

    def _span(self) -> str:
        if "time" not in self.data or not self.data["time"].size:
            return ""
        time = self.data["time"]
        return f"from {float(time[0]):g} to {float(time[-1]):g} s, {time.size} samples"

    def __repr__(self) -> str:
        span = self._span()
        held = ", ".join([*self.names, *(f"{key} (events)" for key in self.emissions)])
        return f"Result of {held}{f' {span}' if span else ''}\n{self.message()}"


def _shape(variable: xr.DataArray) -> str:
    return ", ".join(f"{dim} {size}" for dim, size in variable.sizes.items() if dim != "time")


def _ends(variable: xr.DataArray) -> tuple[str, str]:
    """First and last value of a course; nothing for many courses."""
    if variable.ndim != 1 or not variable.size:
        return "", ""
    return f"{float(variable[0]):.4g}", f"{float(variable[-1]):.4g}"


def _facts(text: Any) -> dict[str, Any]:
    """What is stored as JSON beside the numbers."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ResultError(
            f"A result keeps where it comes from as JSON; got {said(str(text)[:60])}. The file was changed or "
            "is damaged: "
            "use an unchanged copy."
        )
    return found
