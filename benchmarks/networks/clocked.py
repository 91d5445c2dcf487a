"""Loops over generated kernels that read the clock between them, compiled."""

import ctypes

import numpy as np
from numba import njit

_clock = ctypes.CDLL(None).clock_gettime
_clock.argtypes = [ctypes.c_int, ctypes.c_void_p]
_clock.restype = ctypes.c_int


MONOTONIC, OF_THREAD = 1, 3
"""Clocks: time that passes, and time for which this thread ran."""


@njit
def now(place):  # type: ignore[no-untyped-def]
    """Seconds of a clock; ``place`` are two int64 to write to, and the clock."""
    _clock(place[2], place.ctypes)
    return place[0] + 1e-9 * place[1]


@njit
def nothing(spikes, first, count, delay, now):  # type: ignore[no-untyped-def]
    """In place of a kernel that a projection does not need."""


@njit
def steps_only(clock, begin, steps, size, step, rows):  # type: ignore[no-untyped-def]
    """Seconds of steps of a population; ``rows`` is what the kernel takes after the time."""
    place = np.array([0, 0, clock])
    begun = now(place)
    for tick in range(begin, begin + steps):
        step(size, 0, tick, tick + 1, *rows)
    return now(place) - begun


@njit
def alternating(clock, begin, steps, size, step, rows, first, second):  # type: ignore[no-untyped-def]
    """Seconds of steps, and of the deliveries of two projections.

    A projection is: the cells that spike, where each step begins among them, and two kernels, each followed by what
    it takes after the time.
    """
    place = np.array([0, 0, clock])
    cells1, cuts1, arrive1, arriving1, deposit1, deposited1 = first
    cells2, cuts2, arrive2, arriving2, deposit2, deposited2 = second
    stepping, delivering = 0.0, 0.0
    for k in range(steps):
        tick = begin + k
        begun = now(place)
        step(size, 0, tick, tick + 1, *rows)
        stepped = now(place)
        arrive1(cells1, cuts1[k], cuts1[k + 1], 0, tick, *arriving1)
        deposit1(cells1, cuts1[k], cuts1[k + 1], 0, tick, *deposited1)
        arrive2(cells2, cuts2[k], cuts2[k + 1], 0, tick, *arriving2)
        deposit2(cells2, cuts2[k], cuts2[k + 1], 0, tick, *deposited2)
        delivering += now(place) - stepped
        stepping += stepped - begun
    return stepping, delivering
