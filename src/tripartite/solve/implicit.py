"""The implicit driver: Kvaerno 5(4) steps by diffrax for stiff models, exact jumps, located crossings.

Values between steps come from a polynomial (`kvaerno`). Stretches without events are compiled (`stretch`); what
happens at an instant is plain Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from tripartite.interpret.kernels import Held
from tripartite.interpret.kernels.switches import FREE
from tripartite.language.system import System
from tripartite.solve.explicit import empty_tape, wires
from tripartite.solve.instants import draw
from tripartite.solve.records import DONE, MOST_AT_ONCE, NOT_FINITE, OCCUR, PUT, TOO_MANY_EVENTS, Goal, Walk
from tripartite.solve.schedule import Schedule
from tripartite.solve.stretch import Aim, Here, compiled
from tripartite.solve.switching import take, turn
from tripartite.solve.underway import arrive, full, next_arrival, send, widened

if TYPE_CHECKING:
    from tripartite.solve.explicit import EventRows
    from tripartite.solve.simulation import Job

_NO_TAPE = empty_tape(0, 0)
SAVES = 256
"""Times to save at in one compiled call, which ends at the last of so many."""


def run(
    job: Job,
    save: np.ndarray,
    states: np.ndarray,
    end: float,
    events: EventRows,
    tick: Callable[[float], None] = lambda t: None,
) -> None:
    """Carry all members to ``end`` (ms); fills ``states`` ``(state, member, save)``, appends to ``events``.

    Members of an ensemble that share their schedule, and have neither crossings nor delays, advance side by side.
    """
    apart = job.walk.before.shape[1] > 0 or len(job.system.delays) > 0
    shared = len({id(schedule) for schedule in job.schedules}) == 1
    everyone = np.arange(len(job.walk.y))
    for members in [everyone] if shared and not apart else everyone[:, None]:
        with np.errstate(all="ignore"):
            _Group(job, members, events).carry(save, states, end, tick)


class _Group:
    """Members that go through the same stretches of time together."""

    def __init__(self, job: Job, members: np.ndarray, events: EventRows):
        self.system: System = job.system
        self.solver: Any = job.solver
        self.job = job
        self.members = members
        self.plan: Schedule = job.schedules[members[0]]
        self.events = events
        self.outside = len(self.system.events) - self.system.crossing_count
        self.wires = wires(self.system)
        self.switches = self.walk.turned.shape[1]
        self.held = Held(self.system) if self.switches else None
        self.goal = Goal(job.until, 0.0, 0.0, 0, self.outside, 0, job.until, 0.0)
        self.before = self.walk.before[members]
        if np.isnan(self.before).any():  # before anything has happened nothing is above zero
            self.before[:] = 0.0
            action = int(self.walk.action[members[0]])
            if not self.constant_due(action, float(self.walk.t[members[0]])):
                self.settle()
                self.walk.cross[members] = self.look(-1)

    @property
    def walk(self) -> Walk:
        """Where all members stand."""
        return self.job.walk

    @property
    def alive(self) -> np.ndarray:
        return self.members[self.walk.status[self.members] == DONE]

    def values(self, members: np.ndarray) -> dict[str, Any]:
        """All quantities by key, of shape ``(member,)``."""
        return self.system.values(self.walk.y[members].T, self.walk.c[members].T)

    def crossings(self) -> np.ndarray:
        """Crossing values, of shape ``(member, crossing)``."""
        found, m = np.empty(self.before.shape), self.members
        if found.shape[1]:
            held = self.held.crossings(self.walk.y[m].T, self.walk.c[m].T) if self.held else None
            for j, value in enumerate(held or self.system.crossings(self.values(m))):
                found[:, j] = value
        return found

    def settle(self) -> None:
        """Put every switch to what its condition is now; as crossings, they are followed for a group of one only."""
        if self.switches:
            self.walk.c[self.members, -self.switches :] = FREE
            take(self.members[0], self.crossings()[0], self.walk, _NO_TAPE)

    def due(self, action: int) -> float:
        """Time of a planned action (ms)."""
        return float(self.plan.time[action]) if action < len(self.plan.time) else math.inf

    def arrival(self) -> float:
        """Time of the next event that arrives over a wire (ms); a group with such wires has one member."""
        return next_arrival(self.members[0], self.walk) if self.system.delays else math.inf

    def carry(self, save: np.ndarray, states: np.ndarray, end: float, tick: Callable[[float], None]) -> None:
        """Alternate between instants and stretches until ``end``, or until every member has failed."""
        while len(alive := self.alive):
            t = float(self.walk.t[alive[0]])
            action = self.instant(alive, t)
            self.judge(alive)
            alive = self.alive
            first, rest = np.searchsorted(save, t, side="left"), np.searchsorted(save, t, side="right")
            if t >= end:
                rest = len(save)
            states[:, alive, first:rest] = self.walk.y[alive].T[:, :, None]
            self.walk.save[alive] = rest
            tick(float(self.walk.t.min()))
            if t >= end:
                return
            if len(alive):
                limit = min(end, self.due(action), self.arrival())
                inside = save[rest : rest + SAVES]
                limit = min(limit, float(inside[-1])) if len(inside) == SAVES else limit
                self.advance(inside[inside < limit], limit, states[:, :, rest:])

    def instant(self, alive: np.ndarray, t: float) -> int:
        """Everything that happens at this time: a located crossing, arrivals, due actions, what they push over zero.

        Returns the number of the next planned action.
        """
        walk = self.walk
        action, cross = int(walk.action[alive[0]]), int(walk.cross[alive[0]])
        fired, thresholds = 0, self.before.shape[1] - self.switches
        while cross >= 0 or min(self.due(action), self.arrival()) <= t:
            if cross >= thresholds:
                self.turn(cross - thresholds)
                cross = -1
            elif cross >= 0:
                fired += 1
                if fired > MOST_AT_ONCE:
                    walk.status[alive] = TOO_MANY_EVENTS
                    break
                self.fire(self.outside + cross, 1.0, alive, t)
                self.settle()
                cross = -1
            else:
                changes = self.constant_due(action, t)
                if not changes and self.arrival() <= t:
                    event, amount = arrive(alive[0], self.walk, self.wires)
                    self.fire(event, amount, alive, t)
                else:
                    self.act(action, alive, t)
                    action += 1
                if changes and self.constant_due(action, t):
                    continue
                self.settle()
            cross = self.look(cross)
        if walk.free[alive[0]] == 1:  # the last step for which switches were free
            self.settle()
            self.before[:] = walk.before[alive] = self.crossings()
        walk.action[alive], walk.cross[alive] = action, -1
        return action

    def turn(self, j: int) -> None:
        """Turn a switch over."""
        turn(self.members[0], j, self.walk, _NO_TAPE)
        self.before[:] = self.walk.before[self.members]

    def constant_due(self, action: int, t: float) -> bool:
        """Whether a planned action is due and changes a constant, or places a state."""
        return self.due(action) <= t and self.plan.kind[action] != OCCUR

    def look(self, cross: int) -> int:
        """Note which crossings are above zero; returns the one that happens next, the first that was not before.

        Crossings are followed for a group of one only.
        """
        before, after = self.before, self.crossings()
        for j in range(before.shape[1]):
            if before[0, j] <= 0.0 < after[0, j] and cross < 0:
                cross, before[0, j] = j, 1.0
            elif cross < 0 or after[0, j] <= 0.0:
                before[0, j] = after[0, j]
        self.walk.before[self.members] = before
        return cross

    def act(self, action: int, alive: np.ndarray, t: float) -> None:
        """Do one planned action."""
        kind, index, value, share = (getattr(self.plan, name)[action] for name in ("kind", "index", "value", "share"))
        if kind == OCCUR:
            self.fire(int(index), value, alive, t)
        elif kind == PUT:
            self.walk.y[alive, index] = value
        else:
            self.walk.c[alive, index] = self.walk.base[alive, index] * share + value if share else value

    def fire(self, event: int, amount: float, alive: np.ndarray, t: float) -> None:
        """Let an event happen now, and note what it emits."""
        for member in alive if len(self.walk.chances) else ():
            draw(member, self.walk)
        changed, emitted = self.system.fire(event, amount, self.values(alive))
        for i, entry in enumerate(self.system.states):
            if entry.key in changed:
                self.walk.y[alive, i] = changed[entry.key]
        sent = np.full((len(alive), len(self.system.emissions)), np.nan)
        for i, entry in enumerate(self.system.emissions):
            if entry.key in emitted:
                sent[:, i] = emitted[entry.key]
        for member, row in zip(alive, sent, strict=True):
            self.events[member].append(np.concatenate([[t, event], row])[None])
            if self.system.delays:
                if full(member, self.walk):
                    self.job.walk = widened(self.walk)
                send(member, event, row, self.walk, self.wires, self.goal)

    def judge(self, alive: np.ndarray) -> None:
        """Stop members whose states or rates are not finite."""
        for member, slope in zip(alive, self.slopes(alive), strict=True):
            if not np.all(np.isfinite([*self.walk.y[member], *slope])):
                self.walk.status[member] = NOT_FINITE
                self.blame(member, slope)

    def slopes(self, members: np.ndarray) -> np.ndarray:
        """Rates of the members, of shape ``(member, state)``."""
        found = np.empty((len(members), len(self.system.states)))
        for i, rate in enumerate(self.system.rates(self.values(members))):
            found[:, i] = rate
        return found

    def blame(self, member: int, slope: np.ndarray) -> None:
        """Note the state that is not finite, or whose rate is largest for its size."""
        y = self.walk.y[member]
        size = np.abs(slope) / (self.solver.atol + self.solver.rtol * np.abs(y))
        self.walk.blame[member] = np.argmax(np.where(np.isfinite(size) & np.isfinite(y), size, np.inf))

    def advance(self, inside: np.ndarray, limit: float, states: np.ndarray) -> None:
        """Go on to ``limit``, or to the first crossing or failure; save at the times ``inside``."""
        walk, m, solver = self.walk, self.members, self.solver
        if not self.system.states:
            walk.t[m] = limit
            return
        saves = np.full(SAVES, np.inf)
        saves[: len(inside)] = inside
        aim = Aim(jnp.asarray(limit), jnp.asarray(saves), solver.rtol, solver.atol, solver.max_steps)
        rows = (walk.y, walk.t, walk.h, walk.error, walk.steps, walk.status, walk.cross)
        one, many = compiled(self.system)
        if len(m) == 1:
            found = one(Here._make([*(row[m[0]] for row in rows), self.before[0], walk.free[m[0]]]), walk.c[m[0]], aim)
        else:
            found = many(Here._make([*(row[m] for row in rows), self.before, walk.free[m]]), walk.c[m], aim)
        here, saved = jax.tree.map(np.asarray, found)
        went = walk.status[m] == DONE
        for row, new in zip(rows, here, strict=False):
            row[m] = new
        self.before = np.array(here.before).reshape(len(m), -1)
        walk.before[m] = self.before
        walk.free[m] = here.free
        for member, row in zip(m[went], saved.reshape(len(m), SAVES, -1).swapaxes(1, 2)[went], strict=True):
            # A value at the very instant of a crossing is overwritten by the one after it.
            count = np.searchsorted(inside, walk.t[member], side="right")
            states[:, member, :count] = row[:, :count]
        failed = m[went & (walk.status[m] != DONE)]
        for member, slope in zip(failed, self.slopes(failed), strict=True):
            self.blame(member, slope)
