"""The one entry point: a model, a protocol, a stretch of time, a solver; a labelled result."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import SolveError, said
from tripartite.interpret.kernels import conditions
from tripartite.language.compartment import Compartment
from tripartite.language.declarations import Input, Ranged, Valued
from tripartite.language.encoding import decode, decode_model, readable
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.protocol import Nothing, Protocol, check_factor, parts, warn_unreached
from tripartite.language.result import Result
from tripartite.language.transitions import Goal
from tripartite.progress import Progress
from tripartite.solve import explicit
from tripartite.solve.outcome import Outcome
from tripartite.solve.records import CHANGE, Walk
from tripartite.solve.schedule import Held, Schedule, as_protocol, schedule
from tripartite.solve.solvers import Solver, Tsit5, _Adaptive, _FixedStep

_POINTS = 1001


def simulate(
    model: Model | Compartment | Mechanism,
    protocol: Protocol | None = None,
    *,
    until: Any,
    solver: Solver | None = None,
    save_every: Any = None,
    save_at: Any = None,
    vary: Mapping[str, Any] | None = None,
    seed: int | Sequence[int] = 0,
    progress: bool | None = None,
    stream_to: str | Path | None = None,
) -> Result:
    """The course of a model under a protocol from 0 s to ``until``.

    **Arguments**
    ``solver``: `Tsit5` by default; `Kvaerno5` for stiff models; `EulerMaruyama` or `Milstein` with noise.
    ``save_every``, ``save_at``: when to save; 1,001 points from 0 s to ``until`` by default. A value saved
    at the instant of an event is the one after it, so that sums over samples count what decays at once too high, by
    half of the spacing over the decay; `knockouts` has means that do not depend on it.
    ``vary``: quantities of shape ``(member,)`` by path of a parameter, a start or a driven input: an
    ensemble, run on all cores; the result gets the dimension ``member``.
    ``seed``: of noise, transitions, events and random protocols; several seeds make an ensemble. A member is the run
    with its values and its seed: members of one seed see the same random numbers.
    ``progress``: show a progress bar; by default for runs of more than two seconds in a terminal.
    ``stream_to``: a folder ending in .zarr to write to while running; if the run is stopped, by whatever, the
    same call goes on with it. A result that would fill more than half of the memory streams without it into a
    new folder here, with a warning.

    **Returns** a `Result`. A member that fails keeps what it reached (then NaN) and says why in
    ``result.message()``.

    **Raises** errors that state rule, value and remedy for anything that cannot be run as asked.
    """
    done = Nothing() if protocol is None else protocol
    job = Job(as_model(model), done, until, solver, save_every, save_at, vary, seed)
    warn_unreached(done, job.until)
    if stream_to is not None:
        stream_to = arguments.path(stream_to, "stream_to")
    if stream_to is None and job.bytes() > _memory_budget():
        stream_to = Path(tempfile.mkdtemp(prefix="tripartite-", dir=Path.cwd())) / "run.zarr"
        warnings.warn(
            f"The saved states need {job.bytes() / 2**30:.1f} GiB, more than half of the memory; they stream to "
            f"`{stream_to}`. Choose the place with `stream_to`, or save less often with `save_every`.",
            stacklevel=2,
        )
    with Progress(job.until, None if progress is None else arguments.flag(progress, "progress")) as bar:
        if stream_to is not None:
            from tripartite.solve.stream import stream

            return stream(job, Path(stream_to), bar)
        return job.run(job.save, bar).result()


class Job:
    """One checked call of `simulate`, packed and ready to run."""

    def __init__(
        self,
        model: Model,
        protocol: Protocol,
        until: Any,
        solver: Solver | None,
        save_every: Any = None,
        save_at: Any = None,
        vary: Mapping[str, Any] | None = None,
        seed: int | Sequence[int] = 0,
    ):
        self.model = as_protocol(protocol).equipped(model)
        self.system = self.model.system.timed
        self.protocol = protocol
        self.until = units.number(until, "s", "until")
        if not self.until > 0:
            raise SolveError(f"A run ends after 0 s; got until={until}. Give a positive time.")
        self.solver = self._checked(solver)
        self.save = self._save_times(save_every, save_at)
        self.save_as = {"save_every": arguments.own(save_every), "save_at": arguments.own(save_at)}
        seeds = arguments.seeds(seed)
        several = None if arguments.whole(seed) else seeds
        self.varied, self.members = self._varied({} if vary is None else vary, several)
        count = self.members or 1
        self.seeds = seeds * (count // len(seeds))
        self.schedules = self._schedules()
        self.y, self.base = self._start(count)
        self._check_ranges()
        self.walk = self.begin()

    def bytes(self) -> int:
        """Memory of the saved states."""
        return 8 * len(self.system.states) * (self.members or 1) * len(self.save)

    def begin(self) -> Walk:
        """All members at 0 s."""
        switches = len(conditions(self.system)) if isinstance(self.solver, _Adaptive) else 0
        return explicit.start(self.system, self.y, self.base, self.seeds, switches)

    def run(self, save: np.ndarray, bar: Any) -> Outcome:
        """Carry the job to its end, saving at the times ``save``."""
        states, events = self.room(save), self.no_events()
        self.carry(save, states, events, self.until, bar.to)
        return self.outcome(save, states, events)

    def room(self, save: np.ndarray) -> np.ndarray:
        """Room for states ``(state, member, save)``; NaN where nothing is saved."""
        return np.full((len(self.system.states), self.members or 1, len(save)), np.nan)

    def no_events(self) -> explicit.EventRows:
        """Lists for the events of every member."""
        return [[] for _ in range(self.members or 1)]

    def carry(
        self,
        save: np.ndarray,
        states: np.ndarray,
        events: explicit.EventRows,
        end: float,
        tick: Callable[[float], None],
        resumed: bool = False,
    ) -> None:
        """Carry all members on to ``end`` (ms); ``resumed``: some of the ``save`` times were saved already."""
        if not resumed:
            self.walk.save[:] = 0
        if isinstance(self.solver, Tsit5):
            goal = (end, self.solver.rtol, self.solver.atol, self.solver.max_steps)
            explicit.run(self, explicit.planned(self, save), states, goal, events, tick)
        elif isinstance(self.solver, _Adaptive):
            from tripartite.solve import implicit

            implicit.run(self, save, states, end, events, tick)
        else:
            from tripartite.solve import stochastic

            stochastic.run(self, save, states, end, events, tick)

    def outcome(self, save: np.ndarray, states: np.ndarray, events: explicit.EventRows) -> Outcome:
        """What was saved and happened, with how every member stands."""
        return Outcome(
            self.model, self.protocol, self.solver, self.until, save, self.seeds, self.schedules, self.base,
            states, events, self.walk.status.copy(), self.walk.t.copy(), self.walk.blame, self.varied, self.members,
            self.save_as, self.walk.slid.copy(),
        )  # fmt: skip

    def _checked(self, solver: Solver | None) -> Solver:
        noisy = any(part.mechanism.equation("noise") for part in self.system.parts)
        if solver is None and not noisy:
            return Tsit5()
        if noisy and not isinstance(solver, _FixedStep):
            raise SolveError(
                f"A model with noise needs a stochastic solver with a step; got {said(solver)}. Write for instance "
                "`solver=Milstein(1 * ms)`, and compare with half the step."
            )
        if self.system is not self.model.system and isinstance(solver, _FixedStep):
            raise SolveError(
                f"Transitions are timed exactly between events, not on a grid; got {said(solver)}. Leave `solver` out; "
                "for noise and transitions together, simulate a `Population` in a network."
            )
        if not isinstance(solver, Solver):
            raise SolveError(f"A solver is an object such as `Tsit5(rtol=1e-8)`; got {said(solver)}. Give one.")
        return solver

    def _save_times(self, every: Any, at: Any) -> np.ndarray:
        if every is not None and at is not None:
            raise SolveError("Give `save_every` or `save_at`; got both. Leave one out.")
        if at is not None:
            times = units.row(at, "s", "save_at")
        elif every is not None:
            step = units.number(every, "s", "save_every")
            if not 0 < step <= self.until:
                raise SolveError(f"`save_every` lies between 0 s and `until`; got {every}. Correct it.")
            memory.check(32 * self.until / step, "the list of save times", "Save less often.", SolveError)
            times = np.arange(np.floor(self.until / step * (1 + 1e-12)) + 1) * step
        else:
            times = np.linspace(0.0, self.until, _POINTS)
        slack = 1e-9 * self.until
        if not len(times) or np.any(np.diff(times) <= 0) or times[0] < 0 or times[-1] > self.until + slack:
            raise SolveError(
                f"Save times rise strictly between 0 s and `until`; got {said(at if at is not None else every)}. "
                "Sort them and drop what lies outside."
            )
        return np.minimum(times, self.until)

    def _varied(self, vary: Mapping[str, Any], seeds: list[int] | None) -> tuple[dict[str, np.ndarray], int | None]:
        free = self.system.free.values()
        entries = {e.key: e for e in (*self.system.constants, *self.system.states) if e.key not in free}
        given = arguments.mapping(vary, "vary", 'vary={"astrocyte.uptake": [0.8, 0.9] * uM / s}')
        for path in given:
            self._check_of_model(path)
        found = {}
        for key, values in self.model.resolved(given, entries, "parameter, start or driven input").items():
            self.model.check_free(key)
            array = units.row(values, entries[key].unit, key)
            declared = entries[key].declaration
            if isinstance(declared, Ranged):
                for value in array:
                    declared.check_range(float(value), key)
            found[key] = array
        lengths = {key: len(array) for key, array in found.items()}
        if seeds is not None:
            lengths["seed"] = len(seeds)
        for key, length in lengths.items():
            if not length:
                raise SolveError(
                    f"A varied quantity has one or more values; `{key}` has none. Give some, or leave it out."
                )
        if len(set(lengths.values())) > 1:
            raise SolveError(f"All varied quantities and seeds have one length; got {lengths}. Repeat the shorter.")
        return found, next(iter(lengths.values()), None)

    def _check_of_model(self, path: Any) -> None:
        """Refuse to vary what a protocol does, as the dose of a drug."""
        kind, _, name = path.rpartition(".") if isinstance(path, str) else ("", "", "")
        for part in parts(as_protocol(self.protocol)):
            if kind == type(part).__name__ and name in getattr(part, "__dataclass_fields__", {}):
                raise SolveError(
                    f"`vary` is for values of the model; `{path}` is one of the protocol. Run it once for each: "
                    f"`[simulate(model, {kind}(..., {name}=value), ...) for value in values]`, or as rows of a table, "
                    f'`knockouts(model, {{f"{{value}}": {kind}(..., {name}=value) for value in values}}, ...)`.'
                )

    def _schedules(self) -> list[Schedule]:
        made: dict[int, Schedule] = {}
        for seed in self.seeds:
            if seed not in made:
                made[seed] = schedule(self.model, self._with_varied_drives(), self.until, seed)
        return [made[seed] for seed in self.seeds]

    def _with_varied_drives(self) -> Protocol:
        drives = {e.key for e in self.system.drives} & self.varied.keys()
        if not drives:
            return self.protocol
        return self.protocol & Held(tuple((key, float(self.varied[key][0])) for key in sorted(drives)))

    def _check_ranges(self) -> None:
        """Perturbed parameters stay in their range, and no varied input is driven later in the run."""
        for planned, base in {id(s): (s, b) for s, b in zip(self.schedules, self.base, strict=True)}.values():
            changes = planned.kind == CHANGE
            given = set(planned.index[changes & (planned.value != 0)])
            for time, position, value, share in zip(
                *(getattr(planned, name)[changes] for name in ("time", "index", "value", "share")), strict=True
            ):
                entry = self.system.constants[position]
                input = isinstance(entry.declaration, Input)
                if entry.key in self.varied and (input or (time == 0 and value and not share)):
                    raise SolveError(
                        f"`vary` gives the values of a constant, and the protocol sets `{entry.key}` "
                        f"{'from 0 s on' if time == 0 else 'during the run'}. Vary something else, or drop the values "
                        "of the protocol."
                    )
                if input:
                    continue
                for own in np.unique(self.base[:, position]) if entry.key in self.varied else base[[position]]:
                    if position not in given:
                        check_factor(own, share, entry.key)
                    cast(Valued, entry.declaration).check_range(own * share + value, f"{entry.key} (perturbed)")

    def _start(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        y = np.tile([e.value for e in self.system.states], (count, 1)).astype(float)
        c = np.tile([e.value for e in self.system.constants], (count, 1)).astype(float)
        goals = [i for i, e in enumerate(self.system.states) if isinstance(e.declaration, Goal)]
        for member, seed in enumerate(self.seeds if goals else ()):
            y[member, goals] = np.random.default_rng([seed, 0]).exponential(size=len(goals))
        constants, states = self.system.constant_position, self.system.state_position
        for member, planned in enumerate(self.schedules):
            for key, value in planned.starts.items():
                c[member, constants[key]] = value
        for key, values in self.varied.items():
            if key in states:
                y[:, states[key]] = values
            else:
                c[:, constants[key]] = values
        return y, c


def rerun(result: Result, *, classes: Iterable[type] = ()) -> Result:
    """The same run again, from the provenance stored with a result.

    It is made of classes of the package, and of ``classes`` of your own: a file cannot name others.
    """
    if not isinstance(result, Result):
        raise SolveError(f"A result is run again; got {said(result)}. Load one with `Result.load(path)`.")
    stored = result.provenance
    if "network" in stored:
        raise SolveError(
            "A result of `simulate` holds its model and can be run again; this is one of a network, whose connections "
            "it does not hold. Build the network as before and run it with the seeds, `until` and records that "
            "`result.provenance` names; one that streamed and was stopped goes on with `network.resume(path)`."
        )
    if "model" not in stored:
        raise SolveError("Only a result of `simulate` can be run again; this one has no provenance. Run it anew.")
    with readable():
        model = decode_model(stored["model"], classes)
        entries = {e.key: e for e in (*model.system.constants, *model.system.states)}
        vary = {k: np.array(v, dtype=float) * units.unit(entries[k].unit) for k, v in stored["varied"].items()}
        protocol = decode(stored["protocol"], Protocol, classes)
        solver = decode(stored["solver"], Solver, classes)
        save_every, save_at = (decode(stored["saved"].get(name)) for name in ("save_every", "save_at"))
        until, seeds = decode(stored["until"]), stored["seeds"]
        seed = arguments.seeds(seeds, "seeds") if "member" in result.data.sizes else arguments.seed(seeds[0], "seeds")
    return simulate(
        model, protocol, until=until, solver=solver, save_every=save_every, save_at=save_at, vary=vary, seed=seed
    )


def _memory_budget() -> float:
    return 0.5 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
