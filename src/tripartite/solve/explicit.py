"""Running the compiled explicit driver over one member or many, on all cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from tripartite.interpret.kernels import Forward, Names, cores, forward, trace
from tripartite.interpret.kernels.switches import FREE
from tripartite.language.system import System
from tripartite.solve.records import PAUSED, Goal, Log, Plan, TapeArrays, Walk, Wires
from tripartite.solve.schedule import ROWS, Schedule
from tripartite.solve.stepping import integrate, workspace
from tripartite.solve.underway import widened

_LOG = 256  # entries of the event log between two visits to Python
_LOG_OF_ALL = 2**20  # entries of the event logs of all members together
_BLOCK = 32  # members handed to a thread at once
_WORTH_SHARING = 2e-3  # s of work, against some 0.2 ms to hand it over
_UNDER_WAY = 16  # events on a wire for which there is room at first
_PATIENCE = 200_000  # attempted steps between two visits to Python: some tens of milliseconds

EventRows = list[list[np.ndarray]]
"""For every member blocks of events, each ``(event, 2 + emission)``: time in ms, which event, what it emitted."""


def kernels(system: System) -> Forward:
    """Compiled kernels of a system, made once."""
    return system.once("forward kernels", lambda: forward(system))


def held(system: System) -> Forward:
    """The same with the switches of the system held."""
    return system.once("held forward kernels", lambda: forward(system, holds=True))


def start(system: System, y: np.ndarray, c: np.ndarray, seeds: Sequence[int], switches: int = 0) -> Walk:
    """Every member at 0 ms with states ``(member, state)`` and constants ``(member, constant)``.

    ``switches``: how many the kernels that are to drive them hold.
    """
    count, wires = len(y), len(system.delays)
    whole, empty = np.zeros(count, dtype=np.int64), np.zeros((count, wires, _UNDER_WAY if wires else 0))
    return Walk(
        y=y.copy(),
        c=np.hstack([c, np.full((count, switches), FREE)]),
        base=c.copy(),
        t=np.zeros(count),
        h=np.zeros(count),
        error=np.zeros(count),
        action=whole.copy(),
        save=whole.copy(),
        cross=whole - 1,
        before=np.full((count, system.crossing_count + switches), np.nan),
        turned=np.full((count, switches), -np.inf),
        again=np.zeros((count, switches), dtype=np.int64),
        free=whole.copy(),
        slid=whole - 1,
        last=np.full(count, -1.0),
        fired=whole.copy(),
        status=whole.copy(),
        blame=whole.copy(),
        steps=whole.copy(),
        seed=np.array(seeds, dtype=np.int64),
        drawn=whole.copy(),
        chances=np.array([system.constant_position[e.key] for e in system.chances], dtype=np.int64),
        oldest=np.zeros((count, wires), dtype=np.int64),
        waiting=np.zeros((count, wires), dtype=np.int64),
        arrival=empty,
        brought=empty.copy(),
        lost=whole.copy(),
    )


def plan(system: System, schedules: list[Schedule], save: np.ndarray) -> Plan:
    """The actions of all members in one set of arrays; a schedule shared by all is stored once."""
    distinct = list({id(s): s for s in schedules}.values())
    ends = dict(zip(map(id, distinct), np.cumsum([len(s.time) for s in distinct]), strict=True))
    last = np.array([ends[id(s)] for s in schedules], dtype=np.int64)
    first = last - np.array([len(s.time) for s in schedules], dtype=np.int64)
    joined = {name: np.concatenate([getattr(s, name) for s in distinct]) for name in ROWS}
    return Plan(first, last, **joined, save=save, wires=wires(system))


def wires(system: System) -> Wires:
    """The wires of a system that have delays, by the positions of its emissions and events."""

    def made() -> Wires:
        emission = {entry.key: i for i, entry in enumerate(system.emissions)}
        late = {event.key: i for i, event in enumerate(system.events) if event.late}
        delays = system.delays
        return Wires(
            np.array([emission[delay.source] for delay in delays], dtype=np.int64),
            np.array([late[delay.target] for delay in delays], dtype=np.int64),
            np.array([delay.time for delay in delays], dtype=float),
            sends(system) if delays else np.zeros((0, 0), bool),
        )

    return system.once("wires with delays", made)


def empty_tape(entries: int, states: int) -> TapeArrays:
    """A tape with room for ``entries``; none means no taping."""
    return TapeArrays(
        count=np.zeros(1, dtype=np.int64),
        kind=np.zeros(entries, dtype=np.int8),
        number=np.zeros((entries, 3), dtype=np.int64),
        real=np.zeros((entries, 3)),
        y=np.zeros((entries, states)),
        k=np.zeros((entries, 7, states)),
    )


def empty_log(members: int, entries: int, emissions: int) -> Log:
    return Log(
        count=np.zeros(members, dtype=np.int64),
        time=np.zeros((members, entries)),
        event=np.zeros((members, entries), dtype=np.int64),
        emitted=np.zeros((members, entries, emissions)),
    )


def planned(job: Any, save: np.ndarray, schedules: Sequence[Schedule] | None = None) -> Plan:
    """The plan of a job for the next stretch of save times, its members at their next action."""
    made = plan(job.system, list(schedules or job.schedules), save)
    job.walk.action[:] = np.maximum(job.walk.action, made.first)
    return made


def run(
    job: Any,
    planned: Plan,
    saved: np.ndarray,
    goal: tuple[float, float, float, int],
    events: EventRows,
    tick: Callable[[float], None] = lambda t: None,
    tape: TapeArrays | None = None,
    call: Callable[..., None] | None = None,
    grid: float = 0.0,
) -> None:
    """Carry all members of a job to ``goal[0]`` (ms); appends what was emitted to ``events``, fills ``saved``.

    ``call(members, goal, walk, plan, log, saved, tape)`` replaces the explicit driver; its events fall onto a ``grid``.
    """
    system: System = job.system
    target = Goal(*goal, len(system.events) - system.crossing_count, _PATIENCE, job.until, grid)
    tape = tape or empty_tape(0, len(system.states))
    drive = call or partial(_explicit, held(system))
    busy = np.arange(len(job.walk.y))
    while len(busy):
        if system.delays and job.walk.waiting.max() >= job.walk.arrival.shape[2]:
            job.walk = widened(job.walk)
        walk: Walk = job.walk
        room = max(8, min(_LOG, _LOG_OF_ALL // len(walk.y))) if system.events else 1
        log = empty_log(len(walk.y), room, len(system.emissions))
        _share(drive, busy, (target, walk, planned, log, saved, tape))
        for member in busy[log.count[busy] > 0]:
            events[member].append(_rows(log, member))
        busy = busy[walk.status[busy] == PAUSED]
        tick(float(walk.t.min()))


def sends(system: System) -> np.ndarray:
    """Which emissions each event sends, ``(event, emission)``: an amount of NaN may be one, or none."""

    def made() -> np.ndarray:
        here = Names(system).values()
        sent = [system.fire(event, trace.name("amount"), here)[1] for event in range(len(system.events))]
        return np.array([[entry.key in keys for entry in system.emissions] for keys in sent], bool)

    return system.once("emissions of events", made)


def noisy(system: System) -> set[int]:
    """Positions of the states that noise acts on."""

    def made() -> set[int]:
        return {position for position, _ in system.noises(Names(system).values())}

    return system.once("states with noise", made)


def _rows(log: Log, member: int) -> np.ndarray:
    count = log.count[member]
    return np.column_stack([log.time[member, :count], log.event[member, :count], log.emitted[member, :count]])


def _explicit(f: Forward, members: np.ndarray, goal: Goal, *arrays: Any) -> None:
    walk, plan_, log, saved, tape = arrays
    integrate(f, members, walk, plan_, log, saved, tape, goal, workspace(walk, log))


def _share(drive: Callable[..., None], busy: np.ndarray, arguments: tuple) -> None:
    """Hand blocks of members to a thread a core, if the first member shows that it is worth the hand-over."""
    begun = perf_counter()
    drive(busy[:1], *arguments)
    busy, seconds = busy[1:], perf_counter() - begun
    workers = min(cores.COUNT, len(busy))
    if workers < 2 or seconds * len(busy) < _WORTH_SHARING:
        if len(busy):
            drive(busy, *arguments)
        return
    size = max(1, min(_BLOCK, len(busy) // workers))
    blocks = [busy[i : i + size] for i in range(0, len(busy), size)]
    list(cores.pool(workers).map(lambda block: drive(block, *arguments), blocks))
