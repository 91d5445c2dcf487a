"""Paired pulses: the ratio of two releases and the release probability it reveals."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite import units
from tripartite.errors import RangeError


def paired_pulse_ratio(utilization: Any, *, interval: Any, recovery: Any, facilitation: Any) -> Any:
    r"""Second release over first of a rested Tsodyks-Markram synapse: PPR = [1 + (1 - U) a] (1 - b U).

    **Arguments** ``utilization`` U, the release probability of the first spike, 0 to 1; ``interval``
    between the spikes (time); ``recovery`` of resources and decay of ``facilitation`` (rates), with
    a = exp(-facilitation interval) and b = exp(-recovery interval).

    **Raises** `RangeError` where U lies outside [0, 1]; errors of units for a wrong dimension.

    **Sources** exact for tsodyks1998 in the form of depitta2011.
    """
    left = _left(interval, recovery, facilitation)
    u = units.to_internal(utilization, "1", "utilization")
    _check_range("utilization", u, 0.0, 1.0, "A release probability is a fraction; divide percents by 100.")
    return (1 + (1 - u) * left.facilitated) * (1 - left.depleted * u)


def release_probability(ratio: Any, *, interval: Any, recovery: Any, facilitation: Any) -> Any:
    r"""Release probability that gives a paired-pulse ratio: the exact inverse of `paired_pulse_ratio`.

    U = {B - sqrt(B² - 4ab(1 + a - PPR))} / (2ab) with B = b(1 + a) + a. It knows no desensitisation of
    receptors, and both rates and the interval must be those of the recording.

    **Raises** `RangeError` where no release probability gives the ratio: it lies between 1 - b (U = 1)
    and 1 + a (U = 0).
    """
    a, b = _left(interval, recovery, facilitation)
    ppr = units.to_internal(ratio, "1", "ratio")
    remedy = "Check interval, recovery and facilitation, or measure with a shorter interval."
    _check_range("ratio", ppr, 1 - b, 1 + a, remedy)
    slope, missing = b * (1 + a) + a, 1 + a - ppr
    # The textbook root multiplied by its conjugate: it stays accurate when a b vanishes (long intervals).
    return 2 * missing / (slope + np.sqrt(slope**2 - 4 * a * b * missing))


class _Left(NamedTuple):
    """What the first spike leaves at the second: share of its facilitation and of its depletion."""

    facilitated: float
    depleted: float


def _left(interval: Any, recovery: Any, facilitation: Any) -> _Left:
    span = units.number(interval, "s", "interval")
    rates = units.number(facilitation, "1/s", "facilitation"), units.number(recovery, "1/s", "recovery")
    if span <= 0 or min(rates) <= 0:
        raise RangeError(
            f"Interval, recovery and facilitation must be positive; got interval={interval}, recovery={recovery}, "
            f"facilitation={facilitation}. Correct the one that is not."
        )
    return _Left(*(float(np.exp(-rate * span)) for rate in rates))


def _check_range(name: str, value: Any, low: float, high: float, remedy: str) -> None:
    values = np.atleast_1d(value)
    outside = values[(values < low - 1e-12) | (values > high + 1e-12)]
    if len(outside):
        raise RangeError(f"`{name}` must lie in [{low:.6g}, {high:.6g}]; got {outside[0]:.6g}. {remedy}")
