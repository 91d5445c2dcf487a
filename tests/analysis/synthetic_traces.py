"""Courses of dF/F with events at times that are known: the truth that detection is measured by.

It shares no code with the package: events are differences of two exponentials at random times, with random heights,
under white noise.
"""

import numpy as np

MADE = (7, 12, 15, 15, 12, 20, 11, 5, 8, 6, 17, 5)
"""How many events each of twelve courses has."""
LENGTH = 300.0


def traces(seed, noise, rate, rise=0.6, decay=3.0):
    """Times, courses ``(time, place)`` and the onsets of the events of each; heights are lognormal around 1."""
    random = np.random.default_rng(seed)
    times = np.arange(0, LENGTH, 1 / rate)
    top = np.log(decay / rise) / (1 / rise - 1 / decay)
    scale = np.exp(-top / decay) - np.exp(-top / rise)
    courses, onsets = [], []
    for count in MADE:
        begun = np.sort(random.uniform(5, LENGTH - 10, count))
        heights = random.lognormal(0.0, 0.4, count)
        since = np.maximum(times[:, None] - begun, 0)
        shape = (np.exp(-since / decay) - np.exp(-since / rise)) / scale
        courses.append(shape @ heights + noise * random.standard_normal(len(times)))
        onsets.append(begun)
    return times, np.stack(courses, axis=1), onsets


def matched(onsets, starts, before=0.5, after=2.0):
    """How many onsets have a start of their own, from ``before`` to ``after`` them."""
    free = list(starts)
    hits = 0
    for onset in onsets:
        near = [s for s in free if -before <= s - onset <= after]
        if near:
            free.remove(min(near, key=lambda s: abs(s - onset)))
            hits += 1
    return hits


def separable(onsets, apart=3.0):
    """Events that begin at least so long after the one before."""
    return onsets[np.diff(onsets, prepend=-np.inf) >= apart]
