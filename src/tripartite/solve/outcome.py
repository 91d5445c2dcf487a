"""From the packed arrays of a finished run to a labelled `Result`."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import units
from tripartite.interpret.kernels import conditions
from tripartite.language.closeness import DECAY
from tripartite.language.declarations import astray
from tripartite.language.encoding import encode, encode_model
from tripartite.language.folder import UNDEFINED
from tripartite.language.model import Model
from tripartite.language.protocol import Protocol
from tripartite.language.result import Result
from tripartite.language.system import Entry
from tripartite.solve import explicit
from tripartite.solve.decays import decays
from tripartite.solve.explicit import EventRows
from tripartite.solve.records import DONE, NOT_FINITE, OCCUR, STEP_TOO_SMALL, TOO_MANY_EVENTS, TOO_MANY_STEPS
from tripartite.solve.schedule import Schedule
from tripartite.solve.solvers import Solver, Tsit5, _Adaptive

if TYPE_CHECKING:
    import xarray as xr


@dataclass
class Outcome:
    """Everything a solve leaves behind; ``members`` is None for a single run."""

    model: Model
    protocol: Protocol
    solver: Solver
    until: float
    save: np.ndarray
    seeds: Sequence[int]
    schedules: Sequence[Schedule]
    base: np.ndarray
    states: np.ndarray
    events: EventRows
    status: np.ndarray
    reached: np.ndarray
    blame: np.ndarray
    varied: dict[str, np.ndarray] = field(default_factory=dict)
    members: int | None = None
    save_as: dict[str, Any] = field(default_factory=dict)
    slid: np.ndarray = field(default_factory=lambda: np.empty(0, int))
    """By member the condition that rates pushed back last, by number; -1 where they did not."""
    undefined: dict[int, str] = field(default_factory=dict)
    """By member, in words, what was saved and is no finite number; with what was found before."""
    strayed: dict[int, str] = field(default_factory=dict)
    """By member, in words, which state was saved out of its range; with what was found before."""

    def result(self) -> Result:
        """The labelled result; its dataset is built when first used."""
        return Result(self.dataset)

    def dataset(self) -> xr.Dataset:
        """States, outputs, events and status as an xarray dataset."""
        import xarray as xr

        dims = ("time",) if self.members is None else ("member", "time")
        variables: dict[str, Any] = {}
        falling = self._falling()
        for position, entry in enumerate(self.model.system.states):
            variables[entry.key] = (
                dims,
                self._shown(self.states[position], entry),
                _labels(entry) | falling[entry.key],
            )
        outputs, events = self._outputs(), self._emitted()
        for key, values in outputs.items():
            entry = next(e for e in self.model.system.outputs if e.key == key)
            variables[key] = (dims, self._shown(values, entry), _labels(entry))
        variables |= self._shown_events(events)
        self._look(outputs, events)
        self._look_at_ranges(outputs, events)
        variables["status"] = self._status()
        coordinates: dict[str, Any] = {"time": ("time", self.save / 1000, {"units": "s", "long_name": "time"})}
        for key, values in self.varied.items():
            entry = self._entry(key)
            # A state that starts elsewhere in each member has its course under its own name.
            name = f"{key}.start" if key in variables else key
            coordinates[name] = ("member", units.from_internal(values, entry.unit), _labels(entry))
        return xr.Dataset(variables, coordinates, {"provenance": json.dumps(self.provenance())})

    def _falling(self) -> dict[str, dict[str, float]]:
        """Of each state that jumps at events, as an attribute, how fast it falls back (s)."""
        sent = {int(k) for s in self.schedules for k in np.unique(s.index[s.kind == OCCUR])}
        found = decays(self.model.system, self.base[0], sent)
        return {e.key: {DECAY: found[e.key] / 1000} if e.key in found else {} for e in self.model.system.states}

    def read(self, path: str) -> np.ndarray:
        """One variable ``(member, time)`` in its unit, NaN from where a member failed; no dataset is built."""
        system = self.model.system
        entries = {e.key: e for e in (*system.states, *system.outputs)}
        key = self.model.resolve(path, entries, "variable")
        position = system.state_position.get(key)
        values = self._outputs()[key] if position is None else self.states[position]
        return values / units.factor(entries[key].unit)

    def provenance(self) -> dict[str, Any]:
        """What is needed to know where the numbers come from, and to run again."""
        names = ("tripartite", "numpy", "numba", "jax", "diffrax")
        bars = [[b.label, b.start, b.stop] for b in self.protocol.bars(self.until / 1000)]
        return {
            "model": encode_model(self.model),
            "protocol": encode(self.protocol),
            "solver": encode(self.solver),
            "until": {"quantity": self.until / 1000, "unit": "s"},
            "saved": {name: encode(value) for name, value in self.save_as.items()},
            "seeds": list(map(int, self.seeds)),
            "varied": {k: units.from_internal(v, self._entry(k).unit).tolist() for k, v in self.varied.items()},
            "bars": bars,
            "versions": {name: _version(name) for name in names},
            "python": platform.python_version(),
            "machine": platform.machine(),
        }

    def _entry(self, key: str) -> Entry:
        system = self.model.system
        return next(e for e in (*system.constants, *system.states, *system.outputs) if e.key == key)

    def _shown(self, values: np.ndarray, entry: Entry) -> np.ndarray:
        scale = units.factor(entry.unit)
        shown = values if scale == 1.0 else values / scale
        return shown[0] if self.members is None else shown

    def _outputs(self) -> dict[str, np.ndarray]:
        system = self.model.system
        if not system.outputs:
            return {}
        constants: list[Any] = [self.base[:, i, None] for i in range(self.base.shape[1])]
        changing = [s.constants_over(b, self.save) for s, b in zip(self.schedules, self.base, strict=True)]
        for position in {p for found in changing for p in found}:
            rows = [
                found.get(position, np.full(len(self.save), base[position]))
                for found, base in zip(changing, self.base, strict=True)
            ]
            constants[position] = np.array(rows)
        with np.errstate(all="ignore"):
            values = system.values(self.states, constants)
        shape = self.states.shape[1:]
        return {entry.key: np.broadcast_to(values[entry.key], shape) for entry in system.outputs}

    def _emitted(self) -> dict[str, list[np.ndarray]]:
        """By emission, of every member times (ms) and amounts, ``(event, 2)``."""
        found: dict[str, list[np.ndarray]] = {}
        blank = np.empty((0, 2 + len(self.model.system.emissions)))
        happened = [np.concatenate([blank, *blocks]) for blocks in self.events]
        for channel, entry in enumerate(self.model.system.emissions):
            sends = explicit.sends(self.model.system.timed)[:, channel]
            sent = [table[sends[table[:, 1].astype(int)]] for table in happened]
            found[entry.key] = [table[:, [0, 2 + channel]] for table in sent]
        return found

    def _shown_events(self, emitted: dict[str, list[np.ndarray]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for entry in self.model.system.emissions:
            rows = emitted[entry.key]
            padded = np.full((len(rows), max(map(len, rows)), 2), np.nan)
            for member, row in enumerate(rows):
                padded[member, : len(row)] = row
            times, amounts = padded[..., 0] / 1000, units.from_internal(padded[..., 1], entry.unit)
            dims = (f"{entry.key}.event",) if self.members is None else ("member", f"{entry.key}.event")
            single = self.members is None
            found[f"{entry.key}.times"] = (dims, times[0] if single else times, {"units": "s"})
            found[f"{entry.key}.amounts"] = (dims, amounts[0] if single else amounts, _labels(entry))
        return found

    def _look(self, outputs: dict[str, np.ndarray], events: dict[str, list[np.ndarray]]) -> None:
        """Find, of every member that did not fail, the first saved or emitted number that is not finite."""
        states = {entry.key: self.states[position] for position, entry in enumerate(self.model.system.states)}
        first: dict[int, tuple[float, str, float]] = {}

        def note(member: int, key: str, times: np.ndarray, values: np.ndarray) -> None:
            bad = ~np.isfinite(values)
            if bad.any():
                place = int(bad.argmax())
                first[member] = min(first.get(member, (np.inf, "", 0.0)), (times[place], key, values[place]))

        for key, values in (states | outputs).items():
            for member in np.flatnonzero(~np.isfinite(values).all(axis=1)).tolist():
                note(member, key, self.save, values[member])
        for key, rows in events.items():
            for member, row in enumerate(rows):
                note(member, key, row[:, 0], row[:, 1])
        for member, (time, key, value) in first.items():
            if self.status[member] == DONE:
                self.undefined.setdefault(
                    member,
                    f"`{key}` is {value:g} at {time / 1000:.6g} s, the first number that is not finite. Check what its "
                    "equation divides by, or takes a root, a power or a logarithm of.",
                )

    def _look_at_ranges(self, outputs: dict[str, np.ndarray], events: dict[str, list[np.ndarray]]) -> None:
        """Find, of every member, what was sent or saved far out of its range, or that of what takes it."""
        system = self.model.system
        noisy = explicit.noisy(system)  # which may well push states out
        quiet = {e.key: self.states[k] for k, e in enumerate(system.states) if k not in noisy}
        owned = {e.key: e.declaration for e in system.states}
        for key, rows in events.items():
            for label, declared in system.takers.get(key, ()):
                for member, row in enumerate(rows):
                    self._note(member, f"an amount of `{key}`", declared, row[:, 1], row[:, 0], f"`{label}` takes it")
        for key, values in (quiet | outputs).items():
            kept = "its equations do not keep it in, or fixed steps are too long"
            ranges = [(declared, f"`{label}` takes it") for label, declared in system.takers.get(key, ())]
            for declared, why in [(owned[key], kept), *ranges] if key in owned else ranges:
                for member in range(len(values)) if astray(declared, values[np.isfinite(values)]) else ():
                    self._note(member, f"`{key}`", declared, values[member], self.save, why)

    def _note(self, member: int, what: str, declared: Any, values: np.ndarray, times: np.ndarray, why: str) -> None:
        known = np.isfinite(values)
        found = astray(declared, values[known])
        if found is not None:
            time = times[known][found[0]] / 1000
            self.strayed.setdefault(member, f"{what} is {found[1]}, at {time:.6g} s: {why}.")

    def _status(self) -> tuple:
        status = self.status.copy()
        status[[m for m in self.undefined if status[m] == DONE]] = UNDEFINED
        messages = {str(m): self.undefined[m] if status[m] == UNDEFINED else self._sentence(m) for m in _failed(status)}
        said = self._slides() | self.strayed
        messages |= {str(m): f"Reached the end, but {said[m]}" for m in said if status[m] == DONE}
        meaning = {"long_name": "0: reached the end, all numbers finite", "messages": json.dumps(messages)}
        return ("member", status, meaning) if self.members is not None else ((), status[0], meaning)

    def _sentence(self, member: int) -> str:
        state = self.model.system.timed.states[self.blame[member]]
        time = f"{self.reached[member] / 1000:.6g} s"
        causes = {
            TOO_MANY_EVENTS: f"Threshold crossings triggered each other without end at {time}. Let an event leave its "
            "own threshold and those of others behind.",
            NOT_FINITE: f"`{state.key}` or its rate became infinite or undefined at {time}. Check that no parameter "
            "makes a denominator vanish or a state negative.",
            STEP_TOO_SMALL: f"The step shrank to nothing at {time}; `{state.key}` changes fastest there. The model "
            f"has a singularity{', or is stiff: try `solver=Kvaerno5()`' if isinstance(self.solver, Tsit5) else ''}.",
        }
        code = int(self.status[member])
        if code in (TOO_MANY_STEPS, STEP_TOO_SMALL) and self.slid[member] >= 0:
            return f"Steps shrank or were used up at {time}: {self._slides()[member]}"
        return self._used_up(member, state.key) if code == TOO_MANY_STEPS else causes[code]

    def _slides(self) -> dict[int, str]:
        """By member, in words, on which condition rates held it."""
        written = conditions(self.model.system.timed) if (self.slid >= 0).any() else []
        return {
            m: f"rates push `{written[j]}` back as soon as it holds and as soon as it fails: there, steps are as exact "
            "as error control over jumping rates is. Let rates change smoothly (`boltzmann`), or let an event switch "
            "them."
            for m, j in enumerate(self.slid.tolist())
            if j >= 0
        }

    def _used_up(self, member: int, fastest: str) -> str:
        """What a run that took all its steps can be: long, or stiff."""
        reached, solver = float(self.reached[member]), self.solver
        assert isinstance(solver, _Adaptive)
        pace = reached / solver.max_steps
        needed = f"about {self.until / pace:.2g} at that pace" if pace > 0 else "more"
        remedy = (
            "the model is stiff, so that fast rates hold its steps short though little changes: try `solver=Kvaerno5()`"
            if isinstance(solver, Tsit5)
            else "its steps are held short by the tolerances, or by events: raise `rtol` and `atol`"
        )
        return (
            f"All {solver.max_steps:,} steps (`max_steps`) were used up at {reached / 1000:.6g} s of "
            f"{self.until / 1000:.6g} s, {pace / 1000:.2g} s each on average; `{fastest}` changes fastest there. "
            f"Either the run is long for its steps: raise `max_steps` ({needed}) or shorten it; or {remedy}."
        )


def _failed(status: np.ndarray) -> list[int]:
    return np.flatnonzero(status).tolist()


@cache
def _version(name: str) -> str:
    return importlib.metadata.version(name)


def _labels(entry: Entry) -> dict[str, str]:
    return {"units": entry.unit, "long_name": entry.declaration.label}
