"""Every perturbation against chosen read-outs, in one call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import NoTargetError, QuantityError, UnknownNameError, said
from tripartite.language import Compartment, Mechanism, Model, Nothing, Protocol, Result
from tripartite.language.built import Owned
from tripartite.language.card import Card, Table
from tripartite.language.model import as_model
from tripartite.language.paths import resolve
from tripartite.perturb.means import integrated, mean
from tripartite.solve import simulate

if TYPE_CHECKING:
    import xarray as xr

CONTROL = "control"
NO_TARGET = "no target"

Readout = Callable[[Result], Any] | str
"""A function of a result, or the name of a state or output, for its mean over time."""


@dataclass(frozen=True, eq=False)
class Knockouts(metaclass=Owned):
    """A table of read-outs (columns) under perturbations (rows); the first row is the control.

    ``data``: a DataArray with the dimensions ``perturbation`` and ``readout`` and the coordinate ``unit``; NaN where
    a perturbation has no target. ``reasons``: by perturbation, why there are no numbers.
    """

    data: xr.DataArray
    reasons: Mapping[str, str]

    @property
    def relative(self) -> xr.DataArray:
        """Every number as a multiple of the control's."""
        return self.data / self.data.sel(perturbation=CONTROL, drop=True)

    def applies(self, perturbation: str) -> bool:
        """Whether the model has something that the perturbation acts on."""
        self._check(perturbation, "perturbation")
        return perturbation not in self.reasons

    def __getitem__(self, place: tuple[str, str]) -> float:
        """The number in a row and a column: ``table["DPCPX", "events"]``."""
        if not isinstance(place, tuple) or len(place) != 2:
            raise UnknownNameError(
                f'A number of the table has a row and a column; got {said(place)}. Write `table["DPCPX", "events"]`, '
                'or `table.data.sel(perturbation="DPCPX")` for a row.'
            )
        perturbation, readout = place
        self._check(perturbation, "perturbation")
        self._check(readout, "readout")
        return float(self.data.sel(perturbation=perturbation, readout=readout))

    def _check(self, name: str, dimension: str) -> None:
        arguments.known(name, [str(n) for n in self.data[dimension].values], f"The table has no {dimension}")

    def _rows(self) -> list[list[str]]:
        """Heads and rows of the table as text."""
        names, marks = self.data["readout"].values, self.data["unit"].values
        heads = [f"{n} ({u})".replace("uM", "µM") if u else str(n) for n, u in zip(names, marks, strict=True)]
        rows = [["", *heads]]
        for label, row in zip(self.data["perturbation"].values, self.data.values, strict=True):
            numbers = [f"{value:.4g}" for value in row]
            failed = NO_TARGET if str(label) in self.reasons and np.isnan(row).all() else None
            rows.append([str(label), *([failed] + [""] * (len(row) - 1) if failed else numbers)])
        return rows

    def _repr_html_(self) -> str:
        heads, *rows = self._rows()
        reasons = Table("Why there are no numbers", ("perturbation", "reason"), list(self.reasons.items()))
        tables = [Table("Read-outs", heads, rows), reasons]
        return Card("Knockouts", f"{len(rows)} rows, the first the control", tables).html()

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(
                [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
            ).rstrip()
            for row in rows
        )

    def __repr__(self) -> str:
        return str(self)


def knockouts(
    model: Model | Compartment | Mechanism,
    perturbations: Mapping[str, Protocol] | Iterable[Protocol],
    readouts: Mapping[str, Readout],
    protocol: Protocol | None = None,
    until: Any = None,
    **options: Any,
) -> Knockouts:
    """The table of every perturbation against chosen read-outs, under the same protocol.

    **Arguments** perturbations: by name, or a list of drugs, knock-outs and tools, which know theirs; readouts: by
    name, a function of a `Result` that returns a number or a quantity, or the name of a state or output, whose mean
    from the first saved time to the last is taken (the solver integrates it along, so that it is the same whatever is
    saved; what a function makes of the samples is not); protocol: what is done in every run, the control included;
    options: as for `simulate`.

    **Returns** `Knockouts`; where a model has nothing that a perturbation acts on, its row says so.
    """
    import xarray as xr

    allowed = inspect.signature(simulate).parameters.keys() - {"model", "protocol", "until"}
    arguments.options(options, sorted(allowed), "knockouts")
    rows = {CONTROL: Nothing(), **_named(perturbations)}
    columns = _checked(readouts)
    base = Nothing() if protocol is None else protocol
    arguments.instance(base, Protocol, "protocol", "PoissonSpikes(1 * Hz, seed=1)")
    plain = base.equipped(as_model(model))
    whole, integrals = integrated(plain, [readout for readout in columns.values() if isinstance(readout, str)])
    found: dict[str, list[Any]] = {}
    reasons: dict[str, str] = {}
    for label, perturbation in rows.items():
        try:
            run = simulate(whole, base & perturbation, until=until, **options)
        except NoTargetError as reason:
            if label == CONTROL:
                raise
            reasons[label] = str(reason)
            continue
        found[label] = [_read(run, name, readout, integrals) for name, readout in columns.items()]
    marks = [_common(name, [row[k][1] for row in found.values()]) for k, name in enumerate(columns)]
    table = np.full((len(rows), len(columns)), np.nan)
    for place, label in enumerate(rows):
        for column, (value, unit) in enumerate(found.get(label, [])):
            if unit is not None:
                table[place, column] = value * units.factor(unit) / units.factor(marks[column])
    coordinates = {
        "perturbation": list(rows),
        "readout": list(columns),
        "unit": ("readout", ["" if unit == "1" else unit for unit in marks]),
    }
    return Knockouts(xr.DataArray(table, coordinates, ("perturbation", "readout"), "knockouts"), reasons)


def _named(perturbations: Any) -> dict[str, Protocol]:
    named: dict[str, Any] = dict(perturbations) if isinstance(perturbations, Mapping) else {}
    if not isinstance(perturbations, Mapping):
        for item in arguments.several(perturbations, Protocol, "perturbations", "[Dpcpx(at=20 * s)]"):
            label = getattr(item, "label", None)
            if not isinstance(label, str) or label in named:
                raise QuantityError(
                    f"Every row of a table has a name of its own; {said(item)} has none or one that comes twice. Give "
                    'a dictionary: `{"low dose": Dpcpx(...), "high dose": Dpcpx(...)}`.'
                )
            named[label] = item
    for label, item in named.items():
        if not isinstance(item, Protocol) or not isinstance(label, str) or label == CONTROL:
            raise QuantityError(
                f"A row of a table is a perturbation under a name other than `{CONTROL}`; got {said(label)}: "
                f"{said(item)}. "
                'Write for instance `{"DPCPX": Dpcpx(at=20 * s)}`.'
            )
    return named


def _checked(readouts: Any) -> dict[str, Readout]:
    good = isinstance(readouts, Mapping) and readouts and all(isinstance(name, str) for name in readouts)
    if not good or not all(isinstance(r, str) or callable(r) for r in readouts.values()):
        raise QuantityError(
            f"Read-outs come by name, as functions of a result or names of variables; got {said(readouts)}. "
            'Write `{"mean calcium": "ca", "peak": lambda run: run["ca"].max()}`.'
        )
    return dict(readouts)


def _common(name: str, found: list[str | None]) -> str:
    """The unit of a column: that of its first run that reached the end."""
    known = [unit for unit in found if unit is not None]
    for unit in known[1:]:
        if not units.same_dimension(known[0], unit):
            raise QuantityError(
                f"A read-out has one dimension in every run; `{name}` came in {known[0]} and in {unit}. Return the "
                "same quantity from its function."
            )
    return known[0] if known else "1"


def _read(run: Result, name: str, readout: Readout, integrals: Mapping[str, str]) -> tuple[float, str | None]:
    """Value and unit of a read-out; no unit where the run failed."""
    if not np.all(run.ok):
        return np.nan, None
    if isinstance(readout, str):
        key = resolve(readout, integrals, "The table has no mean of")
        return mean(run, key, integrals[key]), run[key].attrs.get("units", "1")
    found = readout(run)
    if np.size(getattr(found, "magnitude", found)) != 1:
        raise QuantityError(
            f'A read-out is one number; `{name}` gave {np.size(found)}. Reduce it: `lambda run: run["ca"].max()`.'
        )
    if isinstance(found, units.Quantity):
        return float(np.asarray(found.magnitude).item()), f"{found.units:~}"
    attributes = getattr(found, "attrs", {})
    try:
        value = float(found)
    except (TypeError, ValueError):
        raise QuantityError(
            f"A read-out is a number or a quantity; `{name}` gave {said(found)}. Return one from it."
        ) from None
    return value, attributes.get("units", "1")
