"""The arrays a driver works on, grouped by what they are for; one row per member of an ensemble."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Array = np.ndarray

# How a call left a member: PAUSED when the log is full or the call has taken enough steps; call again.
DONE, PAUSED, TAPE_FULL, STEP_TOO_SMALL, TOO_MANY_STEPS, NOT_FINITE, TOO_MANY_EVENTS = range(7)
# Crossings at one instant after which they are taken to trigger each other without end.
MOST_AT_ONCE = 1000
# What a tape entry remembers.
STEP, CROSS, FIRE, SET, PLACED, SAVE = range(6)
# What a planned action does: an outside event, a new value of a constant, or of a state.
OCCUR, CHANGE, PUT = range(3)


class Walk(NamedTuple):
    """Where every member stands; a later call resumes from here."""

    y: Array  # (member, state)
    c: Array  # (member, constant), as perturbed at this instant; then the modes of switches
    base: Array  # (member, constant), unperturbed
    t: Array  # (member,) ms
    h: Array  # (member,) next step length; 0 when none is known yet
    error: Array  # (member,) logarithm of the scaled error of the last accepted step
    action: Array  # (member,) next planned action
    save: Array  # (member,) next save time
    cross: Array  # (member,) crossing that ended the last step and has not fired yet, or -1
    before: Array  # (member, crossing) crossing values at the last accepted point; NaN when not known yet
    turned: Array  # (member, switch) ms, when a switch turned last by itself; their crossings are the last
    again: Array  # (member, switch) how many times in a row it turned back at once
    free: Array  # (member,) steps for which some switches are yet free
    slid: Array  # (member,) the switch that was set free last, or -1
    last: Array  # (member,) ms, when a crossing fired last
    fired: Array  # (member,) how many crossings fired then
    status: Array  # (member,)
    blame: Array  # (member,) the state that made a solve fail
    steps: Array  # (member,) attempted steps
    seed: Array  # (member,)
    drawn: Array  # (member,) events for which random numbers were drawn
    chances: Array  # (chance,) positions of constants that every event draws anew
    oldest: Array  # (member, wire) place of the event that was sent first and has not arrived
    waiting: Array  # (member, wire) how many are under way
    arrival: Array  # (member, wire, place) ms
    brought: Array  # (member, wire, place) amounts
    lost: Array  # (member,) how many would arrive in time but for the grid of steps


class Wires(NamedTuple):
    """Wires with delays: what they begin at, where they end, and which events send."""

    source: Array  # (wire,) emission
    target: Array  # (wire,) event
    delay: Array  # (wire,) ms
    sends: Array  # (event, emission)


class Plan(NamedTuple):
    """What is done when, and when to save; actions sorted by time within each member's stretch."""

    first: Array  # (member,) start of the member's stretch of actions
    last: Array  # (member,) its end
    time: Array  # (action,) ms
    kind: Array  # (action,)
    index: Array  # (action,) event number or position of a constant or state
    value: Array  # (action,) amount, or value
    share: Array  # (action,) of the base value of a constant, which is added to its value
    save: Array  # (save,) ms
    wires: Wires


class Log(NamedTuple):
    """Events that happened."""

    count: Array  # (member,)
    time: Array  # (member, entry)
    event: Array  # (member, entry)
    emitted: Array  # (member, entry, emission)


class TapeArrays(NamedTuple):
    """Everything one member's walk did, for the way back; length 0 when nothing is taped."""

    count: Array  # (1,)
    kind: Array  # (entry,)
    number: Array  # (entry, 3): event, crossing, constant or state; first and past-last save
    real: Array  # (entry, 3): start, length and used fraction of a step; amount; old constant, and share of the base
    y: Array  # (entry, state) before the entry
    k: Array  # (entry, 7, state) stages of a step


class Work(NamedTuple):
    """Scratch space of one member."""

    k: Array  # (7, state)
    new: Array  # (state,)
    probe: Array  # (state,)
    after: Array  # (crossing,)
    g: Array  # (crossing,)
    values: Array  # (probe, crossing)
    c: Array  # (constant,)
    emitted: Array  # (emission,)


class Goal(NamedTuple):
    """Where to go and how accurately."""

    t_end: float
    rtol: float
    atol: float
    max_steps: int
    outside: int  # number of outside events; crossings are numbered after them
    patience: int  # attempted steps after which a call pauses
    until: float  # ms, when the whole run ends
    grid: float  # ms, steps onto which events fall; 0 where steps end at events
